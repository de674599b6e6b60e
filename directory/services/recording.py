"""Recording: from a listing's row back to the record it would be made from."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.models import Opportunity, Provider, Space
from directory.models.records import (
    OpportunityRecord,
    ProviderRecord,
    SpaceRecord,
    TeachesRecord,
)
from directory.models.texts import FIELDS
from directory.models.vocabulary import ListingState, TextState
from directory.services.catalogue import AnyListing, AnyListingRecord, schedule_record

BATCH = 500


def published(db: Session) -> Iterator[AnyListingRecord]:
    """Everything published: providers, then spaces, then opportunities."""
    for row in _rows(db, Provider, ()):
        yield provider_record(row)
    for row in _rows(db, Space, (Space.provider, Space.district)):
        yield space_record(row)
    parts = (Opportunity.provider, Opportunity.space, Opportunity.teaches, Opportunity.schedules)
    for row in _rows(db, Opportunity, parts):
        yield opportunity_record(row)


def whole(row: AnyListing) -> AnyListingRecord:
    """The record of any listing, which refers to others by number, whatever source they are of."""
    made = _RECORD[type(row)](row)
    if isinstance(row, Provider):
        return made
    numbers = {"provider": row.provider_id}
    if isinstance(row, Opportunity):
        numbers["space"] = row.space_id
    named = {name: None if number is None else f"#{number}" for name, number in numbers.items()}
    return made.model_copy(update=named)


def provider_record(row: Provider) -> ProviderRecord:
    """The record of a provider."""
    return ProviderRecord(**_common(row), kind=row.kind, email=row.email)


def space_record(row: Space) -> SpaceRecord:
    """The record of a space."""
    district = row.district
    return SpaceRecord(
        **_common(row),
        kind=row.kind,
        provider=_reference(row, row.provider),
        district=(district.names.get("und") or district.key) if district else None,
        address=row.address,
        postcode=row.postcode,
        lat=row.lat,
        lon=row.lon,
        email=row.email,
        phone=row.phone,
        access=row.access,
        hours=row.hours,
        special_days=row.special_days,
        closures=row.closures,
        holidays=row.holidays,
        topics=tuple(row.topics),
        commitments=tuple(row.commitments),
    )


def opportunity_record(row: Opportunity) -> OpportunityRecord:
    """The record of an opportunity."""
    return OpportunityRecord(
        **_common(row),
        provider=_reference(row, row.provider),
        space=_reference(row, row.space),
        format=row.format,
        setting=row.setting,
        languages=None if row.languages is None else tuple(row.languages),
        teaches=tuple(
            TeachesRecord(topic=t.topic_key, level_from=t.level_from, level_to=t.level_to)
            for t in row.teaches
        ),
        requires=row.requires,
        age_min=row.age_min,
        age_max=row.age_max,
        price=row.price,
        currency=row.currency,
        price_note=row.price_note,
        booking=row.booking,
        capacity=row.capacity,
        residents_of=tuple(row.residents_of),
        access=row.access,
        commitments=tuple(row.commitments),
        notices=row.notices,
        series=row.series,
        schedules=tuple(schedule_record(schedule) for schedule in row.schedules),
    )


def _common(row: AnyListing) -> dict[str, Any]:
    texts: dict[str, dict[str, str]] = {name: {} for name in FIELDS}
    states = set()
    for text in row.texts:
        texts[text.field][text.language] = text.value
        if text.language != row.language:
            states.add(text.state)
    return {
        "source": row.source,
        "external_id": row.external_id,
        "language": row.language,
        **texts,
        "translation_state": states.pop() if len(states) == 1 else TextState.HUMAN,
        "url": row.url,
        "state": row.state,
    }


def _reference(row: AnyListing, to: Provider | Space | None) -> str | None:
    """The external id of what a record may refer to: of the same source, and published."""
    if to is None or to.source != row.source or to.state != ListingState.PUBLISHED:
        return None
    return to.external_id


def _rows(db: Session, table: Any, parts: Iterable[Any]) -> Iterator[Any]:
    """Published rows, a few at a time, with what their records need."""
    last = 0
    options = [selectinload(part) for part in (table.texts, *parts)]
    wanted = select(table).where(col(table.state) == ListingState.PUBLISHED).options(*options)
    while rows := db.exec(wanted.where(table.id > last).order_by(table.id).limit(BATCH)).all():
        last = rows[-1].id
        yield from rows
        db.expunge_all()


_RECORD: dict[type[AnyListing], Callable[[Any], AnyListingRecord]] = {
    Provider: provider_record,
    Space: space_record,
    Opportunity: opportunity_record,
}
