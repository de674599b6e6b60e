"""Rounds: beside the pages, mails are sent and readers are told of what nobody has confirmed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.post import Post
from directory.services import expiring, topics
from directory.services.freshness import Terms
from directory.services.ideas import kept
from directory.services.seeking import writing

POST_EVERY = 2.0
MARK_EVERY = 3600.0
COUNT_EVERY = 60.0
WAIT_AFTER_FAILURE = 30.0

Tell = Callable[[str], object]


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
