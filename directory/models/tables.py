"""What all tables share: JSON columns, instants, and the row that tells the index of a change."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from directory.models.vocabulary import Word

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite has no zones, so it is told ours."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """To UTC; a naive time is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _WordColumn(TypeDecorator[Word]):
    """A term of a closed list, kept as text and read back as the term."""

    impl = sa.String
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Word | None:
        return None if value is None else self.words(value)


def word(words: type[Word], **options: Any) -> Any:
    """A column that holds a term of ``words``."""
    return Field(sa_type=_WordColumn(words), **options)


class Outbox(SQLModel, table=True):
    """A listing changed; written in the same transaction as the change, read by the index."""

    # A number is never given twice: whoever removes "all up to 7" must not remove a later 7.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    listing: str = Field(index=True, description="space or opportunity")
    listing_id: int
    written: datetime = Field(sa_type=Instant)


class City(SQLModel, table=True):
    """The one city this directory is of."""

    id: int = Field(default=1, primary_key=True)
    names: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    lat: float | None = None
    lon: float | None = None
    demo_week: str | None = Field(
        default=None, description="Monday the demo's schedules are counted from, if it is the demo."
    )


class District(SQLModel, table=True):
    """A part of the city, known by a key, a name in some languages and a centre."""

    key: str = Field(primary_key=True)
    names: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
