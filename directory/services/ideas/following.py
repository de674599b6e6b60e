"""Following: whoever wants to be told of an answer leaves an address, sealed and confirmed by mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from directory.errors import Invalid, NotFound, Problem
from directory.models import Idea, IdeaFollower
from directory.services import mail, sealing
from directory.settings import Settings

# Somebody else may type an address: it is not written to more often than this in a day.
MOST_A_DAY = 3
MOST_FOLLOWERS = 500


def follow(db: Session, idea: Idea, *, email: str, language: str, settings: Settings) -> None:
    """Ask an address by mail whether it is to be told of an answer; what comes is always the same.

    Raises:
        Invalid: it is no address.
    """
    address, now, key = email.strip(), settings.clock(), settings.signing_key()
    if not mail.is_address(address):
        raise Invalid((Problem("email", "not-an-address", email),))
    named = sealing.digest(address.casefold(), key=key)
    there = db.exec(
        select(IdeaFollower).where(IdeaFollower.idea_id == idea.id, IdeaFollower.digest == named)
    ).first()
    if there is not None or _is_asked_enough(db, idea, named, now):
        return
    row = IdeaFollower(
        idea_id=idea.id or 0, sealed=sealing.seal(address, key=key), digest=named,
        language=language, since=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    facts = {"follower": row.id, "words": idea.words}
    mail.queue(
        db, kind="idea-follow", to=address, language=language, facts=facts, now=now,
        once=f"idea-follow:{row.id}",
    )  # fmt: skip


def load(db: Session, number: int) -> IdeaFollower:
    """Who follows, by number.

    Raises:
        NotFound: they follow no more, or never asked.
    """
    row = db.get(IdeaFollower, number)
    if row is None:
        raise NotFound("link", str(number))
    return row


def confirm(db: Session, number: int, *, now: datetime) -> None:
    """Whoever got the mail says yes; twice is fine."""
    row = load(db, number)
    row.confirmed = row.confirmed or now
    db.flush()


def unfollow(db: Session, number: int) -> None:
    """Erase an address; twice is fine."""
    db.execute(sa.delete(IdeaFollower).where(col(IdeaFollower.id) == number))


def tell(
    db: Session, idea: Idea, kind: str, facts: dict[str, Any], *, cause: str, settings: Settings
) -> None:
    """Write to everybody who follows an idea and has confirmed it."""
    key = settings.signing_key()
    for row in _confirmed(db, idea):
        address = sealing.unseal(row.sealed, key=key)
        if address is not None:
            mail.queue(
                db, kind=kind, to=address, language=row.language, now=settings.clock(),
                facts={**facts, "follower": row.id, "words": idea.words},
                once=f"{cause}:{row.id}",
            )  # fmt: skip


def forget_all(db: Session, idea: Idea) -> None:
    """Erase every address left at an idea."""
    db.execute(sa.delete(IdeaFollower).where(col(IdeaFollower.idea_id) == idea.id))


def _confirmed(db: Session, idea: Idea) -> Sequence[IdeaFollower]:
    statement = select(IdeaFollower).where(
        IdeaFollower.idea_id == idea.id, col(IdeaFollower.confirmed).is_not(None)
    )
    return db.exec(statement.order_by(col(IdeaFollower.id))).all()


def _is_asked_enough(db: Session, idea: Idea, named: str, now: datetime) -> bool:
    lately = select(func.count()).where(
        IdeaFollower.digest == named,
        col(IdeaFollower.confirmed).is_(None),
        col(IdeaFollower.since) > now - timedelta(days=1),
    )
    theirs = select(func.count()).where(IdeaFollower.idea_id == idea.id)
    return db.exec(lately).one() >= MOST_A_DAY or db.exec(theirs).one() >= MOST_FOLLOWERS
