"""A part of a route: the items placed so far and what follows from them."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from math import isnan
from typing import NamedTuple

from recommender.limits import CENT
from recommender.offers import Offer, Option
from recommender.problem import Problem
from recommender.requirements import is_met

USUAL_WAY_MINUTES = 30.0
"""What an unknown way counts as when routes are compared."""


class Placed(NamedTuple):
    """An offer, attended in one of its ways."""

    offer: Offer
    option: Option


class Gain(NamedTuple):
    """A level reached at a moment."""

    moment: float
    topic: str
    level: int


Busy = tuple[float, float, int]
"""Start, end and row of a session."""


class State(NamedTuple):
    """Items placed so that no limit is broken."""

    placed: tuple[Placed, ...]
    rows: frozenset[int]
    levels: Mapping[str, int]
    """Levels of the needed topics when everything placed is over."""
    gains: tuple[Gain, ...]
    busy: tuple[Busy, ...]
    load: Mapping[int, float]
    cost: float
    likely_cost: float
    unknown_prices: int
    furthest: float
    travel: float
    finish: float
    score: float
    kinds: frozenset[tuple[str, str | None]]
    key: frozenset[tuple[int, float, float]]
    """What makes two states the same, in whatever order they were built."""

    def levels_at(self, moment: float, known: Mapping[str, int]) -> Mapping[str, int]:
        """Return the levels of the needed topics at a moment."""
        if self.finish <= moment:
            return self.levels
        levels = dict(known)
        for gain in self.gains:
            if gain.moment <= moment and gain.level > levels.get(gain.topic, 0):
                levels[gain.topic] = gain.level
        return levels

    def done_at(self, moment: float, done: frozenset[str]) -> frozenset[str]:
        """Return the items finished at a moment."""
        return done.union(p.offer.item.id for p in self.placed if p.option.end <= moment)

    def moments(self, start: float) -> list[float]:
        """Return the moments at which something may become possible."""
        return sorted({start, *(p.option.end for p in self.placed)})


def empty(problem: Problem) -> State:
    """Return the state in which nothing is placed."""
    return State(
        placed=(),
        rows=frozenset(),
        levels=dict(problem.known),
        gains=(),
        busy=(),
        load={},
        cost=0.0,
        likely_cost=0.0,
        unknown_prices=0,
        furthest=0.0,
        travel=0.0,
        finish=problem.start,
        score=0.0,
        kinds=frozenset(),
        key=frozenset(),
    )


def extended(
    problem: Problem, state: State, offer: Offer, topics: frozenset[str], tries: int
) -> Iterator[State]:
    """Yield the states with one more offer that raises one of the topics or is itself needed.

    Up to `tries` of the ways to attend it are tried.
    """
    if not is_of_use(problem, state, offer, topics):
        return
    budget = problem.learner.budget
    if budget is not None and state.cost + offer.cost > budget + CENT:
        return
    for option in options_of(problem, state, offer):
        if not _fits(problem, state, offer, option):
            continue
        yield _with(problem, state, offer, option)
        tries -= 1
        if tries == 0:
            return


def again(problem: Problem, placed: tuple[Placed, ...]) -> State | None:
    """Build a state anew from some placed items; None when one of them has become impossible."""
    state = empty(problem)
    for offer, option in sorted(placed, key=lambda p: (p.option.start, p.option.end, p.offer.row)):
        if not can_begin(problem, state, offer, option.start):
            return None
        if not _fits(problem, state, offer, option):
            return None
        state = _with(problem, state, offer, option)
    return state


def is_complete(problem: Problem, state: State) -> bool:
    """Tell whether everything wanted is reached and everything kept is placed."""
    return problem.kept <= state.rows and all(
        state.levels.get(topic, 0) >= level for topic, level in problem.goals.items()
    )


def can_begin(problem: Problem, state: State, offer: Offer, moment: float) -> bool:
    """Tell whether an item is open to the learner at a moment; what is booked is."""
    if offer.booked:
        return True
    levels = state.levels_at(moment, problem.known)
    requires = offer.item.requires
    if requires is not None and not is_met(requires, levels, state.done_at(moment, problem.done)):
        return False
    if offer.kept or not offer.lessons:
        return True
    return any(levels.get(lesson.taught, 0) >= lesson.lowest for lesson in offer.lessons)


def is_of_use(problem: Problem, state: State, offer: Offer, topics: frozenset[str]) -> bool:
    """Tell whether an offer raises one of the topics or is needed for itself."""
    if offer.row in state.rows:
        return False
    if offer.row in problem.needs.items:
        return True
    levels, asked = state.levels, problem.needs.levels
    for lesson in offer.lessons:
        for topic in lesson.raises:
            now = levels.get(topic, 0)
            if now < lesson.highest and now < asked[topic] and topic in topics:
                return True
    return False


def options_of(problem: Problem, state: State, offer: Offer) -> Iterator[Option]:
    """Yield the ways to attend an offer once it is open to the learner, by start."""
    if offer.booked:
        yield from offer.options
        return
    moments = state.moments(problem.start)
    ready = (moment for moment in moments if can_begin(problem, state, offer, moment))
    if offer.item.anytime:
        for moment in ready:
            option = problem.pace.work(moment, offer.effort, state.load)
            if option is not None and option.end <= problem.latest:
                yield option
        return
    first = next(ready, None)
    if first is not None:
        yield from offer.options[offer.from_time(first) :]


def _fits(problem: Problem, state: State, offer: Offer, option: Option) -> bool:
    most = problem.learner.hours_per_week
    if most is not None:
        for week, hours in option.load:
            if state.load.get(week, 0.0) + hours > most + CENT:
                return False
    catalogue = problem.catalogue
    for slot in option.slots:
        start, end = float(catalogue.slot_start[slot]), float(catalogue.slot_end[slot])
        if not _is_free(problem, state, offer.row, start, end):
            return False
    return True


def _is_free(problem: Problem, state: State, row: int, start: float, end: float) -> bool:
    """Tell whether one can come from the session before and get to the one after."""
    busy = state.busy
    position = bisect_left(busy, (start, end, row))
    if position > 0:
        _, before, place = busy[position - 1]
        if before + problem.way_seconds(place, row) > start:
            return False
    if position < len(busy):
        after, _, place = busy[position]
        if end + problem.way_seconds(row, place) > after:
            return False
    return True


def _with(problem: Problem, state: State, offer: Offer, option: Option) -> State:
    gains = _gains(problem, state, offer, option)
    levels = state.levels
    if gains:
        levels = dict(levels)
        for gain in gains:
            levels[gain.topic] = max(gain.level, levels.get(gain.topic, 0))
    load = dict(state.load)
    for week, hours in option.load:
        load[week] = load.get(week, 0.0) + hours
    way = USUAL_WAY_MINUTES if isnan(offer.way) else offer.way
    return State(
        placed=(*state.placed, Placed(offer, option)),
        rows=state.rows | {offer.row},
        levels=levels,
        gains=(*state.gains, *gains),
        busy=_busier(problem, state, offer, option),
        load=load,
        cost=state.cost + offer.cost,
        likely_cost=state.likely_cost + offer.likely_cost,
        unknown_prices=state.unknown_prices + (offer.item.price is None),
        furthest=max(state.furthest, way),
        travel=state.travel + way * max(1, len(option.slots)),
        finish=max(state.finish, option.end),
        score=state.score + offer.score,
        kinds=state.kinds | offer.kinds,
        key=state.key | {(offer.row, option.start, option.end)},
    )


def _gains(problem: Problem, state: State, offer: Offer, option: Option) -> list[Gain]:
    levels = state.levels_at(option.start, problem.known)
    return [
        Gain(option.end, topic, lesson.highest)
        for lesson in offer.lessons
        if levels.get(lesson.taught, 0) >= lesson.lowest
        for topic in lesson.raises
        if lesson.highest > levels.get(topic, 0)
    ]


def _busier(problem: Problem, state: State, offer: Offer, option: Option) -> tuple[Busy, ...]:
    if not option.slots:
        return state.busy
    busy = list(state.busy)
    catalogue = problem.catalogue
    for slot in option.slots:
        insort(
            busy, (float(catalogue.slot_start[slot]), float(catalogue.slot_end[slot]), offer.row)
        )
    return tuple(busy)
