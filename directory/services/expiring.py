"""Expiring: which listings wait for somebody to confirm them, and what becomes of them meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from directory.models import Occurrence, Opportunity, Provider, Schedule, Space
from directory.models.freshness import RHYTHMS
from directory.models.vocabulary import ListingState
from directory.services import catalogue
from directory.services.freshness import (
    TABLES,
    Listing,
    State,
    Terms,
    confirm_by,
    confirmed,
    state,
    tell_index,
)

# Months are of 28 to 31 days: what may be due is asked of the database, what is, decided here.
_MONTHS_DIFFER = timedelta(days=4)


def mark(db: Session, *, terms: Terms, now: datetime) -> int:
    """Have readers told of what nobody has confirmed for too long; of how many."""
    catalogue.take_turn(db)
    rows = _unconfirmed(db, terms=terms, now=now, since=terms.overdue, unmarked=True)
    for listing in rows:
        listing.overdue = now
        tell_index(db, listing, now=now)
    db.flush()
    return len(rows)


def withdraw(db: Session, *, terms: Terms, now: datetime) -> list[Listing]:
    """Withdraw what readers have been told of long enough; nothing is deleted."""
    catalogue.take_turn(db)
    told = [
        listing
        for listing in _unconfirmed(db, terms=terms, now=now, since=terms.overdue)
        if listing.overdue and listing.overdue + terms.withdraw <= now
    ]
    for listing in told:
        listing.state, listing.expired = ListingState.WITHDRAWN, now
        tell_index(db, listing, now=now)
    db.flush()
    return told


def to_remind(db: Session, *, terms: Terms, now: datetime) -> list[Listing]:
    """What is to be confirmed soon or should have been, and was not asked for lately."""
    catalogue.take_turn(db)
    return [
        listing
        for listing in _unconfirmed(db, terms=terms, now=now, since=-terms.remind)
        if listing.reminded is None or listing.reminded + terms.again <= now
    ]


def answerable(
    db: Session,
    providers: Sequence[int],
    *,
    since: datetime,
    terms: Terms,
    now: datetime,
    to_change: bool = False,
) -> list[Listing]:
    """What providers are asked to confirm, and what they have confirmed since they were asked."""
    found = [
        row for table in TABLES for row in _of_providers(db, table, providers, to_change=to_change)
    ]
    return [
        row
        for row in found
        if confirmed(row) >= since or state(row, terms=terms, now=now) is not State.FRESH
    ]


def listing(db: Session, type_: str, number: int, *, to_change: bool = False) -> Listing | None:
    """A listing that may be confirmed: published, or withdrawn because nobody did."""
    table: type[Listing] = Space if type_ == "space" else Opportunity
    wanted = _shown(table).where(col(table.id) == number)
    return db.exec(_to_change(wanted) if to_change else wanted).first()


def named(db: Session, folder: str, slug: str) -> Listing | None:
    """The same by its slug, among ``spaces`` or ``opportunities``."""
    table: type[Listing] = Space if folder == "spaces" else Opportunity
    return db.exec(_shown(table).where(col(table.slug) == slug)).first()


def _unconfirmed(
    db: Session, *, terms: Terms, now: datetime, since: timedelta, unmarked: bool = False
) -> list[Listing]:
    """Published listings of which the day to confirm by is so long past."""
    found: list[Listing] = []
    for table in TABLES:
        said = sa.func.coalesce(col(table.confirmed), col(table.modified))
        rhythm = sa.func.coalesce(col(table.rhythm), terms.rhythm)
        old = [
            sa.and_(rhythm == n, said <= now - since - relativedelta(months=n) + _MONTHS_DIFFER)
            for n in RHYTHMS
        ]
        statement = _shown(table).where(
            col(table.state) == ListingState.PUBLISHED, sa.or_(*old), *_has_dates(table, now)
        )
        if unmarked:
            statement = statement.where(col(table.overdue).is_(None))
        found += db.exec(_to_change(statement)).all()
    return [row for row in found if confirm_by(row, terms=terms) + since <= now]


def _has_dates(table: type[Listing], now: datetime) -> list[sa.ColumnElement[bool]]:
    if table is Space:
        return []
    ruled = sa.exists().where(col(Schedule.opportunity_id) == col(Opportunity.id))
    coming = sa.exists().where(
        col(Occurrence.opportunity_id) == col(Opportunity.id), col(Occurrence.end) > now
    )
    return [sa.or_(~ruled, coming)]


def _to_change(statement: SelectOfScalar[Listing]) -> SelectOfScalar[Listing]:
    """Listings for nobody else meanwhile, as they are now and not as they were read before."""
    return statement.with_for_update().execution_options(populate_existing=True)


def _of_providers(
    db: Session, table: type[Listing], providers: Sequence[int], *, to_change: bool
) -> Sequence[Listing]:
    theirs: sa.ColumnElement[bool] = col(table.provider_id).in_(providers)
    if table is Opportunity:
        homes = select(Space.id).where(col(Space.provider_id).in_(providers))
        unsaid = col(Opportunity.provider_id).is_(None)
        theirs = sa.or_(theirs, sa.and_(unsaid, col(Opportunity.space_id).in_(homes)))
    wanted = _shown(table).where(theirs)
    return db.exec(_to_change(wanted) if to_change else wanted).all()


def _shown(table: type[Listing]) -> SelectOfScalar[Listing]:
    """Listings that readers see, or would if somebody confirmed them, with what is said of them."""
    options = [
        selectinload(table.texts),  # type: ignore[arg-type]
        selectinload(table.provider).selectinload(Provider.texts),  # type: ignore[arg-type]
    ]
    if table is Opportunity:
        space = selectinload(Opportunity.space)  # type: ignore[arg-type]
        options += [
            selectinload(Opportunity.schedules),  # type: ignore[arg-type]
            selectinload(Opportunity.occurrences),  # type: ignore[arg-type]
            space.selectinload(Space.provider).selectinload(Provider.texts),  # type: ignore[arg-type]
        ]
    withdrawn = sa.and_(col(table.state) == ListingState.WITHDRAWN, col(table.expired).is_not(None))
    seen = sa.or_(col(table.state) == ListingState.PUBLISHED, withdrawn)
    statement = select(table).where(seen).options(*options)
    return cast("SelectOfScalar[Listing]", statement.order_by(col(table.id)))
