"""Upkeep: bringing a database to the present shape, and the city's own row."""

from importlib import resources
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from directory.models import City


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, up or down; already there is fine."""
    with engine.begin() as connection:
        config = alembic_config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if revision != "head" and _is_older(config, revision, current):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the tables have the shape this version needs."""
    with engine.execution_options(reading=True).connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        return current == ScriptDirectory.from_config(alembic_config(connection)).get_current_head()


def alembic_config(connection: Any) -> Config:
    """Alembic's settings for the shipped migrations on a connection."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("directory") / "migrations"))
    config.attributes["connection"] = connection
    return config


def revisions() -> set[str]:
    """Every shape of the tables that this version knows."""
    script = ScriptDirectory(str(resources.files("directory") / "migrations"))
    return {each.revision for each in script.walk_revisions()}


def city(db: Session) -> City:
    """The city's row, made if it is not there yet."""
    row = db.get(City, 1)
    if row is not None:
        return row
    try:
        with db.begin_nested():
            row = City()
            db.add(row)
            db.flush()
    except IntegrityError:  # another process made it between our look and our row
        return db.get_one(City, 1)
    return row


def city_names(db: Session) -> dict[str, str]:
    """The city's name by language; empty when nobody has said it."""
    row = db.get(City, 1)
    return row.names if row else {}


def _is_older(config: Config, revision: str, current: str | None) -> bool:
    if revision == "base":
        return True
    if current is None:
        return False
    older = ScriptDirectory.from_config(config).iterate_revisions(current, "base")
    return any(script.revision == revision for script in older if script.revision != current)
