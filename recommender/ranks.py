"""In which order routes are preferred, a rank for each label. Lower is better.

The first number of a rank never falls when a step is added, so that a search may stop at it; only
variety can still get better.
"""

from collections.abc import Callable, Mapping

from recommender.state import State

Rank = tuple[float, ...]
Ranking = Callable[[State], Rank]


def soonest(state: State) -> Rank:
    """Finish early; then cheap, near and fitting."""
    return (state.finish, state.likely_cost, state.furthest, *_tail(state))


def cheapest(state: State) -> Rank:
    """Cost little, where an unknown price counts as the usual one; then finish early."""
    return (state.likely_cost, state.unknown_prices, state.finish, state.furthest, *_tail(state))


def nearest(state: State) -> Rank:
    """The longest way is short; then all ways together; then finish early."""
    return (state.furthest, state.travel, state.finish, state.likely_cost, *_tail(state))


def varied(state: State) -> Rank:
    """Many kinds of space, settings and formats; then fitting, then early."""
    return (-len(state.kinds), *_tail(state), state.finish)


def lightest(state: State) -> Rank:
    """The fullest week has few hours; then finish early."""
    return (max(state.load.values(), default=0.0), state.finish, *_tail(state))


def _tail(state: State) -> Rank:
    steps = len(state.placed)
    return (steps, -state.score / steps if steps else 0.0)


LABELS: Mapping[str, Ranking] = {
    "soonest": soonest,
    "cheapest": cheapest,
    "nearest": nearest,
    "varied": varied,
}
OPEN_ENDED = frozenset({"varied"})
