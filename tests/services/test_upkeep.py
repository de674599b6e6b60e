"""Migrations lead from nothing to the present shape and back; SQLite keeps its promises."""

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from directory.database import make_engine, reading, unit_of_work
from directory.edge.house import House
from directory.errors import Misconfigured, UnreadableFile
from directory.services import backups, checkup, indexing, upkeep
from directory.services.keeping import keep_dates
from tests.conftest import settings_in
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


@pytest.mark.parametrize("name", ["plain", "50% off?.db", "a#b c&d", ":memory:", "ñandú ٣"])
def test_a_restored_backup_is_what_was_backed_up(lone: House, tmp_path: Path, name: str) -> None:
    _set_demo_week(lone, "2026-11-23")
    folder = tmp_path / "saved"
    assert backups.backup(lone.engine, folder / name) > 0
    assert [each.name for each in folder.iterdir()] == [name]
    _set_demo_week(lone, "2027-01-04")
    backups.restore(lone.engine, folder / name)
    with reading(lone.engine) as db:
        assert upkeep.city(db).demo_week == "2026-11-23"
    assert [each.name for each in folder.iterdir()] == [name]


def test_a_backup_never_takes_the_place_of_the_database(lone: House) -> None:
    with pytest.raises(Misconfigured):
        backups.backup(lone.engine, Path(str(lone.engine.url.database)))
    assert upkeep.is_current(lone.engine)


def test_of_a_backup_that_fails_nothing_is_left(
    lone: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_engine: object, file: Path) -> None:
        raise UnreadableFile(file.name, "not whole")

    monkeypatch.setattr(backups, "_assert_whole", refuse)
    with pytest.raises(UnreadableFile):
        backups.backup(lone.engine, tmp_path / "saved" / "x")
    assert list((tmp_path / "saved").iterdir()) == []


def test_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        backups.backup(create_engine("postgresql+psycopg://nowhere"), tmp_path / "c")


def test_two_processes_that_begin_at_once_sign_with_one_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, secret_key="")
    barrier = threading.Barrier(8)

    def key(_turn: int) -> str:
        barrier.wait()
        return settings.signing_key()

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key, range(8)))
    assert keys == {(tmp_path / "secret_key").read_text()}
    assert len(keys.pop()) > 40
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def lone(tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    """An empty city on SQLite."""
    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    opened = House.of(settings_in(tmp_path))
    yield opened
    opened.engine.dispose()


def _set_demo_week(house: House, week: str) -> None:
    with unit_of_work(house.engine) as db:
        upkeep.city(db).demo_week = week


def test_a_restored_backup_is_for_its_owner_and_signs_everybody_out(
    tmp_path: Path, empty_sqlite: Path
) -> None:
    import shutil
    import stat

    from directory.database import unit_of_work
    from directory.models import Account
    from directory.models.vocabulary import Role
    from directory.services import accounts, backups
    from tests.conftest import settings_in

    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    house = House.of(settings_in(tmp_path))
    with unit_of_work(house.engine) as db:
        made = accounts.make(
            db,
            None,
            email="a@villaclara.example",
            name="A",
            role=Role.EDITOR,
            language="en",
            now=house.settings.clock(),
        )
    backups.backup(house.engine, tmp_path / "b")
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    backups.restore(house.engine, tmp_path / "b")
    with unit_of_work(house.engine) as db:
        assert db.get_one(Account, made.id).email == made.email
        assert accounts.holder(db, made.session_key) is None
