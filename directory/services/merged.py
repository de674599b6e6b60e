"""Merged: what became of a listing that was told twice, and what its source says later."""

from datetime import datetime

from sqlmodel import Session, col, select

from directory.models import Duplicate, Opportunity, Provider, Space
from directory.models.vocabulary import ListingState, Verdict

_AnyListing = Provider | Space | Opportunity
# A listing that was merged may be merged on; so many links are followed.
_LONGEST_CHAIN = 100


def pair_of(db: Session, row: _AnyListing) -> Duplicate | None:
    """The pair in which a listing was merged into another, if it was and still is."""
    if row.state != ListingState.WITHDRAWN or row.replaced_by is None:
        return None
    listing = type(row).__name__.lower()
    return db.exec(
        select(Duplicate).where(
            Duplicate.listing == listing,
            Duplicate.gone_id == row.id,
            col(Duplicate.verdict) == Verdict.SAME,
        )
    ).first()


def is_merged(db: Session, what: str, slug: str) -> bool:
    """Whether the space or opportunity of that address was merged into another."""
    tables: dict[str, type[Space | Opportunity]] = {"space": Space, "opportunity": Opportunity}
    if what not in tables:
        return False
    table = tables[what]
    row: Space | Opportunity | None = db.exec(  # type: ignore[assignment]
        select(table).where(table.slug == slug)
    ).first()
    return row is not None and pair_of(db, row) is not None


def stays_merged(db: Session, row: _AnyListing, *, now: datetime) -> bool:
    """Whether what a source says anew is of a merged listing; then the editors are told of it."""
    pair = pair_of(db, row)
    if pair is None:
        return False
    pair.noted = now
    return True


def last(db: Session, table: type[_AnyListing], slug: str) -> _AnyListing | None:
    """The listing at the end of a chain of replacements, in whatever state it is."""
    row: _AnyListing | None = None
    for _ in range(_LONGEST_CHAIN):
        row = db.exec(select(table).where(table.slug == slug)).first()  # type: ignore[assignment]
        if row is None or row.state != ListingState.WITHDRAWN or row.replaced_by is None:
            break
        slug = row.replaced_by
    return row
