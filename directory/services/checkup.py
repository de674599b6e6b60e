"""Checkup: whether everything a running city needs is there and well."""

from dataclasses import dataclass

from sqlalchemy import Engine, func
from sqlmodel import select

from directory.database import reading
from directory.models import Outbox
from directory.search.index import Index, IndexUnavailable
from directory.services import indexing, mail, upkeep

_LISTED = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    detail: str


def examine(engine: Engine, index: Index) -> list[Finding]:
    """Look at database and index."""
    shape = Finding("tables", upkeep.is_current(engine), "the shape this version needs")
    if not shape.well:
        return [Finding("tables", well=False, detail="not of this version; run “vereda init”")]
    return [shape, _durability(engine), _waiting(engine), _mail(engine), _index(engine, index)]


def _durability(engine: Engine) -> Finding:
    with engine.execution_options(reading=True).connect() as connection:
        if engine.dialect.name != "sqlite":
            return Finding("database", well=True, detail=engine.dialect.name)
        verdict = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
    return Finding("database", verdict == "ok", f"SQLite {version}, {verdict}")


def _waiting(engine: Engine) -> Finding:
    with reading(engine) as db:
        count = db.exec(select(func.count()).select_from(Outbox)).one()
    return Finding("changes waiting for the index", well=True, detail=str(count))


def _mail(engine: Engine) -> Finding:
    """Mails by number: whom they are to is nobody's business here."""
    with reading(engine) as db:
        waiting, stuck = len(mail.unsent(db)), mail.stuck(db)
    if not stuck:
        return Finding("mails waiting", well=True, detail=str(waiting))
    listed = ", ".join(f"{each.id} ({each.kind}): {each.trouble}" for each in stuck[:_LISTED])
    detail = f"{len(stuck)} given up: {listed}; “vereda mail retry” tries again"
    return Finding("mails waiting", well=False, detail=detail)


def _index(engine: Engine, index: Index) -> Finding:
    try:
        missing, extra = indexing.differences(engine, index)
    except IndexUnavailable as error:
        detail = f"cannot be read ({error}); run “vereda index rebuild”"
        return Finding("index", well=False, detail=detail)
    detail = f"{len(missing)} listings missing, {len(extra)} too many"
    return Finding("index", not missing and not extra, detail)
