"""Accounts: who works with Vereda, invited by an administrator, and signed in or not."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory import languages
from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, AccountEvent, Invitation
from directory.models.vocabulary import AccountEventKind as Kind
from directory.models.vocabulary import Role
from directory.services import passwords

INVITED_FOR = timedelta(days=7)
LONGEST_NAME = 120
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@<>\"',;:\\()\[\]]+\.[^\s@<>\"',;:\\()\[\].]{2,}")


def make(
    db: Session,
    by: Account | None,
    *,
    email: str,
    name: str,
    role: Role,
    language: str,
    now: datetime,
) -> Account:
    """A new account, without a password yet.

    Raises:
        Invalid: the e-mail address is none or has an account, or the name is empty.
    """
    address = normal_email(email)
    row = Account(
        email=address,
        name=_name(name),
        role=role,
        language=_language(language),
        session_key=_random(),
        passkey_handle=_random(),
        created=now,
    )
    if find(db, address) is not None:
        raise Invalid((Problem("email", "email-taken", address),))
    db.add(row)
    db.flush()
    note(db, row, Kind.MADE, by=by, now=now, detail=role.value)
    return row


def invite(db: Session, by: Account | None, account: Account, *, now: datetime) -> str:
    """The secret of a link that lets its holder set a password; earlier links end.

    Raises:
        Invalid: the account is not active.
    """
    if not account.active:
        raise Invalid((Problem("email", "account-inactive", account.email),))
    db.exec(sa.delete(Invitation).where(col(Invitation.account_id) == account.id))
    token = _random()
    db.add(
        Invitation(account_id=known_id(account), digest=digest(token), expires=now + INVITED_FOR)
    )
    db.flush()
    note(db, account, Kind.INVITED, by=by, now=now)
    return token


def invited(db: Session, token: str, *, now: datetime) -> Account:
    """The account whose password a link may set.

    Raises:
        NotFound: the link was used, has expired or never was.
    """
    statement = (
        select(Account)
        .join(Invitation)
        .where(Invitation.digest == digest(token), Invitation.expires > now, col(Account.active))
    )
    row = db.exec(statement).first()
    if row is None:
        raise NotFound("invitation", "")
    return row


def accept(db: Session, token: str, *, password: str, now: datetime) -> Account:
    """Set the password a link allows to set; the link has then been used.

    Raises:
        NotFound: the link was used, has expired or never was.
        Invalid: the password will not do.
    """
    account = invited(db, token, now=now)
    set_password(db, account, account, password=password, now=now)
    return account


def set_password(
    db: Session, by: Account | None, account: Account, *, password: str, now: datetime
) -> None:
    """A new password: signs this person out everywhere, and ends every open invitation.

    Raises:
        Invalid: the password will not do.
    """
    about = (account.email, account.name)
    account.password_hash = passwords.hashed(passwords.checked(password, about=about))
    account.session_key = _random()
    db.add(account)
    db.exec(sa.delete(Invitation).where(col(Invitation.account_id) == account.id))
    db.flush()
    note(db, account, Kind.PASSWORD_SET, by=by, now=now)


def change_password(
    db: Session, account: Account, *, present: str, password: str, now: datetime
) -> None:
    """A new password for whoever knows the present one.

    Raises:
        Invalid: the present password is wrong, or the new one will not do.
    """
    confirm(account, present)
    set_password(db, account, account, password=password, now=now)


def confirm(account: Account, password: str) -> None:
    """Whoever changes what protects an account says its password once more.

    Raises:
        Invalid: it is wrong.
    """
    if not passwords.is_right(account.password_hash, password):
        raise Invalid((Problem("present", "password-wrong"),))


def check(db: Session, *, email: str, password: str, now: datetime) -> Account | None:
    """The active account with this address and password; whichever is wrong, none, as slowly."""
    account = db.exec(select(Account).where(Account.email == _folded(email))).first()
    kept = account.password_hash if account is not None and account.active else ""
    if not passwords.is_right(kept, password):
        note(db, account, Kind.SIGN_IN_REFUSED, by=None, now=now)
        return None
    if account is not None and passwords.is_outdated(kept):
        account.password_hash = passwords.hashed(password)
        db.add(account)
        db.flush()
    return account


def signed_in(db: Session, account: Account, *, now: datetime, how: str) -> None:
    """Write down that somebody came in, and how: password, code, recovery-code or passkey."""
    account.last_seen = now
    db.add(account)
    db.flush()
    note(db, account, Kind.SIGNED_IN, by=account, now=now, detail=how)


def holder(db: Session, session_key: str) -> Account | None:
    """The active account a session is of."""
    statement = select(Account).where(Account.session_key == session_key, col(Account.active))
    return db.exec(statement).first()


def sign_out_everywhere(
    db: Session, by: Account | None, account: Account, *, now: datetime
) -> None:
    """End every session of an account."""
    account.session_key = _random()
    db.add(account)
    db.flush()
    note(db, account, Kind.SIGNED_OUT_EVERYWHERE, by=by, now=now)


def end_every_session(db: Session) -> None:
    """Let everybody sign in anew."""
    for account in db.exec(select(Account)):
        account.session_key = _random()
        db.add(account)
    db.flush()


def rename(db: Session, account: Account, *, name: str, language: str, now: datetime) -> None:
    """Change what a person is called and which language they work in.

    Raises:
        Invalid: the name is empty or too long, or the language is not of the interface.
    """
    account.name, account.language = _name(name), _language(language)
    db.add(account)
    db.flush()
    note(db, account, Kind.RENAMED, by=account, now=now)


def change_role(
    db: Session, by: Account | None, account: Account, *, role: Role, now: datetime
) -> None:
    """Give an account another part of the desk; whoever is signed in with it must come in anew.

    Raises:
        Invalid: nobody would be left to make accounts.
    """
    if account.role == role:
        return
    if account.role == Role.ADMINISTRATOR:
        _assert_another_administrator(db, account)
    account.role, account.session_key = role, _random()
    db.add(account)
    db.flush()
    note(db, account, Kind.ROLE_CHANGED, by=by, now=now, detail=role.value)


def deactivate(db: Session, by: Account | None, account: Account, *, now: datetime) -> None:
    """Close an account: signed out at once, and no way in.

    Raises:
        Invalid: nobody would be left to make accounts.
    """
    if not account.active:
        return
    if account.role == Role.ADMINISTRATOR:
        _assert_another_administrator(db, account)
    account.active, account.session_key = False, _random()
    db.add(account)
    db.exec(sa.delete(Invitation).where(col(Invitation.account_id) == account.id))
    db.flush()
    note(db, account, Kind.DEACTIVATED, by=by, now=now)


def activate(db: Session, by: Account | None, account: Account, *, now: datetime) -> None:
    """Open a closed account again."""
    if account.active:
        return
    account.active = True
    db.add(account)
    db.flush()
    note(db, account, Kind.ACTIVATED, by=by, now=now)


def find(db: Session, email: str) -> Account | None:
    """The account with an e-mail address."""
    return db.exec(select(Account).where(Account.email == _folded(email))).first()


def named(db: Session, email: str) -> Account:
    """The account with an e-mail address.

    Raises:
        NotFound: there is none.
    """
    row = find(db, email)
    if row is None:
        raise NotFound("account", email)
    return row


def by_id(db: Session, number: int) -> Account:
    """The account with a number.

    Raises:
        NotFound: there is none.
    """
    row = db.get(Account, number)
    if row is None:
        raise NotFound("account", str(number))
    return row


def everybody(db: Session) -> Sequence[Account]:
    """Every account, those still open first, by name."""
    return db.exec(select(Account).order_by(col(Account.active).desc(), col(Account.name))).all()


def history(db: Session, account: Account, *, most: int = 20) -> Sequence[AccountEvent]:
    """What happened to an account, latest first."""
    statement = (
        select(AccountEvent)
        .where(AccountEvent.account_id == account.id)
        .order_by(col(AccountEvent.id).desc())
        .limit(most)
    )
    return db.exec(statement).all()


def note(
    db: Session,
    account: Account | None,
    what: Kind,
    *,
    by: Account | None,
    now: datetime,
    detail: str = "",
) -> None:
    """Write down what happened to an account, never a secret."""
    db.add(
        AccountEvent(
            account_id=account.id if account else None,
            by_id=by.id if by else None,
            what=what,
            detail=detail,
            at=now,
        )
    )
    db.flush()


def normal_email(email: str) -> str:
    """An e-mail address as it is kept.

    Raises:
        Invalid: it is none.
    """
    address = _folded(email)
    if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise Invalid((Problem("email", "not-an-email", email[:80]),))
    return address


def role_named(given: str) -> Role:
    """A role by its word.

    Raises:
        Invalid: there is none of that name.
    """
    try:
        return Role.read(given)
    except ValueError as error:
        allowed = tuple(role.value for role in Role)
        raise Invalid((Problem("role", "unknown-value", given[:40], allowed),)) from error


def known_id(account: Account) -> int:
    """The number of an account that has been saved."""
    if account.id is None:
        raise ValueError("the account has not been saved yet")
    return account.id


def digest(secret: str) -> str:
    """What is kept of a long random secret; being random, it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _assert_another_administrator(db: Session, account: Account) -> None:
    others = select(Account).where(
        Account.role == Role.ADMINISTRATOR, col(Account.active), Account.id != account.id
    )
    if db.exec(others).first() is None:
        raise Invalid((Problem("role", "last-administrator", account.name),))


def _folded(email: str) -> str:
    return email.strip().casefold()


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > LONGEST_NAME:
        raise Invalid((Problem("name", "not-a-name", cleaned[:40], (f"1-{LONGEST_NAME}",)),))
    return cleaned


def _language(tag: str) -> str:
    if tag not in languages.INTERFACE:
        problem = Problem("language", "unknown-value", tag[:40], tuple(languages.INTERFACE))
        raise Invalid((problem,))
    return tag


def _random() -> str:
    return secrets.token_urlsafe(32)
