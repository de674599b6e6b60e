"""Diversity within a list: how unlike each other its items are."""

from collections.abc import Hashable, Sequence
from itertools import combinations

Facets = Sequence[Hashable | None]
"""What an item is in each respect, such as kind of space, setting and provider; None is unknown."""


def diversity(ranked: Sequence[Facets]) -> float:
    """The mean part of the respects in which two items of a list differ (Ziegler et al., 2005).

    What is unknown of either is neither the same nor different, and is left out.
    """
    pairs = [unlike for a, b in combinations(ranked, 2) if (unlike := _unlike(a, b)) is not None]
    return sum(pairs) / len(pairs) if pairs else 0.0


def _unlike(one: Facets, other: Facets) -> float | None:
    known = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return sum(a != b for a, b in known) / len(known) if known else None
