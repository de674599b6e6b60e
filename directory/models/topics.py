"""Topic: a term of the directory's own tree."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Topic(SQLModel, table=True):
    """What can be learned, labelled and given synonyms in every interface language."""

    key: str = Field(primary_key=True)
    parent: str | None = Field(default=None, foreign_key="topic.key", index=True)
    position: int = 0
    isced: str = Field(default="", description="ISCED-F 2013 code")
    labels: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    synonyms: dict[str, list[str]] = Field(default_factory=dict, sa_type=sa.JSON)
