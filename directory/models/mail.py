"""Mail: what is to be sent, and who wants no reminders."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant


class Mail(SQLModel, table=True):
    """A mail to be sent, written in the transaction of what it tells of.

    What is sent keeps neither address nor content; ``once`` stays, so that it is not sent again.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    recipient: str
    language: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    once: str | None = Field(default=None, unique=True, description="the same is never sent twice")
    queued: datetime = Field(sa_type=Instant)
    due: datetime | None = Field(
        default=None, sa_type=Instant, index=True, description="of the next try; none: no more"
    )
    tries: int = 0
    sent: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str = ""


class Unsubscribed(SQLModel, table=True):
    """A digest of an address that wants no reminders; the address itself is not kept."""

    digest: str = Field(primary_key=True)
    since: datetime = Field(sa_type=Instant)
