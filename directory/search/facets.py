"""Facets: how many listings each value would leave, under all other active filters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from directory.models.vocabulary import COMMITMENTS, LEVELS, Day
from directory.search.columns import Bools, Columns, access_bits

PRICE_STEPS = (0, 10, 20, 50)

Counter = Callable[[Columns, Bools], dict[str, int]]


@dataclass(frozen=True)
class Passing:
    """Which documents pass every filter, and which all but one.

    Attributes:
        base: documents that are live and match the words asked for.
        masks: each active filter's own mask.
        fails: how many active filters each document fails.
    """

    base: Bools
    masks: dict[str, Bools]
    fails: np.ndarray

    @classmethod
    def of(cls, base: Bools, masks: dict[str, Bools]) -> "Passing":
        """Count each document's failures once, so that leaving a filter out is a subtraction."""
        fails = np.zeros(len(base), dtype=np.int16)
        for mask in masks.values():
            fails += ~mask
        return cls(base, masks, fails)

    def all(self) -> Bools:
        """Documents that pass everything."""
        return np.asarray(self.base & (self.fails == 0))

    def without(self, name: str) -> Bools:
        """Documents that pass everything but, perhaps, one filter."""
        if name not in self.masks:
            return self.all()
        return np.asarray(self.base & ((self.fails - ~self.masks[name]) == 0))


def _one(name: str) -> Counter:
    def count(columns: Columns, mask: Bools) -> dict[str, int]:
        values = columns.codes[name].values
        codes = columns.one[name][mask]
        counts = np.bincount(codes[codes >= 0], minlength=len(values))
        return {v: int(n) for v, n in zip(values, counts, strict=True) if n}

    return count


def _many(name: str) -> Counter:
    def count(columns: Columns, mask: Bools) -> dict[str, int]:
        many, values = columns.many[name], columns.codes[name].values
        counts = np.bincount(many.code[mask[many.document]], minlength=len(values))
        return {v: int(n) for v, n in zip(values, counts, strict=True) if n}

    return count


def _bits(name: str, numbers: range) -> Counter:
    def count(columns: Columns, mask: Bools) -> dict[str, int]:
        bits = getattr(columns, name)[mask]
        counted = {str(n): int(np.count_nonzero(bits & (1 << n))) for n in numbers}
        return {value: n for value, n in counted.items() if n}

    return count


def _access(columns: Columns, mask: Bools) -> dict[str, int]:
    true = columns.access_true[mask]
    counted = {f: int(np.count_nonzero(true & (1 << bit))) for f, bit in access_bits().items()}
    return {fact: n for fact, n in counted.items() if n}


def _price(columns: Columns, mask: Bools) -> dict[str, int]:
    prices = columns.price[mask]
    with np.errstate(invalid="ignore"):
        counted = {str(step): int(np.count_nonzero(prices <= step)) for step in PRICE_STEPS}
    return {step: n for step, n in counted.items() if n}


# Facet name, the filter it must not count itself out by, and how it is counted.
FACETS: dict[str, tuple[str, Counter]] = {
    "type": ("type", _one("type")),
    "topic": ("topic", _many("topics")),
    "kind": ("kind", _one("kind")),
    "format": ("format", _one("format")),
    "setting": ("setting", _one("setting")),
    "level": ("level", _bits("levels", LEVELS)),
    "language": ("language", _many("languages")),
    "district": ("district", _one("district")),
    "price": ("price", _price),
    "access": ("access", _access),
    "commitment": ("commitment", _bits("commitments", COMMITMENTS)),
}


def count_days(
    columns: Columns, documents: Bools, sitting_masks: dict[str, Bools]
) -> dict[str, int]:
    """Listings with an occurrence on each weekday, under the other parts of the time asked for.

    A listing with four Tuesdays counts once for Tuesday.
    """
    rows = documents[columns.sitting_document]
    for name, mask in sitting_masks.items():
        if name != "day":
            rows = rows & mask
    pairs = np.unique(columns.sitting_document[rows] * 7 + columns.sitting_weekday[rows])
    counts = np.bincount(pairs % 7, minlength=7)
    return {day.value: int(counts[day.number]) for day in Day if counts[day.number]}
