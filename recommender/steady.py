"""Planning anew without turning everything over: what an earlier route had stays where it can.

The earlier route's items are asked for as if they were chosen. What comes of it is then judged like
any other route, so that nothing stays which has become useless or too advanced.
"""

from collections.abc import Iterator
from dataclasses import replace

from recommender.beam import without_waste
from recommender.items import Learner
from recommender.problem import Problem
from recommender.ranks import LABELS, Rank, soonest
from recommender.solve import Solver
from recommender.state import Placed, State, again, is_complete

MOST_TRIED = 12
"""Items of the earlier route that are left out one by one, when they cannot all stay."""


def steady(solver: Solver, learner: Learner) -> tuple[Problem, State] | None:
    """Return the route that keeps most of what the learner prefers, and its problem.

    First with the same sessions, then with the same items on other days, then without each of them
    in turn. None when nothing of it can stay.
    """
    if not learner.prefer and not learner.prefer_sessions:
        return None
    items = _items(solver, learner)
    plain = solver.problem(_under_way(solver, learner, items))
    ready = {offer.item.id for offer in plain.offers}
    items = [each for each in items if each in ready and each not in plain.learner.keep]
    if not items and plain.learner.keep == learner.keep:
        return None
    solver.score(plain)
    return _Staying(solver, plain).best(items)


class _Staying:
    """The search for a route of one problem that keeps as much as it can."""

    def __init__(self, solver: Solver, plain: Problem) -> None:
        self._solver = solver
        self._plain = plain

    def best(self, items: list[str]) -> tuple[Problem, State] | None:
        """Return the first route with all of the items, else the best with all but one."""
        learner = self._plain.learner
        found = []
        for missed in (self._other_sessions(items), ()):
            wish = replace(learner, keep=(*learner.keep, *items))
            state = self._found(replace(wish, missed=(*learner.missed, *missed)), items)
            if state is not None and _stays_whole(state, items):
                return self._plain, state
            found.append(state)
        states = [state for state in (*found, *self._without_one(items)) if state is not None]
        if not states:
            return None
        return self._plain, min(states, key=lambda state: _turned_over(state, items))

    def _other_sessions(self, items: list[str]) -> tuple[str, ...]:
        """Return the sessions on which the earlier route had something else in mind."""
        catalogue = self._solver.recommender.catalogue_
        mine = set(self._plain.learner.prefer_sessions)
        others: list[str] = []
        for item_id in items:
            item = catalogue.items[catalogue.row[item_id]]
            named = {session.id for session in item.sessions}
            if named & mine and not item.whole:
                others += sorted(named - mine)
        return tuple(others)

    def _without_one(self, items: list[str]) -> Iterator[State]:
        learner = self._plain.learner
        for out in items[:MOST_TRIED]:
            rest = [each for each in items if each != out]
            found = self._found(replace(learner, keep=(*learner.keep, *rest)), items)
            if found is not None:
                yield found

    def _found(self, wish: Learner, items: list[str]) -> State | None:
        """Search with a wish, and judge what comes of it without the wish."""
        found = self._solver.search(self._solver.problem(wish), LABELS)
        judged = (_judged(self._plain, state) for states in found.values() for state in states)
        whole = [state for state in judged if state is not None]
        return min(whole, key=lambda state: _turned_over(state, items), default=None)


def _stays_whole(state: State, items: list[str]) -> bool:
    return {placed.offer.item.id for placed in state.placed}.issuperset(items)


def _turned_over(state: State, items: list[str]) -> Rank:
    staying = sum(placed.offer.item.id in items for placed in state.placed)
    return (-staying, *soonest(state))


def _items(solver: Solver, learner: Learner) -> list[str]:
    catalogue = solver.recommender.catalogue_
    rows = catalogue.row_of_slot(catalogue.slots_named(learner.prefer_sessions)).tolist()
    named = [each for each in learner.prefer if each in catalogue.row]
    return list(dict.fromkeys([*named, *(catalogue.items[row].id for row in rows)]))


def _under_way(solver: Solver, learner: Learner, items: list[str]) -> Learner:
    """Keep the courses of the earlier route that have begun: one is in them."""
    begun = [each for each in items if _has_begun(solver, each) and each not in learner.done]
    return replace(learner, keep=tuple(dict.fromkeys((*learner.keep, *begun))))


def _has_begun(solver: Solver, item_id: str) -> bool:
    catalogue = solver.recommender.catalogue_
    item = catalogue.items[catalogue.row[item_id]]
    starts = [session.start for session in item.sessions]
    return item.whole and bool(starts) and min(starts) < solver.now <= max(starts)


def _judged(plain: Problem, state: State) -> State | None:
    offers = {offer.row: offer for offer in plain.offers}
    if not state.rows <= offers.keys():
        return None
    placed = tuple(Placed(offers[p.offer.row], p.option) for p in state.placed)
    found = again(plain, placed)
    if found is None or not is_complete(plain, found):
        return None
    return without_waste(plain, found)
