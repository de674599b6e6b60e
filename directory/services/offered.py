"""Offered: the published opportunities as the recommender takes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity, Space, Text
from directory.models.records import WHOLE_CITY
from directory.models.vocabulary import Format, ListingState, OccurrenceStatus
from directory.services.shown import is_anytime, known_access
from directory.services.visits import Opened, drops_in, visits
from recommender import Item, Passage
from recommender import Session as Meeting

BATCH = 500
NEW = timedelta(days=30)
"""A listing is new for so long."""

# One begins these at the first meeting and stays to the last.
_COURSES = {Format.COURSE, Format.PROGRAMME, Format.APPRENTICESHIP, Format.PLACEMENT}
# One goes to these again and again and may begin with any meeting; of the rest one visit is enough.
_REPEATED = {
    Format.READING_GROUP,
    Format.MENTORING,
    Format.VOLUNTEERING,
    Format.DROP_IN,
    Format.WORKSHOP,
}
# A level takes more than one meeting: of what goes on without end, so many count as having done it.
MEETINGS = 8


class Date(NamedTuple):
    """A scheduled occurrence, with the zone it is local to."""

    number: int
    start: datetime
    end: datetime
    timezone: str


def items(db: Session, *, now: datetime, opened: Opened | None = None) -> Iterator[Item]:
    """Every published opportunity, by number."""
    numbers: Sequence[int | None] = db.exec(
        select(Opportunity.id)
        .where(col(Opportunity.state) == ListingState.PUBLISHED)
        .order_by(col(Opportunity.id))
    ).all()
    # A session apart lets go of rows as it reads on.
    with Session(db.get_bind().execution_options(reading=True)) as apart:
        for begin in range(0, len(numbers), BATCH):
            batch = [number for number in numbers[begin : begin + BATCH] if number is not None]
            dates = _dates(apart, batch)
            for row in _loaded(apart, batch):
                yield item(row, dates.get(row.id or 0, ()), now=now, opened=opened)
            apart.expunge_all()


def _loaded(db: Session, numbers: Sequence[int]) -> Sequence[Opportunity]:
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(numbers))
        .options(
            selectinload(Opportunity.texts),  # type: ignore[arg-type]
            selectinload(Opportunity.teaches),  # type: ignore[arg-type]
            selectinload(Opportunity.schedules),  # type: ignore[arg-type]
            selectinload(Opportunity.space),  # type: ignore[arg-type]
        )
        .order_by(col(Opportunity.id))
    )
    return db.exec(statement).all()


def _dates(db: Session, numbers: Sequence[int]) -> dict[int, list[Date]]:
    """When some opportunities take place: plain rows, for there are many and nobody changes them."""
    statement = (
        sa.select(
            Occurrence.opportunity_id,
            Occurrence.id,
            Occurrence.start,
            Occurrence.end,
            Occurrence.timezone,
        )  # type: ignore[call-overload]
        .where(
            col(Occurrence.opportunity_id).in_(numbers),
            col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
        )
        .order_by(col(Occurrence.start), col(Occurrence.id))
    )
    found: dict[int, list[Date]] = {}
    for listing, *date in db.exec(statement).all():
        found.setdefault(listing, []).append(Date(*date))
    return found


def item(
    row: Opportunity, dates: Sequence[Date], *, now: datetime, opened: Opened | None = None
) -> Item:
    """An opportunity as the recommender takes it; what it is made of is loaded."""
    space: Space | None = row.space
    sessions, whole = _attended(row, dates, now)
    if opened is not None and space is not None and drops_in(row):
        sessions, whole = visits(row, opened(space), now=now), False
    return Item(
        id=str(row.id),
        passages=_passages(row.texts),
        topics=tuple(t.topic_key for t in row.teaches),
        teaches={t.topic_key: (t.level_from, t.level_to) for t in row.teaches},
        requires=row.requires,
        format=row.format,
        setting=row.setting,
        space_kind=space.kind if space else None,
        provider=None if row.provider_id is None else str(row.provider_id),
        languages=None if row.languages is None else tuple(row.languages),
        price=None if row.price is None else float(row.price),
        age_min=row.age_min,
        age_max=row.age_max,
        access=known_access(row),
        lat=space.lat if space else None,
        lon=space.lon if space else None,
        sessions=sessions,
        anytime=is_anytime(row),
        whole=whole,
        fresh=now - row.created < NEW,
        areas=() if WHOLE_CITY in row.residents_of else tuple(row.residents_of),
    )


def _passages(texts: Sequence[Text]) -> tuple[Passage, ...]:
    """What is written in each language: titles, and all the rest."""
    titles: dict[str, list[str]] = {}
    bodies: dict[str, list[str]] = {}
    for text in texts:
        into = titles if text.field == "title" else bodies
        into.setdefault(text.language, []).append(text.value)
    return tuple(
        Passage(tag, " ".join(titles.get(tag, ())), "\n".join(bodies.get(tag, ())))
        for tag in sorted({*titles, *bodies})
    )


def _attended(
    row: Opportunity, dates: Sequence[Date], now: datetime
) -> tuple[tuple[Meeting, ...], bool]:
    """The meetings that may be attended, and whether all of them have to be."""
    coming = [date for date in dates if date.start > now]
    endless = not all(_ends(s.rule) for s in row.schedules)
    whole = row.format in _COURSES | _REPEATED
    if whole and endless:
        coming = coming[:MEETINGS]
    attended = dates if row.format in _COURSES and not endless else coming
    return tuple(_meeting(date) for date in attended), whole


def _ends(rule: str) -> bool:
    upper = rule.upper()
    return not rule or "UNTIL=" in upper or "COUNT=" in upper


def _meeting(date: Date) -> Meeting:
    zone = ZoneInfo(date.timezone)
    return Meeting(str(date.number), date.start.astimezone(zone), date.end.astimezone(zone))
