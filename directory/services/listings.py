"""Listings: one of them, with all there is to say about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from directory.errors import Gone, NotFound
from directory.models import City, Occurrence, Opportunity, Provider, Space, Topic
from directory.models.vocabulary import Format, ListingState, OccurrenceStatus
from directory.search.analysis import clean
from directory.services import merged

YEAR = timedelta(days=366)
_MOST_DIGITS = 18  # of a database's integer

_Listing = TypeVar("_Listing", Opportunity, Space, Provider)


def opportunity(db: Session, name: str) -> Opportunity:
    """A published opportunity by slug or number, with what its page shows.

    Raises:
        NotFound: there is none.
        Gone: it was withdrawn.
    """
    statement = select(Opportunity).options(
        *of_a_row(),
        selectinload(Opportunity.occurrences),  # type: ignore[arg-type]
        _named_provider(),
    )
    return _published("opportunity", name, _named(db, statement, Opportunity, name))


def titled(db: Session, slug: str) -> Opportunity | None:
    """A published opportunity by slug with its texts only, if there is one."""
    return db.exec(
        select(Opportunity)
        .where(Opportunity.slug == clean(slug), col(Opportunity.state) == ListingState.PUBLISHED)
        .options(selectinload(Opportunity.texts))  # type: ignore[arg-type]
    ).first()


def all_titled(db: Session, slugs: Iterable[str]) -> dict[str, Opportunity]:
    """Published opportunities by slug, with their texts only."""
    wanted = [clean(slug) for slug in slugs]
    return {row.slug: row for row in _titled(db, col(Opportunity.slug).in_(wanted), wanted)}


def numbers_titled(db: Session, numbers: Iterable[int]) -> dict[int, Opportunity]:
    """Published opportunities by number, with their texts only."""
    wanted = list(numbers)
    return {row.id or 0: row for row in _titled(db, col(Opportunity.id).in_(wanted), wanted)}


def _titled(
    db: Session, named: sa.ColumnElement[bool], wanted: Sequence[object]
) -> Sequence[Opportunity]:
    if not wanted:
        return ()
    statement = select(Opportunity).where(named, col(Opportunity.state) == ListingState.PUBLISHED)
    return db.exec(statement.options(selectinload(Opportunity.texts))).all()  # type: ignore[arg-type]


def space(db: Session, name: str) -> Space:
    """A published space by slug or number, with what its page shows.

    Raises:
        NotFound: there is none.
        Gone: it was withdrawn.
    """
    provider = selectinload(Space.provider)  # type: ignore[arg-type]
    statement = select(Space).options(
        selectinload(Space.texts),  # type: ignore[arg-type]
        selectinload(Space.district),  # type: ignore[arg-type]
        provider,
        provider.selectinload(Provider.texts),  # type: ignore[arg-type]
    )
    return _published("space", name, _named(db, statement, Space, name))


def provider(db: Session, slug: str) -> Provider:
    """A published provider by slug.

    Raises:
        NotFound: there is none.
        Gone: it was withdrawn.
    """
    statement = select(Provider).options(selectinload(Provider.texts))  # type: ignore[arg-type]
    return _published(
        "provider", slug, db.exec(statement.where(Provider.slug == clean(slug))).first()
    )


def coming(listing: Opportunity, *, now: datetime) -> Sequence[Occurrence]:
    """Occurrences that are not over, cancelled ones included, a year ahead."""
    return [o for o in listing.occurrences if now < o.end and o.start < now + YEAR]


def successor(db: Session, kind: str, slug: str | None) -> Opportunity | Space | Provider | None:
    """The listing that replaces a withdrawn one, or what replaced that, if it is published."""
    if slug is None:
        return None
    tables: dict[str, type[Opportunity | Space | Provider]] = {
        "opportunity": Opportunity,
        "space": Space,
        "provider": Provider,
    }
    row = merged.last(db, tables[kind], slug)
    return row if row is not None and row.state == ListingState.PUBLISHED else None


def next_of(db: Session, numbers: Sequence[int], *, now: datetime) -> dict[int, Occurrence]:
    """The next scheduled occurrence of each of some opportunities."""
    rows = db.exec(
        select(Occurrence)
        .where(
            col(Occurrence.opportunity_id).in_(numbers),
            col(Occurrence.end) > now,
            col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
        )
        .order_by(col(Occurrence.start).desc())
    ).all()
    return {row.opportunity_id: row for row in rows}


def any_published(db: Session) -> bool:
    """Whether there is a published opportunity; asks the database for it."""
    statement = select(Opportunity.id).where(col(Opportunity.state) == ListingState.PUBLISHED)
    return db.exec(statement.limit(1)).first() is not None


def next_festival(db: Session, *, now: datetime) -> tuple[Opportunity, Occurrence] | None:
    """The next festival, with the occurrence it begins with."""
    return db.exec(
        select(Opportunity, Occurrence)
        .join(Occurrence, col(Occurrence.opportunity_id) == Opportunity.id)
        .where(
            col(Opportunity.format) == Format.FESTIVAL,
            col(Opportunity.state) == ListingState.PUBLISHED,
            col(Opportunity.external_id).in_(
                select(Opportunity.series).where(col(Opportunity.series).is_not(None))
            ),
            col(Occurrence.end) > now,
            col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
        )
        .options(selectinload(Opportunity.texts))  # type: ignore[arg-type]
        .order_by(col(Occurrence.start))
        .limit(1)
    ).first()


@dataclass(frozen=True)
class Summary:
    """How much there is, and from where."""

    opportunities: int
    spaces: int
    providers: int
    topics: int
    occurrences: int
    sources: tuple[tuple[str, int], ...]
    newest: datetime | None
    demo: bool


def summary(db: Session, *, now: datetime | None = None) -> Summary:
    """Count what is published."""

    def count(table: type, *where: object) -> int:
        statement = select(func.count()).select_from(table)
        return int(db.exec(statement.where(*where)).one())  # type: ignore[arg-type]

    def published(table: type[Opportunity | Space | Provider]) -> int:
        return count(table, col(table.state) == ListingState.PUBLISHED)

    sources: dict[str, int] = {}
    for table in (Opportunity, Space):
        for source, number in db.exec(
            select(table.source, func.count())
            .where(col(table.state) == ListingState.PUBLISHED)
            .group_by(table.source)
        ).all():
            sources[source] = sources.get(source, 0) + number
    newest = db.exec(
        select(Opportunity.modified)
        .where(col(Opportunity.state) == ListingState.PUBLISHED)
        .order_by(col(Opportunity.modified).desc())
        .limit(1)
    ).first()
    city = db.get(City, 1)
    when = [
        col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
        col(Occurrence.opportunity_id).in_(
            select(Opportunity.id).where(col(Opportunity.state) == ListingState.PUBLISHED)
        ),
        *([] if now is None else [col(Occurrence.end) > now]),
    ]
    return Summary(
        opportunities=published(Opportunity),
        spaces=published(Space),
        providers=published(Provider),
        topics=count(Topic),
        occurrences=count(Occurrence, *when),
        sources=tuple(sorted(sources.items())),
        newest=newest,
        demo=bool(city and city.demo_week),
    )


def all_providers(db: Session) -> Sequence[Provider]:
    """Every published provider, with its texts."""
    return db.exec(
        select(Provider)
        .where(col(Provider.state) == ListingState.PUBLISHED)
        .options(selectinload(Provider.texts))  # type: ignore[arg-type]
    ).all()


def spaces_of(db: Session, provider: Provider) -> Sequence[Space]:
    """A provider's published spaces."""
    return db.exec(
        select(Space)
        .where(col(Space.provider_id) == provider.id, col(Space.state) == ListingState.PUBLISHED)
        .options(
            selectinload(Space.texts),  # type: ignore[arg-type]
            selectinload(Space.district),  # type: ignore[arg-type]
        )
        .order_by(col(Space.id))
    ).all()


def _published(kind: str, name: str, row: _Listing | None) -> _Listing:
    if row is None or row.state in {ListingState.DRAFT, ListingState.SUBMITTED}:
        raise NotFound(kind, name)
    if row.state == ListingState.WITHDRAWN:
        expired = None if isinstance(row, Provider) else row.expired
        raise Gone(kind, row.slug, row.replaced_by, expired)
    return row


def _named(
    db: Session, statement: SelectOfScalar[_Listing], table: type[_Listing], name: str
) -> _Listing | None:
    """By number, else by slug: a title of digits alone may have become one."""
    if is_number(name):
        row = db.exec(statement.where(col(table.id) == int(name))).first()
        if row is not None:
            return row
    return db.exec(statement.where(col(table.slug) == clean(name))).first()


def is_number(name: str) -> bool:
    """Whether a name in an address means a listing's number and not its slug."""
    return name.isascii() and name.isdigit() and len(name) < _MOST_DIGITS


def of_a_row() -> tuple[ExecutableOption, ...]:
    """What to load with an opportunity for a row of a list."""
    space = selectinload(Opportunity.space)  # type: ignore[arg-type]
    return (
        selectinload(Opportunity.texts),  # type: ignore[arg-type]
        selectinload(Opportunity.teaches),  # type: ignore[arg-type]
        selectinload(Opportunity.schedules),  # type: ignore[arg-type]
        space,
        space.selectinload(Space.texts),  # type: ignore[arg-type]
        space.selectinload(Space.district),  # type: ignore[arg-type]
    )


def _named_provider() -> ExecutableOption:
    provider = selectinload(Opportunity.provider)  # type: ignore[arg-type]
    return provider.selectinload(Provider.texts)  # type: ignore[arg-type]


def load_opportunities(
    db: Session, numbers: Iterable[int], *, provider: bool = True
) -> dict[int, Opportunity]:
    """Opportunities by id, with everything a row of a list shows and, if wanted, their provider."""
    wanted = list(numbers)
    if not wanted:
        return {}
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(wanted))
        .options(*of_a_row(), *([_named_provider()] if provider else []))
    )
    return {row.id: row for row in db.exec(statement).all() if row.id is not None}
