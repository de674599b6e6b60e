"""Times: which documents take place when asked for, and when each does so first."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property

import numpy as np

from directory.search.bands import PART_OF_HOUR, PARTS
from directory.search.coded import Bools
from directory.search.filters import Some, is_wide
from directory.search.request import SearchRequest
from directory.search.segment import ANYTIME, DATED, Segment
from directory.search.sittings import NEVER, SLOTS_A_DAY, Coming
from directory.search.store import Array

_DAYS = 7
_DAY = 24 * 60
# So many times asked for are remembered in each segment.
_KNOWN = 4
_PART = {band.value: n for n, band in enumerate(PARTS)}


class Times:
    """The time asked for, over one segment.

    Whoever names a first date means it, even a past one; otherwise what is over is left out.
    """

    def __init__(self, segment: Segment, request: SearchRequest) -> None:
        self.segment, self.request = segment, request
        self.sittings = segment.sittings
        self.now = int(request.now.timestamp() // 60)
        self.asked = request.timed
        self._found: Array | None = None

    @cached_property
    def coming(self) -> Coming:
        """What is not over now."""
        return self.sittings.coming(self.now)

    @property
    def _by_slot(self) -> bool:
        """Whether weekdays and parts of the day are all that is asked."""
        return not (self.request.first or self.request.last or self.request.clocked)

    def mask(self, documents: Some) -> Bools:
        """Which documents take place when asked for; what needs no date always does."""
        if not self.asked:
            return self._of(self._current(), documents)
        flags = self._of(self.segment.numbers["flags"], documents)
        return np.asarray(self._on(documents) | (flags & ANYTIME != 0))

    @property
    def all_current(self) -> bool:
        """Whether nothing in the segment is over, so that nobody need look."""
        self._current()
        return bool(self.segment.scratch["current"][2])

    def _current(self) -> Bools:
        """What is not over, or never had a date; kept while the same minute is asked for."""
        kept = self.segment.scratch.get("current")
        if kept is None or kept[0] != self.now:
            undated = self.segment.numbers["flags"] & DATED == 0
            current = np.asarray((self.coming.row >= 0) | undated)
            kept = self.segment.scratch["current"] = (self.now, current, bool(current.all()))
        mask: Bools = kept[1]
        return mask

    def _on(self, documents: Some) -> Bools:
        if self._by_slot:
            slots = self._of(self.coming.slots, documents)
            return np.asarray(slots & self._slots_asked() != 0)
        return np.asarray(self._look(documents) >= 0)

    def first(self, documents: Some) -> Array:
        """When each document first takes place as asked; ``NEVER`` when it does not."""
        if not self.asked:
            return self._of(self.coming.start, documents)
        rows = self._first_rows(documents)
        there = np.flatnonzero(rows >= 0)
        starts = np.full(len(rows), NEVER, dtype=np.int64)
        starts[there] = self.sittings.rows["start"].take(rows.take(there))
        return starts

    def matched(self, documents: Array) -> list[int]:
        """The row of each document's first sitting as asked; -1 without one."""
        if not self.asked:
            return self.upcoming(documents)
        listed: list[int] = self._first_rows(documents).tolist()
        return listed

    def _first_rows(self, documents: Some) -> Array:
        """Each document's first row that fits; -1 without one.

        What was looked at to see whether it fits is known; all that is asked later is among it.
        """
        return self._look(documents) if self._found is None else self._of(self._found, documents)

    def _look(self, documents: Some) -> Array:
        """Each document's first row that fits, found and kept.

        What is asked of many documents is worked out for all, and known until the minute is over:
        whoever looks for another word on the same evening need not wait for it again.
        """
        if documents is None or self._is_known("rows", documents):
            self._found = self._known("rows", self._looked_up)
            return self._of(self._found, documents)
        found = self._looked_up(documents)
        self._found = np.full(self.segment.size, -1, dtype=np.int32)
        self._found[documents.astype(np.intp)] = found
        return found

    def _known(self, name: str, work_out: Callable[[Some], Array]) -> Array:
        """Something of all documents under this time, worked out once a minute."""
        return self.segment.kept("times", self._key(name), lambda: work_out(None), most=_KNOWN)

    def _is_known(self, name: str, documents: Some) -> bool:
        """Whether that is there already, or may as well be for how many documents are asked about."""
        return is_wide(self.segment, documents) or self.segment.keeps("times", self._key(name))

    def _key(self, name: str) -> Hashable:
        request = self.request
        asked = (request.first, request.last, request.day, request.part)
        return (name, self.now, *asked, request.after, request.before)

    def _looked_up(self, documents: Some) -> Array:
        found = np.full(self._size(documents), -1, dtype=np.int32)
        at = self._worth_a_look(documents, self.request.day)
        rows, owner = self._rows(at if documents is None or at is None else documents.take(at))
        there = np.flatnonzero(np.logical_and.reduce(list(self._masks(rows).values())))[::-1]
        # The last writer wins, so the earliest row is written last.
        owners = owner.take(there)
        found[owners if at is None else at.take(owners)] = rows.take(there)
        return found

    def _worth_a_look(self, documents: Some, days: Sequence[int]) -> Array | None:
        """Places of documents with a sitting in a part of a day that may fit; None: of any.

        That is known of what is not over, so it is no help with what may be.
        """
        first = self.request.first
        if first is not None and first.toordinal() <= self.request.now.toordinal() + 1:
            return None
        bits = _bits(days or range(_DAYS), self._parts_asked())
        return np.flatnonzero(self._of(self.coming.slots, documents) & bits != 0)

    def _parts_asked(self) -> Sequence[int]:
        """Parts of the day that some minute asked for is in."""
        request = self.request
        parts = [_PART[part] for part in request.part] or range(SLOTS_A_DAY)
        if request.after is None and request.before is None:
            return parts
        after, before = request.after or 0, _DAY if request.before is None else request.before
        hours = range(after // 60, min(-(-before // 60), 24))
        return [part for part in parts if part in {PART_OF_HOUR[hour] for hour in hours}]

    def upcoming(self, documents: Array) -> list[int]:
        """The row of each document's next sitting, whatever was asked; -1 without one."""
        listed: list[int] = self.coming.row[documents].tolist()
        return listed

    def days(self, documents: Some) -> Sequence[int]:
        """How many documents have a sitting on each weekday, under the rest of what is asked."""
        slots = self._slots(documents)
        parts = [_PART[part] for part in self.request.part] or range(SLOTS_A_DAY)
        return [self._having(slots, _bits((day,), parts)) for day in range(_DAYS)]

    def parts(self, documents: Some) -> Sequence[int]:
        """How many documents have a sitting in each part of the day."""
        slots = self._slots(documents)
        days = self.request.day or range(_DAYS)
        return [self._having(slots, _bits(days, (part,))) for part in range(len(PARTS))]

    def relaxed(self, documents: Some) -> dict[str, int]:
        """How many of some documents there would be without each part of the time asked for."""
        rows, owner = self._rows(documents)
        masks = self._masks(rows)
        always = self._of(self.segment.numbers["flags"], documents) & ANYTIME != 0
        found = {}
        for name in masks:
            if name == "coming":
                continue
            on = always.copy()
            rest = [mask for other, mask in masks.items() if other != name]
            on[owner[np.logical_and.reduce(rest) if rest else slice(None)]] = True
            found[name] = int(np.count_nonzero(on))
        return found

    def nearest_date(self, documents: Some, asked: int) -> int | None:
        """The date nearest to one asked for, both as ordinals, on which any would fit but for dates."""
        rows, _ = self._rows(documents)
        masks = self._masks(rows)
        rest = [mask for name, mask in masks.items() if name not in {"from", "to"}]
        rest.append(self.sittings.rows["end"][rows] > self.now)
        dates = self.sittings.rows["date"][rows[np.logical_and.reduce(rest)]]
        return int(dates[np.argmin(np.abs(dates - asked))]) if len(dates) else None

    def _slots(self, documents: Some) -> Array:
        """Each document's sittings by weekday and part, under the other parts of the request."""
        if self._by_slot:
            return self._of(self.coming.slots, documents)
        if self._is_known("slots", documents):
            return self._of(self._known("slots", self._slots_looked_up), documents)
        return self._slots_looked_up(documents)

    def _slots_looked_up(self, documents: Some) -> Array:
        at = self._worth_a_look(documents, ())
        rows, owner = self._rows(at if documents is None or at is None else documents.take(at))
        masks = [mask for name, mask in self._masks(rows).items() if name not in {"day", "part"}]
        there = np.flatnonzero(np.logical_and.reduce(masks))
        owners = owner.take(there) if at is None else at.take(owner.take(there))
        return self.sittings.slots_of(rows.take(there), owners, self._size(documents))

    def _slots_asked(self) -> np.uint64:
        parts = [_PART[part] for part in self.request.part] or range(SLOTS_A_DAY)
        return _bits(self.request.day or range(_DAYS), parts)

    def _having(self, slots: Array, bits: np.uint64) -> int:
        return int(np.count_nonzero(slots & bits))

    def _masks(self, rows: Array) -> dict[str, Bools]:
        """Which rows satisfy each part of the time asked for, and ``coming``."""
        request, columns = self.request, self.sittings.rows
        masks: dict[str, Bools] = {}
        if request.first is None:
            masks["coming"] = columns["end"].take(rows) > self.now
        else:
            masks["from"] = columns["date"].take(rows) >= request.first.toordinal()
        if request.last is not None:
            masks["to"] = columns["date"].take(rows) <= request.last.toordinal()
        if request.day:
            masks["day"] = _DAY_SET[sum(1 << d for d in request.day)].take(
                columns["weekday"].take(rows)
            )
        minute = columns["minute"].take(rows)
        if request.part:
            bits = _bits(range(_DAYS), [_PART[part] for part in request.part])
            masks["part"] = (self.sittings.slots(rows) & bits) != 0
        if request.after is not None:
            masks["after"] = (minute >= 0) & (minute >= request.after)
        if request.before is not None:
            masks["before"] = (minute >= 0) & (minute < request.before)
        return masks

    def _rows(self, documents: Some) -> tuple[Array, Array]:
        if documents is None:
            documents = np.arange(self.segment.size)
        return self.sittings.of_documents(documents)

    def _of(self, column: Array, documents: Some) -> Array:
        return column if documents is None else column.take(documents)

    def _size(self, documents: Some) -> int:
        return self.segment.size if documents is None else len(documents)


def _bits(days: Iterable[int], parts: Iterable[int]) -> np.uint64:
    parts = list(parts)
    return np.uint64(sum(1 << (SLOTS_A_DAY * day + part) for day in days for part in parts))


_DAY_SET = np.array([[bool(days >> day & 1) for day in range(_DAYS)] for days in range(1 << _DAYS)])
