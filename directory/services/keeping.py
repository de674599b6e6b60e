"""Keeping: beside the pages, the index is kept in step and whole, and dates go on as days do."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine

from directory.database import reading, unit_of_work
from directory.search.index import Index
from directory.services import catalogue, demo, indexing
from directory.services.cases import erasing
from directory.settings import Settings

# What is saved is found this many seconds later at most, and what synchronising takes.
SYNC_EVERY = 0.25
# Every byte is read again now and then: a bit that flips on the disk tells nobody.
VERIFY_EVERY = 300.0
# The calendar is looked at this often; there is something to do once a day.
DATES_EVERY = 600.0
# A case is shown no more from the second its time is over; it is gone some minutes later.
EXPIRE_EVERY = 600.0
# After a failure, such as a full disk, there is no use in trying at once.
WAIT_AFTER_FAILURE = 5.0

Tell = Callable[[str], object]

_FAILED = {
    "sync": "The index could not be brought up to date",
    "heal": "The index could not be brought up to date",
    "date": "Dates could not be brought up to date",
    "expire": "Cases whose time is over could not be erased",
}


def keep_dates(engine: Engine, *, settings: Settings) -> None:
    """Date endless schedules further ahead; move a demo of an earlier week to this one."""
    now = settings.clock()
    with reading(engine) as db:
        short = catalogue.has_short_schedules(db, now=now)
        stale = demo.is_stale(db, now=now, settings=settings)
    # Most days there is nothing to do, and then nobody has to wait for us.
    if not short and not stale:
        return
    with unit_of_work(engine) as db:
        catalogue.extend_occurrences(db, now=now)
        if stale:
            demo.load(db, now=now, settings=settings)


@dataclass
class Keeper:
    """Keeps one index in step with one database; any number of them may do so at once."""

    engine: Engine
    index: Index
    settings: Settings
    tell: Tell = print
    _dated: date | None = field(default=None, init=False)
    _verified: float = field(default_factory=time.monotonic, init=False)

    def start(self, stop: threading.Event) -> list[threading.Thread]:
        """Begin, until told to stop: a thread for what changes, what is broken, dates, what ends."""
        turns = (
            (self.sync, SYNC_EVERY),
            (self.heal, 4 * SYNC_EVERY),
            (self.date, DATES_EVERY),
            (self.expire, EXPIRE_EVERY),
        )
        threads = [
            threading.Thread(target=self._repeat, args=(work, pause, stop), daemon=True)
            for work, pause in turns
        ]
        for thread in threads:
            thread.start()
        return threads

    def sync(self) -> None:
        """Bring in what has changed."""
        indexing.sync(self.engine, self.index, currency=self.settings.currency)

    def expire(self) -> None:
        """Erase the cases whose time is over."""
        now = self.settings.clock()
        with reading(self.engine) as db:
            over = erasing.is_any_over(db, now=now)
        if over:
            with unit_of_work(self.engine) as db:
                erasing.expire(db, now=now)

    def heal(self) -> None:
        """Make the index anew beside the one that serves, if that is damaged or in many pieces."""
        if time.monotonic() - self._verified > VERIFY_EVERY:
            self._verified = time.monotonic()
            if not self.index.is_sound():
                indexing.rebuild(self.engine, self.index, currency=self.settings.currency)
        indexing.heal(self.engine, self.index, currency=self.settings.currency)

    def date(self) -> None:
        """Once a day, date what goes on without end."""
        today = self.settings.clock().astimezone(self.settings.zone).date()
        if today != self._dated:
            keep_dates(self.engine, settings=self.settings)
            self._dated = today

    def _repeat(self, work: Callable[[], None], pause: float, stop: threading.Event) -> None:
        told = ""
        while not stop.wait(pause):
            try:
                work()
                told = ""
            except Exception as error:  # noqa: BLE001 - the next round may do better; pages still answer
                told = self._say(
                    f"{_FAILED.get(work.__name__, work.__name__)}: {_kind(error)}", told
                )
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
