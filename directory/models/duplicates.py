"""Duplicates: pairs of listings that may be one and the same, and what an editor said of them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant, word
from directory.models.vocabulary import Verdict


class Duplicate(SQLModel, table=True):
    """A pair of spaces or of opportunities; the one with the smaller number is the first."""

    __table_args__ = (sa.UniqueConstraint("listing", "first_id", "second_id"),)

    id: int | None = Field(default=None, primary_key=True)
    listing: str = Field(index=True, description="space or opportunity")
    first_id: int
    second_id: int
    score: float = Field(description="from 0 to 1")
    evidence: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=sa.JSON, description="code, value and weight of each sign"
    )
    found: datetime = Field(sa_type=Instant)
    verdict: Verdict = word(Verdict, default=Verdict.OPEN, index=True)
    judged: datetime | None = Field(default=None, sa_type=Instant)
    judged_by_id: int | None = Field(default=None, foreign_key="account.id")
    gone_id: int | None = Field(
        default=None, index=True, description="the one that was merged into the other"
    )
    before: dict[str, Any] | None = Field(
        default=None, sa_type=sa.JSON, description="both as they were, for undoing the merge"
    )
    noted: datetime | None = Field(
        default=None, sa_type=Instant, description="when a source changed the one that is gone"
    )
