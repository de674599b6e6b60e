"""Finding: a question in, a page of listings out, whatever state the index is in."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import cos, hypot, radians
from typing import cast

from sqlmodel import Session

from directory.models import District
from directory.models.vocabulary import OccurrenceStatus
from directory.search.analysis import folded_words
from directory.search.answer import Found, Hit, answer
from directory.search.grammar import Ask, parse
from directory.search.index import Index, IndexUnavailable
from directory.search.request import SearchRequest
from directory.search.segment import Kept, Segment
from directory.search.sittings import Moment
from directory.services.indexing import all_documents
from directory.services.known import City
from directory.services.shown import Shown

# Request fields as a filter's name, by the parameter a reader knows it by.
_PARAMETER = {"price": "price_max"}
_log = logging.getLogger(__name__)
# With fewer results than these a reader is shown what is close to them as well.
FEW = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Dated:
    """An occurrence, as far as a row tells it; see ``models.Occurrence``."""

    start: datetime
    end: datetime
    timezone: str
    all_day: bool
    end_known: bool
    status: OccurrenceStatus = OccurrenceStatus.SCHEDULED


@dataclass(frozen=True)
class Item:
    """A listing on a page of results.

    Attributes:
        type: ``opportunity`` or ``space``.
        shown: what a row shows of it.
        matched: the first occurrence that satisfies the time asked for.
        upcoming: the next occurrence, whatever was asked.
        about: found by what it is about, with none of the words in its own texts.
    """

    type: str
    shown: Shown
    score: float
    distance_km: float | None
    matched: Dated | None
    upcoming: Dated | None
    about: bool = False


@dataclass(frozen=True)
class Suggestion:
    """Another spelling, and how many listings it finds under the same filters."""

    q: str
    total: int


@dataclass(frozen=True)
class Answer:
    """What a search found.

    Attributes:
        relax: parameter to drop and how many listings come back, most first.
        also: with few results, a few more that are close to what was asked; not counted.
        loosened: no listing has all the words, so these are close to them.
        from_database: the index could not be read; the answer is whole but was slower.
        nearest_date: with no result, the nearest date that has one.
        nearest_district: with no result in the districts asked for, the nearest that has some.
    """

    total: int
    items: tuple[Item, ...]
    also: tuple[Item, ...]
    facets: dict[str, dict[str, int]]
    suggestion: Suggestion | None
    relax: tuple[tuple[str, int], ...]
    loosened: bool
    from_database: bool
    took_ms: float
    nearest_date: date | None = None
    nearest_district: tuple[str, int] | None = None


@dataclass
class Plain:
    """Search without an index: columns made from the database, kept for a few moments."""

    currency: str
    _segment: Segment | None = field(default=None, repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def search(self, db: Session, request: SearchRequest, city: City) -> Found:
        """The same answer as the index gives."""
        return answer([(self._columns(db), None)], request, city.lexicon)

    def _columns(self, db: Session) -> Segment:
        with self._lock:
            begun = time.monotonic()
            if self._segment is None or begun >= self._until:
                with Session(db.get_bind()) as apart:  # it lets go of rows as it reads on
                    documents = all_documents(apart, currency=self.currency)
                    self._segment = Segment.compile([Kept.of(each) for each in documents])
                # What took long to make is used for longer; it is a stopgap until the index heals.
                spent = time.monotonic() - begun
                self._until = time.monotonic() + (10 * spent if spent > 1 else 0)
            return self._segment


def search(
    db: Session, index: Index, request: SearchRequest, *, city: City, plain: Plain, q: str = ""
) -> Answer:
    """Answer a request from the index, or from the database while there is none."""
    begun = time.perf_counter()
    engine = _Engine(db, index, city, plain)
    found = engine.find(request)
    loosened = found.wording == 0 and bool(request.ask.needed)
    if loosened:
        close = engine.find(replace(request, close=True))
        loosened = close.total > 0
        found = close if loosened else found
    suggestion = None if found.total and not loosened else engine.suggest(request, q)
    items = tuple(map(_item, found.hits))
    also = () if loosened else engine.also(request, found)
    return Answer(
        total=found.total,
        items=items,
        also=tuple(map(_item, also)),
        facets=found.facets,
        suggestion=suggestion,
        relax=() if found.total else tuple(engine.relax(request, found)),
        loosened=loosened,
        from_database=engine.failed,
        took_ms=round((time.perf_counter() - begun) * 1000, 2),
        nearest_date=found.nearest_date,
        nearest_district=None if found.total else _nearest_district(request, found, city),
    )


class _Engine:
    """The index while it answers, the database from the moment it does not."""

    def __init__(self, db: Session, index: Index, city: City, plain: Plain) -> None:
        self.db, self.index, self.city, self.plain = db, index, city, plain
        self.failed = False

    def find(self, request: SearchRequest) -> Found:
        if not self.failed:
            try:
                return self.index.search(request, self.city.lexicon)
            except IndexUnavailable as error:
                # Only what kind of fault it was: its text may hold what somebody asked for.
                cause = type(error.__cause__ or error).__name__
                _log.warning("The index does not answer (%s); the database does.", cause)
                _log.debug("How it failed", exc_info=True)
                self.failed = True
        return self.plain.search(self.db, request, self.city)

    def also(self, request: SearchRequest, found: Found) -> tuple[Hit, ...]:
        """A few close matches after the last of few results."""
        room = FEW - found.total
        if room <= 0 or request.page > 1 or not request.per_page or not request.ask.needed:
            return ()
        asked = replace(request, close=True, facets=(), sort="relevance", per_page=FEW)
        there = set(found.keys)
        hits = self.find(asked).hits
        return tuple(h for h in hits if h.key not in there)[:room]

    def relax(self, request: SearchRequest, found: Found) -> Iterator[tuple[str, int]]:
        """Parameters to drop, and how many listings come back."""
        for name, total in found.relax.items():
            yield _PARAMETER.get(name, name), total
        if request.ask:
            without = self.find(replace(request, ask=Ask(), per_page=0, facets=()))
            if without.total:
                yield "q", without.total

    def suggest(self, request: SearchRequest, q: str) -> Suggestion | None:
        """A spelling that finds something, or None: never a dead end."""
        spelled = self._spelled(request.ask, q)
        if spelled is None:
            return None
        asked = replace(request, ask=parse(spelled), per_page=0, facets=())
        total = self.find(asked).total
        return Suggestion(spelled, total) if total else None

    def _spelled(self, ask: Ask, q: str) -> str | None:
        """The question with every word that nothing holds replaced by what was probably meant."""
        spelled = q
        for word in (p.text for group in ask.needed for p in group if not p.phrase):
            if len(list(folded_words(word))) == 1 and (meant := self._meant(word)):
                spelled = spelled.replace(word, meant, 1)
        return None if spelled == q else spelled

    def _meant(self, word: str) -> str | None:
        if self.failed:
            return None
        try:
            found = self.index.correction(word)
        except IndexUnavailable:
            self.failed = True
            return None
        return found.word if found else None


def _item(hit: Hit) -> Item:
    upcoming = _dated(hit.upcoming)
    return Item(
        type=hit.type,
        shown=cast("Shown", hit.shown),
        score=hit.score,
        distance_km=hit.distance_km,
        matched=upcoming if hit.matched == hit.upcoming else _dated(hit.matched),
        upcoming=upcoming,
        about=hit.about,
    )


def _dated(moment: Moment | None) -> Dated | None:
    if moment is None:
        return None
    start, end = (_EPOCH + timedelta(minutes=m) for m in (moment.start, moment.end))
    return Dated(start, end, moment.zone, moment.all_day, moment.end_known)


def _nearest_district(request: SearchRequest, found: Found, city: City) -> tuple[str, int] | None:
    """The district with a result that is nearest to one of those asked for."""
    asked = [d for key in request.district if (d := city.districts.get(key))]
    there = {k: n for k, n in found.facets.get("district", {}).items() if n}
    pairs = [
        (_apart(one, other), key)
        for key in there
        if (other := city.districts.get(key)) is not None
        for one in asked
    ]
    near = [(apart, key) for apart, key in pairs if apart is not None]
    if not near:
        return None
    _, key = min(near)
    return key, there[key]


def _apart(one: District, other: District) -> float | None:
    """How far two districts' centres are, in degrees of latitude; enough to compare."""
    if None in (one.lat, one.lon, other.lat, other.lon):
        return None
    assert one.lat is not None and one.lon is not None  # noqa: S101, PT018 - just seen
    assert other.lat is not None and other.lon is not None  # noqa: S101, PT018
    return hypot(one.lat - other.lat, (one.lon - other.lon) * cos(radians(one.lat)))
