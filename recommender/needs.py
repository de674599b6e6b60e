"""Backward from what is wanted: which topics and items could take part in a route at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from recommender.catalogue import Bools, Catalogue
from recommender.requirements import Requirement, facts, is_met, topic_and_level


@dataclass(slots=True)
class Needs:
    """Topics with the highest level anything asks of them, and the rows that may help."""

    levels: dict[str, int] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    items: set[int] = field(default_factory=set)
    """Rows that are needed for themselves: kept, or required by another item."""


class _Chaser:
    def __init__(
        self,
        catalogue: Catalogue,
        allowed: Bools,
        known: Mapping[str, int],
        done: frozenset[str],
        hops: int,
    ) -> None:
        self._hops = hops
        self._catalogue = catalogue
        self._allowed = allowed
        self._known = known
        self._done = done
        self._open: list[tuple[str, int]] = []
        self.needs = Needs()

    def topic(self, topic: str, level: int, hop: int = 0) -> None:
        """Ask for a topic at a level, unless that much of it is already asked for or known."""
        if level > max(self.needs.levels.get(topic, 0), self._known.get(topic, 0)):
            self.needs.levels[topic] = level
            self._open.append((topic, hop))

    def item(self, row: int, hop: int = 0) -> None:
        """Ask for an item itself and for what it takes to attend it."""
        if row in self.needs.items or not self._allowed[row]:
            return
        self.needs.items.add(row)
        self._helper(row, hop)
        for taught, lowest, _ in self._catalogue.lessons_of[row]:
            self.topic(self._catalogue.topic_names[taught], lowest, hop)

    def run(self) -> Needs:
        """Follow what is asked for to the end."""
        while self._open:
            self._teachers(*self._open.pop())
        return self.needs

    def _teachers(self, topic: str, hop: int) -> None:
        number = self._catalogue.topic.get(topic)
        lessons = None if number is None else self._catalogue.lessons.get(number)
        if lessons is None:
            return
        helps = self._allowed[lessons.rows]
        helps &= lessons.lowest < self.needs.levels[topic]
        helps &= lessons.highest > self._known.get(topic, 0)
        for row in np.unique(lessons.rows[helps]).tolist():
            self._helper(row, hop)
        asked = np.unique(lessons.taught[helps] * 16 + lessons.lowest[helps])
        for pair in asked.tolist():
            self.topic(self._catalogue.topic_names[pair // 16], pair % 16, hop)

    def _helper(self, row: int, hop: int) -> None:
        if row in self.needs.rows:
            return
        self.needs.rows.add(row)
        if hop >= self._hops:
            return
        requires = self._catalogue.items[row].requires
        if not is_met(requires, self._known, self._done):
            self._required(requires, hop + 1)

    def _required(self, requires: Requirement | None, hop: int) -> None:
        for fact in facts(requires):
            if "topic" in fact:
                self.topic(*topic_and_level(fact), hop)
            elif fact["opportunity"] in self._catalogue.row:
                self.item(self._catalogue.row[str(fact["opportunity"])], hop)


def needs_of(
    catalogue: Catalogue,
    allowed: Bools,
    known: Mapping[str, int],
    goals: Mapping[str, int],
    kept: frozenset[int],
    done: frozenset[str],
    hops: int,
) -> Needs:
    """Collect everything that could help to reach the goals and to attend what is kept.

    What the helpers themselves require is followed over `hops` such requirements.
    """
    chaser = _Chaser(catalogue, allowed, known, done, hops)
    for topic, level in sorted(goals.items()):
        chaser.topic(topic, level)
    for row in sorted(kept):
        chaser.item(row)
    return chaser.run()
