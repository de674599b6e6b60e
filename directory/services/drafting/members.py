"""Members: who may write for which provider."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from directory.errors import Invalid, Problem
from directory.models import Account, Membership, Provider
from directory.models.vocabulary import MemberRole, Role
from directory.services import accounts, audit

_EDITORS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})


def is_editor(account: Account) -> bool:
    """Whether somebody answers for all that the city publishes."""
    return account.role in _EDITORS


def membership(db: Session, account: Account, provider_id: int | None) -> Membership | None:
    """What somebody is to a provider, if anything."""
    if provider_id is None:
        return None
    return db.exec(
        select(Membership).where(
            Membership.account_id == account.id, Membership.provider_id == provider_id
        )
    ).first()


def memberships(db: Session, account: Account) -> Sequence[Membership]:
    """The providers somebody writes for, in the order in which they came to do so."""
    wanted = select(Membership).where(Membership.account_id == account.id)
    return db.exec(wanted.order_by(col(Membership.id))).all()


def let_in(
    db: Session, by: Account | None, account: Account, *, provider: Provider, now: datetime
) -> None:
    """Let somebody write for a provider; once is enough.

    Raises:
        Invalid: the account is not for providers' people.
    """
    if account.role is not Role.PROVIDER:
        raise Invalid((Problem("provider", "not-of-a-provider"),))
    if membership(db, account, provider.id) is not None or provider.id is None:
        return
    db.add(
        Membership(
            account_id=accounts.known_id(account),
            provider_id=provider.id,
            role=MemberRole.WRITER,
            since=now,
            by_id=by.id if by else None,
        )
    )
    db.flush()
    _note(db, by, account, provider.id, "member-let-in", now)


def let_out(
    db: Session, by: Account | None, account: Account, *, provider_id: int, now: datetime
) -> None:
    """Let somebody write for a provider no longer; what they wrote stays."""
    row = membership(db, account, provider_id)
    if row is not None:
        db.delete(row)
        db.flush()
        _note(db, by, account, provider_id, "member-let-out", now)


def _note(
    db: Session, by: Account | None, account: Account, provider_id: int, what: str, now: datetime
) -> None:
    about, detail = f"provider:{provider_id}", {"account": accounts.known_id(account)}
    audit.note(db, by, what=what, about=about, detail=detail, now=now)


def may_write(db: Session, account: Account, provider_id: int | None) -> bool:
    """Whether somebody may write what a provider lists; editors may for all, and for none."""
    return is_editor(account) or membership(db, account, provider_id) is not None
