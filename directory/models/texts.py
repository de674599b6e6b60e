"""Text: one translated field of a listing, with its language and state."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.freshness import Speaker
from directory.models.tables import word
from directory.models.vocabulary import TextState

FIELDS = ("title", "summary", "description")


class Text(SQLModel, table=True):
    """One field of one provider, space or opportunity in one language."""

    __table_args__ = (
        sa.CheckConstraint(
            "CASE WHEN provider_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN space_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN opportunity_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_owner",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int | None = Field(
        default=None, foreign_key="provider.id", index=True, ondelete="CASCADE"
    )
    space_id: int | None = Field(
        default=None, foreign_key="space.id", index=True, ondelete="CASCADE"
    )
    opportunity_id: int | None = Field(
        default=None, foreign_key="opportunity.id", index=True, ondelete="CASCADE"
    )
    field: str
    language: str
    value: str
    state: TextState = word(TextState, default=TextState.ORIGINAL)
    speaker: Speaker | None = word(
        Speaker, default=None, description="Who wrote it; none: its source."
    )
