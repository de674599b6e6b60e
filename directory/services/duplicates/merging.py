"""Merging: of two listings one stays with what is best of both; the other leads on to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from directory.errors import Conflict, Invalid, Problem
from directory.models import Account, Duplicate, Opportunity, Space
from directory.models.freshness import By, Speaker
from directory.models.texts import FIELDS as TEXTS
from directory.models.vocabulary import ListingState, TextState, Verdict
from directory.services import audit, catalogue, recording
from directory.services.duplicates.fields import (
    FIELDS,
    FIRST,
    SECOND,
    Listing,
    ListingRecord,
    combined,
    defaults,
)
from directory.services.duplicates.judging import Pair, assert_open, judged, pair

# What a listing keeps beside its record, and gets back with it.
_KEPT = ("fingerprint", "said")
_States = dict[tuple[str, str], TextState]


def records(of: Pair) -> dict[str, ListingRecord]:
    """The records of both sides."""
    return {side: record(row) for side, row in of.sides.items()}


def suggested(of: Pair) -> dict[str, str]:
    """Of each field the side that is likely to be better."""
    newer = SECOND if of.second.modified > of.first.modified else FIRST
    return defaults(of.row.listing, records(of), newer)


def digest(of: Pair) -> str:
    """A digest of both, for whoever chooses between what was shown."""
    return ".".join(each.fingerprint() for each in records(of).values())


def merge(
    db: Session,
    by: Account,
    *,
    number: int,
    keep: str,
    choices: Mapping[str, str],
    seen: str,
    now: datetime,
) -> Pair:
    """Make one of two; the opportunities of a space that goes move with it.

    Args:
        db: the unit of work.
        by: the editor.
        number: of the pair.
        keep: the side whose address stays, ``first`` or ``second``.
        choices: of each field the side it is taken from; what is not named stays as it is.
        seen: the digest of what was chosen between.
        now: this moment.

    Raises:
        NotFound: there is no such pair.
        Invalid: it was judged before, one of the two is no longer published, or a choice is none.
        Conflict: one of the two changed since it was shown.
    """
    catalogue.take_turn(db)
    of = pair(db, number)
    assert_open(of.row)
    _assert_possible(of, keep, choices)
    if seen != digest(of):
        raise Conflict(of.row.listing)
    kept, gone = of.side(keep), of.side(SECOND if keep == FIRST else FIRST)
    moved = _opportunities(db, gone)
    before = {
        "kept": _snapshot(kept),
        "moved": [each.id for each in moved],
        "texts": _texts(kept),
    }
    states = {side: _states(row) for side, row in of.sides.items()}
    written(db, combined(of.row.listing, keep, records(of), choices), now=now)
    _restate(kept, states, {field: choices.get(field, keep) for field in TEXTS})
    gone.state, gone.replaced_by, gone.modified = ListingState.WITHDRAWN, kept.slug, now
    for each in moved:
        each.space_id, each.modified = kept.id, now
    _forget_others(db, of.row, gone)
    judged(of.row, by, Verdict.SAME, now=now)
    of.row.gone_id, of.row.noted = gone.id, None
    db.flush()
    for row in (gone, kept, *moved):
        db.refresh(row)
        catalogue.note_change(db, row, now=now)
    of.row.before = before | {"digest": digest(of)}
    db.flush()
    listings = {"kept": kept.id, "gone": gone.id, "moved": before["moved"]}
    audit.note(db, by, what="pair-merged", about=f"pair:{number}", detail=listings, now=now)
    return of


def written(db: Session, record: ListingRecord, *, now: datetime) -> None:
    """Have an editor say what a record says."""
    among = catalogue.known_for(db, record)
    catalogue.apply(db, record, among=among, now=now, by=By(Speaker.EDITOR))
    db.flush()


def _assert_possible(of: Pair, keep: str, choices: Mapping[str, str]) -> None:
    sides = {FIRST, SECOND}
    if keep not in sides:
        raise Invalid((Problem("keep", "unknown-value", keep, (FIRST, SECOND)),))
    for name, side in choices.items():
        if name not in FIELDS[of.row.listing] or side not in sides:
            raise Invalid((Problem(name, "unknown-value", side, (FIRST, SECOND)),))
    if any(row.state != ListingState.PUBLISHED for row in of.sides.values()):
        raise Invalid((Problem("pair", "pair-withdrawn"),))


def record(row: Listing) -> ListingRecord:
    """A listing's record, which refers to others by number."""
    made = recording.whole(row)
    if not isinstance(made, ListingRecord):
        raise TypeError(f"{row!r} is never merged")
    return made


def _snapshot(row: Listing) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in _KEPT}
    confirmed = row.confirmed.isoformat() if row.confirmed else None
    by = row.confirmed_by.value if row.confirmed_by else None
    return {
        "id": row.id,
        "record": record(row).model_dump(mode="json"),
        **kept,
        "confirmed": confirmed,
        "confirmed_by": by,
    }


def _texts(row: Listing) -> list[list[str]]:
    return [[text.field, text.language, text.value, text.state.value] for text in row.texts]


def _states(row: Listing) -> dict[tuple[str, str], TextState]:
    return {(text.field, text.language): text.state for text in row.texts}


def _restate(row: Listing, states: Mapping[str, _States], chosen: Mapping[str, str]) -> None:
    """A translation is what it was; one of words that were not chosen has fallen behind."""
    for text in row.texts:
        side = chosen[text.field]
        key = text.field, text.language
        state = states[side].get(key)
        if text.language == row.language:
            text.state = TextState.ORIGINAL
        elif state is None:
            other = states[SECOND if side == FIRST else FIRST].get(key)
            text.state = TextState.HUMAN if other is TextState.ORIGINAL else TextState.STALE
        else:
            text.state = TextState.HUMAN if state is TextState.ORIGINAL else state


def _opportunities(db: Session, space: Listing) -> list[Opportunity]:
    if not isinstance(space, Space):
        return []
    return list(db.exec(select(Opportunity).where(Opportunity.space_id == space.id)).all())


def _forget_others(db: Session, row: Duplicate, gone: Listing) -> None:
    """What else looked like the one that goes is looked for anew, beside the one that stays."""
    others = db.exec(
        select(Duplicate).where(
            Duplicate.listing == row.listing,
            col(Duplicate.verdict) == Verdict.OPEN,
            col(Duplicate.id) != row.id,
            (col(Duplicate.first_id) == gone.id) | (col(Duplicate.second_id) == gone.id),
        )
    )
    for other in others:
        db.delete(other)
