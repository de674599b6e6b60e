"""Candidates of a plan: what each gives, and when it can be attended."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from recommender.catalogue import Catalogue, Floats, Ints
from recommender.items import Item, Learner
from recommender.needs import Needs
from recommender.timetable import attendable, booked_slots, kept_rows

USUAL_HOURS = 2.0
"""Effort of a self-paced item that does not tell it."""


class Option(NamedTuple):
    """One way to attend an item: seconds, slots, and hours in each week."""

    start: float
    end: float
    slots: tuple[int, ...]
    load: tuple[tuple[int, float], ...]


class Lesson(NamedTuple):
    """A topic an item teaches: from which level of it, and what that raises to which level."""

    taught: str
    lowest: int
    highest: int
    raises: tuple[str, ...]


@dataclass
class Offer:
    """An item the learner could attend."""

    row: int
    item: Item
    lessons: tuple[Lesson, ...]
    starts: list[float]
    """Start of each option, ascending; empty for an item done at any time."""
    ends: list[float]
    slots: list[int]
    catalogue: Catalogue
    way: float
    """Minutes from home; NaN is unknown."""
    kept: bool
    booked: bool = False
    """Its sessions are settled, and so is that one may go."""
    score: float = 0.0

    @cached_property
    def effort(self) -> float:
        """Hours of a self-paced item."""
        return USUAL_HOURS if self.item.hours is None else self.item.hours

    @cached_property
    def cost(self) -> float:
        """Price; an unknown one is 0."""
        return self.item.price or 0.0

    @cached_property
    def likely_cost(self) -> float:
        """Price; an unknown one is the usual price, lest it looks cheap."""
        return self.catalogue.usual_price if self.item.price is None else self.item.price

    @cached_property
    def kinds(self) -> frozenset[tuple[str, str | None]]:
        """What makes a route varied."""
        item = self.item
        known = (("kind", item.space_kind), ("setting", item.setting), ("format", item.format))
        return frozenset(pair for pair in known if pair[1] is not None)

    @cached_property
    def options(self) -> list[Option]:
        """The ways to attend it, by start."""
        if self.item.whole or self.booked:
            return [self._option(tuple(self.slots))] if self.slots else []
        return [self._option((slot,)) for slot in self.slots]

    def from_time(self, ready: float) -> int:
        """Return the number of the first option that starts at a moment or later."""
        return bisect_left(self.starts, ready)

    def _option(self, slots: tuple[int, ...]) -> Option:
        catalogue = self.catalogue
        load: dict[int, float] = {}
        for slot in slots:
            week = int(catalogue.slot_week[slot])
            load[week] = load.get(week, 0.0) + float(catalogue.slot_hours[slot])
        end = max(float(catalogue.slot_end[slot]) for slot in slots)
        return Option(float(catalogue.slot_start[slots[0]]), end, slots, tuple(load.items()))


def offers_of(
    catalogue: Catalogue, learner: Learner, now: datetime, needs: Needs, way: Floats
) -> list[Offer]:
    """Return the needed items the learner can attend, in the order of their rows."""
    rows = np.array(sorted(needs.rows), dtype=np.int64)
    slots, owner = attendable(catalogue, learner, now, rows)
    bound = np.searchsorted(owner, np.arange(len(rows) + 1)).tolist()
    every = _Slots(slots, catalogue)
    kept = set(kept_rows(catalogue, learner, now).tolist())
    booked = set(catalogue.row_of_slot(booked_slots(catalogue, learner, now)).tolist())
    lessons_of = _Lessons(catalogue, needs)
    offers = []
    for position, row in enumerate(rows.tolist()):
        item = catalogue.items[row]
        mine = slice(bound[position], bound[position + 1])
        if mine.start == mine.stop and not item.anytime:
            continue
        starts, ends = every.times(mine, item, whole=item.whole or row in booked)
        lessons = tuple(lessons_of(*lesson) for lesson in catalogue.lessons_of[row])
        offers.append(
            Offer(
                row=row,
                item=item,
                lessons=lessons,
                starts=starts,
                ends=ends,
                slots=every.slots[mine],
                catalogue=catalogue,
                way=float(way[row]),
                kept=row in kept,
                booked=row in booked,
            )
        )
    return offers


class _Slots:
    def __init__(self, slots: Ints, catalogue: Catalogue) -> None:
        self.slots = slots.tolist()
        self._starts = catalogue.slot_start[slots].tolist()
        self._ends = catalogue.slot_end[slots].tolist()

    def times(self, mine: slice, item: Item, *, whole: bool) -> tuple[list[float], list[float]]:
        """Return starts and ends of the options of one item."""
        if item.anytime:
            return [], []
        if whole:
            return [self._starts[mine.start]], [max(self._ends[mine])]
        return self._starts[mine], self._ends[mine]


class _Lessons:
    """What lessons raise of what is needed; many items teach the same."""

    def __init__(self, catalogue: Catalogue, needs: Needs) -> None:
        self._catalogue = catalogue
        self._needed = needs.levels
        self._known: dict[tuple[int, int, int], Lesson] = {}

    def __call__(self, taught: int, lowest: int, highest: int) -> Lesson:
        key = (taught, lowest, highest)
        lesson = self._known.get(key)
        if lesson is None:
            name = self._catalogue.topic_names[taught]
            line = self._catalogue.tree.line(name)
            raises = tuple(above for above in line if above in self._needed)
            lesson = self._known[key] = Lesson(name, lowest, highest, raises)
        return lesson
