"""Prepare and search: the one way from a learner and goals to routes' states."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from recommender.beam import ANY, MEDIUM, NARROW, ONE, WIDE, Search, Width
from recommender.items import Learner
from recommender.model import LinearRecommender
from recommender.problem import Problem, problem_of
from recommender.ranks import Ranking, soonest
from recommender.shortlist import is_small, shortlist
from recommender.state import State

FEW_TO_SEARCH = 40
"""So few offers are all tried, in a broader beam."""


class Solver:
    """Answers for one recommender, moment and set of goals, whatever the learner's limits."""

    def __init__(
        self, recommender: LinearRecommender, goals: Mapping[str, int], now: datetime
    ) -> None:
        self.recommender = recommender
        self.goals = goals
        self.now = now

    def problem(self, learner: Learner) -> Problem:
        """Prepare a search."""
        return problem_of(self.recommender.catalogue_, learner, self.now, self.goals)

    def search(
        self, problem: Problem, rankings: Mapping[str, Ranking], width: Width = NARROW
    ) -> dict[str, list[State]]:
        """Return the best complete states of each ranking, best first.

        The width is for large problems; in small ones everything is tried.
        """
        if not problem.reachable():
            return {label: [] for label in rankings}
        self.score(problem)
        if is_small(problem):
            whole = Search(problem, rankings, WIDE)
            found = whole.run(problem.offers)
            if not whole.is_spent or all(found.values()):
                return found
        if width is NARROW and len(problem.offers) <= FEW_TO_SEARCH:
            return Search(problem, rankings, MEDIUM).run(problem.offers)
        return Search(problem, rankings, width).run(shortlist(problem))

    def best(self, learner: Learner, ranking: Ranking) -> State | None:
        """Return the best complete state of one ranking, if there is any."""
        states = self.search(self.problem(learner), {"best": ranking}, ONE)["best"]
        return states[0] if states else None

    def is_possible(self, learner: Learner) -> bool:
        """Tell whether planning finds any route."""
        return bool(self.search(self.problem(learner), {"any": soonest}, ANY)["any"])

    def score(self, problem: Problem) -> None:
        """Tell of each offer how well it fits."""
        rows = np.array([offer.row for offer in problem.offers], dtype=np.int64)
        problem.scores = self.recommender.scores(problem.learner, rows, self.now)
        total = problem.scores.total.tolist()
        for offer, value in zip(problem.offers, total, strict=True):
            offer.score = value
