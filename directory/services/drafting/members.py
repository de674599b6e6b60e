"""Members: who may write for which provider."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from directory.models import Account, Membership
from directory.models.vocabulary import Role

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


def may_write(db: Session, account: Account, provider_id: int | None) -> bool:
    """Whether somebody may write what a provider lists; editors may for all, and for none."""
    return is_editor(account) or membership(db, account, provider_id) is not None
