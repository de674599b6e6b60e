"""Columns: one number, code or mask a listing, in flat arrays, for filters, facets and order.

A Whoosh segment never changes once written, so its columns are compiled once and kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.models.vocabulary import Access
from directory.search.analysis import fold
from directory.search.openings import OpeningColumns

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ACCESS_BIT = {fact.value: bit for bit, fact in enumerate(Access)}
CODED = ("type", "kind", "format", "setting", "district", "series", "language")
LISTED = ("topics", "languages")
_NONE = -1


@dataclass
class Codes:
    """Values of a facet and the number each is known by."""

    values: list[str] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)

    def code(self, value: str) -> int:
        """The number of a value, given out on first sight."""
        if value not in self.number:
            self.number[value] = len(self.values)
            self.values.append(value)
        return self.number[value]


@dataclass
class Many:
    """Several codes a document, as parallel arrays of document and code."""

    document: Ints
    code: Ints


@dataclass
class Columns:
    """All columns over ``size`` documents, numbered from 0.

    Attributes:
        one: single-valued facets, -1 where there is no value.
        many: multi-valued facets.
        codes: what the codes of each facet mean.
        levels, commitments: bit masks; bit n for value n.
        access_known, access_true: bit masks in the order of ``Access``.
        unsaid_language: language of instruction is not known.
        price, lat, lon: NaN where unknown.
        sitting_*: one row an occurrence, in order of start within a document.
        opening: when each is open.
    """

    size: int
    keys: list[str]
    number: Ints
    provider: Ints
    one: dict[str, Ints]
    many: dict[str, Many]
    codes: dict[str, Codes]
    levels: Ints
    commitments: Ints
    access_known: Ints
    access_true: Ints
    unsaid_language: Bools
    price: Floats
    age_min: Ints
    age_max: Ints
    lat: Floats
    lon: Floats
    anytime: Bools
    dated: Bools
    titles: list[dict[str, str]]
    sitting_document: Ints
    sitting_number: Ints
    sitting_start: Ints
    sitting_end: Ints
    sitting_date: Ints
    sitting_weekday: Ints
    sitting_minute: Ints
    opening: OpeningColumns
    _name_ranks: dict[str, Ints] = field(default_factory=dict)

    def name_rank(self, language: str) -> Ints:
        """Place of each document in the alphabet of its titles as a reader would see them."""
        if language not in self._name_ranks:
            shown = [
                fold(titles.get(language) or next(iter(titles.values()), ""))
                for titles in self.titles
            ]
            order = np.array(sorted(range(self.size), key=shown.__getitem__), dtype=np.int64)
            ranks = np.empty(self.size, dtype=np.int64)
            ranks[order] = np.arange(self.size)
            self._name_ranks[language] = ranks
        return self._name_ranks[language]


def access_mask(facts: Iterable[str]) -> int:
    """Bits of some access facts."""
    return sum(1 << _ACCESS_BIT[fact] for fact in facts)


def access_bits() -> dict[str, int]:
    """Fact to the number of its bit."""
    return dict(_ACCESS_BIT)


def compile_columns(facts: Sequence[dict[str, Any]]) -> Columns:
    """Columns of documents' facts (see ``Document.facts``), in the order given."""
    codes = {name: Codes() for name in (*CODED, *LISTED)}
    sittings = [(n, *s) for n, f in enumerate(facts) for s in f["sittings"]]
    sitting = np.array(sittings, dtype=np.int64).reshape(-1, 7)
    return Columns(
        size=len(facts),
        keys=[f"{f['type']}-{f['number']}" for f in facts],
        number=_ints(f["number"] for f in facts),
        provider=_ints(f["provider"] or _NONE for f in facts),
        one={name: _coded(facts, name, codes[name]) for name in CODED},
        many={name: _listed(facts, name, codes[name]) for name in LISTED},
        codes=codes,
        levels=_ints(sum(1 << n for n in f["levels"]) for f in facts),
        commitments=_ints(sum(1 << n for n in f["commitments"]) for f in facts),
        access_known=_ints(access_mask(f["access"]) for f in facts),
        access_true=_ints(access_mask(k for k, v in f["access"].items() if v) for f in facts),
        unsaid_language=np.array([f["languages"] is None for f in facts], dtype=np.bool_),
        price=_floats(f["price"] for f in facts),
        age_min=_ints(0 if f["age_min"] is None else f["age_min"] for f in facts),
        age_max=_ints(999 if f["age_max"] is None else f["age_max"] for f in facts),
        lat=_floats(f["lat"] for f in facts),
        lon=_floats(f["lon"] for f in facts),
        anytime=np.array([f["anytime"] for f in facts], dtype=np.bool_),
        dated=np.array([f["dated"] for f in facts], dtype=np.bool_),
        titles=[f["titles"] for f in facts],
        sitting_document=sitting[:, 0],
        sitting_number=sitting[:, 1],
        sitting_start=sitting[:, 2],
        sitting_end=sitting[:, 3],
        sitting_date=sitting[:, 4],
        sitting_weekday=sitting[:, 5],
        sitting_minute=sitting[:, 6],
        opening=OpeningColumns.compile(facts),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _floats(values: Iterable[float | None]) -> Floats:
    return np.fromiter((np.nan if v is None else v for v in values), dtype=np.float64)


def _coded(facts: Sequence[dict[str, Any]], name: str, codes: Codes) -> Ints:
    return _ints(_NONE if f[name] is None else codes.code(f[name]) for f in facts)


def _listed(facts: Sequence[dict[str, Any]], name: str, codes: Codes) -> Many:
    pairs = [
        (n, codes.code(value))
        for n, f in enumerate(facts)
        for value in dict.fromkeys(f[name] or ())
    ]
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Many(document=array[:, 0], code=array[:, 1])
