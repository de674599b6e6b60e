"""Writing: a draft is begun, saved as often as one likes, handed in and sent back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.errors import Conflict, Invalid, NotFound, Problem
from directory.models import Account, Draft, Provider
from directory.models.records import Record
from directory.models.vocabulary import DraftState
from directory.services import accounts, audit
from directory.services.drafting import standing
from directory.services.drafting.members import is_editor, may_write
from directory.services.drafting.moves import UNDER_WAY, Move, assert_allowed, moved

LONGEST_REASON = 2000
_WRITABLE = (DraftState.OPEN, DraftState.RETURNED)


def begin(
    db: Session,
    by: Account,
    *,
    listing: str,
    listing_id: int | None = None,
    provider_id: int | None = None,
    content: dict[str, Any],
    template_id: int | None = None,
    now: datetime,
) -> Draft:
    """A new draft; of a listing that has one under way, that one, as somebody left it.

    Raises:
        NotFound: the listing or its provider is none this person writes for.
    """
    base = ""
    if listing_id is not None:
        row = standing.listing(db, by, listing=listing, number=listing_id)
        provider_id = standing.provider_of(row)
        if there := _under_way(db, listing, listing_id):
            return there
        base = standing.digest(row)
    elif not may_write(db, by, provider_id) or not _is_there(db, provider_id):
        raise NotFound("provider", str(provider_id))
    number = accounts.known_id(by)
    draft = Draft(
        listing=listing,
        listing_id=listing_id,
        provider_id=provider_id,
        content=content,
        base=base,
        author_id=number,
        saved_by_id=number,
        template_id=template_id,
        created=now,
        saved=now,
    )
    db.add(draft)
    db.flush()
    return draft


def read(db: Session, by: Account, number: int) -> Draft:
    """A draft this person may write.

    Raises:
        NotFound: there is none, or it is of a provider this person does not write for.
    """
    draft = db.get(Draft, number)
    if draft is None or not may_write(db, by, draft.provider_id):
        raise NotFound("draft", str(number))
    return draft


def save(
    db: Session,
    by: Account,
    *,
    draft: Draft,
    content: dict[str, Any],
    record: Record | None,
    revision: int,
    now: datetime,
) -> None:
    """Keep what was typed, and the record it makes if it makes one.

    Whoever read revision ``revision`` overwrites only that: the database itself compares.

    Raises:
        Conflict: somebody saved it since; nothing was changed.
        Invalid: it was handed in, published or dropped; take it back first.
    """
    if draft.state not in (UNDER_WAY if is_editor(by) else _WRITABLE):
        raise Invalid((Problem("draft", "not-open", draft.state.value),))
    _update(
        db,
        draft,
        revision,
        content=content,
        record=None if record is None else record.model_dump(mode="json"),
        saved=now,
        saved_by_id=accounts.known_id(by),
    )


def submit(db: Session, by: Account, *, draft: Draft, revision: int, now: datetime) -> None:
    """Hand a draft in to the editors.

    Raises:
        Invalid: it is no whole listing yet, or was handed in already.
        Conflict: somebody saved it since it was read.
    """
    to = moved(draft.state, Move.SUBMIT, by_editor=is_editor(by))
    if draft.record is None:
        raise Invalid((Problem("draft", "draft-not-whole"),))
    _update(db, draft, revision, state=to, submitted=now, reason="")
    _note(db, by, draft, "draft-submitted", now)


def take_back(db: Session, by: Account, *, draft: Draft, revision: int, now: datetime) -> None:
    """Take a draft back from the editors, to write on.

    Raises:
        Invalid: it is not with them.
        Conflict: somebody saved it since it was read.
    """
    to = moved(draft.state, Move.TAKE_BACK, by_editor=is_editor(by))
    _update(db, draft, revision, state=to, submitted=None)
    _note(db, by, draft, "draft-taken-back", now)


def send_back(
    db: Session, by: Account, *, draft: Draft, revision: int, reason: str, now: datetime
) -> None:
    """Give a draft back to its writers, with the reason.

    Raises:
        Invalid: no reason is given, or the draft was not handed in.
        Conflict: somebody saved it since it was read.
    """
    to = moved(draft.state, Move.SEND_BACK, by_editor=is_editor(by))
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid((Problem("reason", "not-a-reason", reason[:40]),))
    _update(db, draft, revision, state=to, submitted=None, reason=reason)
    _note(db, by, draft, "draft-sent-back", now)


def drop(db: Session, by: Account, *, draft: Draft, revision: int, now: datetime) -> None:
    """Give a draft up; what is published stays as it is.

    Raises:
        Invalid: it is published or was given up already.
        Conflict: somebody saved it since it was read.
    """
    to = moved(draft.state, Move.DROP, by_editor=is_editor(by))
    _update(db, draft, revision, state=to)
    _note(db, by, draft, "draft-dropped", now)


def close(
    db: Session, by: Account, *, draft: Draft, revision: int, listing_id: int, now: datetime
) -> None:
    """Note that a draft is published, as this listing.

    Raises:
        Conflict: somebody saved it since it was read.
    """
    assert_allowed(draft.state, Move.PUBLISH, by_editor=is_editor(by))
    to = moved(draft.state, Move.PUBLISH, by_editor=is_editor(by))
    _update(db, draft, revision, state=to, listing_id=listing_id)
    _note(db, by, draft, "draft-published", now)


def _note(db: Session, by: Account, draft: Draft, what: str, now: datetime) -> None:
    listing = f"{draft.listing}:{draft.listing_id}" if draft.listing_id else ""
    audit.note(db, by, what=what, about=f"draft:{draft.id}", detail={"listing": listing}, now=now)


def _is_there(db: Session, provider_id: int | None) -> bool:
    return provider_id is None or db.get(Provider, provider_id) is not None


def _under_way(db: Session, listing: str, listing_id: int) -> Draft | None:
    return db.exec(
        select(Draft).where(
            Draft.listing == listing,
            Draft.listing_id == listing_id,
            col(Draft.state).in_(UNDER_WAY),
        )
    ).first()


def _update(db: Session, draft: Draft, revision: int, **changes: object) -> None:
    """Change a draft if it still is the revision that was read."""
    changed = db.execute(
        sa.update(Draft)
        .where(col(Draft.id) == draft.id, col(Draft.revision) == revision)
        .values(revision=revision + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("draft")
    db.refresh(draft)
