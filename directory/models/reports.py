"""Report: a mistake a reader found in a listing, and what came of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from directory.models.listings import Opportunity, Space
from directory.models.tables import Instant, word
from directory.models.vocabulary import Word


class ReportKind(Word):
    """What a reader found wrong."""

    CLOSED = "closed"
    DATES = "dates"
    PLACE = "place"
    PRICE = "price"
    ACCESS = "access"
    CONTACT = "contact"
    WORDS = "words"
    OTHER = "other"


class ReportOutcome(Word):
    """What came of a report."""

    CORRECTED = "corrected"
    NOT_SO = "not-so"
    WITHDRAWN = "withdrawn"


class Report(SQLModel, table=True):
    """A mistake somebody found in a listing; their address is kept until they have been told."""

    __table_args__ = (
        sa.CheckConstraint(
            "CASE WHEN space_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN opportunity_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_listing",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    space_id: int | None = Field(
        default=None, foreign_key="space.id", index=True, ondelete="CASCADE"
    )
    opportunity_id: int | None = Field(
        default=None, foreign_key="opportunity.id", index=True, ondelete="CASCADE"
    )
    kind: ReportKind = word(ReportKind)
    words: str = ""
    email: str = Field(default="", description="erased when answered, and after 90 days")
    language: str
    by_provider: bool = False
    written: datetime = Field(sa_type=Instant)
    outcome: ReportOutcome | None = word(ReportOutcome, default=None)
    note: str = ""
    answered: datetime | None = Field(default=None, sa_type=Instant)

    space: Space | None = Relationship()
    opportunity: Opportunity | None = Relationship()

    @property
    def listing(self) -> Space | Opportunity:
        """What it is a report of."""
        found = self.space or self.opportunity
        assert found is not None  # noqa: S101 - the database holds one of the two
        return found
