"""Schedule: a rule in local time. Occurrence: one dated instance of it, in UTC."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant, word
from directory.models.vocabulary import OccurrenceStatus


class Schedule(SQLModel, table=True):
    """When an opportunity takes place, as its provider would say it.

    Times are local wall time of ``timezone``: a course at 18:00 stays at 18:00 when the clocks
    change. ``rule`` is an RFC 5545 RRULE value without ``DTSTART``.
    """

    id: int | None = Field(default=None, primary_key=True)
    opportunity_id: int | None = Field(
        default=None, foreign_key="opportunity.id", index=True, ondelete="CASCADE"
    )
    position: int = 0
    timezone: str
    start: datetime = Field(sa_type=sa.DateTime)
    minutes: int = Field(description="length; of whole days when all_day")
    minutes_known: bool = True
    all_day: bool = False
    rule: str = ""
    exdates: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    rdates: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    cancelled: list[str] = Field(default_factory=list, sa_type=sa.JSON)


class Occurrence(SQLModel, table=True):
    """One dated occurrence; (schedule, recurrence_id) is its identity, cancelled or not."""

    __table_args__ = (sa.UniqueConstraint("schedule_id", "recurrence_id"),)

    id: int | None = Field(default=None, primary_key=True)
    schedule_id: int = Field(foreign_key="schedule.id", ondelete="CASCADE")
    opportunity_id: int = Field(foreign_key="opportunity.id", index=True, ondelete="CASCADE")
    recurrence_id: str = Field(description="original local start, as RFC 5545 RECURRENCE-ID")
    start: datetime = Field(sa_type=Instant, index=True)
    end: datetime = Field(sa_type=Instant)
    end_known: bool = True
    all_day: bool = False
    timezone: str
    status: OccurrenceStatus = word(OccurrenceStatus, default=OccurrenceStatus.SCHEDULED)
    message: str = ""
