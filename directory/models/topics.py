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
    synonyms: dict[str, list[str]] = Field(
        default_factory=dict, sa_type=sa.JSON, description="as shipped"
    )
    added: dict[str, list[str]] = Field(
        default_factory=dict, sa_type=sa.JSON, description="synonyms the city's editors added"
    )

    @property
    def called(self) -> dict[str, list[str]]:
        """Every synonym by language: those shipped, then the city's own."""
        both = {language: list(names) for language, names in self.synonyms.items()}
        for language, names in self.added.items():
            there = both.setdefault(language, [])
            there += [name for name in names if name not in there]
        return both
