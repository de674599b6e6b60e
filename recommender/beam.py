"""Beam search for the best routes of several rankings at once.

Each round places one more item in every state. The best states of each ranking go on, a few for
each combination of levels reached, so that cheap and slow ways survive beside fast and dear ones.
On a small problem the beam is wide enough to keep every state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import chain
from math import inf

from recommender.effects import best_of_each_effect
from recommender.offers import Offer
from recommender.problem import Problem
from recommender.ranks import OPEN_ENDED, Rank, Ranking
from recommender.state import State, again, empty, extended, is_complete


@dataclass(frozen=True, slots=True)
class Width:
    """How much the search keeps."""

    states: int
    """States of one ranking that go on to the next round."""
    alike: int
    """Of these, states with the same levels."""
    tries: int
    """Ways to attend an item that are tried in one state."""
    further: int
    """Rounds after the first complete route."""
    each: int | None
    """Offers tried in one state for each effect and order; None is all."""
    most: float
    """States built in one search before it makes do with what it has."""
    in_turn: bool
    """Whether wanted topics are worked for one after the other, which saves their permutations."""


WIDE = Width(states=4000, alike=4000, tries=1000, further=12, each=None, most=5000, in_turn=False)
MEDIUM = Width(states=60, alike=8, tries=3, further=3, each=None, most=3000, in_turn=False)
NARROW = Width(states=8, alike=2, tries=1, further=1, each=2, most=1000, in_turn=True)
ONE = replace(NARROW, states=6, most=250)
"""For a single ranking."""
ANY = replace(ONE, further=0)
"""Stops at the first round that completes a route."""
MOST_STEPS = 12
SPARE_STEPS = 4
"""Steps for requirements, beside one for each wanted level."""
ROUTES_KEPT = 6
ROUTES_TRIED = 12
"""Complete routes of one round and ranking that are looked at more closely."""

Levels = tuple[frozenset[tuple[str, int]], frozenset[int]]


class Search:
    """The best complete routes found so far, and the search for more."""

    def __init__(self, problem: Problem, rankings: Mapping[str, Ranking], width: Width) -> None:
        self._problem = problem
        self._rankings = rankings
        self._width = width
        self._further = width.further + 1
        self._built = 0
        self._seen: set[object] = set()
        self._best: dict[str, dict[frozenset[int], tuple[Rank, State]]] = {
            label: {} for label in rankings
        }
        self._first: dict[str, float] = {}

    def run(self, offers: Iterable[Offer]) -> dict[str, list[State]]:
        """Return the best complete routes of each ranking, best first."""
        offers = list(offers)
        states = [empty(self._problem)]
        left = min(MOST_STEPS, self._gap(states[0]) + len(self._problem.kept) + SPARE_STEPS)
        if self._width.each is None:
            left = MOST_STEPS
        while states and left > 0 and self._built < self._width.most:
            states = self._go_on(self._round(states, offers))
            left -= 1
            if any(self._best.values()):
                left = min(left, self._rounds_left())
        return {label: self._ordered(label) for label in self._rankings}

    @property
    def is_spent(self) -> bool:
        """Whether it stopped because it had built enough."""
        return self._built >= self._width.most

    def _rounds_left(self) -> int:
        """Count down from the first complete route."""
        self._further -= 1
        return self._further

    def _round(self, states: list[State], offers: list[Offer]) -> list[State]:
        """Place one more item in each state; put complete routes aside."""
        going, complete = [], []
        tries = self._width.tries
        for state in states:
            if self.is_spent:
                break
            topics = self._topics(state)
            chosen = offers if self._width.each is None else self._few(state, offers, topics)
            ways = (extended(self._problem, state, offer, topics, tries) for offer in chosen)
            for child in chain.from_iterable(ways):
                self._built += 1
                # Items placed in another order may reach more, so levels belong to the key.
                same = (child.key, frozenset(child.levels.items()))
                if same in self._seen:
                    continue
                self._seen.add(same)
                if is_complete(self._problem, child):
                    complete.append(child)
                elif self._promises(child):
                    going.append(child)
        self._put_aside(complete)
        return going

    def _put_aside(self, complete: list[State]) -> None:
        """Keep the best complete routes of a round; only these are freed of waste."""
        chosen: dict[int, State] = {}
        for ranking in self._rankings.values():
            for state in nsmallest(ROUTES_TRIED, complete, key=ranking):
                chosen[id(state)] = state
        for state in chosen.values():
            self._complete(state)

    def _few(self, state: State, offers: list[Offer], topics: frozenset[str]) -> list[Offer]:
        return best_of_each_effect(self._problem, state, offers, topics, self._width.each or 0)

    def _topics(self, state: State) -> frozenset[str]:
        """Return the topics to work for next: helping ones, and all wanted ones or the first."""
        asked = frozenset(self._problem.needs.levels)
        if not self._width.in_turn:
            return asked
        goals = sorted(self._problem.goals.items())
        missing = [topic for topic, level in goals if state.levels.get(topic, 0) < level]
        return asked.difference(missing[1:])

    def _complete(self, state: State) -> None:
        if not self._improves(state):
            return
        lean = without_waste(self._problem, state)
        for label, ranking in self._rankings.items():
            best = self._best[label]
            rank = ranking(lean)
            known = best.get(lean.rows)
            if known is None or rank < known[0]:
                best[lean.rows] = (rank, lean)
            if len(best) > ROUTES_KEPT:
                del best[max(best, key=lambda rows: (best[rows][0], sorted(rows)))]
            self._first[label] = min(self._first.get(label, inf), rank[0])

    def _improves(self, state: State) -> bool:
        """Tell whether a route would be kept for some ranking."""
        for label, ranking in self._rankings.items():
            best = self._best[label]
            if len(best) < ROUTES_KEPT or ranking(state) < max(rank for rank, _ in best.values()):
                return True
        return False

    def _promises(self, state: State) -> bool:
        """Tell whether a state can still lead to a best route of some ranking."""
        for label, ranking in self._rankings.items():
            if label in OPEN_ENDED or label not in self._first:
                return True
            if ranking(state)[0] <= self._first[label]:
                return True
        return False

    def _go_on(self, found: list[State]) -> list[State]:
        """Keep the best of each ranking, a few for each combination of levels."""
        if len(found) <= self._width.states:
            return found
        levels = [self._levels(state) for state in found]
        kept: set[int] = set()
        for ranking in self._rankings.values():
            kept.update(self._best_of(found, levels, ranking))
        return [found[number] for number in sorted(kept)]

    def _best_of(self, found: list[State], levels: list[Levels], ranking: Ranking) -> list[int]:
        """Return the numbers of the best states: the best of each levels, then the second ..."""
        ranks = [ranking(state) for state in found]
        alike: dict[Levels, int] = {}
        order = []
        for place, number in enumerate(sorted(range(len(found)), key=ranks.__getitem__)):
            turn = alike[levels[number]] = alike.get(levels[number], 0) + 1
            if turn <= self._width.alike:
                order.append((turn, self._gap(found[number]), place, number))
        return [number for *_, number in sorted(order)[: self._width.states]]

    def _levels(self, state: State) -> Levels:
        """Return what makes states alike: the levels gained and the needed items placed."""
        asked = self._problem.needs.levels
        gained = {gain.topic for gain in state.gains}
        return (
            frozenset((topic, min(asked[topic], state.levels[topic])) for topic in gained),
            state.rows & self._problem.needs.items,
        )

    def _gap(self, state: State) -> int:
        """Count the levels that are still wanted."""
        goals = self._problem.goals.items()
        return sum(max(0, level - state.levels.get(topic, 0)) for topic, level in goals)

    def _ordered(self, label: str) -> list[State]:
        best = self._best[label].values()
        order = sorted(best, key=lambda entry: (entry[0], sorted(entry[1].rows)))
        return [state for _, state in order]


def without_waste(problem: Problem, state: State) -> State:
    """Take out, dearest first, each item that the rest reaches everything without."""
    order = sorted(state.placed, key=lambda p: (-p.offer.likely_cost, -p.option.end, p.offer.row))
    for one in order:
        if one.offer.row in problem.kept:
            continue
        fewer = again(problem, tuple(p for p in state.placed if p is not one))
        if fewer is not None and is_complete(problem, fewer):
            return without_waste(problem, fewer)
    return state
