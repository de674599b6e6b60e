"""Why there is no route, and the smallest change that allows one.

Each limit is opened alone to see how little of it a route needs; that change is then tried by
planning with it. When no single change helps, several together are tried.
"""

from collections.abc import Iterator
from dataclasses import replace

from recommender.items import Learner
from recommender.ranks import soonest
from recommender.relaxations import Loosened, Relaxation, opened_all, relaxations
from recommender.routes import Blocked, Change
from recommender.solve import Solver
from recommender.timetable import booked_slots

DEAR = 1000.0
"""The effort of giving up a booking: anything else comes first."""


def why_blocked(solver: Solver, learner: Learner) -> Blocked:
    """Find what stands in the way of a learner for whom no route was found."""
    ways = [way for way in relaxations(solver.recommender.catalogue_) if way.is_set(learner)]
    tried = [(loose, way.constraint) for way in ways for loose in _try(solver, learner, way)]
    tried += [(loose, "keep") for loose in _without_kept(solver, learner)]
    tried += [(loose, "booked") for loose in _without_booked(solver, learner)]
    tried += [(loose, "skip") for loose in _with_skipped(solver, learner)]
    if tried:
        tried.sort(key=lambda entry: entry[0].effort)
        first, *others = tried
        return Blocked(first[1], first[0].change, tuple(loose.change for loose, _ in others))
    together = _together(solver, learner, ways)
    if together is not None:
        return Blocked("several", together)
    return Blocked("nothing-teaches", None)


def _try(solver: Solver, learner: Learner, way: Relaxation) -> Iterator[Loosened]:
    """Yield the first loosening of one limit that allows a route."""
    state = solver.best(way.opened(learner), lambda state: way.rank(learner, state))
    if state is None:
        return
    for loose in way.loosened(learner, state):
        if solver.is_possible(loose.learner):
            yield loose
            return


def _without_kept(solver: Solver, learner: Learner) -> Iterator[Loosened]:
    for item_id in learner.keep:
        fewer = replace(learner, keep=tuple(kept for kept in learner.keep if kept != item_id))
        if (fewer.keep or solver.goals) and solver.is_possible(fewer):
            yield Loosened(fewer, Change("drop-kept", {"item": item_id}), 1)
            return


def _without_booked(solver: Solver, learner: Learner) -> Iterator[Loosened]:
    """Yield the first booked item without which there is a route, last of all that may help."""
    catalogue = solver.recommender.catalogue_
    booked = booked_slots(catalogue, learner, solver.now)
    for row in dict.fromkeys(catalogue.row_of_slot(booked).tolist()):
        item = catalogue.items[row]
        sessions = {session.id for session in item.sessions}
        fewer = replace(learner, booked=tuple(b for b in learner.booked if b not in sessions))
        if (fewer.booked or fewer.keep or solver.goals) and solver.is_possible(fewer):
            yield Loosened(fewer, Change("drop-booked", {"item": item.id}), DEAR)
            return


def _with_skipped(solver: Solver, learner: Learner) -> Iterator[Loosened]:
    if not learner.skip:
        return
    state = solver.best(replace(learner, skip=()), soonest)
    if state is not None:
        used = sorted({p.offer.item.id for p in state.placed}.intersection(learner.skip))
        fewer = replace(learner, skip=tuple(s for s in learner.skip if s not in used))
        yield Loosened(fewer, Change("use-skipped", {"items": used}), len(used))


def _together(solver: Solver, learner: Learner, ways: list[Relaxation]) -> Change | None:
    """Loosen all that the soonest route without limits needs."""
    state = solver.best(opened_all(learner), soonest)
    if state is None:
        return None
    changes = []
    for way in ways:
        loosened = list(way.loosened(learner, state))
        if loosened:
            learner = loosened[-1].learner
            changes.append(loosened[-1].change)
    if not solver.is_possible(learner):
        return None
    return Change("several", {"changes": changes})
