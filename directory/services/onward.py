"""Onward: what is on at a place, from a provider, in a programme, or after an opportunity."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity, Provider, Schedule, Space, Teaches
from directory.models.vocabulary import Format, ListingState, OccurrenceStatus
from directory.services.listings import load_opportunities, next_of

Dated = tuple[Opportunity, Occurrence | None]
MOST = 60
NEXT_STEPS = 4


def at_space(db: Session, space: Space, *, now: datetime) -> list[Dated]:
    """What is still to come at a space, soonest first, what has no dates last."""
    return _dated(db, col(Opportunity.space_id) == space.id, now)


def by_provider(db: Session, provider: Provider, *, now: datetime) -> list[Dated]:
    """What a provider still offers, soonest first."""
    return _dated(db, col(Opportunity.provider_id) == provider.id, now)


def programme(db: Session, listing: Opportunity, *, now: datetime) -> list[Dated]:
    """What belongs to a festival or programme; nothing belongs to anything else."""
    if listing.format not in {Format.FESTIVAL, Format.PROGRAMME}:
        return []
    return _dated(db, col(Opportunity.series) == listing.external_id, now)


def next_steps(db: Session, listing: Opportunity, *, now: datetime) -> list[Dated]:
    """What begins at the level this leads to, in the same topics."""
    gained = {t.topic_key: t.level_to for t in listing.teaches if t.level_to > t.level_from}
    if not gained:
        return []
    begins_there = sa.or_(
        *(
            sa.and_(col(Teaches.topic_key) == topic, col(Teaches.level_from) == level)
            for topic, level in gained.items()
        )
    )
    onward = select(Teaches.opportunity_id).where(
        begins_there,
        col(Teaches.level_to) > col(Teaches.level_from),
        col(Teaches.opportunity_id) != listing.id,
    )
    return _dated(db, col(Opportunity.id).in_(onward), now, most=NEXT_STEPS)


def _dated(
    db: Session, condition: sa.ColumnElement[bool], now: datetime, *, most: int = MOST
) -> list[Dated]:
    """The first of what is published and still to come; the database chooses, only those are loaded."""
    numbers = _soonest(db, condition, now, most)
    if len(numbers) < most:
        numbers += _undated(db, condition, most - len(numbers))
    if not numbers:
        return []
    coming = next_of(db, numbers, now=now)
    listed = load_opportunities(db, numbers, provider=False)
    return [(listed[number], coming.get(number)) for number in numbers if number in listed]


def _soonest(db: Session, condition: sa.ColumnElement[bool], now: datetime, most: int) -> list[int]:
    first = sa.func.min(Occurrence.start)
    statement = (
        select(Occurrence.opportunity_id)
        .join(Opportunity, col(Opportunity.id) == col(Occurrence.opportunity_id))
        .where(
            condition,
            col(Opportunity.state) == ListingState.PUBLISHED,
            col(Occurrence.end) > now,
            col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
        )
        .group_by(col(Occurrence.opportunity_id))
        .order_by(first, col(Occurrence.opportunity_id))
        .limit(most)
    )
    return list(db.exec(statement).all())


def _undated(db: Session, condition: sa.ColumnElement[bool], most: int) -> list[int]:
    """What has no dates, because it needs none or nobody has said them."""
    scheduled = select(Schedule.id).where(col(Schedule.opportunity_id) == col(Opportunity.id))
    statement = (
        select(Opportunity.id)
        .where(
            condition,
            col(Opportunity.state) == ListingState.PUBLISHED,
            ~scheduled.exists(),
        )
        .order_by(col(Opportunity.id))
        .limit(most)
    )
    return [number for number in db.exec(statement).all() if number is not None]
