"""Onward: what is on at a place, from a provider, in a programme, or after an opportunity."""

from datetime import datetime

from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity, Provider, Space, Teaches
from directory.models.vocabulary import ListingState
from directory.services.listings import load_opportunities, next_of

Dated = tuple[Opportunity, Occurrence | None]
MOST = 60
NEXT_STEPS = 4


def at_space(db: Session, space: Space, *, now: datetime) -> list[Dated]:
    """What is still to come at a space, soonest first, what has no dates last."""
    return _dated(db, Opportunity.space_id == space.id, now)


def by_provider(db: Session, provider: Provider, *, now: datetime) -> list[Dated]:
    """What a provider still offers, soonest first."""
    return _dated(db, Opportunity.provider_id == provider.id, now)


def programme(db: Session, listing: Opportunity, *, now: datetime) -> list[Dated]:
    """What belongs to a festival or programme."""
    return _dated(db, Opportunity.series == listing.external_id, now)


def next_steps(db: Session, listing: Opportunity, *, now: datetime) -> list[Dated]:
    """What begins at the level this leads to, in the same topics."""
    gained = {t.topic_key: t.level_to for t in listing.teaches if t.level_to > t.level_from}
    if not gained:
        return []
    rows = db.exec(
        select(Teaches).where(
            col(Teaches.topic_key).in_(gained), Teaches.opportunity_id != listing.id
        )
    ).all()
    numbers = [
        t.opportunity_id
        for t in rows
        if t.level_from == gained[t.topic_key] and t.level_to > t.level_from
    ]
    return _dated(db, col(Opportunity.id).in_(numbers), now)[:NEXT_STEPS]


def _dated(db: Session, condition: object, now: datetime) -> list[Dated]:
    numbers = db.exec(
        select(Opportunity.id)
        .where(condition, col(Opportunity.state) == ListingState.PUBLISHED)  # type: ignore[arg-type]
        .order_by(col(Opportunity.id))
    ).all()
    coming = next_of(db, [n for n in numbers if n is not None], now=now)
    listed = load_opportunities(db, [n for n in numbers if n is not None])
    still = [
        (row, coming.get(number))
        for number, row in listed.items()
        if number in coming or not row.schedules
    ]
    still.sort(key=lambda pair: _order(pair, now))
    return still[:MOST]


def _order(dated: Dated, now: datetime) -> tuple[bool, datetime, int]:
    listing, occurrence = dated
    return (occurrence is None, occurrence.start if occurrence else now, listing.id or 0)
