"""Publishing: a draft becomes what readers see; and what they see is taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from directory.errors import Conflict, Invalid, Problem
from directory.models import Account, Draft, Opportunity, Space
from directory.models.freshness import By, Speaker
from directory.models.records import OpportunityRecord, SpaceRecord
from directory.models.vocabulary import ListingState
from directory.services import audit, catalogue, recording
from directory.services.drafting import standing
from directory.services.drafting.members import is_editor, membership
from directory.services.drafting.moves import Move, assert_allowed
from directory.services.drafting.writing import close

# What is first written here, and not brought by a file, is of this source.
SOURCE = "desk"
RECORDS: dict[str, type[SpaceRecord | OpportunityRecord]] = {
    "space": SpaceRecord,
    "opportunity": OpportunityRecord,
}


def publish(
    db: Session, by: Account, *, draft: Draft, revision: int, now: datetime, over: bool = False
) -> Space | Opportunity:
    """Make the city say what a draft says; ``over`` what was changed since it was begun.

    Raises:
        Invalid: it is no whole listing, was published or given up, or this person may not.
        Conflict: somebody saved the draft, or changed the listing, since it was read.
    """
    assert_allowed(draft.state, Move.PUBLISH, by_editor=is_editor(by))
    record = record_of(draft)
    if record is None:
        raise Invalid((Problem("draft", "draft-not-whole"),))
    if draft.listing_id is not None:
        row = standing.listing(db, by, listing=draft.listing, number=draft.listing_id)
        if not over and standing.digest(row) != draft.base:
            raise Conflict(draft.listing)
        own = {"source": row.source, "external_id": row.external_id}
    else:
        own = {"source": SOURCE, "external_id": f"draft-{draft.id}"}
    state = {"state": ListingState.PUBLISHED, "replaced_by": None}
    written = write(db, record.model_copy(update=own | state), by=speaker(db, draft), now=now)
    close(db, by, draft=draft, revision=revision, listing_id=written.id or 0, now=now)
    return written


def withdraw(
    db: Session, by: Account, *, listing: str, number: int, now: datetime
) -> Space | Opportunity:
    """Take a listing away from its readers; its address goes on answering.

    Raises:
        NotFound: there is none, or it is of a provider this person does not write for.
    """
    row = standing.listing(db, by, listing=listing, number=number)
    if row.state == ListingState.PUBLISHED:
        row.state = ListingState.WITHDRAWN
        row.modified = now
        db.flush()
        catalogue.note_change(db, row, now=now)
        audit.note(db, by, what="listing-withdrawn", about=f"{listing}:{number}", now=now)
    return row


@contextmanager
def tried(
    engine: Engine, number: int, *, now: datetime
) -> Iterator[tuple[Session, Space | Opportunity]]:
    """A draft's listing as it would be, written to the database and taken back afterwards."""
    with Session(engine, autoflush=False) as db:
        try:
            draft = db.get_one(Draft, number)
            record = record_of(draft)
            if record is None:
                raise Invalid((Problem("draft", "draft-not-whole"),))
            yield db, write(db, record, by=speaker(db, draft), now=now)
        finally:
            db.rollback()


def record_of(draft: Draft) -> SpaceRecord | OpportunityRecord | None:
    """The record a draft makes, if it is a whole one."""
    if draft.record is None:
        return None
    return RECORDS[draft.listing].model_validate(draft.record)


def write(
    db: Session, record: SpaceRecord | OpportunityRecord, *, by: By, now: datetime
) -> Space | Opportunity:
    """Apply one record that may refer to any listing by its number."""
    among = catalogue.known_for(db, record)
    row, _ = catalogue.apply(db, record, among=among, now=now, by=by)
    if not isinstance(row, Space | Opportunity):
        raise TypeError(f"{row!r} is not written at the desk")
    db.flush()
    return row


def speaker(db: Session, draft: Draft) -> By:
    """Who says what a draft says: its provider's people, or the editors."""
    author = db.get_one(Account, draft.saved_by_id)
    if membership(db, author, draft.provider_id):
        return By(Speaker.PROVIDER)
    return By(Speaker.EDITOR)


def is_changed(db: Session, by: Account, *, draft: Draft) -> bool:
    """Whether the listing of a draft was changed since the draft was begun."""
    if draft.listing_id is None:
        return False
    row = standing.listing(db, by, listing=draft.listing, number=draft.listing_id)
    return standing.digest(row) != draft.base


def as_it_is(row: Space | Opportunity) -> SpaceRecord | OpportunityRecord:
    """A listing's record, from which a draft can begin."""
    made = recording.whole(row)
    if not isinstance(made, SpaceRecord | OpportunityRecord):
        raise TypeError(f"{row!r} is not written at the desk")
    return made
