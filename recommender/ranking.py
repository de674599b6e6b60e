"""Ranking: best first, yet not five times the same, and never only those everybody knows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.catalogue import Bools, Floats, Ints

VARIED = "for-variety"
SHARE = "for-newcomers"
UNKNOWN = -1
LOOKED_AT = 10
"""So many candidates a place are looked at."""


@dataclass(frozen=True, slots=True)
class Taste:
    """How a list is put together.

    Attributes:
        variety: what an item loses that is the same in everything as all before it.
        share: of the places of a list that go to newcomers, if enough of them come close.
        floor: how much of the score of the last place an item needs to come into the list after all.
    """

    variety: float = 0.12
    share: float = 0.25
    floor: float = 0.8


PLAIN = Taste(variety=0.0, share=0.0)
"""By score alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position among the scores, and why it stands before a higher one."""

    position: int
    note: str | None


def ranked(
    total: Floats, k: int, facets: Mapping[str, Ints], newcomers: Bools, taste: Taste
) -> list[Place]:
    """Choose k positions, best first.

    Each choice takes the highest score less what it repeats of the choices before (maximal
    marginal relevance, Carbonell and Goldstein, 1998). As long as newcomers have fewer of the
    places than their share, every place that is due to one goes to the best of them.

    Args:
        total: the scores.
        k: how many at most.
        facets: for each way to be alike a code a position; -1 is unknown, and like nothing.
        newcomers: new listings, and those of small providers.
        taste: how much variety, and how much room.
    """
    order = np.argsort(-total, kind="stable")
    near = order[: LOOKED_AT * k]
    near = near[total[near] >= taste.floor * total[order[:k]].min(initial=np.inf)]
    chosen: list[Place] = []
    left = np.ones(len(near), dtype=np.bool_)
    alike = np.zeros(len(near))
    fresh = 0
    while left.any() and len(chosen) < k:
        worth = np.where(left, total[near] - taste.variety * alike / max(1, len(chosen)), -np.inf)
        due = fresh < int(taste.share * (len(chosen) + 1)) and bool((left & newcomers[near]).any())
        best = int(worth.argmax())
        pick = int(np.where(newcomers[near], worth, -np.inf).argmax()) if due else best
        note = None if pick == left.argmax() else SHARE if pick != best else VARIED
        chosen.append(Place(int(near[pick]), note))
        fresh += bool(newcomers[near[pick]])
        left[pick] = False
        alike += _alike(near, near[pick], facets)
    return chosen


def _alike(near: Ints, picked: int, facets: Mapping[str, Ints]) -> Floats:
    """In how many respects, as a part of all, each is the same as what was picked."""
    same = np.zeros(len(near))
    for codes in facets.values():
        if codes[picked] != UNKNOWN:
            same += codes[near] == codes[picked]
    return same / max(1, len(facets))
