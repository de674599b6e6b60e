"""Learning routes: from what a learner knows to what the learner wants."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from recommender.beam import NARROW, WIDE, Search
from recommender.build import route_of
from recommender.items import Item, Learner
from recommender.model import LinearRecommender
from recommender.problem import Problem, problem_of
from recommender.ranks import LABELS
from recommender.routes import Plan, Route
from recommender.shortlist import is_small, shortlist
from recommender.state import State


def plan(
    learner: Learner, recommender: LinearRecommender | Sequence[Item], now: datetime
) -> Plan:
    """Plan up to four routes that really differ, or say what stands in the way."""
    if not isinstance(recommender, LinearRecommender):
        recommender = LinearRecommender().fit(recommender, {})
    problem = problem_of(recommender.catalogue_, learner, now, learner.wants)
    if not problem.reachable():
        return Plan((), None, ())
    score(problem, recommender, now)
    width = WIDE if is_small(problem) else NARROW
    offers = problem.offers if is_small(problem) else shortlist(problem)
    found = Search(problem, LABELS, width).run(offers)
    routes = _different(problem, found, recommender, now)
    return Plan(routes, None, ())


def score(problem, recommender, now):
    rows = np.array([offer.row for offer in problem.offers], dtype=np.int64)
    total = recommender.scores(problem.learner, rows, now).total
    for offer, value in zip(problem.offers, total.tolist(), strict=True):
        offer.score = value


def _different(problem: Problem, found: dict[str, list[State]], recommender, now) -> tuple[Route, ...]:
    taken = set()
    routes = []
    for label, states in found.items():
        if states and states[0].rows not in taken:
            taken.add(states[0].rows)
            routes.append(route_of(label, problem, states[0], recommender, now))
    return tuple(routes)
