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
# One value in so many tells about how good the best are, where there are many.
_STRIDE = 16
# Scores this close may be equal once rounded, and then fairness decides.
_ROUNDED = 2e-4
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
    chosen = _best(keys, order.promising(most), most)
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
    if len(positions) <= most or len(keys) == 1:
        return positions[np.lexsort([key(positions) for key in reversed(keys)])][:most]
    values = keys[0](positions)
    bar = _bar(values, most)
    if bar == values.min() and bar == values.max():
        return _best(keys[1:], positions, most)
    kept = np.flatnonzero(values <= bar)
    if len(kept) < len(positions):
        positions, values = positions.take(kept), values.take(kept)
    last = np.partition(values, most - 1)[most - 1]
    before = positions.take(np.flatnonzero(values < last))
    before = before[np.lexsort([key(before) for key in reversed(keys)])]
    ties = _best(keys[1:], positions.take(np.flatnonzero(values == last)), most - len(before))
    return np.concatenate((before, ties))


def _bar(values: Array, most: int) -> Any:
    """A number that at least so many values do not exceed, from a look at a few of them."""
    sample = values[::_STRIDE] if len(values) >= _STRIDE * most else values
    return np.partition(sample, most - 1)[most - 1]


class _Order:
    """The criteria of a request over one part of an answer."""

    def __init__(self, part: Part, request: SearchRequest) -> None:
        self.part, self.request, self.segment = part, request, part.segment
        self.today = request.now.toordinal()

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

    def promising(self, most: int) -> Array:
        """Positions among which the first are; by words that leaves out what scores far less."""
        everything = np.arange(self.part.total)
        scores = self.part.scores
        if scores is None or self.request.sort != "relevance" or len(scores) < _STRIDE * most:
            return everything
        if self._any_stale:
            scores = scores * np.where(self._stale(everything), STALE_SHARE, 1.0)
        return np.flatnonzero(scores >= -_bar(-scores, most) - _ROUNDED)

    @property
    def _any_stale(self) -> bool:
        """Whether anything in the segment is stale; kept, as that does not change."""
        scratch = self.segment.scratch
        if "stale" not in scratch:
            scratch["stale"] = bool(self.segment.numbers["overdue"].any())
        return bool(scratch["stale"])

    def comparable(self, document: int, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The same numbers, comparable with those of other segments."""
        if self.request.sort != "name":
            return values
        shown = self.segment.shown(document)
        title = shown_title(shown["title"], self.request.ui_language, shown["language"])
        return (fold(title), *values[1:])

    def _documents(self, positions: Array) -> Array:
        return positions if self.part.chosen is None else self.part.chosen.take(positions)

    def _relevance(self, positions: Array) -> Array:
        if self.part.scores is None:
            return np.zeros(len(positions))
        scores = self.part.scores.take(positions).astype(np.float64)
        if self._any_stale:
            scores *= np.where(self._stale(positions), STALE_SHARE, 1.0)
        return np.asarray(-np.round(scores, 4))

    def _stale(self, positions: Array) -> Array:
        if not self._any_stale:
            return np.zeros(len(positions), dtype=np.bool_)
        return np.asarray(of(self.segment, "overdue", self._documents(positions)) != 0)

    def _soonest(self, positions: Array) -> Array:
        return self.part.times.first(self._documents(positions))

    def _distance(self, positions: Array) -> Array:
        assert self.request.near is not None  # noqa: S101 - asked before
        squared = chords(self.segment, self.request.near, self._documents(positions))
        return np.nan_to_num(squared, nan=np.inf)

    def _rank(self, positions: Array) -> Array:
        ranks = self.segment.ranks
        column = ranks.get(self.request.ui_language, next(iter(ranks.values())))
        return column.take(self._documents(positions))

    def _fair(self, positions: Array) -> Array:
        """A number a provider, drawn anew each day, so that nobody is always last."""
        provider = of(self.segment, "provider", self._documents(positions)).astype(np.uint64)
        mixed = (provider + np.uint64(self.today)) * np.uint64(_MIXER)
        return np.asarray((mixed ^ (mixed >> np.uint64(29))) * np.uint64(_MIXER) >> np.uint64(32))

    def _number(self, positions: Array) -> Array:
        return of(self.segment, "number", self._documents(positions))
