"""Coverage: how much of what there is comes up in anybody's list."""

from collections.abc import Collection, Hashable, Iterable


def coverage(lists: Iterable[Iterable[Hashable]], everything: Collection[Hashable]) -> float:
    """The part of everything that is in at least one of the lists."""
    if not everything:
        return 0.0
    seen = {item for ranked in lists for item in ranked}
    return len(seen & set(everything)) / len(set(everything))
