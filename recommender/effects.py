"""Of the offers that would do the same for a state, the few worth trying."""

from math import inf, isnan

from recommender.offers import Offer
from recommender.problem import Problem
from recommender.state import USUAL_WAY_MINUTES, State, is_of_use

Effect = frozenset[tuple[str, int]]
"""Topics and the levels an offer raises them to."""


def best_of_each_effect(
    problem: Problem, state: State, offers: list[Offer], topics: frozenset[str], each: int
) -> list[Offer]:
    """Return the first few to end, cheapest, nearest and best fitting offers of each effect."""
    groups: dict[Effect, list[Offer]] = {}
    for offer in offers:
        if is_of_use(problem, state, offer, topics):
            groups.setdefault(_effect(problem, state, offer), []).append(offer)
    chosen: dict[int, Offer] = {}
    for group in groups.values():
        for offer in _best(problem, state, group, each):
            chosen[offer.row] = offer
    return list(chosen.values())


def _effect(problem: Problem, state: State, offer: Offer) -> Effect:
    levels, asked = state.levels, problem.needs.levels
    raised = {
        (topic, min(lesson.highest, asked[topic]))
        for lesson in offer.lessons
        if levels.get(lesson.taught, 0) >= lesson.lowest
        for topic in lesson.raises
        if lesson.highest > levels.get(topic, 0)
    }
    if offer.row in problem.needs.items:
        raised.add((offer.item.id, 0))
    return frozenset(raised)


def _best(problem: Problem, state: State, group: list[Offer], each: int) -> list[Offer]:
    if len(group) <= each:
        return group
    ends = {offer.row: _end(problem, state, offer) for offer in group}
    return [
        *sorted(group, key=lambda o: (ends[o.row], o.likely_cost, -o.score))[:each],
        *sorted(group, key=lambda o: (o.likely_cost, ends[o.row], -o.score))[:each],
        *sorted(group, key=lambda o: (_way(o), ends[o.row], -o.score))[:each],
        *sorted(group, key=lambda o: (-len(o.kinds - state.kinds), -o.score, o.row))[:each],
    ]


def _end(problem: Problem, state: State, offer: Offer) -> float:
    """Guess when an offer could end: at once, or after all that is placed if it has to wait."""
    at_once = problem.reach.ready[offer.row] <= problem.start
    moment = problem.start if at_once else state.finish
    if offer.item.anytime:
        return problem.pace.least(moment, offer.effort)
    number = offer.from_time(moment)
    return offer.ends[number] if number < len(offer.ends) else inf


def _way(offer: Offer) -> float:
    return USUAL_WAY_MINUTES if isnan(offer.way) else offer.way
