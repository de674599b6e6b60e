"""Exposure: who is seen, where a place further down is seen less."""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence


def exposures(lists: Iterable[Sequence[Hashable]]) -> dict[Hashable, float]:
    """How much each is seen: every place counts with the discount of nDCG."""
    seen: dict[Hashable, float] = {}
    for ranked in lists:
        for n, one in enumerate(ranked):
            seen[one] = seen.get(one, 0.0) + 1 / math.log2(n + 2)
    return seen


def share_of(some: Collection[Hashable], lists: Iterable[Sequence[Hashable]]) -> float:
    """The part of all exposure that goes to some of those who may be seen."""
    seen = exposures(lists)
    total = sum(seen.values())
    return sum(seen.get(one, 0.0) for one in set(some)) / total if total else 0.0


def gini(lists: Iterable[Sequence[Hashable]], everyone: Mapping[Hashable, float]) -> float:
    """How unequally exposure is spread: 0 is each as is due, towards 1 is all to one.

    Args:
        lists: who stands where.
        everyone: what is due to each, such as how many items a provider has.
    """
    seen = exposures(lists)
    total, due = sum(seen.get(one, 0.0) for one in everyone), sum(everyone.values())
    if not total or not due:
        return 0.0
    ordered = sorted(
        ((seen.get(one, 0.0), weight) for one, weight in everyone.items() if weight > 0),
        key=lambda pair: pair[0] / pair[1],
    )
    reached, area = 0.0, 0.0
    for exposure, weight in ordered:
        area += weight / due * (2 * reached + exposure / total)
        reached += exposure / total
    return 1 - area
