"""Mail: what is to be sent, kept with its cause until it has gone; nobody is written to twice."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory import languages
from directory.models import Mail, Unsubscribed

# How long after each try the next one is; whoever dies while sending is taken over for likewise.
WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 720, 1440, 1440, 2880, 2880)
)
MOST_AT_ONCE = 20
# What can be declined by everybody who gets it.
REPEATED = frozenset({"remind", "sought"})
_ADDRESS = re.compile(
    r"[^@\s,;<>\"()\[\]\\:]{1,64}@[^@\s,;<>\"()\[\]\\:.]+(\.[^@\s,;<>\"()\[\]\\:.]+)+"
)
_LONGEST = 254


def is_address(text: str) -> bool:
    """Whether it can be an e-mail address; whether it is one only a mail tells."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def language_for(tag: str) -> str:
    """The interface language closest to one somebody writes in."""
    return languages.negotiate([tag])


def queue(
    db: Session,
    *,
    kind: str,
    to: str,
    language: str,
    facts: Mapping[str, Any],
    now: datetime,
    once: str | None = None,
) -> bool:
    """Have a mail sent once what caused it is saved; whether it will be.

    Args:
        db: the unit of work of the cause.
        kind: which letter it is.
        to: the address.
        language: of the interface, that the letter is written in.
        facts: what the letter tells, as plain values.
        now: the present instant.
        once: a name of the cause; a second mail of the same name is not sent.
    """
    if not is_address(to) or (kind in REPEATED and is_unsubscribed(db, to)):
        return False
    if once and db.exec(select(Mail.id).where(Mail.once == once)).first() is not None:
        return False
    db.add(
        Mail(
            kind=kind, recipient=to, language=language, facts=dict(facts), once=once,
            queued=now, due=now,
        )
    )  # fmt: skip
    db.flush()
    return True


def is_waiting(db: Session, *, now: datetime) -> bool:
    """Whether there is a mail to be sent at this moment."""
    return db.exec(select(Mail.id).where(col(Mail.due) <= now).limit(1)).first() is not None


def claim(db: Session, *, now: datetime) -> Sequence[Mail]:
    """Mails to be sent now, for nobody else until their next try; to be saved before they go."""
    found = db.exec(
        select(Mail)
        .where(col(Mail.due) <= now)
        .order_by(col(Mail.id))
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for mail in found:
        mail.due = now + WAITS[min(mail.tries, len(WAITS) - 1)]
        mail.tries += 1
    db.flush()
    return found


def delivered(db: Session, number: int, *, now: datetime) -> None:
    """A mail has gone: neither its address nor its content is needed any more."""
    mail = db.get_one(Mail, number)
    mail.sent, mail.due, mail.trouble = now, None, ""
    mail.recipient, mail.facts = "", {}
    db.flush()


def failed(db: Session, number: int, trouble: str, *, final: bool) -> None:
    """A mail has not gone; it is tried again, unless there is no use in that."""
    mail = db.get_one(Mail, number)
    mail.trouble = trouble
    if final or mail.tries > len(WAITS):
        mail.due = None
    db.flush()


def stuck(db: Session) -> Sequence[Mail]:
    """Mails that will not go by themselves any more."""
    statement = select(Mail).where(col(Mail.sent).is_(None), col(Mail.due).is_(None))
    return db.exec(statement.order_by(col(Mail.id))).all()


def unsent(db: Session) -> Sequence[Mail]:
    """Every mail that has not gone."""
    return db.exec(select(Mail).where(col(Mail.sent).is_(None)).order_by(col(Mail.id))).all()


def retry(db: Session, *, now: datetime) -> int:
    """Try at once what waits for another try or was given up; how many mails."""
    found = unsent(db)
    for mail in found:
        mail.due, mail.tries = now, 0
    db.flush()
    return len(found)


def withdraw(db: Session, cause: str) -> int:
    """Do not send what was caused by something that was undone, unless it has gone; how many.

    ``cause`` is how the names of its mails begin.
    """
    theirs = sa.and_(col(Mail.once).startswith(cause, autoescape=True), col(Mail.sent).is_(None))
    return int(db.execute(sa.delete(Mail).where(theirs)).rowcount)  # type: ignore[attr-defined]


def forget(db: Session, *, before: datetime) -> int:
    """Take out what went before an instant, and what has been stuck since; how many mails."""
    last = sa.func.coalesce(col(Mail.sent), col(Mail.queued))
    done = sa.and_(col(Mail.due).is_(None), last < before)
    return int(db.execute(sa.delete(Mail).where(done)).rowcount)  # type: ignore[attr-defined]


def digest(address: str) -> str:
    """What stands for an address where the address itself is not kept."""
    plain = address.strip().casefold().encode()
    return hashlib.blake2b(plain, digest_size=16, person=b"vereda mail").hexdigest()


def unsubscribe(db: Session, named: str, *, now: datetime) -> None:
    """Send no more reminders to an address, by its digest; twice is fine."""
    if db.get(Unsubscribed, named) is None:
        db.merge(Unsubscribed(digest=named, since=now))
        db.flush()


def subscribe(db: Session, named: str) -> None:
    """Send reminders to an address again."""
    db.execute(sa.delete(Unsubscribed).where(col(Unsubscribed.digest) == named))


def is_unsubscribed(db: Session, address: str) -> bool:
    """Whether an address wants no reminders."""
    return is_declined(db, digest(address))


def is_declined(db: Session, named: str) -> bool:
    """The same of an address by its digest."""
    return db.get(Unsubscribed, named) is not None
