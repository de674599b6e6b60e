"""Seeking: what people look for, counted by day, never of fewer than five; and what was done."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from directory.models.accounts import Account
from directory.models.tables import Instant, word
from directory.models.vocabulary import Word

# Of fewer people than these nothing is written down: somebody might be known by it.
LEAST = 5


class ActKind(Word):
    """What may be done about something people look for."""

    SYNONYM = "synonym"
    TOPIC = "topic"
    ASKED = "asked"
    GAP = "gap"
    NO_USE = "no-use"


class Sought(SQLModel, table=True):
    """Something people look for, in whatever words: a topic, or words that are nearly the same."""

    id: int | None = Field(default=None, primary_key=True)
    topic: str | None = Field(default=None, unique=True, description="if its words name one")
    words: str = Field(default="", description="the usual words, if they name no topic")
    language: str = Field(default="", description="of the pages they are looked for on")
    wordings: list[list[str]] = Field(
        default_factory=list,
        sa_type=sa.JSON,
        description="language and words that five people used alike",
    )

    acts: list["SoughtAct"] = Relationship(
        sa_relationship_kwargs={"order_by": "SoughtAct.id", "passive_deletes": True}
    )


class SoughtDay(SQLModel, table=True):
    """How many people looked for it on a day, and what they met with.

    Attributes:
        part: which process counted, since when; people may be in two of them, never in one twice.
        found_nothing: people who found nothing that has all of the words.
        opened_nothing: people who found something and opened none of it.
    """

    __tablename__ = "sought_day"
    __table_args__ = (sa.CheckConstraint(f"people >= {LEAST}", name="never_few"),)

    sought_id: int = Field(foreign_key="sought.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, index=True)
    part: str = Field(primary_key=True)
    people: int
    found_nothing: int
    opened_nothing: int


class SoughtReach(SQLModel, table=True):
    """How many people came to a listing on a day by looking for something."""

    __tablename__ = "sought_reach"
    __table_args__ = (
        sa.CheckConstraint(f"people >= {LEAST}", name="never_few"),
        sa.Index("ix_sought_reach_listing", "listing", "listing_id"),
    )

    sought_id: int = Field(foreign_key="sought.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, index=True)
    part: str = Field(primary_key=True)
    listing: str = Field(primary_key=True, description="space or opportunity")
    listing_id: int = Field(primary_key=True)
    people: int


class Views(SQLModel, table=True):
    """How often a listing's page was asked for in a week, which begins on a Monday."""

    listing: str = Field(primary_key=True, description="space or opportunity")
    listing_id: int = Field(primary_key=True)
    week: date = Field(primary_key=True)
    views: int


class SoughtAct(SQLModel, table=True):
    """What somebody did about something people look for; undone it stays known."""

    __tablename__ = "sought_act"

    id: int | None = Field(default=None, primary_key=True)
    sought_id: int = Field(foreign_key="sought.id", index=True, ondelete="CASCADE")
    kind: ActKind = word(ActKind)
    topic: str = ""
    names: list[list[str]] = Field(
        default_factory=list, sa_type=sa.JSON, description="language and name given to the topic"
    )
    providers: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    note: str = ""
    at: datetime = Field(sa_type=Instant)
    by_id: int = Field(foreign_key="account.id")
    undone: datetime | None = Field(default=None, sa_type=Instant)
    undone_by_id: int | None = Field(default=None, foreign_key="account.id")

    by: Account = Relationship(sa_relationship_kwargs={"foreign_keys": "SoughtAct.by_id"})
