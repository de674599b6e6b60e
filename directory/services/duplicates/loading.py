"""Loading: the traits of everything published, read as columns and not as listings."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.exchange.folding import fold
from directory.models import District, Occurrence, Opportunity, Space, Teaches, Text
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services.duplicates.traits import READ, Place, Traits, When

# Rules without end are dated about a year ahead, not all to the same day.
_BEHIND, _AHEAD = timedelta(days=31), timedelta(days=300)
# What more listings than these give as their contact is the house's, not theirs.
MOST_SHARING = 3
_LINE_END = 9

Texts = dict[int, dict[str, str]]


def spaces(db: Session) -> list[Traits]:
    """Every published space."""
    columns = (
        Space.id, Space.source, Space.language, Space.kind, Space.lat, Space.lon, Space.address,
        Space.postcode, Space.url, Space.email, Space.phone, Space.district_key,
    )  # fmt: skip
    rows = db.execute(_published(Space, columns)).all()
    texts = _texts(db, Space, col(Text.space_id))
    named = db.exec(select(District)).all()
    districts = {each.key: " ".join([each.key, *each.names.values()]) for each in named}
    own = _rare([(r.id, (r.url, r.email, _phone(r.phone))) for r in rows])
    return [
        Traits(
            number=r.id,
            source=r.source,
            title=texts[r.id].get("title", ""),
            place=Place(
                r.id,
                texts[r.id].get("title", ""),
                r.lat,
                r.lon,
                fold(r.address),
                r.postcode,
                districts.get(r.district_key, ""),
            ),
            kind=r.kind.value,
            text=_prose(texts[r.id]),
            contacts=own[r.id],
        )
        for r in rows
        if r.id in texts
    ]


def opportunities(db: Session, *, now: datetime, zone: str) -> list[Traits]:
    """Every published opportunity."""
    columns = (
        Opportunity.id, Opportunity.source, Opportunity.format, Opportunity.space_id,
        Opportunity.url, Opportunity.age_min, Opportunity.age_max,
    )  # fmt: skip
    rows = db.execute(_published(Opportunity, columns)).all()
    texts = _texts(db, Opportunity, col(Text.opportunity_id))
    places, whens, levels = _places(db), _whens(db, now, ZoneInfo(zone)), _levels(db)
    own = _rare([(r.id, (r.url,)) for r in rows])
    nowhere = Place()
    return [
        Traits(
            number=r.id,
            source=r.source,
            title=texts[r.id].get("title", ""),
            place=places.get(r.space_id, nowhere),
            kind=r.format.value,
            text=_prose(texts[r.id]),
            contacts=own[r.id],
            when=whens.get(r.id),
            ages=(r.age_min, r.age_max),
            levels=levels.get(r.id, frozenset()),
        )
        for r in rows
        if r.id in texts
    ]


def _published(table: type[Space | Opportunity], columns: Any) -> Any:
    published = col(table.state) == ListingState.PUBLISHED
    return sa.select(*columns).where(published).order_by(col(table.id))


def _texts(db: Session, table: type[Space | Opportunity], owner: Any) -> Texts:
    """Of each listing its texts in its own language."""
    statement = (
        sa.select(owner, col(Text.field), sa.func.substr(Text.value, 1, READ))
        .join(table, col(table.id) == owner)
        .where(col(Text.language) == table.language, col(table.state) == ListingState.PUBLISHED)
    )
    found: Texts = {}
    for number, field, value in db.execute(statement):
        found.setdefault(number, {})[field] = value
    return found


def _prose(texts: dict[str, str]) -> str:
    return f"{texts.get('summary', '')} {texts.get('description', '')}".strip()[:READ]


def _places(db: Session) -> dict[int | None, Place]:
    return {each.number: each.place for each in spaces(db)}


def _whens(db: Session, now: datetime, zone: ZoneInfo) -> dict[int, When]:
    """Of each opportunity its dates within some months; of one without such, all its dates."""
    found: dict[int, When] = {}
    near = (col(Occurrence.start) >= now - _BEHIND, col(Occurrence.start) < now + _AHEAD)
    for some in ((), near):
        statement = (
            sa.select(
                col(Occurrence.opportunity_id),
                sa.func.min(col(Occurrence.start)).label("first"),
                sa.func.max(col(Occurrence.start)).label("last"),
                sa.func.count().label("number"),
                sa.func.min(sa.cast(Occurrence.all_day, sa.Integer)).label("all_day"),
            )
            .where(col(Occurrence.status) == OccurrenceStatus.SCHEDULED, *some)
            .group_by(col(Occurrence.opportunity_id))
        )
        for number, first, last, count, all_day in db.execute(statement):
            begins, ends = (each.astimezone(zone).replace(tzinfo=None) for each in (first, last))
            found[number] = When(begins, ends, count, bool(all_day))
    return found


def _levels(db: Session) -> dict[int, frozenset[tuple[str, int, int]]]:
    statement = sa.select(
        col(Teaches.opportunity_id),
        col(Teaches.topic_key),
        col(Teaches.level_from),
        col(Teaches.level_to),
    )
    found: dict[int, set[tuple[str, int, int]]] = {}
    for number, topic, low, high in db.execute(statement):
        found.setdefault(number, set()).add((topic, low, high))
    return {number: frozenset(levels) for number, levels in found.items()}


def _rare(given: list[tuple[int, tuple[str, ...]]]) -> dict[int, frozenset[str]]:
    """The contacts of each listing that are its own and not those of a whole house."""
    plain = [(number, {_plain(each) for each in contacts if each}) for number, contacts in given]
    count = Counter(contact for _number, contacts in plain for contact in contacts)
    return {
        number: frozenset(each for each in contacts if count[each] <= MOST_SHARING)
        for number, contacts in plain
    }


def _plain(contact: str) -> str:
    bare = contact.strip().casefold().removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")


def _phone(phone: str) -> str:
    """The last digits: whether or not the country is said first."""
    return "".join(c for c in phone if c.isdigit())[-_LINE_END:]
