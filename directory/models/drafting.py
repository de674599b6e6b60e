"""Drafting: who writes for which provider, what a listing is to become, and what it was before."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.freshness import Speaker
from directory.models.tables import Instant, word
from directory.models.vocabulary import DraftState, MemberRole


class Membership(SQLModel, table=True):
    """An account that writes for a provider; one may write for several."""

    __table_args__ = (sa.UniqueConstraint("account_id", "provider_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    provider_id: int = Field(foreign_key="provider.id", index=True, ondelete="CASCADE")
    role: MemberRole = word(MemberRole)
    since: datetime = Field(sa_type=Instant)
    by_id: int | None = Field(
        default=None, foreign_key="account.id", description="Who let them in; none: a command."
    )


class Draft(SQLModel, table=True):
    """What a listing is to become, from the first word typed until it is published.

    A listing has at most one draft that is not published yet, so two people meet in it and not
    in what readers see.
    """

    id: int | None = Field(default=None, primary_key=True)
    listing: str = Field(description="space or opportunity")
    listing_id: int | None = Field(
        default=None, index=True, description="The listing it changes; none: it will be new."
    )
    provider_id: int | None = Field(
        default=None, foreign_key="provider.id", index=True, ondelete="CASCADE"
    )
    state: DraftState = word(DraftState, default=DraftState.OPEN)
    content: dict[str, Any] = Field(
        default_factory=dict, sa_type=sa.JSON, description="What was typed, right or wrong."
    )
    record: dict[str, Any] | None = Field(
        default=None,
        sa_type=sa.JSON,
        description="The record that the content makes; none: not a whole one yet.",
    )
    base: str = Field(
        default="", description="Digest of the listing it started from: to see if that changed."
    )
    revision: int = Field(
        default=1, description="Counts savings; who saves an older one is told of the newer."
    )
    author_id: int = Field(foreign_key="account.id", description="Who began it.")
    saved_by_id: int = Field(foreign_key="account.id", description="Who saved it last.")
    reason: str = Field(default="", description="Why an editor sent it back.")
    template_id: int | None = Field(
        default=None, index=True, description="The listing whose changes flow into this one."
    )
    created: datetime = Field(sa_type=Instant)
    saved: datetime = Field(sa_type=Instant)
    submitted: datetime | None = Field(default=None, sa_type=Instant)


class Version(SQLModel, table=True):
    """What a listing was before it was changed; what it is now is the listing itself."""

    __table_args__ = (sa.UniqueConstraint("listing", "listing_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    listing: str = Field(description="provider, space or opportunity")
    listing_id: int
    number: int = Field(description="From 1, for each listing.")
    record: dict[str, Any] = Field(sa_type=sa.JSON)
    until: datetime = Field(sa_type=Instant, description="When it was changed.")
    speaker: Speaker = word(Speaker, description="What sort of source changed it.")
    source: str = Field(default="", description="The source that changed it, if one did.")
    by_id: int | None = Field(
        default=None, foreign_key="account.id", description="Who changed it; none: no person."
    )
    why: str = ""


class AuditEvent(SQLModel, table=True):
    """What somebody did at the desk; each row seals the one before, and none can be changed."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", description="Who did it; none: a command."
    )
    what: str = Field(description="Such as draft-published.")
    about: str = Field(default="", index=True, description="Such as opportunity:12.")
    detail: dict[str, Any] = Field(
        default_factory=dict, sa_type=sa.JSON, description="Never a private field."
    )
    before: str = Field(description="The digest of the row before; empty for the first.")
    digest: str = Field(unique=True, description="Of this row and the digest before.")
