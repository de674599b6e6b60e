"""The obvious other in place of a step, and why it was not taken."""

from collections.abc import Callable, Iterator
from itertools import islice
from math import isnan

from recommender.offers import Offer
from recommender.problem import Problem
from recommender.ranks import LABELS, soonest
from recommender.routes import Other
from recommender.state import Placed, State, again, extended, is_complete

FEW = 2
TRIED = 4
DAY_SECONDS = 86400.0
CENT = 0.005
A_MINUTE = 1.0


def others_of(label: str, problem: Problem, state: State, placed: Placed) -> tuple[Other, ...]:
    """Name up to two other items that teach what a step is there for, best fitting first.

    One that would have made a better route of this label is not named: ways differ too little for
    a reason that would be true.
    """
    aims = _aims(problem, placed.offer)
    if not aims:
        return ()
    same = (o for o in problem.offers if o.row not in state.rows and aims <= _aims(problem, o))
    ranked = sorted(same, key=lambda offer: (-offer.score, offer.row))[:TRIED]
    found = (_other(label, problem, state, placed, offer) for offer in ranked)
    return tuple(islice((other for other in found if other is not None), FEW))


def _aims(problem: Problem, offer: Offer) -> frozenset[tuple[str, int]]:
    """Return the needed topics an offer raises, each level up to the one that is asked for."""
    asked, known = problem.needs.levels, problem.known
    return frozenset(
        (topic, level)
        for lesson in offer.lessons
        for topic in lesson.raises
        for level in range(known.get(topic, 0) + 1, min(lesson.highest, asked[topic]) + 1)
        if level > lesson.lowest
    )


def _other(
    label: str, problem: Problem, state: State, placed: Placed, offer: Offer
) -> Other | None:
    changed = _exchanged(problem, state, placed, offer)
    if changed is None:
        return Other(offer.item.id, "other-does-not-fit", {})
    ranking = LABELS.get(label, soonest)
    if ranking(changed) < ranking(state):
        return None
    for code, values in _worse(label, state, changed, placed.offer, offer):
        return Other(offer.item.id, code, values)
    return None


def _exchanged(problem: Problem, state: State, placed: Placed, offer: Offer) -> State | None:
    """Return the route with one item in another's place, and what comes later moved where it must."""
    order = sorted(state.placed, key=lambda p: (p.option.start, p.option.end, p.offer.row))
    rest = [each for each in order if each is not placed]
    before = [p for p in rest if p.option.end <= placed.option.start]
    changed = again(problem, tuple(before))
    topics = frozenset(problem.needs.levels)
    for each in (offer, *(p.offer for p in rest if p not in before)):
        if changed is None:
            return None
        changed = next(extended(problem, changed, each, topics, 1), None)
    return changed if changed is not None and is_complete(problem, changed) else None


_Worse = tuple[str, dict[str, object]]


def _worse(
    label: str, state: State, changed: State, taken: Offer, other: Offer
) -> Iterator[_Worse]:
    """Yield what is worse with the other, what matters most to this route first."""
    order = {"cheapest": (_dearer, _later, _farther), "nearest": (_farther, _later, _dearer)}
    compare: Callable[[State, State, Offer, Offer], _Worse | None]
    for compare in order.get(label, (_later, _dearer, _farther)):
        found = compare(state, changed, taken, other)
        if found is not None:
            yield found
    if other.score < taken.score:
        yield "other-fits-less", {}


def _later(state: State, changed: State, _taken: Offer, _other: Offer) -> _Worse | None:
    days = (changed.finish - state.finish) / DAY_SECONDS
    return ("other-later", {"days": round(days)}) if days >= 1 else None


def _dearer(state: State, changed: State, taken: Offer, other: Offer) -> _Worse | None:
    by = changed.cost - state.cost
    if other.item.price is None and taken.item.price is not None:
        return "other-price-unknown", {}
    return ("other-dearer", {"by": round(by, 2)}) if by > CENT else None


def _farther(_state: State, _changed: State, taken: Offer, other: Offer) -> _Worse | None:
    by = other.way - taken.way
    return None if isnan(by) or by < A_MINUTE else ("other-farther", {"minutes": round(by)})
