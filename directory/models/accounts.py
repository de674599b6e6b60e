"""Accounts: those who work with Vereda, and how they show who they are. Residents need none."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant, word
from directory.models.vocabulary import AccountEventKind, Role


class Account(SQLModel, table=True):
    """Somebody who works with Vereda. Never deleted, so that what was done keeps its doer."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, description="In lower case.")
    name: str
    role: Role = word(Role)
    language: str = Field(description="Tag of the interface language this person works in.")
    password_hash: str = Field(default="", repr=False, description="Empty until one is set.")
    totp_secret: str | None = Field(default=None, repr=False, description="Sealed, never plain.")
    totp_step: int = Field(default=0, description="The last code's step: none counts twice.")
    session_key: str = Field(
        unique=True, repr=False, description="A new one signs this person out everywhere."
    )
    passkey_handle: str = Field(
        unique=True, repr=False, description="Random name by which passkeys know the account."
    )
    active: bool = True
    created: datetime = Field(sa_type=Instant)
    last_seen: datetime | None = Field(default=None, sa_type=Instant)


class Passkey(SQLModel, table=True):
    """A key a device or a password manager keeps, of which only the public half is here."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    credential: str = Field(unique=True, repr=False, description="Its id, base64url.")
    public_key: str = Field(repr=False, description="Base64url.")
    sign_count: int = 0
    name: str
    created: datetime = Field(sa_type=Instant)
    last_used: datetime | None = Field(default=None, sa_type=Instant)


class RecoveryCode(SQLModel, table=True):
    """A code for the day the telephone is lost; it lets in once."""

    __tablename__ = "recovery_code"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    digest: str = Field(repr=False)


class Invitation(SQLModel, table=True):
    """A link that lets its holder set the password of one account, once and for some days."""

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    digest: str = Field(unique=True, repr=False)
    expires: datetime = Field(sa_type=Instant)


class AccountEvent(SQLModel, table=True):
    """What happened to an account; the database itself refuses to change or remove a row."""

    __tablename__ = "account_event"
    __table_args__ = (sa.Index("ix_account_event_account_id_at", "account_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", description="None: an address nobody has."
    )
    by_id: int | None = Field(
        default=None, foreign_key="account.id", description="Who did it; none: a command."
    )
    what: AccountEventKind = word(AccountEventKind)
    detail: str = Field(default="", description="Such as the new role; never anything secret.")
    at: datetime = Field(sa_type=Instant)
