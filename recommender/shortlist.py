"""The offers worth searching with, when there are too many for all of them.

For each topic that is needed, and each pair of levels a lesson leads from and to, a few offers are
taken for every ranking: early, cheap, near, fitting, and some spread over time.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from math import inf, isnan

from recommender.offers import Offer
from recommender.problem import Problem
from recommender.state import USUAL_WAY_MINUTES

FEW_OFFERS = 9
FEW_OPTIONS = 27
EACH = 3
SPREAD = 3
MOST = 80

Order = Callable[[Offer], tuple[float, ...]]


def is_small(problem: Problem) -> bool:
    """Tell whether everything can be tried."""
    options = sum(max(1, len(offer.starts)) for offer in problem.offers)
    return len(problem.offers) <= FEW_OFFERS and options <= FEW_OPTIONS


def shortlist(problem: Problem) -> list[Offer]:
    """Return the offers to search with, in the order of their rows."""
    needed = [offer for offer in problem.offers if offer.row in problem.needs.items]
    picked = {offer.row: offer for offer in needed}
    picks = [list(_picks(problem, offers)) for offers in _buckets(problem).values()]
    for turn in zip_longest(*picks):
        for offer in turn:
            if offer is not None and len(picked) < MOST:
                picked[offer.row] = offer
    return [picked[row] for row in sorted(picked)]


def _buckets(problem: Problem) -> dict[tuple[str, int, int], list[Offer]]:
    asked = problem.needs.levels
    buckets: dict[tuple[str, int, int], list[Offer]] = {}
    for offer in problem.offers:
        for lesson in offer.lessons:
            for topic in lesson.raises if lesson.lowest == 0 else (lesson.taught,):
                if topic in asked and problem.known.get(topic, 0) < lesson.highest:
                    key = (topic, lesson.lowest, min(lesson.highest, asked[topic]))
                    buckets.setdefault(key, []).append(offer)
    return buckets


def _picks(problem: Problem, offers: list[Offer]) -> Iterator[Offer]:
    """Yield offers of one bucket, the best of each order in turn."""
    orders = (_early(problem), _cheap, _near, _fitting)
    ranked = [sorted(offers, key=order)[:EACH] for order in orders]
    for turn in zip_longest(*ranked):
        yield from (offer for offer in turn if offer is not None)
    by_time = sorted(offers, key=orders[0])
    yield from by_time[EACH :: max(1, len(by_time) // SPREAD)]


def _early(problem: Problem) -> Order:
    def end(offer: Offer) -> tuple[float, ...]:
        ready = problem.reach.ready[offer.row]
        number = offer.from_time(ready)
        ends = offer.ends[number] if number < len(offer.ends) else inf
        return (ready if offer.item.anytime else ends, offer.row)

    return end


def _cheap(offer: Offer) -> tuple[float, ...]:
    return (offer.likely_cost, offer.starts[0] if offer.starts else 0.0, offer.row)


def _near(offer: Offer) -> tuple[float, ...]:
    way = USUAL_WAY_MINUTES if isnan(offer.way) else offer.way
    return (way, offer.starts[0] if offer.starts else 0.0, offer.row)


def _fitting(offer: Offer) -> tuple[float, ...]:
    return (-offer.score, offer.row)
