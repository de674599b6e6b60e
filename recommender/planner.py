"""Learning routes: from what a learner knows to what the learner wants."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from recommender import notes
from recommender.alternatives import alternative
from recommender.beam import ANY
from recommender.blocked import why_blocked
from recommender.build import route_of
from recommender.items import Item, Learner
from recommender.model import LinearRecommender
from recommender.ranks import LABELS, Ranking
from recommender.relaxations import opened_all
from recommender.routes import Blocked, Note, Plan, Route
from recommender.shaping import shaped_by
from recommender.solve import Solver
from recommender.state import State
from recommender.steady import steady
from recommender.timetable import kept_rows
from recommender.understood import understood

MOST_ROUTES = 4


def plan(learner: Learner, recommender: LinearRecommender | Sequence[Item], now: datetime) -> Plan:
    """Plan up to four routes that really differ, or say what stands in the way.

    A sequence of items stands for a recommender fitted to them, with no tree of topics.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    if not isinstance(recommender, LinearRecommender):
        recommender = LinearRecommender().fit(recommender, {})
    return _Planning(learner, recommender, now).plan()


class _Planning:
    def __init__(self, learner: Learner, recommender: LinearRecommender, now: datetime) -> None:
        self._recommender = recommender
        self._now = now
        self._catalogue = recommender.catalogue_
        self._learner, self._put_right = understood(self._catalogue, learner, now)
        self._known = self._catalogue.tree.levels(learner.knows)

    def plan(self) -> Plan:
        """Search for what is wanted; failing that, for as much of it as anything teaches."""
        learner, found = self._learner, list(self._put_right)
        found += notes.known_already(learner, self._known)
        found += notes.not_found(self._catalogue, learner)
        wanted = {t: n for t, n in learner.wants.items() if n > self._known.get(t, 0)}
        if not wanted and not self._kept():
            nothing = [] if learner.wants else [Note("nothing-wanted", {})]
            return Plan((), None, (*found, *nothing))
        routes = self._routes(wanted)
        if routes:
            return self._answer(routes, None, found)
        goals = self._attainable(wanted)
        found += notes.lowered(self._catalogue, learner, wanted, goals)
        if not goals and not self._kept():
            return self._answer((), Blocked("nothing-teaches", None), found)
        routes = self._routes(goals) if goals != wanted else ()
        blocked = None if routes else why_blocked(self._solver(goals), learner)
        return self._answer(routes, blocked, found)

    def _kept(self) -> bool:
        return len(kept_rows(self._catalogue, self._learner, self._now)) > 0

    def _solver(self, goals: Mapping[str, int]) -> Solver:
        return Solver(self._recommender, goals, self._now)

    def _attainable(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Lower each goal to what could be reached without any limit one may loosen."""
        reach = self._solver(wanted).problem(opened_all(self._learner)).reach
        highest = {topic: min(level, reach.highest(topic)) for topic, level in wanted.items()}
        return {t: level for t, level in highest.items() if level > self._known.get(t, 0)}

    def _routes(self, goals: Mapping[str, int]) -> tuple[Route, ...]:
        solver = self._solver(goals)
        problem = solver.problem(self._learner)
        found = solver.search(problem, self._labels())
        if not any(found.values()):
            found = solver.search(problem, {"soonest": LABELS["soonest"]}, ANY)
        taken: list[State] = []
        routes = []
        steady_ = steady(solver, self._learner)
        if steady_ is not None and steady_[0].scores is not None:
            taken.append(steady_[1])
            routes.append(route_of("steady", steady_[0], steady_[0].scores, steady_[1]))
        for label, states in found.items():
            state = alternative(label, states, taken)
            if state is not None and problem.scores is not None:
                taken.append(state)
                routes.append(route_of(label, problem, problem.scores, state))
        return tuple(routes[:MOST_ROUTES])

    def _labels(self) -> dict[str, Ranking]:
        """Nothing is near to a learner without a home."""
        home = self._learner.home
        return {k: rank for k, rank in LABELS.items() if k != "nearest" or home is not None}

    def _answer(
        self, routes: tuple[Route, ...], blocked: Blocked | None, found: list[Note]
    ) -> Plan:
        used = sorted({step.item_id for route in routes for step in route.steps})
        items = [self._catalogue.items[self._catalogue.row[item_id]] for item_id in used]
        found += notes.of_items(self._learner, items, self._now)
        shaped = shaped_by(self._recommender, self._learner, self._now, self._known)
        return Plan(routes, blocked, tuple(found), shaped)
