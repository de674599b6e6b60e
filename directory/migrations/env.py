"""Alembic's way in: runs migrations on the connection it is handed."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import directory.models  # noqa: F401 - fills the metadata


def _plain_types(kind: str, item: Any, _autogen: Any) -> Any:
    """Write our column types as what they are in the database, so old migrations stay readable."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Run on the connection given by ``directory.services.upkeep``."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        render_item=_plain_types,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
