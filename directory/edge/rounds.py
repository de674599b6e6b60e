"""Rounds: beside the pages, mails are sent, readers told of what nobody confirmed, sources fetched."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.edge.post import Post
from directory.services import expiring, topics
from directory.services.bulk import keeping, running, sources
from directory.services.fetching.policy import Policy
from directory.services.freshness import Terms
from directory.services.ideas import kept
from directory.services.seeking import writing

POST_EVERY = 2.0
MARK_EVERY = 3600.0
FETCH_EVERY = 60.0
COUNT_EVERY = 60.0
WAIT_AFTER_FAILURE = 30.0

Tell = Callable[[str], object]


def fetch_one(house: House, number: int, *, only_due: bool = True) -> int | None:
    """Fetch a source now, in this thread; none: it was not its turn after all."""
    settings = house.settings
    with unit_of_work(house.engine) as db:
        if only_due and number not in sources.due(db, now=settings.clock()):
            return None  # somebody else took the turn meanwhile
        transfer = sources.begin(db, sources.by_number(db, number), settings=settings)
    begun = transfer.id or 0
    lock = house.workshop.take(begun)
    try:
        sources.run(house.engine, settings, begun, policy=Policy.of(settings))
    finally:
        keeping.let_go(settings, begun, lock)
    return begun


@dataclass
class Rounds:
    """What one house does by itself; any number of processes may do so at once."""

    house: House
    tell: Tell = print

    def start(self, stop: threading.Event) -> None:
        """Begin, until told to stop."""
        post = Post(self.house)
        for name, work, pause in (
            ("Mail", post.deliver, POST_EVERY),
            ("Freshness", self.mark, MARK_EVERY),
            ("Sources", self.fetch, FETCH_EVERY),
            ("Searches", self.count, COUNT_EVERY),
        ):
            arguments = (name, work, pause, stop)
            threading.Thread(target=self._repeat, args=arguments, daemon=True).start()

    def mark(self) -> None:
        """Have readers told of what is overdue, and let old ideas go.

        Withdrawing listings is left to ``vereda expire``.
        """
        settings = self.house.settings
        with unit_of_work(self.house.engine) as db:
            expiring.mark(db, terms=Terms.of(settings), now=settings.clock())
            kept.forget(db, now=settings.clock())

    def count(self) -> None:
        """Write down what many people have looked for since the last time."""
        house = self.house
        taken = house.tally.take()
        today = house.settings.clock().astimezone(house.settings.zone).date()
        if taken:
            try:
                with unit_of_work(house.engine) as db:
                    writing.write(db, taken, part=house.tally.part, tree=topics.tree(db))
                    writing.forget(db, today=today)
            except BaseException:
                house.tally.give_back(taken)
                raise
        house.tally.forget(today=today)

    def fetch(self) -> None:
        """Fetch the sources whose time has come, one after the other; forget uploads left lying."""
        settings, engine = self.house.settings, self.house.engine
        with reading(engine) as db:
            waiting = sources.due(db, now=settings.clock())
            lying = running.has_over(db, now=settings.clock())
        if lying:
            with unit_of_work(engine) as db:
                running.sweep(db, settings=settings, now=settings.clock())
        for number in waiting:
            fetch_one(self.house, number)

    def _repeat(
        self, name: str, work: Callable[[], object], pause: float, stop: threading.Event
    ) -> None:
        told = ""
        while not stop.is_set():
            try:
                work()
                told = ""
            except Exception as error:  # noqa: BLE001 - the next round may do better
                trouble = f"{name}: {type(error).__name__}"
                if trouble != told:
                    self.tell(trouble)
                told = trouble
                stop.wait(WAIT_AFTER_FAILURE)
            stop.wait(pause)
