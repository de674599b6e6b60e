"""Audit: what was done at the desk, in a chain in which nothing can be changed unseen.

Each row carries the SHA-256 of itself and of the digest before. Whoever changes, removes, adds or
swaps a row would have to make every digest after it anew; and who has written one of these down
elsewhere (``vereda audit head``) sees that too. The database itself refuses changes, see migration
0007; the chain is for those who can go round it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import Account, AuditEvent

# The number of an advisory lock: the letters of “audit”.
_TURN = 0x6175646974
_AT_ONCE = 1000


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many rows there are, and the digest of the last."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Checked:
    """What became of checking the chain.

    Attributes:
        head: the end that was reached.
        broken: the number of the first row that is not as it was written; none if all are.
        missing: the digest asked for is of no row: what came up to it was cut off.
    """

    head: Head
    broken: int | None = None
    missing: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, as far as can be known."""
        return self.broken is None and not self.missing


def note(
    db: Session,
    by: Account | None,
    *,
    what: str,
    about: str = "",
    detail: dict[str, Any] | None = None,
    now: datetime,
) -> AuditEvent:
    """Write down what somebody does, in the transaction in which it is done.

    Args:
        db: a session that writes.
        by: who does it; none: a command.
        what: a word for it, such as ``draft-published``.
        about: what it is done to, such as ``opportunity:12``.
        detail: what else is to be known; never a private field.
        now: when.
    """
    _take_turn(db)
    number, before = _last(db)
    event = AuditEvent(
        id=number + 1,
        at=now.astimezone(UTC).replace(microsecond=0),
        account_id=None if by is None else by.id,
        what=what,
        about=about,
        detail=detail or {},
        before=before,
        digest="",
    )
    event.digest = digest(event)
    db.add(event)
    db.flush()
    return event


def head(db: Session) -> Head:
    """The end of the chain as it stands."""
    rows = db.exec(select(sa.func.count(col(AuditEvent.id)))).one()
    return Head(rows, _last(db)[1])


def check(db: Session, *, known: str = "") -> Checked:
    """Follow the chain from its first row.

    Args:
        db: a session that reads.
        known: a digest written down earlier, which has to be in it.
    """
    rows, before, seen, last = 0, "", not known, 0
    while True:
        wanted = select(AuditEvent).where(col(AuditEvent.id) > last).order_by(col(AuditEvent.id))
        events = db.exec(wanted.limit(_AT_ONCE)).all()
        for event in events:
            if event.before != before or event.digest != digest(event):
                return Checked(Head(rows, before), broken=event.id)
            rows, before, last = rows + 1, event.digest, event.id or 0
            seen = seen or before == known
        if not events:
            return Checked(Head(rows, before), missing=not seen)
        db.expunge_all()


def digest(event: AuditEvent) -> str:
    """The SHA-256 of a row and the digest before, over JSON with sorted keys and no spaces."""
    said = {
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(),
        "account": event.account_id,
        "what": event.what,
        "about": event.about,
        "detail": event.detail,
        "before": event.before,
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _last(db: Session) -> tuple[int, str]:
    """The number and digest of the last row."""
    newest = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)
    event = db.exec(newest).first()
    return (0, "") if event is None else (event.id or 0, event.digest)


def _take_turn(db: Session) -> None:
    """Nobody else may add a row until this transaction ends; SQLite lets one write anyway."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
