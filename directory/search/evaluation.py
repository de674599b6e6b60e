"""Evaluation: one segment's part of an answer: what passes, facet counts, and what comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from directory.models.vocabulary import Day
from directory.search.bands import PARTS
from directory.search.coded import Bools
from directory.search.filters import FILTERS, Some, mask_of
from directory.search.joint import joined
from directory.search.matching import Matched
from directory.search.request import SearchRequest
from directory.search.segment import Segment
from directory.search.store import Array
from directory.search.times import Times

# Facet: the filter it must not count itself out by.
FACETS: Mapping[str, str] = {
    "type": "type", "topic": "topic", "kind": "kind", "format": "format", "setting": "setting",
    "level": "level", "language": "language", "district": "district", "price": "price",
    "ages": "ages", "access": "access", "commitment": "commitment",
}  # fmt: skip

Counts = dict[str, dict[str, int]]

# Facets of fewer documents are counted one by one as fast.
_WORTH_JOINING = 10_000
# Pages ask for one set of facets, suggestions and JSON perhaps for others.
_JOINTS = 3


@dataclass
class Passing:
    """Which of the documents that match the words pass every filter, and which all but one.

    Attributes:
        base: documents that are published and match the words; None: all of the segment.
        masks: each active filter's own mask over them.
        fails: how many active filters each fails; None when none is active.
    """

    base: Some
    masks: dict[str, Bools]
    fails: Array | None

    @classmethod
    def of(cls, base: Some, masks: dict[str, Bools]) -> "Passing":
        """Count each document's failures once, so that leaving a filter out is a subtraction."""
        fails = None
        for mask in masks.values():
            fails = (~mask).view(np.int8) if fails is None else fails + (~mask).view(np.int8)
        return cls(base, masks, fails)

    def all(self) -> Some:
        """Documents that pass everything."""
        return self._where(self.fails)

    def without(self, name: str) -> Some:
        """Documents that pass everything but, perhaps, one filter."""
        if name not in self.masks or self.fails is None:
            return self.all()
        if len(self.masks) == 1:
            return self.base
        return self._where(self.fails - (~self.masks[name]).view(np.int8))

    def _where(self, fails: Array | None) -> Some:
        if fails is None:
            return self.base
        passing = np.flatnonzero(fails == 0)
        return passing.astype(np.int32) if self.base is None else self.base.take(passing)


@dataclass
class Part:
    """One segment's part of an answer.

    Attributes:
        wording: how many match the words alone.
        chosen: documents that pass everything.
        scores: of ``chosen``, when words were asked for.
        times: knows when each takes place.
    """

    segment: Segment
    wording: int
    passing: Passing
    chosen: Some
    scores: Array | None
    times: Times

    @property
    def total(self) -> int:
        """How many pass everything."""
        return self.segment.size if self.chosen is None else len(self.chosen)


def evaluate(
    segment: Segment, live: Bools | None, request: SearchRequest, matched: Matched | None
) -> Part:
    """Which documents of a segment answer a request."""
    base, scores = _base(live, matched)
    times = Times(segment, request)
    wording = segment.size if base is None else len(base)
    if not times.asked:
        base, scores = _current(times, base, scores)
    masks = {n: m for n in FILTERS if (m := mask_of(n, segment, request, base)) is not None}
    if times.asked:
        masks["when"] = times.mask(base)
    passing = Passing.of(base, masks)
    chosen = passing.all()
    if scores is not None and passing.fails is not None:
        scores = scores.take(np.flatnonzero(passing.fails == 0))
    return Part(segment, wording, passing, chosen, scores, times)


def _current(times: Times, base: Some, scores: Array | None) -> tuple[Some, Array | None]:
    """Without what is over, when no time is asked for; that is no filter a reader could drop."""
    if times.all_current:
        return base, scores
    kept = times.mask(base)
    there = np.flatnonzero(kept)
    documents = there.astype(np.int32) if base is None else base.take(there)
    return documents, None if scores is None else scores.take(there)


def _base(live: Bools | None, matched: Matched | None) -> tuple[Some, Array | None]:
    if matched is None:
        return (None if live is None else np.flatnonzero(live).astype(np.int32)), None
    if live is None:
        return matched.documents, matched.scores
    kept = np.flatnonzero(live.take(matched.documents))
    return matched.documents.take(kept), matched.scores.take(kept)


def count(part: Part, wanted: tuple[str, ...] | None) -> Counts:
    """Facet to value to how many there would be under all other filters."""
    passing, facets = part.passing, part.segment.facets
    names = [name for name in FACETS if wanted is None or name in wanted]
    free = [name for name in names if FACETS[name] not in passing.masks]
    counts = _counts(part.segment, tuple(names), free, part.chosen)
    for name in names:
        if name not in counts:
            counts[name] = facets[name].count(passing.without(FACETS[name]))
    if wanted is None or "day" in wanted or "part" in wanted:
        counts |= _times(part)
    return counts


def _counts(
    segment: Segment, names: tuple[str, ...], free: Sequence[str], documents: Some
) -> Counts:
    """Values of the free ones of some facets among the same documents."""
    facets = segment.facets
    if documents is None or len(documents) < _WORTH_JOINING:
        return {name: facets[name].count(documents) for name in free}
    at, found = documents.astype(np.intp), Counts()
    joints = segment.kept("joints", names, lambda: list(joined(facets, names)), most=_JOINTS)
    for joint in joints:
        wanted = [name for name in joint.names if name in free]
        if len(wanted) == 1:
            found[wanted[0]] = facets[wanted[0]].count(at)
        elif wanted:
            tallies = joint.tallies(at)
            found |= {name: facets[name].counted(tallies[name]) for name in wanted}
    return found


def _times(part: Part) -> Counts:
    """Documents with a sitting on each weekday and part of the day; four Tuesdays count once."""
    there = part.passing.without("when") if part.times.asked else part.chosen
    return {
        "day": {day.value: n for day, n in zip(Day, part.times.days(there), strict=True) if n},
        "part": {b.value: n for b, n in zip(PARTS, part.times.parts(there), strict=True) if n},
    }


def relax(part: Part) -> dict[str, int]:
    """How many there would be without each single filter."""
    passing = part.passing
    found = {n: _size(part, passing.without(n)) for n in passing.masks if n != "when"}
    if part.times.asked:
        found |= part.times.relaxed(passing.without("when"))
    return found


def _size(part: Part, documents: Some) -> int:
    return part.segment.size if documents is None else len(documents)


def added(several: list[Counts]) -> Counts:
    """Counts of several segments as one."""
    if len(several) == 1:
        return several[0]
    total: Counts = {}
    for counts in several:
        for name, values in counts.items():
            if name not in total:
                total[name] = dict(values)
                continue
            into = total[name]
            for value, n in values.items():
                into[value] = into.get(value, 0) + n
    return total
