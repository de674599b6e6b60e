"""The engine and the session: how Vereda talks to SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session, create_engine

from directory.errors import Misconfigured

# Up to 3.51.2 several writers could lose a WAL (sqlite.org/wal.html, "the WAL-reset bug").
_SAFE_SQLITE = (3, 51, 3)
_FULL = 2
# SQLite does not queue its writers: of thirty at once the unluckiest waits many times its turn.
_PATIENCE = 120  # seconds


def make_engine(url: str) -> Engine:
    """An engine for a database address; SQLite comes in WAL mode with full durability.

    Raises:
        Misconfigured: the address is none, or SQLite does not keep the promises Vereda makes to
            whoever saves.
    """
    if not url.startswith("sqlite"):
        try:
            return create_engine(url, pool_pre_ping=True, hide_parameters=True)
        except (ArgumentError, ImportError) as error:
            raise Misconfigured(
                "VEREDA_DATABASE_URL is no address of a database Vereda knows; write one like"
                " postgresql+psycopg://user:password@host/name, or leave it out for SQLite"
            ) from error
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        module=_sqlite_module(),
        connect_args={"timeout": _PATIENCE},
        hide_parameters=True,  # what somebody typed has no place in a log
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    _assert_durable(engine)
    return engine


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """A session that commits once, at the end, or rolls everything back."""
    with Session(engine, expire_on_commit=False) as db:
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for questions: closing it gives back what it changed, and keeps what it read."""
    asking = engine.execution_options(reading=True)
    with Session(asking, expire_on_commit=False, autoflush=False) as db:
        yield db


def _sqlite_module() -> Any:
    if sqlite3.sqlite_version_info >= _SAFE_SQLITE:
        return sqlite3
    import pysqlite3  # noqa: PLC0415 - only where the linked SQLite is too old

    return pysqlite3


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late to serialise read-then-write; see _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={1000 * _PATIENCE}")
    cursor.close()


def _begin(connection: Any) -> None:
    # A writer takes its place in the queue at once: waiting is better than failing half-way.
    reading_only = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading_only else "BEGIN IMMEDIATE")


def _assert_durable(engine: Engine) -> None:
    with engine.execution_options(reading=True).connect() as connection:
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    in_memory = make_url(str(engine.url)).database in {None, "", ":memory:"}
    if level != _FULL or (mode != "wal" and not in_memory):
        raise Misconfigured(
            f"SQLite runs with journal_mode={mode}, synchronous={level}; Vereda needs wal and 2"
            " (FULL), or a saved listing could be lost. Is the data folder on a network drive?"
        )
