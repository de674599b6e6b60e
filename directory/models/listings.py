"""Providers, spaces and opportunities: what is published, and where each came from."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from directory.models.freshness import Speaker
from directory.models.schedules import Occurrence, Schedule
from directory.models.tables import District, Instant, word
from directory.models.texts import Text
from directory.models.vocabulary import (
    Booking,
    Format,
    ListingState,
    ProviderKind,
    Setting,
    SpaceKind,
)


class _Sourced(SQLModel):
    """Which file or person a row came from; (source, external_id) finds it again."""

    source: str
    external_id: str
    slug: str = Field(unique=True)
    language: str
    url: str = ""
    state: ListingState = word(ListingState, default=ListingState.PUBLISHED)
    replaced_by: str | None = Field(default=None, description="slug, once withdrawn")
    fingerprint: str = Field(default="", description="digest of the record it was last made from")
    created: datetime = Field(sa_type=Instant)
    modified: datetime = Field(sa_type=Instant)


class _Confirmed(_Sourced):
    """A listing somebody has to say again now and then; saying it again does not modify it."""

    confirmed: datetime | None = Field(
        default=None, sa_type=Instant, description="said to be so; none: since it was modified"
    )
    confirmed_by: Speaker | None = word(Speaker, default=None)
    rhythm: int | None = Field(default=None, description="months between confirmations, if chosen")
    reminded: datetime | None = Field(default=None, sa_type=Instant)
    overdue: datetime | None = Field(
        default=None, sa_type=Instant, description="since when readers are told, if they are"
    )
    expired: datetime | None = Field(
        default=None, sa_type=Instant, description="withdrawn because nobody confirmed it"
    )
    said: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=sa.JSON, description="who said which facts, and when"
    )


class Provider(_Sourced, table=True):
    """The organisation that answers for spaces and opportunities."""

    __table_args__ = (sa.UniqueConstraint("source", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: ProviderKind | None = word(ProviderKind, default=None)
    email: str = ""

    texts: list[Text] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})
    spaces: list["Space"] = Relationship(back_populates="provider")
    opportunities: list["Opportunity"] = Relationship(back_populates="provider")


class Space(_Confirmed, table=True):
    """A place of learning, physical or online."""

    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.CheckConstraint("lat IS NULL OR lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lon IS NULL OR lon BETWEEN -180 AND 180", name="lon"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: SpaceKind = word(SpaceKind, index=True)
    provider_id: int | None = Field(default=None, foreign_key="provider.id", index=True)
    district_key: str | None = Field(default=None, foreign_key="district.key", index=True)
    address: str = ""
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    email: str = ""
    phone: str = ""
    access: dict[str, bool] = Field(default_factory=dict, sa_type=sa.JSON)
    hours: list[dict[str, Any]] | None = Field(default=None, sa_type=sa.JSON)
    special_days: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    closures: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    holidays: str = Field(default="", description="closed, usual, or empty for unknown")
    topics: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    commitments: list[int] = Field(default_factory=list, sa_type=sa.JSON)

    provider: Optional["Provider"] = Relationship(back_populates="spaces")
    district: Optional["District"] = Relationship()
    texts: list[Text] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})
    opportunities: list["Opportunity"] = Relationship(back_populates="space")


class Teaches(SQLModel, table=True):
    """An opportunity takes a learner of one topic from a level to a level."""

    __table_args__ = (
        sa.CheckConstraint(
            "level_from BETWEEN 0 AND 5 AND level_to BETWEEN level_from AND 5", name="levels"
        ),
    )

    opportunity_id: int | None = Field(
        default=None, foreign_key="opportunity.id", primary_key=True, ondelete="CASCADE"
    )
    topic_key: str = Field(foreign_key="topic.key", primary_key=True, index=True)
    position: int = 0
    level_from: int = 0
    level_to: int = 1


class Opportunity(_Confirmed, table=True):
    """Something one can take part in and learn from."""

    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.CheckConstraint("price IS NULL OR price >= 0", name="price"),
        sa.CheckConstraint("age_min IS NULL OR age_max IS NULL OR age_min <= age_max", name="ages"),
    )

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int | None = Field(default=None, foreign_key="provider.id", index=True)
    space_id: int | None = Field(default=None, foreign_key="space.id", index=True)
    format: Format = word(Format)
    setting: Setting = word(Setting)
    languages: list[str] | None = Field(
        default=None,
        sa_type=sa.JSON,
        description="of instruction; empty: none needed; null: unknown",
    )
    requires: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    age_min: int | None = None
    age_max: int | None = None
    price: Decimal | None = Field(
        default=None, max_digits=10, decimal_places=2, description="null is unknown, 0 is free"
    )
    currency: str = ""
    price_note: str = ""
    booking: Booking | None = word(Booking, default=None)
    capacity: int | None = None
    residents_of: list[str] = Field(
        default_factory=list,
        sa_type=sa.JSON,
        description="keys of the districts one has to live in, or the whole city; empty: anywhere",
    )
    access: dict[str, bool] = Field(default_factory=dict, sa_type=sa.JSON)
    commitments: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    notices: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    series: str | None = Field(
        default=None, index=True, description="slug of the festival or programme it belongs to"
    )

    provider: Optional["Provider"] = Relationship(back_populates="opportunities")
    space: Optional["Space"] = Relationship(back_populates="opportunities")
    texts: list[Text] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})
    teaches: list[Teaches] = Relationship(
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "order_by": "Teaches.position"}
    )
    schedules: list[Schedule] = Relationship(
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "order_by": "Schedule.position"}
    )
    occurrences: list[Occurrence] = Relationship(
        sa_relationship_kwargs={"viewonly": True, "order_by": "Occurrence.start"}
    )
