"""Bulk: where listings come from by the file, and what came of each file."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant, word
from directory.models.vocabulary import FileKind, LineOutcome, TransferState


class SavedMapping(SQLModel, table=True):
    """Which column means what, as somebody at the desk said of a file and named for the next."""

    __tablename__ = "saved_mapping"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    said: dict[str, Any] = Field(sa_type=sa.JSON, description="As a mapping's file says it.")
    made: datetime = Field(sa_type=Instant)
    by_id: int | None = Field(default=None, foreign_key="account.id")


class Source(SQLModel, table=True):
    """An address that is fetched on a rhythm, and whose listings come in as a file's would."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, description="The source its listings are of.")
    name: str
    kind: FileKind = word(FileKind)
    address: str
    mapping: str = Field(description="A shipped mapping, or one saved here.")
    rhythm: int = Field(default=24, description="Hours between two fetches.")
    owned: list[str] = Field(
        default_factory=list, sa_type=sa.JSON, description="Facts it may say anew."
    )
    withdraws: bool = Field(
        default=False, description="What is no longer in it is withdrawn, unless that is too much."
    )
    enabled: bool = True
    etag: str = ""
    changed: str = Field(default="", description="Last-Modified, as it was said.")
    digest: str = Field(default="", description="Of the file that was brought in last.")
    due: datetime | None = Field(default=None, sa_type=Instant)
    made: datetime = Field(sa_type=Instant)
    by_id: int | None = Field(default=None, foreign_key="account.id")


class Transfer(SQLModel, table=True):
    """One file on its way in, tried or brought, and what came of it."""

    id: int | None = Field(default=None, primary_key=True)
    source_id: int | None = Field(
        default=None, foreign_key="source.id", index=True, ondelete="CASCADE"
    )
    by_id: int | None = Field(default=None, foreign_key="account.id")
    name: str = Field(description="What the file was called, or where it was.")
    kind: FileKind = word(FileKind)
    mapping: str = Field(description="A shipped mapping, or one saved here.")
    said: dict[str, Any] | None = Field(
        default=None, sa_type=sa.JSON, description="Columns chosen for this file alone."
    )
    state: TransferState = word(TransferState, index=True)
    stored: str = Field(default="", description="The file kept meanwhile; empty: none.")
    begun: datetime = Field(sa_type=Instant)
    ended: datetime | None = Field(default=None, sa_type=Instant)
    expires: datetime | None = Field(default=None, sa_type=Instant, index=True)
    rows: int = 0
    counts: dict[str, int] = Field(
        default_factory=dict, sa_type=sa.JSON, description="How many lines had an outcome."
    )
    columns: list[list[str]] = Field(
        default_factory=list,
        sa_type=sa.JSON,
        description="Header, field (or nothing) and an example.",
    )
    trouble: str = Field(default="", description="A code: why nothing came of it.")
    trouble_value: str = ""
    held: int = Field(
        default=0, description="Listings that were not withdrawn because they were too many."
    )


class TransferLine(SQLModel, table=True):
    """What came of one line of a file."""

    __tablename__ = "transfer_line"
    __table_args__ = (sa.Index("ix_transfer_line_outcome", "transfer_id", "outcome", "line"),)

    id: int | None = Field(default=None, primary_key=True)
    transfer_id: int = Field(foreign_key="transfer.id", ondelete="CASCADE")
    line: int
    outcome: LineOutcome = word(LineOutcome)
    listing: str = Field(default="", description="provider, space or opportunity")
    title: str = ""
    column: str = ""
    code: str = ""
    value: str = ""
    allowed: str = ""
