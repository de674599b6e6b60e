"""Novelty: what room new listings get, against the room that is theirs by number."""

from collections.abc import Collection, Hashable, Iterable, Sequence

from recommender.metrics.exposure import share_of


def novelty(
    lists: Iterable[Sequence[Hashable]],
    new: Collection[Hashable],
    everything: Collection[Hashable],
) -> float:
    """The exposure of what is new by its part of everything: 1 is as much as is due to it."""
    part = len(set(new) & set(everything)) / len(set(everything)) if everything else 0.0
    return share_of(new, lists) / part if part else 0.0
