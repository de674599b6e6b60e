"""Backups: a whole copy of a SQLite database, taken while others write.

PostgreSQL has its own tools (``pg_dump``), which know it better.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from directory.errors import Misconfigured, UnreadableFile
from directory.services import upkeep


def backup(engine: Engine, file: Path) -> int:
    """Copy the database to a file; its size in bytes.

    The copy is written beside its place and moved there when it is whole and has been checked.

    Raises:
        Misconfigured: the database is not SQLite.
    """
    _assert_sqlite(engine)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.part")
    fresh.unlink(missing_ok=True)
    _copy(engine, fresh)
    _assert_whole(engine, fresh)
    fresh.replace(file)
    return file.stat().st_size


def restore(engine: Engine, file: Path) -> None:
    """Put a backup in the place of the database, and bring it to the present shape.

    Raises:
        Misconfigured: the database is not SQLite.
        UnreadableFile: the file is no whole SQLite database.
    """
    _assert_sqlite(engine)
    _assert_whole(engine, file)
    _assert_ours(engine, file)
    source = _driver(engine).connect(str(file))
    with engine.execution_options(reading=True).connect() as connection:
        target: Any = connection.connection.driver_connection
        connection.exec_driver_sql("COMMIT")
        source.backup(target)
        connection.exec_driver_sql("BEGIN")
    source.close()
    engine.dispose()
    upkeep.migrate(engine)


def _copy(engine: Engine, file: Path) -> None:
    target = _driver(engine).connect(str(file))
    with engine.execution_options(reading=True).connect() as connection:
        source: Any = connection.connection.driver_connection
        source.backup(target)
    target.close()


def _assert_whole(engine: Engine, file: Path) -> None:
    driver = _driver(engine)
    try:
        connection = driver.connect(f"file:{file}?mode=ro", uri=True)
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        connection.close()
    except driver.DatabaseError as error:
        raise UnreadableFile(file.name, f"this is no SQLite database ({error})") from error
    if verdict != "ok" or not tables:
        raise UnreadableFile(file.name, f"the database in it is not whole ({verdict})")


def _assert_ours(engine: Engine, file: Path) -> None:
    """Before anything is overwritten: a city's database, of a version this one knows."""
    connection = _driver(engine).connect(f"file:{file}?mode=ro", uri=True)
    try:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("SELECT count(*) FROM opportunity").fetchone()
    except _driver(engine).DatabaseError as error:
        raise UnreadableFile(file.name, "this is no backup of Vereda's") from error
    finally:
        connection.close()
    if found is None or found[0] not in upkeep.revisions():
        raise UnreadableFile(file.name, "it is of a newer version of Vereda than this one")


def _driver(engine: Engine) -> Any:
    return engine.dialect.dbapi


def _assert_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        raise Misconfigured("backups of PostgreSQL are made with pg_dump, not with vereda")
