"""The limits a learner could loosen, and how much of it a route needs.

Language, age and access are who somebody is; no change of these is ever proposed.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, isnan

from recommender.catalogue import Catalogue
from recommender.items import Learner, Window
from recommender.limits import window_end
from recommender.ranks import Rank, lightest, soonest
from recommender.routes import Change
from recommender.state import State

PARTS = (("morning", 480, 780), ("afternoon", 780, 1080), ("evening", 1080, 1350))
"""Parts of a day in minutes after midnight."""


@dataclass(frozen=True, slots=True)
class Loosened:
    """A learner with one limit loosened: what changed and how much that asks of the learner."""

    learner: Learner
    change: Change
    effort: float
    """1 is about ten euros, ten minutes of travel, an hour a week, two weeks, or one window."""


class Relaxation(ABC):
    """One limit: opened entirely to see what a route needs, then loosened by that much."""

    constraint: str

    @abstractmethod
    def is_set(self, learner: Learner) -> bool:
        """Tell whether the learner has this limit."""

    @abstractmethod
    def opened(self, learner: Learner) -> Learner:
        """Return the learner without this limit."""

    @abstractmethod
    def rank(self, learner: Learner, state: State) -> Rank:
        """Rank first the states that need the least."""

    @abstractmethod
    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield growing steps, from just what the state needs."""


class Budget(Relaxation):
    """More money."""

    constraint = "budget"

    def is_set(self, learner: Learner) -> bool:
        """Tell whether there is a budget."""
        return learner.budget is not None

    def opened(self, learner: Learner) -> Learner:
        """Return the learner with no budget."""
        return replace(learner, budget=None)

    def rank(self, learner: Learner, state: State) -> Rank:  # noqa: ARG002
        """Rank by known cost."""
        return (state.cost, state.unknown_prices, *soonest(state))

    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield the cost of the state."""
        by = state.cost - (learner.budget or 0.0)
        if by > 0:
            change = Change("more-budget", {"budget": state.cost, "by": round(by, 2)})
            yield Loosened(replace(learner, budget=state.cost), change, by / 10)


class Travel(Relaxation):
    """A longer way."""

    constraint = "travel"

    def is_set(self, learner: Learner) -> bool:
        """Tell whether there is a longest way and a home to measure it from."""
        return learner.max_travel_minutes is not None and learner.home is not None

    def opened(self, learner: Learner) -> Learner:
        """Return the learner going anywhere."""
        return replace(learner, max_travel_minutes=None)

    def rank(self, learner: Learner, state: State) -> Rank:  # noqa: ARG002
        """Rank by the longest known way."""
        return (_furthest(state), *soonest(state))

    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield the longest way of the state, in whole minutes."""
        most = ceil(_furthest(state))
        by = most - (learner.max_travel_minutes or 0.0)
        if by > 0:
            change = Change("more-travel", {"minutes": most, "by": ceil(by)})
            yield Loosened(replace(learner, max_travel_minutes=most), change, by / 10)


class Latest(Relaxation):
    """A later end."""

    constraint = "latest"

    def is_set(self, learner: Learner) -> bool:
        """Tell whether there is a latest date."""
        return learner.latest is not None

    def opened(self, learner: Learner) -> Learner:
        """Return the learner with all time."""
        return replace(learner, latest=None)

    def rank(self, learner: Learner, state: State) -> Rank:  # noqa: ARG002
        """Rank by the end."""
        return soonest(state)

    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield the end of the state."""
        if learner.latest is None or state.finish <= learner.latest.timestamp():
            return
        latest = datetime.fromtimestamp(ceil(state.finish), tz=learner.latest.tzinfo)
        days = ceil((latest - learner.latest).total_seconds() / 86400)
        change = Change("later", {"latest": latest, "days": days})
        yield Loosened(replace(learner, latest=latest), change, days / 14)


class Hours(Relaxation):
    """More hours a week."""

    constraint = "hours"

    def is_set(self, learner: Learner) -> bool:
        """Tell whether the hours of a week are limited."""
        return learner.hours_per_week is not None

    def opened(self, learner: Learner) -> Learner:
        """Return the learner with whole weeks."""
        return replace(learner, hours_per_week=None)

    def rank(self, learner: Learner, state: State) -> Rank:  # noqa: ARG002
        """Rank by the fullest week."""
        return lightest(state)

    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield half hours more, up to the fullest week of the state and a little above."""
        now = learner.hours_per_week or 0.0
        peak = max(state.load.values(), default=0.0)
        for by in (0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20):
            change = Change("more-hours", {"hours": now + by, "by": by})
            yield Loosened(replace(learner, hours_per_week=now + by), change, by)
            if now + by > peak + 1:
                return


class Free(Relaxation):
    """More free windows."""

    constraint = "free"

    def __init__(self, catalogue: Catalogue) -> None:
        """Serve one learner: what a session asks is remembered."""
        self._catalogue = catalogue
        self._asked: dict[int, Window | None] = {}

    def is_set(self, learner: Learner) -> bool:
        """Tell whether only some windows are free."""
        return bool(learner.free)

    def opened(self, learner: Learner) -> Learner:
        """Return the learner with every hour free."""
        return replace(learner, free=())

    def rank(self, learner: Learner, state: State) -> Rank:
        """Rank by the number of windows that are not free yet."""
        return (len(self._windows(learner, state)), *soonest(state))

    def loosened(self, learner: Learner, state: State) -> Iterator[Loosened]:
        """Yield the parts of days the state needs."""
        more = sorted(self._windows(learner, state), key=lambda w: (w.weekday, w.start, w.end))
        if more:
            named = [
                {"day": w.weekday, "from": w.start, "to": w.end, "part": _part_name(w)}
                for w in more
            ]
            freer = replace(learner, free=(*learner.free, *more))
            yield Loosened(freer, Change("more-free-time", {"windows": named}), len(more))

    def _windows(self, learner: Learner, state: State) -> set[Window]:
        slots = [slot for placed in state.placed for slot in placed.option.slots]
        return {w for slot in slots if (w := self._window(learner, slot)) is not None}

    def _window(self, learner: Learner, slot: int) -> Window | None:
        if slot not in self._asked:
            self._asked[slot] = self._missing(learner, slot)
        return self._asked[slot]

    def _missing(self, learner: Learner, slot: int) -> Window | None:
        """Return the parts of the day a session needs, None when it lies in a free window."""
        day = int(self._catalogue.slot_weekday[slot])
        start, end = int(self._catalogue.slot_from[slot]), int(self._catalogue.slot_to[slot])
        for window in learner.free:
            if window.weekday == day and window.start <= start and end <= window_end(window):
                return None
        begin = max((p[1] for p in PARTS if p[1] <= start), default=start)
        finish = min((p[2] for p in PARTS if p[2] >= end), default=end)
        return Window(day, begin, finish)


def relaxations(catalogue: Catalogue) -> tuple[Relaxation, ...]:
    """Return every limit that may be loosened."""
    return (Free(catalogue), Budget(), Travel(), Hours(), Latest())


def opened_all(learner: Learner) -> Learner:
    """Return the learner without any limit that may be loosened."""
    return replace(
        learner, free=(), budget=None, max_travel_minutes=None, hours_per_week=None, latest=None
    )


def _furthest(state: State) -> float:
    return max((p.offer.way for p in state.placed if not isnan(p.offer.way)), default=0.0)


def _part_name(window: Window) -> str:
    names = {(start, end): name for name, start, end in PARTS}
    return names.get((window.start, window.end), "day")
