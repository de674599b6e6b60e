"""One learner's question to the planner, prepared for the search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

import numpy as np

from recommender.catalogue import Bools, Catalogue
from recommender.items import Learner
from recommender.limits import home_minutes, item_verdicts
from recommender.model import Scores
from recommender.needs import Needs, needs_of
from recommender.offers import Offer, offers_of
from recommender.pace import Pace
from recommender.reach import Reach
from recommender.timetable import booked_slots, kept_rows
from recommender.travel import minutes


@dataclass
class Problem:
    """What is known and wanted, and what may be used."""

    catalogue: Catalogue
    learner: Learner
    start: float
    latest: float
    known: Mapping[str, int]
    done: frozenset[str]
    goals: Mapping[str, int]
    needs: Needs
    kept: frozenset[int]
    offers: list[Offer]
    pace: Pace
    reach: Reach
    scores: Scores | None = None
    """How the offers fit the learner, once they are scored."""
    _ways: dict[tuple[int, int], float] = field(default_factory=dict)

    def way_seconds(self, here: int, there: int) -> float:
        """Return the way between the places of two rows; 0 where one is unknown."""
        pair = (here, there) if here <= there else (there, here)
        seconds = self._ways.get(pair)
        if seconds is None:
            seconds = self._ways[pair] = self._way(*pair)
        return seconds

    def _way(self, here: int, there: int) -> float:
        one, other = self.catalogue.place[here], self.catalogue.place[there]
        if here == there or one is None or other is None:
            return 0.0
        return 60 * minutes(one, other)

    def reachable(self) -> bool:
        """Tell whether, clashes aside, everything wanted and kept can be had."""
        return all(
            self.reach.level(topic, level) < inf for topic, level in self.goals.items()
        ) and all(self.reach.ready.get(row, inf) < inf for row in self.kept)


FEW_ITEMS = 300
"""Catalogues up to this size are searched whole."""
HOPS = (0, 1, 3)
ALL_HOPS = 1000
ENOUGH_OFFERS = 40
"""With fewer of them, what asks for something first is worth a look as well."""


def problem_of(
    catalogue: Catalogue, learner: Learner, now: datetime, goals: Mapping[str, int]
) -> Problem:
    """Prepare the search for a route to some goals.

    In a large catalogue nearly everything requires something that something else teaches, so
    requirements of requirements are followed only as far as it takes.
    """
    if len(catalogue) <= FEW_ITEMS:
        return _problem(catalogue, learner, now, goals, ALL_HOPS)
    for hops in HOPS:
        problem = _problem(catalogue, learner, now, goals, hops)
        if problem.reachable() and (hops or len(problem.offers) >= ENOUGH_OFFERS):
            break
    return problem


def _problem(
    catalogue: Catalogue, learner: Learner, now: datetime, goals: Mapping[str, int], hops: int
) -> Problem:
    start = max(now, learner.earliest).timestamp()
    known = catalogue.tree.levels(learner.knows)
    done = frozenset(learner.done)
    kept = frozenset(kept_rows(catalogue, learner, now).tolist())
    needs = needs_of(catalogue, _allowed(catalogue, learner, now), known, goals, kept, done, hops)
    pace = Pace(learner.earliest.tzinfo, learner.hours_per_week)
    way = home_minutes(catalogue, learner)
    offers = offers_of(catalogue, learner, now, needs, way)
    latest = inf if learner.latest is None else learner.latest.timestamp()
    reach = Reach(start, known, done)
    reach.spread(offers, lambda offer, moment: _earliest_end(offer, moment, pace, latest))
    return Problem(
        catalogue=catalogue,
        learner=learner,
        start=start,
        latest=latest,
        known=known,
        done=done,
        goals=goals,
        needs=needs,
        kept=kept,
        offers=[offer for offer in offers if offer.row in reach.ready],
        pace=pace,
        reach=reach,
    )


def _allowed(catalogue: Catalogue, learner: Learner, now: datetime) -> Bools:
    """Tell which items break no limit; what is booked was chosen knowing it."""
    verdicts = item_verdicts(catalogue, learner)
    allowed: Bools = np.logical_and.reduce([verdict.allowed for verdict in verdicts])
    allowed[catalogue.row_of_slot(booked_slots(catalogue, learner, now))] = True
    return allowed


def _earliest_end(offer: Offer, moment: float, pace: Pace, latest: float) -> float:
    if offer.booked:
        return offer.ends[0]
    if offer.item.anytime:
        end = pace.least(moment, offer.effort)
        return end if end <= latest else inf
    number = offer.from_time(moment)
    return offer.ends[number] if number < len(offer.ends) else inf
