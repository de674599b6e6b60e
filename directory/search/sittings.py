"""Sittings: the occurrences of many documents, in order of start within each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from directory.search import runs
from directory.search.bands import PART_OF_HOUR, PARTS
from directory.search.store import Array

NEVER = np.iinfo(np.int64).max
WHOLE_DAY = -1
_END_KNOWN = 1
_ORDER = ("start", "end", "date", "weekday", "minute", "zone", "flags")
_KINDS: dict[str, Any] = {
    "start": np.int32, "end": np.int32, "date": np.int32, "weekday": np.uint8,
    "minute": np.int16, "zone": np.uint8, "flags": np.uint8,
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One occurrence, read back.

    Attributes:
        start: minutes since 1970 UTC.
        end: minutes since 1970 UTC.
        zone: IANA zone it is meant in.
    """

    start: int
    end: int
    zone: str
    all_day: bool
    end_known: bool


@dataclass(frozen=True)
class Coming:
    """What is not over at one minute.

    Attributes:
        row: each document's first sitting that is not over; -1 without one.
        start: when that starts; ``NEVER`` without one.
        slots: bit 5 × weekday + part of the day (4: no hour known), for each sitting not over.
    """

    row: Array
    start: Array
    slots: Array


@dataclass
class Sittings:
    """Rows of all documents, one after the other.

    Attributes:
        starts: where each document's rows begin; one more than there are documents.
        rows: the columns, by name.
        zones: IANA names.
    """

    starts: Array
    rows: dict[str, Array]
    zones: list[str]
    _coming: tuple[int, Coming] | None = field(default=None, repr=False)

    @classmethod
    def compile(cls, documents: Sequence[Sequence[Sequence[Any]]]) -> "Sittings":
        """Columns of documents' sittings as ``Document.facts`` gives them."""
        zones: dict[str, int] = {}
        rows = [
            (*sitting[:5], zones.setdefault(sitting[5], len(zones)), _END_KNOWN * bool(sitting[6]))
            for document in documents
            for sitting in sorted(document, key=lambda s: (s[0], s[1]))
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, len(_ORDER))
        starts = np.cumsum([0, *map(len, documents)], dtype=np.int64)
        columns = {
            name: np.ascontiguousarray(table[:, n].astype(_KINDS[name]))
            for n, name in enumerate(_ORDER)
        }
        return cls(starts, columns, list(zones))

    def arrays(self) -> dict[str, Array]:
        """What to store."""
        return {"starts": self.starts, **{f"row_{n}": a for n, a in self.rows.items()}}

    @classmethod
    def of(cls, arrays: dict[str, Array], zones: Sequence[str]) -> "Sittings":
        """Sittings as they were stored."""
        rows = {name: arrays[f"row_{name}"] for name in _ORDER}
        return cls(arrays["starts"], rows, list(zones))

    def moment(self, row: int) -> Moment:
        """One row."""
        rows = self.rows
        return Moment(
            start=rows["start"].item(row),
            end=rows["end"].item(row),
            zone=self.zones[rows["zone"].item(row)],
            all_day=rows["minute"].item(row) == WHOLE_DAY,
            end_known=bool(rows["flags"].item(row) & _END_KNOWN),
        )

    def of_documents(self, documents: Array) -> tuple[Array, Array]:
        """The rows of some documents: their places, and for each the place in ``documents``."""
        begins = self.starts.take(documents)
        counts = self.starts.take(documents + 1) - begins
        owner = np.repeat(np.arange(len(documents)), counts)
        return begins.take(owner) + runs.within(counts), owner

    def coming(self, now: int) -> Coming:
        """What is not over at a minute; kept for as long as the same minute is asked for."""
        if self._coming is None or self._coming[0] != now:
            self._coming = (now, self._compute(now))
        return self._coming[1]

    def _compute(self, now: int) -> Coming:
        size = len(self.starts) - 1
        rows = np.flatnonzero(self.rows["end"] > now)
        owner = np.repeat(np.arange(size), np.diff(self.starts))[rows]
        first = runs.firsts(owner)
        row = np.full(size, -1, dtype=np.int64)
        start = np.full(size, NEVER, dtype=np.int64)
        row[owner[first]] = rows[first]
        start[owner[first]] = self.rows["start"][rows[first]]
        return Coming(row, start, self.slots_of(rows, owner, size))

    def slots_of(self, rows: Array, owner: Array, size: int) -> Array:
        """The slots of all rows of each of ``size`` owners; their rows stand together, in order."""
        slots = np.zeros(size, dtype=np.uint64)
        if len(rows):
            first = np.flatnonzero(runs.firsts(owner))
            slots[owner[first]] = np.bitwise_or.reduceat(self.slots(rows), first)
        return slots

    def slots(self, rows: Array) -> Array:
        """Each row's weekday and part of the day as one bit of 35."""
        weekday = self.rows["weekday"].take(rows).astype(np.uint64)
        minute = self.rows["minute"].take(rows)
        part = np.where(minute < 0, len(PARTS), _PART.take(np.maximum(minute, 0) // 60))
        places = weekday * np.uint64(SLOTS_A_DAY) + part.astype(np.uint64)
        return np.asarray(np.left_shift(np.uint64(1), places))


# The parts of a day, and one more for a day without an hour.
SLOTS_A_DAY = len(PARTS) + 1
_PART = np.array(PART_OF_HOUR, dtype=np.uint64)
