"""Judging: an editor says of a pair that it is one, or that it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, Duplicate, Opportunity, Space
from directory.models.vocabulary import ListingState, Verdict
from directory.services import audit
from directory.services.duplicates.fields import FIRST, SECOND, Listing
from directory.services.duplicates.finding import TABLES

PAGE = 50


@dataclass(frozen=True)
class Pair:
    """A pair with both its listings."""

    row: Duplicate
    first: Listing
    second: Listing

    def side(self, name: str) -> Listing:
        """The listing of a side."""
        return self.first if name == FIRST else self.second

    @property
    def sides(self) -> dict[str, Listing]:
        """Both, by the name of their side."""
        return {FIRST: self.first, SECOND: self.second}


def pair(db: Session, number: int) -> Pair:
    """A pair by its number.

    Raises:
        NotFound: there is none.
    """
    row = db.get(Duplicate, number)
    found = _pairs(db, [row]) if row else []
    if not found:
        raise NotFound("pair", str(number))
    return found[0]


def listed(
    db: Session, *, verdict: Verdict = Verdict.OPEN, listing: str = "", page: int = 1
) -> list[Pair]:
    """Pairs of a verdict, the most certain first; of those merged, the latest first."""
    statement = select(Duplicate).where(*_where(verdict, listing))
    order = col(Duplicate.score) if verdict is Verdict.OPEN else col(Duplicate.judged)
    rows = db.exec(
        statement.order_by(order.desc(), col(Duplicate.id)).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    return _pairs(db, rows)


def counted(db: Session, *, verdict: Verdict = Verdict.OPEN) -> dict[str, int]:
    """How many pairs of spaces and of opportunities there are."""
    statement = (
        select(Duplicate.listing, sa.func.count())
        .where(*_where(verdict, ""))
        .group_by(Duplicate.listing)
    )
    return {"space": 0, "opportunity": 0} | dict(db.exec(statement).all())


def part(db: Session, by: Account, *, number: int, now: datetime) -> Duplicate:
    """Say that two listings are not the same: nobody is asked again.

    Raises:
        NotFound: there is no such pair.
        Invalid: it was judged before.
    """
    row = db.get(Duplicate, number)
    if row is None:
        raise NotFound("pair", str(number))
    assert_open(row)
    judged(row, by, Verdict.NOT_SAME, now=now)
    db.flush()
    audit.note(db, by, what="pair-parted", about=f"pair:{number}", now=now)
    return row


def reopen(db: Session, by: Account, *, number: int, now: datetime) -> Duplicate:
    """Take “not the same” back.

    Raises:
        NotFound: there is no such pair.
        Invalid: that was not said of it.
    """
    row = db.get(Duplicate, number)
    if row is None:
        raise NotFound("pair", str(number))
    if row.verdict is not Verdict.NOT_SAME:
        raise Invalid((Problem("verdict", "pair-judged"),))
    row.verdict, row.judged, row.judged_by_id = Verdict.OPEN, None, None
    db.flush()
    audit.note(db, by, what="pair-reopened", about=f"pair:{number}", now=now)
    return row


def assert_open(row: Duplicate) -> None:
    """Refuse what was judged by somebody else meanwhile."""
    if row.verdict is not Verdict.OPEN:
        raise Invalid((Problem("verdict", "pair-judged"),))


def judged(row: Duplicate, by: Account, verdict: Verdict, *, now: datetime) -> None:
    """Write down who said what."""
    row.verdict, row.judged, row.judged_by_id = verdict, now, by.id


def _where(verdict: Verdict, listing: str) -> list[sa.ColumnElement[bool]]:
    where = [col(Duplicate.verdict) == verdict]
    if verdict is Verdict.OPEN:  # one may have been withdrawn since they were found
        where.append(sa.or_(*(_both_published(kind, TABLES[kind]) for kind in TABLES)))
    return [*where, col(Duplicate.listing) == listing] if listing else where


def _both_published(listing: str, table: type[Space | Opportunity]) -> sa.ColumnElement[bool]:
    published = select(table.id).where(col(table.state) == ListingState.PUBLISHED)
    return sa.and_(
        col(Duplicate.listing) == listing,
        col(Duplicate.first_id).in_(published),
        col(Duplicate.second_id).in_(published),
    )


def _pairs(db: Session, rows: Sequence[Duplicate]) -> list[Pair]:
    there = {listing: _listings(db, listing, rows) for listing in TABLES}
    return [
        Pair(row, there[row.listing][row.first_id], there[row.listing][row.second_id])
        for row in rows
        if {row.first_id, row.second_id} <= there[row.listing].keys()
    ]


def _listings(db: Session, listing: str, rows: Sequence[Duplicate]) -> dict[int, Listing]:
    mine = [row for row in rows if row.listing == listing]
    numbers = {number for row in mine for number in (row.first_id, row.second_id)}
    if not numbers:
        return {}
    table = TABLES[listing]
    statement = select(table).where(col(table.id).in_(numbers))
    found: Sequence[Listing] = db.exec(  # type: ignore[assignment]
        statement.options(selectinload(table.texts))  # type: ignore[arg-type]
    ).all()
    return {each.id or 0: each for each in found}
