"""Answer: the parts of all segments put together as one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np

from directory.search.coded import Bools
from directory.search.documents import key
from directory.search.evaluation import Counts, Part, added, count, evaluate, relax
from directory.search.filters import WORTH_KEEPING, chords, kilometres
from directory.search.lexicon import EMPTY, Lexicon
from directory.search.matching import (
    Matched,
    Plan,
    close_names,
    holding,
    match,
    match_close,
    plan,
)
from directory.search.ordering import Placed, first
from directory.search.request import SearchRequest
from directory.search.segment import Segment
from directory.search.sittings import Moment
from directory.search.store import Array

Live = tuple[Segment, Bools | None]

# So many questions' words are remembered in a large segment.
_REMEMBERED = 8


@dataclass(frozen=True)
class Hit:
    """One listing found.

    Attributes:
        score: relevance; 0 when no words were asked for.
        distance_km: from the point asked for; None without one, or without a place.
        matched: the first occurrence that satisfies the time asked for.
        upcoming: the next occurrence, whatever was asked.
        shown: what a row shows, see ``Document.shown``.
        about: it has the words only in the names of what it is about, perhaps in another language.
    """

    type: str
    number: int
    score: float
    distance_km: float | None
    matched: Moment | None
    upcoming: Moment | None
    shown: dict[str, Any] = field(repr=False)
    about: bool = False

    @property
    def key(self) -> str:
        """The index's name for the listing."""
        return key(self.type, self.number)


@dataclass(frozen=True)
class Found:
    """A page of an answer.

    Attributes:
        total: how many listings there are on all pages.
        wording: how many match the words alone, before any filter.
        facets: facet to value to count under the other filters.
        page: where the listings of this page are.
        relax: filter to how many listings there would be without it; only when there are none.
        nearest_date: with no result, the nearest date on which there is one.
    """

    total: int
    wording: int
    facets: dict[str, dict[str, int]]
    page: tuple[Placed, ...]
    request: SearchRequest
    planned: Plan | None = None
    relax: dict[str, int] = field(default_factory=dict)
    nearest_date: date | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The listings of this page, by key."""
        return tuple(placed.part.segment.key(placed.document) for placed in self.page)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The listings of this page with all that a row shows, read when first asked for."""
        found: dict[int, Hit] = {}
        for part in {id(p.part): p.part for p in self.page}.values():
            here = [(at, p) for at, p in enumerate(self.page) if p.part is part]
            hits = _hits([p for _, p in here], self.request, self.planned)
            found |= dict(zip((at for at, _ in here), hits, strict=True))
        return tuple(found[at] for at in range(len(self.page)))


def answer(segments: Sequence[Live], request: SearchRequest, lexicon: Lexicon = EMPTY) -> Found:
    """Answer a request over some segments."""
    planned = _plan(segments, request, lexicon)
    about = close_names(lexicon, request.ask, request.ui_language) if request.close else {}

    def of_segment(one: Live) -> tuple[Part, Counts]:
        segment, live = one
        matched = None if planned is None else _matched(segment, request, planned, about)
        part = evaluate(segment, live, request, matched)
        return part, count(part, request.facets)

    done = [of_segment(one) for one in segments]
    parts = [part for part, _ in done]
    total = sum(part.total for part in parts)
    return Found(
        total=total,
        wording=sum(part.wording for part in parts),
        facets=added([counts for _, counts in done]),
        page=_page(parts, request),
        request=request,
        planned=planned,
        relax={} if total else _relax(parts),
        nearest_date=None if total else _nearest_date(parts, request),
    )


def _plan(segments: Sequence[Live], request: SearchRequest, lexicon: Lexicon) -> Plan | None:
    if not request.ask:
        return None
    written = {lang for segment, _ in segments for lang in segment.statistics.languages}
    return plan(request.ask, sorted(written | lexicon.keys.keys()), request.ui_language, lexicon)


def _matched(
    segment: Segment, request: SearchRequest, planned: Plan, about: Mapping[str, float]
) -> Matched:
    if request.close:
        return match_close(
            segment, request.ask, planned, preferred=request.ui_language, about=about
        )
    return _remembered(segment, planned)


def _remembered(segment: Segment, planned: Plan) -> Matched:
    """What has the words; who turns a page or adds a filter asks for the same words again."""

    def found() -> Matched:
        return match(segment.postings, segment.size, planned)

    if segment.size < WORTH_KEEPING:
        return found()
    return segment.kept("words", planned, found, most=_REMEMBERED)


def _page(parts: Sequence[Part], request: SearchRequest) -> tuple[Placed, ...]:
    begin = (request.page - 1) * request.per_page
    return tuple(first(parts, request, begin + request.per_page)[begin:])


def _hits(page: Sequence[Placed], request: SearchRequest, planned: Plan | None) -> Iterable[Hit]:
    """Some documents of one segment, with what their rows show."""
    part = page[0].part
    segment, sittings = part.segment, part.segment.sittings
    documents = np.array([placed.document for placed in page])
    distances = _distances(part, documents, request)
    matched, upcoming = part.times.matched(documents), part.times.upcoming(documents)
    about = _only_about(part, documents, planned)
    for n, placed in enumerate(page):
        yield Hit(
            type=segment.type(placed.document),
            number=segment.number(placed.document),
            score=round(placed.score, 4),
            distance_km=distances[n],
            matched=None if matched[n] < 0 else sittings.moment(matched[n]),
            upcoming=None if upcoming[n] < 0 else sittings.moment(upcoming[n]),
            shown=segment.shown(placed.document),
            about=about[n],
        )


def _distances(part: Part, documents: Array, request: SearchRequest) -> Sequence[float | None]:
    if request.near is None:
        return [None] * len(documents)
    squared = chords(part.segment, request.near, documents).tolist()
    return [None if isnan(s) else round(kilometres(s), 3) for s in squared]


def _only_about(part: Part, documents: Array, planned: Plan | None) -> Sequence[bool]:
    """Which documents have none of the words in their own texts."""
    if planned is None or not planned.asks_about:
        return [False] * len(documents)
    order = np.argsort(documents)
    own = holding(part.segment.postings, planned.own_words(), documents[order])
    found = np.empty(len(documents), dtype=np.bool_)
    found[order] = ~own
    listed: list[bool] = found.tolist()
    return listed


def _relax(parts: Sequence[Part]) -> dict[str, int]:
    """Which single filter to drop, and how many listings come back, most first."""
    total: dict[str, int] = {}
    for part in parts:
        for name, n in relax(part).items():
            total[name] = total.get(name, 0) + n
    return dict(sorted(((k, n) for k, n in total.items() if n), key=lambda pair: -pair[1]))


def _nearest_date(parts: Sequence[Part], request: SearchRequest) -> date | None:
    day_asked = request.first or request.last
    if day_asked is None:
        return None
    asked = day_asked.toordinal()
    found = [
        day
        for part in parts
        if (day := part.times.nearest_date(part.passing.without("when"), asked)) is not None
    ]
    return date.fromordinal(min(found, key=lambda day: abs(day - asked))) if found else None
