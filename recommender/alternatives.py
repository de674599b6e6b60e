"""Which of the routes that were found are shown: named alternatives that really differ.

The best route of a label is shown where it shares at most half of its steps with every route shown
before it. Of routes equally good in what the label names, the one that differs is taken. One that
shares more is shown only where it is better in that by an amount that matters.
"""

from collections.abc import Mapping, Sequence
from math import inf

from recommender.ranks import LABELS
from recommender.state import State

MOST_SHARED = 0.5
MATTERS: Mapping[str, float] = {
    "soonest": 86400.0,
    "cheapest": 0.01,
    "nearest": 1.0,
    "varied": 1.0,
}
"""Seconds, money, minutes and kinds by which a route has to be better than one much like it."""
EQUAL = 1e-6

Rows = frozenset[int]


def shared(one: Rows, other: Rows) -> float:
    """Return how much of the shorter of two routes the other has as well, from 0 to 1."""
    return len(one & other) / min(len(one), len(other))


def alternative(label: str, states: Sequence[State], taken: Sequence[State]) -> State | None:
    """Return the route to show for a label, or None where it is hardly different.

    States are those found for the label, best first.
    """
    if not states:
        return None
    best = _measure(label, states[0])
    equal = [state for state in states if _measure(label, state) <= best + EQUAL]
    for state in equal:
        if all(shared(state.rows, each.rows) <= MOST_SHARED for each in taken):
            return state
    others = [_measure(label, each) for each in taken]
    return states[0] if best <= min(others, default=inf) - MATTERS[label] else None


def _measure(label: str, state: State) -> float:
    return LABELS[label](state)[0]
