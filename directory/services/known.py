"""Known: what hardly changes and every request needs, read from the database once a second."""

import threading
import time
from dataclasses import dataclass, field

from sqlmodel import Session

from directory.models import District
from directory.search.lexicon import Lexicon
from directory.services import topics
from directory.services.districts import all_districts
from directory.services.lexicons import lexicon
from directory.services.topics import Tree


@dataclass(frozen=True)
class City:
    """The city's vocabulary.

    Attributes:
        districts: by key.
    """

    tree: Tree
    lexicon: Lexicon
    districts: dict[str, District]


@dataclass
class Known:
    """The city as it was at most ``seconds`` ago."""

    seconds: float = 1.0
    _city: City | None = field(default=None, repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def city(self, db: Session) -> City:
        """The city's vocabulary; its rows are detached and must not be changed."""
        known = self._fresh()
        if known is None:
            with self._lock:
                # Whoever had the lock before has read it already.
                known = self._fresh()
                if known is None:
                    known = self._city = self._read(db)
                    self._until = time.monotonic() + self.seconds
        return known

    def forget(self) -> None:
        """Read anew for the next who asks: this process has changed something."""
        self._until = 0.0

    def _fresh(self) -> City | None:
        return self._city if time.monotonic() < self._until else None

    def _read(self, db: Session) -> City:
        tree = topics.tree(db)
        districts = {d.key: d for d in all_districts(db)}
        known = self._city
        if known is not None and _names(known.tree) == _names(tree):
            return City(tree, known.lexicon, districts)
        return City(tree, lexicon(tree), districts)


def _names(tree: Tree) -> list[tuple[object, ...]]:
    return [(t.key, t.parent, t.labels, t.called) for t in tree.topics.values()]
