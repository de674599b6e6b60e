"""Ordering: what comes first, without sorting what is not shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from directory.search.analysis import fold
from directory.search.evaluation import Part
from directory.search.filters import chords, of
from directory.search.request import SearchRequest
from directory.search.segment import shown_title
from directory.search.store import Array

# What nobody has confirmed for too long comes after what is as good a match and fresher.
STALE_SHARE = 0.8
_MIXER = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio

# One criterion: for some positions among the chosen, numbers of which the lowest comes first.
Key = Callable[[Array], Array]


@dataclass(frozen=True)
class Placed:
    """A document, and the numbers by which it stands where it stands."""

    part: Part
    document: int
    score: float
    keys: tuple[Any, ...]


def first(parts: Sequence[Part], request: SearchRequest, most: int) -> list[Placed]:
    """The best of all parts in the order asked for, at most so many."""
    if len(parts) == 1:
        return _first(parts[0], request, most)
    found = [placed for part in parts for placed in _first(part, request, most)]
    return sorted(found, key=lambda placed: placed.keys)[:most]


def _first(part: Part, request: SearchRequest, most: int) -> list[Placed]:
    order = _Order(part, request)
    keys = order.keys()
    chosen = _best(keys, np.arange(part.total), most)
    columns = [key(chosen).tolist() for key in keys]
    documents = chosen if part.chosen is None else part.chosen[chosen]
    scores = [0.0] * len(chosen) if part.scores is None else part.scores[chosen].tolist()
    rows = zip(documents.tolist(), scores, zip(*columns, strict=True), strict=True)
    return [
        Placed(part, document, score, order.comparable(document, values))
        for document, score, values in rows
    ]


def _best(keys: Sequence[Key], positions: Array, most: int) -> Array:
    """The first positions in order: the first key sorts out most, ties go on to the next."""
    if not len(positions) or not most:
        return positions[:0]
    values = keys[0](positions)
    if len(positions) <= most or len(keys) == 1:
        return positions[np.lexsort([key(positions) for key in reversed(keys)])][:most]
    last = np.partition(values, most - 1)[most - 1]
    before = positions[values < last]
    before = before[np.lexsort([key(before) for key in reversed(keys)])]
    ties = _best(keys[1:], positions[values == last], most - len(before))
    return np.concatenate((before, ties))


class _Order:
    """The criteria of a request over one part of an answer."""

    def __init__(self, part: Part, request: SearchRequest) -> None:
        self.part, self.request, self.segment = part, request, part.segment
        self.today = request.now.toordinal()
        self._when: Array | None = None

    def keys(self) -> list[Key]:
        """The first decides, the others part what is equal to it."""
        match self.request.sort:
            case "name":
                return [self._rank, self._number]
            case "distance" if self.request.near:
                return [self._distance, self._soonest, self._number]
            case "date":
                return [self._soonest, self._relevance, self._fair, self._number]
            case _ if self.part.scores is None:
                return [self._stale, self._soonest, self._fair, self._number]
            case _:
                return [self._relevance, self._fair, self._soonest, self._number]

    def comparable(self, document: int, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The same numbers, comparable with those of other segments."""
        if self.request.sort != "name":
            return values
        shown = self.segment.shown(document)
        title = shown_title(shown["title"], self.request.ui_language, shown["language"])
        return (fold(title), *values[1:])

    def _documents(self, positions: Array) -> Array:
        return positions if self.part.chosen is None else self.part.chosen[positions]

    def _relevance(self, positions: Array) -> Array:
        if self.part.scores is None:
            return np.zeros(len(positions))
        share = np.where(self._stale(positions), STALE_SHARE, 1.0)
        return np.asarray(-np.round(self.part.scores[positions] * share, 4))

    def _stale(self, positions: Array) -> Array:
        return np.asarray(of(self.segment, "overdue", self._documents(positions)) != 0)

    def _soonest(self, positions: Array) -> Array:
        if self._when is None:
            self._when = self.part.times.first(self.part.chosen)
        return self._when[positions]

    def _distance(self, positions: Array) -> Array:
        assert self.request.near is not None  # noqa: S101 - asked before
        squared = chords(self.segment, self.request.near, self._documents(positions))
        return np.nan_to_num(squared, nan=np.inf)

    def _rank(self, positions: Array) -> Array:
        ranks = self.segment.ranks
        column = ranks.get(self.request.ui_language, next(iter(ranks.values())))
        return column[self._documents(positions)]

    def _fair(self, positions: Array) -> Array:
        """A number a provider, drawn anew each day, so that nobody is always last."""
        provider = of(self.segment, "provider", self._documents(positions)).astype(np.uint64)
        mixed = (provider + np.uint64(self.today)) * np.uint64(_MIXER)
        return np.asarray((mixed ^ (mixed >> np.uint64(29))) * np.uint64(_MIXER) >> np.uint64(32))

    def _number(self, positions: Array) -> Array:
        return of(self.segment, "number", self._documents(positions))
