"""Fitting: the recommender is made from the published listings beside the pages, and kept in a file.

Pages are answered from the last fit, which a file keeps for the next start and for other processes.
It may be a moment old: what a reader is shown of it is looked up in the database again.
"""

import gc
import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy import Engine
from sqlmodel import Session, col, select

import recommender as library
from directory.database import reading
from directory.models import Occurrence, Opportunity, Space, Topic
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services import mapped, offered, splitting, visits
from directory.services.topics import tree
from directory.services.visits import Opened
from recommender import LinearRecommender

LOOK_EVERY = 5.0
"""So many seconds after each look, it is looked whether listings changed."""
REST = 30.0
"""So many seconds lie between two fits at least."""
KEPT = timedelta(hours=6)
"""What is soon and what is over shifts, even where nothing changes."""

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Fit:
    """A fitted recommender, and what it was fitted on.

    Attributes:
        stamp: what the listings were like.
    """

    stamp: str
    made: datetime
    recommender: LinearRecommender

    def holds(self, stamp: str, now: datetime) -> bool:
        """Whether it is still what fitting anew would give."""
        return self.stamp == stamp and abs(now - self.made) < KEPT


@dataclass
class Guide:
    """Keeps the recommender fitted on the published listings, and nothing about anybody.

    Where nobody keeps it in the background, as in commands, it is fitted when asked.
    """

    folder: Path | None = None
    tell: Tell = print
    opened: Opened | None = None
    """When a space is open; without it nothing is known of visits."""
    _fit: Fit | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _kept: bool = field(default=False, init=False)

    def recommender(self, db: Session, *, now: datetime) -> LinearRecommender:
        """The recommender as it was fitted last; only before the very first fit one has to wait."""
        return self.at_hand(db, now=now) or self.fitted(db, now=now).recommender

    def at_hand(self, db: Session, *, now: datetime) -> LinearRecommender | None:
        """The recommender, unless the background is still at work on the very first fit."""
        if not self._kept:
            return self.fitted(db, now=now).recommender
        with self._opening:
            if self._fit is None:
                self._fit = self._saved()
        return None if self._fit is None else self._fit.recommender

    def fitted(self, db: Session, *, now: datetime) -> Fit:
        """A fit of what is published now: the last one, a saved one, or one made at once."""
        with self._lock:
            stamp = _stamp(db)
            fit = self._fit
            if fit is None or not fit.holds(stamp, now):
                fit = self._saved()
            if fit is None or not fit.holds(stamp, now):
                fit = Fit(stamp, now, _fitted(db, now, self.opened))
                self._save(fit)
            self._fit = fit
        return fit

    def start(
        self, engine: Engine, clock: Callable[[], datetime], stop: threading.Event
    ) -> threading.Thread:
        """Keep the fit up to date beside the pages, until told to stop."""
        self._kept = True
        thread = threading.Thread(target=self._keep, args=(engine, clock, stop), daemon=True)
        thread.start()
        return thread

    def refresh(self, engine: Engine, *, now: datetime) -> bool:
        """Fit anew if listings have changed; whether that was done.

        One process fits at a time; the others take what it saved at their next look.
        """
        with reading(engine) as db:
            if self._fit is not None and self._fit.holds(_stamp(db), now):
                return False
            try:
                with self._alone():
                    before = self._fit
                    return self.fitted(db, now=now) is not before
            except Timeout:
                return False

    def _keep(self, engine: Engine, clock: Callable[[], datetime], stop: threading.Event) -> None:
        rested = 0.0
        told = ""
        while not stop.is_set():
            try:
                if time.monotonic() >= rested and self.refresh(engine, now=clock()):
                    rested = time.monotonic() + REST
                    _settle()
                told = ""
            except Exception as error:  # noqa: BLE001 - pages go on with the last fit; the next look may do better
                told = self._say(
                    f"What is alike could not be worked out: {type(error).__name__}", told
                )
            stop.wait(LOOK_EVERY)

    def _say(self, text: str, told: str) -> str:
        if text != told:
            self.tell(text)
        return text

    # The file

    def _saved(self) -> Fit | None:
        """The newest fit of this very program; its arrays stay in the file until they are used."""
        for path in sorted(self._files(), key=_age):
            try:
                fit = mapped.read(path)
            except Exception:  # noqa: BLE001, S112 - a harmed or half-known file: it is made anew
                continue
            if isinstance(fit, Fit):
                return fit
        return None

    def _save(self, fit: Fit) -> None:
        """Keep a fit for the next start; whoever has the old file open keeps it open."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = f"{program()}-{fit.stamp}-{fit.made:%Y%m%d%H%M}"
            mapped.write(self.folder / f"{name}.fit", fit)
            for old in self.folder.glob("*.fit"):
                if old.stem != name:
                    old.unlink(missing_ok=True)
        except OSError as error:
            self.tell(f"What is alike could not be saved: {error.strerror}")

    def _files(self) -> list[Path]:
        return [] if self.folder is None else list(self.folder.glob(f"{program()}-*.fit"))

    def _alone(self) -> AbstractContextManager[object]:
        """The right to fit for everybody who shares the folder."""
        if self.folder is None:
            return nullcontext()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return FileLock(self.folder / "lock", blocking=False)


def _settle() -> None:
    """Let go of the last fit, and take the new one for what stays: it is not garbage to look for."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def gone(db: Session, recommender: LinearRecommender, *, now: datetime) -> list[str]:
    """What a fit knows but is no longer as it knows it: withdrawn, or a meeting of it called off."""
    there = set(
        db.exec(
            select(Opportunity.id).where(col(Opportunity.state) == ListingState.PUBLISHED)
        ).all()
    )
    catalogue = recommender.catalogue_
    withdrawn = {name for name in catalogue.row if int(name) not in there}
    called_off = db.exec(
        select(Occurrence.id, Occurrence.opportunity_id).where(
            col(Occurrence.status) == OccurrenceStatus.CANCELLED, col(Occurrence.end) > now
        )
    ).all()
    meetings = {str(number) for number, _ in called_off}
    changed = {
        name
        for name in {str(number) for _, number in called_off} & catalogue.row.keys()
        if any(m.id in meetings for m in catalogue.items[catalogue.row[name]].sessions)
    }
    return sorted(withdrawn | changed)


def _fitted(db: Session, now: datetime, opened: Opened | None) -> LinearRecommender:
    parents = {key: topic.parent for key, topic in tree(db).topics.items()}
    items = list(offered.items(db, now=now, opened=opened))
    return LinearRecommender(splitting.split).fit(items, parents)


def _stamp(db: Session) -> str:
    """What changes whenever a listing does, its place, one of its dates, or the topics."""
    told: list[Any] = []
    for table in (Opportunity, Space):
        told += db.exec(
            sa.select(sa.func.max(table.modified), sa.func.count()).where(  # type: ignore[call-overload]
                col(table.state) == ListingState.PUBLISHED
            )
        ).all()
    told += db.exec(
        sa.select(sa.func.max(Occurrence.id), sa.func.count(), sa.func.min(Occurrence.id))  # type: ignore[call-overload]
        .group_by(Occurrence.status)
        .order_by(Occurrence.status)
    ).all()
    told += db.exec(select(Topic.key, Topic.parent).order_by(Topic.key)).all()
    return hashlib.sha256(repr([tuple(row) for row in told]).encode()).hexdigest()[:16]


@cache
def program() -> str:
    """What changes whenever a saved fit may no longer be understood: the code and its libraries."""
    digest = hashlib.sha256()
    code = Path(library.__file__).parent.glob("*.py")
    here = (Path(module.__file__ or "") for module in (offered, splitting, visits))
    for path in sorted([*code, *here, Path(__file__)]):
        digest.update(path.read_bytes())
    for name in ("numpy", "scipy", "scikit-learn"):
        digest.update(metadata.version(name).encode())
    return digest.hexdigest()[:16]


def _age(path: Path) -> float:
    """Seconds, the newest first; a file that has just gone is the oldest."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return np.inf
