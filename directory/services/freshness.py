"""Freshness: how long what is said of a listing holds, and what becomes of it unconfirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col

from directory.models import Opportunity, Outbox, Provider, Space
from directory.models.freshness import By
from directory.models.vocabulary import ListingState
from directory.settings import Settings

Listing = Space | Opportunity
TABLES: tuple[type[Listing], ...] = (Space, Opportunity)
# A source that is read every hour need not be written down every hour.
SEEN_AGAIN = timedelta(days=1)


class State(StrEnum):
    """How far what is said of a listing may still be relied on."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Terms:
    """How long a city waits, and for what.

    Attributes:
        rhythm: months between confirmations where the provider has not chosen.
        remind: how long before the day to confirm by the provider is asked.
        again: how long after a reminder the next is sent.
        overdue: how long after that day readers are told.
        withdraw: how long readers are told before the listing is withdrawn.
    """

    rhythm: int
    remind: timedelta
    again: timedelta
    overdue: timedelta
    withdraw: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Terms":
        """The terms a city has set."""
        return cls(
            rhythm=settings.confirm_months,
            remind=timedelta(days=settings.remind_days),
            again=timedelta(days=settings.remind_again_days),
            overdue=timedelta(days=settings.overdue_days),
            withdraw=timedelta(days=settings.withdraw_days),
        )


def confirmed(listing: Listing) -> datetime:
    """When somebody last said that it is so."""
    return listing.confirmed or listing.modified


def confirm_by(listing: Listing, *, terms: Terms) -> datetime:
    """By when somebody should say so again."""
    return confirmed(listing) + relativedelta(months=listing.rhythm or terms.rhythm)


def state(listing: Listing, *, terms: Terms, now: datetime) -> State:
    """How far a listing may be relied on; what is over needs nobody to confirm it."""
    if listing.expired:
        return State.EXPIRED
    if is_over(listing, now):
        return State.FRESH
    by = confirm_by(listing, terms=terms)
    if listing.overdue or now >= by + terms.overdue:
        return State.OVERDUE
    return State.DUE if now >= by - terms.remind else State.FRESH


def confirm(
    db: Session, listings: Iterable[Listing], *, by: By, now: datetime, rhythm: int | None = None
) -> int:
    """Somebody says that listings are still true; how many readers see otherwise than before.

    This modifies nothing that is said of them. What was withdrawn because nobody said so is back.
    """
    seen = 0
    for listing in listings:
        listing.confirmed, listing.confirmed_by = now, by.speaker
        listing.reminded = None
        listing.rhythm = rhythm or listing.rhythm
        if not listing.overdue and not listing.expired:
            continue
        if listing.expired:
            listing.state = ListingState.PUBLISHED
        listing.overdue = listing.expired = None
        tell_index(db, listing, now=now)
        seen += 1
    db.flush()
    return seen


def seen_again(db: Session, listings: Iterable[Listing], *, by: By, now: datetime) -> None:
    """A source says unchanged listings again: one statement a table, whatever their number."""
    marked = []
    quiet: dict[type[Listing], list[Listing]] = {table: [] for table in TABLES}
    for listing in listings:
        if listing.overdue or listing.expired:
            marked.append(listing)
        elif listing.confirmed is None or listing.confirmed <= now - SEEN_AGAIN:
            quiet[type(listing)].append(listing)
    confirm(db, marked, by=by, now=now)
    for table, rows in quiet.items():
        if rows:
            _write_seen(db, table, rows, by, now)


def provider_of(listing: Listing) -> Provider | None:
    """Who answers for a listing: its own provider, else that of its space."""
    if listing.provider or isinstance(listing, Space):
        return listing.provider
    return listing.space.provider if listing.space else None


def type_of(listing: Listing) -> str:
    """``space`` or ``opportunity``."""
    return "space" if isinstance(listing, Space) else "opportunity"


def tell_index(db: Session, listing: Listing, *, now: datetime) -> None:
    """Readers see this listing otherwise; nothing else changes by that."""
    assert listing.id is not None  # noqa: S101 - it comes from the database
    db.add(Outbox(listing=type_of(listing), listing_id=listing.id, written=now))


def is_over(listing: Listing, now: datetime) -> bool:
    """Whether all its dates have passed."""
    if isinstance(listing, Space) or not listing.schedules:
        return False
    return all(occurrence.end <= now for occurrence in listing.occurrences)


def _write_seen(
    db: Session, table: type[Listing], rows: list[Listing], by: By, now: datetime
) -> None:
    values = {"confirmed": now, "confirmed_by": by.speaker}
    db.execute(
        sa.update(table).where(col(table.id).in_([row.id for row in rows])).values(**values),
        execution_options={"synchronize_session": False},
    )
    for row in rows:
        for name, value in values.items():
            set_committed_value(row, name, value)
