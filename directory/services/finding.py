"""Finding: a question in, a page of listings out, whatever state the index is in."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity, Provider, Space
from directory.search.documents import Document
from directory.search.evaluation import Found, Hit
from directory.search.grammar import Ask, parse
from directory.search.index import Index, IndexUnavailable
from directory.search.plain import search_documents
from directory.search.request import SearchRequest
from directory.services.indexing import all_documents

# Request fields as a filter's name, by the parameter a reader knows it by.
_PARAMETER = {"price": "price_max"}


@dataclass(frozen=True)
class Item:
    """A listing on a page of results.

    Attributes:
        listing: with texts, space, provider and topics loaded.
        matched: the first occurrence that satisfies the time asked for.
        upcoming: the next occurrence, whatever was asked.
    """

    listing: Opportunity | Space
    score: float
    distance_km: float | None
    matched: Occurrence | None
    upcoming: Occurrence | None

    @property
    def type(self) -> str:
        """``opportunity`` or ``space``."""
        return "opportunity" if isinstance(self.listing, Opportunity) else "space"


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
        loosened: no listing has all the words, so these have some of them.
        from_database: the index could not be read; the answer is whole but was slower.
    """

    total: int
    items: tuple[Item, ...]
    facets: dict[str, dict[str, int]]
    places: tuple[tuple[str, int, float, float], ...]
    suggestion: Suggestion | None
    relax: tuple[tuple[str, int], ...]
    loosened: bool
    from_database: bool
    took_ms: float


def search(
    db: Session,
    index: Index,
    request: SearchRequest,
    *,
    q: str = "",
    currency: str,
    most_places: int = 0,
) -> Answer:
    """Answer a request from the index, or from the database while there is none."""
    begun = time.perf_counter()
    engine = _Engine(db, index, currency)
    found = engine.find(request, most_places)
    loosened = found.wording == 0 and len(request.ask.needed) > 1
    if loosened:
        anything = engine.find(replace(request, every=False), most_places)
        loosened = anything.total > 0
        found = anything if loosened else found
    suggestion = None if found.total and not loosened else engine.suggest(request, q)
    relax = [(_PARAMETER.get(name, name), n) for name, n in found.relax.items()]
    if not found.total and request.ask:
        relax += [("q", n) for n in [engine.find(replace(request, ask=Ask())).total] if n]
    took = (time.perf_counter() - begun) * 1000
    return Answer(
        total=found.total,
        items=tuple(_load(db, found.hits)),
        facets=found.facets,
        places=found.places,
        suggestion=suggestion,
        relax=tuple(relax),
        loosened=loosened,
        from_database=engine.failed,
        took_ms=round(took, 2),
    )


class _Engine:
    """The index while it answers, the database from the moment it does not."""

    def __init__(self, db: Session, index: Index, currency: str) -> None:
        self.db, self.index, self.currency = db, index, currency
        self.failed = False
        self._documents: list[Document] | None = None

    def find(self, request: SearchRequest, most_places: int = 0) -> Found:
        if not self.failed:
            try:
                return self.index.search(request, most_places=most_places)
            except IndexUnavailable:
                self.failed = True
        if self._documents is None:
            with Session(self.db.get_bind()) as apart:  # it lets go of rows as it reads on
                self._documents = list(all_documents(apart, currency=self.currency))
        return search_documents(self._documents, request, most_places=most_places)

    def suggest(self, request: SearchRequest, q: str) -> Suggestion | None:
        """A spelling that finds something, or None: never a dead end."""
        for candidate in self._spellings(request.ask, q):
            total = self.find(replace(request, ask=parse(candidate))).total
            if total:
                return Suggestion(candidate, total)
        return None

    def _spellings(self, ask: Ask, q: str) -> Iterable[str]:
        if self.failed:
            return
        words = [p.text for group in ask.needed for p in group if not p.phrase]
        for most in range(3):
            spelled, changed = q, False
            for word in words:
                close = self._close(word)
                if len(close) > most:
                    spelled, changed = spelled.replace(word, close[most], 1), True
            if changed:
                yield spelled

    def _close(self, word: str) -> list[str]:
        try:
            return self.index.corrections(word)
        except IndexUnavailable:
            self.failed = True
            return []


def _load(db: Session, hits: tuple[Hit, ...]) -> Iterable[Item]:
    """The listings of some hits, in a fixed number of queries; one withdrawn meanwhile is skipped."""
    if not hits:
        return
    opportunities = load_opportunities(db, [h.number for h in hits if h.type == "opportunity"])
    spaces = load_spaces(db, [h.number for h in hits if h.type == "space"])
    wanted = {n for h in hits for n in (h.matched, h.upcoming) if n is not None}
    dated = {
        o.id: o for o in db.exec(select(Occurrence).where(col(Occurrence.id).in_(wanted))).all()
    }
    for hit in hits:
        rows: dict[int, Opportunity] | dict[int, Space] = (
            opportunities if hit.type == "opportunity" else spaces
        )
        if listing := rows.get(hit.number):
            yield Item(
                listing,
                hit.score,
                hit.distance_km,
                dated.get(hit.matched),
                dated.get(hit.upcoming),
            )


def load_opportunities(db: Session, numbers: Iterable[int]) -> dict[int, Opportunity]:
    """Opportunities by id, with everything a row of a list shows."""
    wanted = list(numbers)
    if not wanted:
        return {}
    space = selectinload(Opportunity.space)  # type: ignore[arg-type]
    provider = selectinload(Opportunity.provider)  # type: ignore[arg-type]
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(wanted))
        .options(
            selectinload(Opportunity.texts),  # type: ignore[arg-type]
            selectinload(Opportunity.teaches),  # type: ignore[arg-type]
            selectinload(Opportunity.schedules),  # type: ignore[arg-type]
            space,
            space.selectinload(Space.texts),  # type: ignore[arg-type]
            space.selectinload(Space.district),  # type: ignore[arg-type]
            provider,
            provider.selectinload(Provider.texts),  # type: ignore[arg-type]
        )
    )
    return {row.id: row for row in db.exec(statement).all() if row.id is not None}


def load_spaces(db: Session, numbers: Iterable[int]) -> dict[int, Space]:
    """Spaces by id, with everything a row of a list shows."""
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = (
        select(Space)
        .where(col(Space.id).in_(wanted))
        .options(
            selectinload(Space.texts),  # type: ignore[arg-type]
            selectinload(Space.district),  # type: ignore[arg-type]
            selectinload(Space.provider),  # type: ignore[arg-type]
        )
    )
    return {row.id: row for row in db.exec(statement).all() if row.id is not None}
