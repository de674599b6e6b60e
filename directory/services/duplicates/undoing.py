"""Undoing: two listings that were merged are two again, as they were."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from directory.errors import Invalid, Problem
from directory.models import Account, Opportunity
from directory.models.freshness import Speaker
from directory.models.records import OpportunityRecord, SpaceRecord
from directory.models.texts import Text
from directory.models.vocabulary import ListingState, TextState, Verdict
from directory.services import audit, catalogue
from directory.services.duplicates.fields import FIRST, SECOND, Listing
from directory.services.duplicates.judging import Pair, pair
from directory.services.duplicates.merging import record, written

_RECORDS: dict[str, type[SpaceRecord | OpportunityRecord]] = {
    "space": SpaceRecord,
    "opportunity": OpportunityRecord,
}


def undo(db: Session, by: Account, *, number: int, now: datetime) -> Pair:
    """Take a merge back.

    Raises:
        NotFound: there is no such pair.
        Invalid: it is not merged, or a listing changed since; which one is said.
    """
    catalogue.take_turn(db)
    of = pair(db, number)
    before = of.row.before
    if of.row.verdict is not Verdict.SAME or before is None:
        raise Invalid((Problem("verdict", "pair-not-merged"),))
    if changed := changed_since(of):
        raise Invalid(tuple(Problem(side, f"pair-changed-{side}") for side in changed))
    kept = of.side(kept_side(of))
    gone = of.side(gone_side(of))
    snapshot = before["kept"]
    made = _RECORDS[of.row.listing].model_validate(snapshot["record"])
    written(db, made, now=now)
    _put_back(db, kept, before)
    gone.state, gone.replaced_by, gone.modified = ListingState.PUBLISHED, None, now
    moved = _moved_back(db, before["moved"], kept, gone, now=now)
    row = of.row
    row.verdict, row.judged, row.judged_by_id = Verdict.OPEN, None, None
    row.gone_id, row.before, row.noted = None, None, None
    db.flush()
    for each in (kept, gone, *moved):
        db.refresh(each)
        catalogue.note_change(db, each, now=now)
    db.flush()
    listings = {"kept": kept.id, "gone": gone.id}
    audit.note(db, by, what="pair-unmerged", about=f"pair:{number}", detail=listings, now=now)
    return of


def changed_since(of: Pair) -> list[str]:
    """The sides that are not what the merge made of them."""
    before: dict[str, Any] = of.row.before or {}
    made = dict(zip((FIRST, SECOND), str(before.get("digest", "")).split("."), strict=False))
    kept, gone = kept_side(of), gone_side(of)
    as_left = {
        kept: of.side(kept).state == ListingState.PUBLISHED,
        gone: of.side(gone).state == ListingState.WITHDRAWN
        and of.side(gone).replaced_by == of.side(kept).slug,
    }
    return [
        side
        for side in (FIRST, SECOND)
        if not as_left[side] or record(of.side(side)).fingerprint() != made.get(side)
    ]


def gone_side(of: Pair) -> str:
    """The side that was merged into the other."""
    return FIRST if of.row.gone_id == of.first.id else SECOND


def kept_side(of: Pair) -> str:
    """The side that stayed."""
    return SECOND if gone_side(of) == FIRST else FIRST


def _put_back(db: Session, row: Listing, before: dict[str, Any]) -> None:
    """What a record does not say: each text with its state, and who said what."""
    snapshot = before["kept"]
    row.said, row.fingerprint = snapshot["said"], snapshot["fingerprint"]
    if row.confirmed_by is Speaker.EDITOR:  # the merge itself; a later confirmation stays
        confirmed, speaker = snapshot["confirmed"], snapshot["confirmed_by"]
        row.confirmed = datetime.fromisoformat(confirmed) if confirmed else None
        row.confirmed_by = Speaker(speaker) if speaker else None
    there = {(text.field, text.language): text for text in row.texts}
    wanted = {(field, tag): (value, state) for field, tag, value, state in before["texts"]}
    for key, text in there.items():
        if key not in wanted:
            row.texts.remove(text)
    for (field, tag), (value, state) in wanted.items():
        text = there.get((field, tag)) or Text(field=field, language=tag, value=value)
        text.value, text.state = value, TextState(state)
        if text not in row.texts:
            row.texts.append(text)
    db.flush()


def _moved_back(
    db: Session, numbers: list[int], kept: Listing, gone: Listing, *, now: datetime
) -> list[Opportunity]:
    """Those that moved with the space and are still where they were moved to."""
    rows = db.exec(
        select(Opportunity).where(col(Opportunity.id).in_(numbers), Opportunity.space_id == kept.id)
    ).all()
    for row in rows:
        row.space_id, row.modified = gone.id, now
    return list(rows)
