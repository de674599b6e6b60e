"""Ideas that are kept: which of them readers see, which wait, and when they fade."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from directory.errors import NotFound
from directory.models import Idea, IdeaAnswer, IdeaFollower, Opportunity
from directory.models.ideas import IdeaKind, IdeaState
from directory.models.vocabulary import ListingState

FADES_AFTER = relativedelta(months=12)
# What was refused or withdrawn is kept so long for whoever asks why; an address nobody confirmed.
REFUSED_KEPT = timedelta(days=90)
UNCONFIRMED_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Page:
    """Some ideas, and how many there are."""

    ideas: Sequence[Idea]
    total: int


def is_seen(now: datetime) -> sa.ColumnElement[bool]:
    """Of an idea: readers see it. After a year it fades."""
    return sa.and_(col(Idea.state) == IdeaState.PUBLISHED, col(Idea.decided) > now - FADES_AFTER)


def listed(
    db: Session,
    *,
    now: datetime,
    kind: IdeaKind | None = None,
    topics: Collection[str] = (),
    page: int = 1,
    per_page: int = 20,
) -> Page:
    """Ideas readers see, the newest first, of a kind or on some topics."""
    asked = [is_seen(now)]
    if kind:
        asked.append(col(Idea.kind) == kind)
    if topics:
        asked.append(col(Idea.topic).in_(topics))
    total = db.exec(select(func.count()).select_from(Idea).where(*asked)).one()
    statement = _answered(select(Idea)).where(*asked)
    statement = statement.order_by(col(Idea.decided).desc(), col(Idea.id).desc())
    rows = db.exec(statement.offset((page - 1) * per_page).limit(per_page)).all()
    return Page(rows, total)


def topics_seen(db: Session, *, now: datetime) -> dict[str, int]:
    """Topics of the ideas readers see, with how many there are on each."""
    counted = (
        select(Idea.topic, func.count())
        .where(is_seen(now), Idea.topic != "")
        .group_by(Idea.topic)
        .order_by(Idea.topic)
    )
    return {topic: int(count) for topic, count in db.exec(counted).all()}


def seen(db: Session, number: int, *, now: datetime) -> Idea:
    """An idea readers see.

    Raises:
        NotFound: there is none of this number.
    """
    row = db.exec(_answered(select(Idea)).where(col(Idea.id) == number, is_seen(now))).first()
    if row is None:
        raise NotFound("idea", str(number))
    return row


def load(db: Session, number: int, *, to_change: bool = False) -> Idea:
    """An idea in whatever state, for those who decide.

    Raises:
        NotFound: there is none of this number.
    """
    wanted = _answered(select(Idea)).where(col(Idea.id) == number)
    row = db.exec(wanted.with_for_update(of=Idea) if to_change else wanted).first()
    if row is None:
        raise NotFound("idea", str(number))
    return row


def waiting(db: Session) -> Sequence[Idea]:
    """Ideas no editor has looked at, the oldest first."""
    statement = select(Idea).where(col(Idea.state) == IdeaState.WAITING)
    return db.exec(statement.order_by(col(Idea.id))).all()


def answers(idea: Idea) -> list[Opportunity]:
    """The listings that answer an idea and can be read."""
    listings = (answer.opportunity for answer in idea.answers)
    return [each for each in listings if each.state is ListingState.PUBLISHED]


def forget(db: Session, *, now: datetime) -> None:
    """Let go of what has faded, what was refused long ago, and of every address not needed."""
    refused = col(Idea.state).in_([IdeaState.REFUSED, IdeaState.WITHDRAWN])
    over = sa.or_(
        sa.and_(col(Idea.state) == IdeaState.PUBLISHED, col(Idea.decided) <= now - FADES_AFTER),
        sa.and_(col(Idea.state) == IdeaState.WAITING, col(Idea.written) <= now - FADES_AFTER),
        sa.and_(refused, col(Idea.decided) <= now - REFUSED_KEPT),
    )
    late = sa.and_(
        col(IdeaFollower.confirmed).is_(None), col(IdeaFollower.since) <= now - UNCONFIRMED_KEPT
    )
    db.execute(sa.delete(IdeaFollower).where(late))
    db.execute(sa.delete(Idea).where(over))


def _answered(statement: SelectOfScalar[Idea]) -> SelectOfScalar[Idea]:
    listing = selectinload(Idea.answers).selectinload(IdeaAnswer.opportunity)  # type: ignore[arg-type]
    return statement.options(listing.selectinload(Opportunity.texts))  # type: ignore[arg-type]
