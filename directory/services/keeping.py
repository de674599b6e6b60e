"""Keeping: beside the pages, the index is brought up to date, looked over, and made anew if need be."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from directory.search.index import Index
from directory.services import indexing

# What is saved is found this many seconds later at most, and what synchronising takes.
SYNC_EVERY = 0.25
# Every byte is read again now and then: a bit that flips on the disk tells nobody.
VERIFY_EVERY = 300.0
# After a failure, such as a full disk, there is no use in trying at once.
WAIT_AFTER_FAILURE = 5.0

Tell = Callable[[str], object]


@dataclass
class Keeper:
    """Keeps one index in step with one database; any number of them may do so at once."""

    engine: Engine
    index: Index
    currency: str
    tell: Tell = print
    _verified: float = field(default_factory=time.monotonic, init=False)

    def start(self, stop: threading.Event) -> list[threading.Thread]:
        """Begin, until told to stop: one thread for what changes, one for what is broken."""
        threads = [
            threading.Thread(target=self._repeat, args=(work, pause, stop), daemon=True)
            for work, pause in ((self.sync, SYNC_EVERY), (self.heal, 4 * SYNC_EVERY))
        ]
        for thread in threads:
            thread.start()
        return threads

    def sync(self) -> None:
        """Bring in what has changed."""
        indexing.sync(self.engine, self.index, currency=self.currency)

    def heal(self) -> None:
        """Make the index anew beside the one that serves, if that is damaged or in many pieces."""
        if time.monotonic() - self._verified > VERIFY_EVERY:
            self._verified = time.monotonic()
            if not self.index.is_sound():
                indexing.rebuild(self.engine, self.index, currency=self.currency)
        indexing.heal(self.engine, self.index, currency=self.currency)

    def _repeat(self, work: Callable[[], None], pause: float, stop: threading.Event) -> None:
        told = ""
        while not stop.wait(pause):
            try:
                work()
                told = ""
            except Exception as error:  # noqa: BLE001 - the next round may do better; pages still answer
                told = self._say(f"The index could not be brought up to date: {_kind(error)}", told)
                stop.wait(WAIT_AFTER_FAILURE)

    def _say(self, text: str, told: str) -> str:
        """Tell a trouble once, not every few seconds while it lasts."""
        if text != told:
            self.tell(text)
        return text


def _kind(error: Exception) -> str:
    """What kind of trouble it is; a message of a library may quote what somebody wrote."""
    reason = error.strerror if isinstance(error, OSError) else None
    return reason or type(error).__name__
