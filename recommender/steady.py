"""Planning anew without turning everything over: what an earlier route had stays where it can."""

from dataclasses import replace

from recommender.items import Learner
from recommender.problem import Problem
from recommender.ranks import soonest
from recommender.solve import Solver
from recommender.state import State

MOST_TRIED = 12
"""Items of the earlier route that are left out one by one, when they cannot all stay."""


def steady(solver: Solver, learner: Learner) -> tuple[Problem, State] | None:
    """Return the route that keeps most of what the learner prefers, and its problem.

    First with the same sessions, then with the same items on other days, then without each of them
    in turn. None when nothing of it can stay.
    """
    if not learner.prefer and not learner.prefer_sessions:
        return None
    catalogue = solver.recommender.catalogue_
    sessions = tuple(each for each in learner.prefer_sessions if each in catalogue.slot)
    slots = catalogue.slots_named(sessions)
    of_sessions = [catalogue.items[row].id for row in catalogue.row_of_slot(slots).tolist()]
    named = [each for each in learner.prefer if each in catalogue.row]
    items = _possible(solver, learner, list(dict.fromkeys([*named, *of_sessions])))
    if not items:
        return None
    keep = tuple(dict.fromkeys((*learner.keep, *items)))
    same = replace(learner, keep=keep, booked=(*learner.booked, *_free(solver, learner, sessions)))
    for wish in (same, replace(learner, keep=keep)):
        found = _best(solver, wish)
        if found is not None:
            return found
    return _without_one(solver, learner, items)


def _possible(solver: Solver, learner: Learner, items: list[str]) -> list[str]:
    """Leave out what cannot be attended any more, whatever the rest of the route is."""
    problem = solver.problem(replace(learner, keep=tuple(dict.fromkeys((*learner.keep, *items)))))
    ready = {offer.item.id for offer in problem.offers}
    return [each for each in items if each in ready and each not in learner.keep]


def _free(solver: Solver, learner: Learner, sessions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sessions that break no limit: preferring one is not having booked it."""
    problem = solver.problem(learner)
    allowed = {slot for offer in problem.offers for slot in offer.slots}
    catalogue = solver.recommender.catalogue_
    return tuple(each for each in sessions if catalogue.slot[each] in allowed)


def _without_one(
    solver: Solver, learner: Learner, items: list[str]
) -> tuple[Problem, State] | None:
    found = []
    for out in items[:MOST_TRIED]:
        rest = tuple(each for each in items if each != out)
        best = _best(solver, replace(learner, keep=tuple(dict.fromkeys((*learner.keep, *rest)))))
        if best is not None:
            found.append(best)
    return min(found, key=lambda pair: soonest(pair[1]), default=None)


def _best(solver: Solver, learner: Learner) -> tuple[Problem, State] | None:
    problem = solver.problem(learner)
    states = solver.search(problem, {"best": soonest})["best"]
    return (problem, states[0]) if states else None
