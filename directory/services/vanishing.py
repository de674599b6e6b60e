"""Vanishing: what becomes of listings that are no longer in their source's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlmodel import Session, col, select

from directory.exchange.csv_reader import RowType, Sheet
from directory.models import Opportunity, Space
from directory.models.records import OpportunityRecord, SpaceRecord
from directory.models.vocabulary import ListingState
from directory.services import freshness

# More than this share at once is rather a broken file than a city that gave up so much.
MOST = 1 / 3

_KINDS: tuple[tuple[type[Space | Opportunity], type, RowType], ...] = (
    (Space, SpaceRecord, RowType.SPACE),
    (Opportunity, OpportunityRecord, RowType.OPPORTUNITY),
)


class Gone(StrEnum):
    """What is done with them."""

    STAYS = "stays"
    GOES = "goes"
    GOES_EVEN_IF_MANY = "goes-even-if-many"


@dataclass(frozen=True)
class Held:
    """How many were not withdrawn, and why: too many, or lines that could not be read."""

    number: int
    why: str


def decide(
    db: Session, sheet: Sheet, *, source: str, gone: Gone, now: datetime
) -> tuple[Sequence[Space | Opportunity], Held | None]:
    """The listings of a source to withdraw, or that there are some but none is.

    Only kinds of listing that the file has rows of are looked at, and nothing that is over.
    """
    there = 0
    missing: list[Space | Opportunity] = []
    for table, record, kind in _KINDS:
        said = _said(sheet, source, record, kind)
        if said is None:
            continue
        rows = published(db, table, source)
        absent = [row for row in rows if row.external_id not in said]
        over = [row for row in absent if freshness.is_over(row, now)]
        there += len(rows) - len(over)
        missing += [row for row in absent if row not in over]
    if not missing:
        return [], None
    if sheet.nameless:
        return [], Held(len(missing), "gone-unread")
    if len(missing) > MOST * there and gone is not Gone.GOES_EVEN_IF_MANY:
        return [], Held(len(missing), "gone-too-many")
    return missing, None


def published(
    db: Session, table: type[Space | Opportunity], source: str
) -> Sequence[Space | Opportunity]:
    """What readers see of a source."""
    state = col(table.state) == ListingState.PUBLISHED
    return cast(
        "Sequence[Space | Opportunity]",
        db.exec(select(table).where(table.source == source, state)).all(),
    )


def _said(sheet: Sheet, source: str, record: type, kind: RowType) -> set[str] | None:
    """Whatever is in the file, let in or not; nothing if it has none of a kind at all."""
    own = {
        e.record.external_id
        for e in sheet.entries
        if isinstance(e.record, record) and e.source == source
    }
    beside = {
        each.external_id
        for each in (*sheet.left_out, *sheet.refused_ids)
        if each.kind is kind and each.source == source
    }
    if not own and not beside and kind is RowType.SPACE:
        return None
    places = {e.place.external_id for e in sheet.entries if e.place and e.source == source}
    return own | beside | (places if kind is RowType.SPACE else set())
