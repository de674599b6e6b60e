"""Migrations lead from nothing to the present shape and back; SQLite keeps its promises."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from directory.database import make_engine
from directory.edge.house import House
from directory.services import checkup, indexing, upkeep
from directory.services.keeping import keep_dates
from tests.pages import counted


def test_up_down_and_up_again(house: House) -> None:
    assert upkeep.is_current(house.engine)
    upkeep.migrate(house.engine, "base")
    assert not upkeep.is_current(house.engine)
    assert set(inspect(house.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    upkeep.migrate(house.engine)
    assert upkeep.is_current(house.engine)


def test_the_migrations_make_what_the_models_say(house: House) -> None:
    with house.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_sqlite_runs_durably(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
    assert tuple(map(int, str(version).split("."))) >= (3, 51, 3)


def test_who_only_looks_takes_no_place_among_the_writers(house: House) -> None:
    indexing.sync(house.engine, house.index, currency="EUR")
    with counted(house.engine) as statements:
        assert upkeep.is_current(house.engine)
        checkup.examine(house.engine, house.index)
        keep_dates(house.engine, settings=house.settings)
    assert statements
    assert "BEGIN IMMEDIATE" not in statements


def test_a_number_of_the_outbox_is_never_given_twice(house: House) -> None:
    from datetime import UTC, datetime

    from directory.database import unit_of_work
    from directory.models import Outbox

    numbers = []
    for _ in range(2):
        with unit_of_work(house.engine) as db:
            row = Outbox(listing="space", listing_id=1, written=datetime.now(UTC))
            db.add(row)
            db.flush()
            numbers.append(row.id)
        with unit_of_work(house.engine) as db:
            db.delete(db.get_one(Outbox, numbers[-1]))
    assert numbers[0] < numbers[1]


def test_a_restored_backup_is_what_was_backed_up(tmp_path: Path, empty_sqlite: Path) -> None:
    from directory.errors import Misconfigured
    from directory.services import backups

    engine = make_engine(f"sqlite:///{empty_sqlite}")
    assert backups.backup(engine, tmp_path / "b") > 0
    with pytest.raises(Misconfigured):
        backups.backup(_postgres_like(), tmp_path / "c")


def _postgres_like():
    from sqlalchemy import create_engine

    return create_engine("postgresql+psycopg://nowhere")
