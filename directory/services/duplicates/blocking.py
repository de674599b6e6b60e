"""Blocking: which pairs are worth a look, without holding every listing against every other."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from directory.services.duplicates.likeness import Rarity
from directory.services.duplicates.traits import Place, Traits

# Two points within half of it share one of the cells nearest to each.
CELL = 150.0
_METRES_A_DEGREE = 111_195.0
# Up to so many that share a key are all held against each other; of more, each against the
# next few in the order of their titles.
WHOLE_BLOCK = 20
WINDOW = 8


def pairs(listings: Sequence[Traits], rarity: Rarity) -> np.ndarray:
    """Candidate pairs, as positions of the listings; each once, the smaller first."""
    order = sorted(range(len(listings)), key=lambda n: " ".join(sorted(listings[n].tokens)))
    keys: list[int] = []
    owners: list[int] = []
    for place in order:
        for key in set(_keys(listings[place], rarity)):
            keys.append(hash(key))
            owners.append(place)
    if not keys:
        return np.empty((0, 2), np.int64)
    return _within_blocks(np.array(keys, np.int64), np.array(owners, np.int64), len(listings))


def _within_blocks(keys: np.ndarray, owners: np.ndarray, total: int) -> np.ndarray:
    by_key = np.argsort(keys, kind="stable")  # within a key the order of titles stays
    keys, owners = keys[by_key], owners[by_key]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sizes = np.diff(np.concatenate((starts, [len(keys)])))
    reach = np.repeat(np.where(sizes <= WHOLE_BLOCK, WHOLE_BLOCK, WINDOW), sizes)
    found = []
    for step in range(1, WHOLE_BLOCK):
        near = (keys[step:] == keys[:-step]) & (step < reach[step:])
        one, other = owners[:-step][near], owners[step:][near]
        found.append(np.minimum(one, other) * total + np.maximum(one, other))
    both = np.unique(np.concatenate(found))
    return np.stack((both // total, both % total), axis=1)


def _keys(each: Traits, rarity: Rarity) -> Iterator[tuple[object, ...]]:
    rare = rarity.rarest(each.tokens, 5)
    cells = _cells(each.place)
    yield ("title", *sorted(each.tokens))
    for two in combinations(rare[:3], 2):
        yield ("words", *two)
    for contact in each.contacts:
        yield ("contact", contact)
    if each.when is None:
        yield from (("cell", cell) for cell in cells)
        yield from (("word", word) for word in rare[:2])
        return
    day = each.when.first.date()
    yield from (("cell and day", cell, day) for cell in cells)
    yield from (("word and day", word, day) for word in rare)


def _cells(place: Place) -> list[tuple[int, int]]:
    """The four cells nearest to a point."""
    if place.lat is None or place.lon is None:
        return []
    north = place.lat * _METRES_A_DEGREE / CELL
    # The whole row of cells has one width, so that neighbours agree on it.
    width = math.cos(math.radians(round(place.lat)))
    east = place.lon * _METRES_A_DEGREE * width / CELL
    return [(n, e) for n in _nearest(north) for e in _nearest(east)]


def _nearest(value: float) -> tuple[int, int]:
    base = math.floor(value)
    return (base, base + 1) if value - base >= 1 / 2 else (base - 1, base)
