"""Backups: a whole copy of a SQLite database, taken while others write.

PostgreSQL has its own tools (``pg_dump``), which know it better.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from directory.database import unit_of_work
from directory.errors import Misconfigured, UnreadableFile
from directory.services import accounts, upkeep


def backup(engine: Engine, file: Path) -> int:
    """Copy the database to a file; its size in bytes.

    The copy is written beside its place and moved there when it is whole and has been checked.

    Raises:
        Misconfigured: the database is not SQLite, or the file is the database itself.
    """
    _assert_sqlite(engine)
    file = file.absolute()
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.resolve() == Path(engine.url.database or "").resolve():
        raise Misconfigured(f"{file} is the database itself; name another file")
    fresh = file.with_name(f"{file.name}.part")
    fresh.unlink(missing_ok=True)
    try:
        fresh.touch(mode=0o600)  # accounts are in it
        _copy(engine, fresh)
        _assert_whole(engine, fresh)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
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
    with (
        _opened(engine, file) as source,
        engine.execution_options(reading=True).connect() as connection,
    ):
        target: Any = connection.connection.driver_connection
        connection.exec_driver_sql("COMMIT")
        source.backup(target)
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    upkeep.migrate(engine)
    with unit_of_work(engine) as db:
        accounts.end_every_session(db)  # what was signed out since then stays so


def _copy(engine: Engine, file: Path) -> None:
    with closing(_driver(engine).connect(str(file))) as target:
        with engine.execution_options(reading=True).connect() as connection:
            source: Any = connection.connection.driver_connection
            source.backup(target)
        # One file is all there is to keep: none for a log beside it.
        target.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _opened(engine: Engine, file: Path) -> Iterator[Any]:
    """A database file to read, whatever its name; nothing is left beside it."""
    # What a log beside it holds belongs to it; without one nobody is writing, and none is made.
    log = file.with_name(f"{file.name}-wal")
    how = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    with closing(
        _driver(engine).connect(f"{file.absolute().as_uri()}?{how}", uri=True)
    ) as connection:
        yield connection


def _assert_whole(engine: Engine, file: Path) -> None:
    try:
        with _opened(engine, file) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except _driver(engine).DatabaseError as error:
        raise UnreadableFile(file.name, f"this is no SQLite database ({error})") from error
    if verdict != "ok" or not tables:
        raise UnreadableFile(file.name, f"the database in it is not whole ({verdict})")


def _assert_ours(engine: Engine, file: Path) -> None:
    """Before anything is overwritten: a city's database, of a version this one knows."""
    try:
        with _opened(engine, file) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            connection.execute("SELECT count(*) FROM opportunity").fetchone()
    except _driver(engine).DatabaseError as error:
        raise UnreadableFile(file.name, "this is no backup of Vereda's") from error
    if found is None or found[0] not in upkeep.revisions():
        raise UnreadableFile(file.name, "it is of a newer version of Vereda than this one")


def _driver(engine: Engine) -> Any:
    return engine.dialect.dbapi


def _assert_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        raise Misconfigured("backups of PostgreSQL are made with pg_dump, not with vereda")
