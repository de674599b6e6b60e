"""Running: a file is tried without a trace, then brought in one piece; restarts are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from directory.database import unit_of_work
from directory.errors import Invalid, NotFound, Problem, UnreadableFile
from directory.exchange import files
from directory.exchange.mapping import Mapping
from directory.models import Account, Transfer
from directory.models.vocabulary import FileKind, TransferState
from directory.services import transfers
from directory.services.bulk import keeping, mappings, reporting
from directory.services.transfers import Progress
from directory.settings import Settings

AT_WORK = frozenset({TransferState.CHECKING, TransferState.BRINGING})
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Given:
    """A file as it was sent."""

    name: str
    data: bytes


def receive(
    db: Session, by: Account, given: Given, *, mapping: str, settings: Settings
) -> Transfer:
    """Take a file in to be tried; nothing of it is read yet but what sort of file it is.

    Raises:
        Invalid: it is nothing, or too much.
        NotFound: there is no such mapping.
    """
    if not given.data:
        raise Invalid((Problem("file", "file-missing"),))
    if len(given.data) > keeping.MOST_BYTES:
        raise Invalid((Problem("file", "file-too-large", "10"),))
    kind = files.kind(given.data)
    wanted = mapping or files.USUAL_MAPPING[kind]
    mappings.named(db, wanted)
    now = settings.clock()
    row = Transfer(
        by_id=by.id,
        name=_name(given.name),
        kind=kind,
        mapping=wanted,
        state=TransferState.CHECKING,
        stored=keeping.keep(settings, given.data),
        begun=now,
        expires=now + keeping.KEPT_FOR,
    )
    db.add(row)
    db.flush()
    return row


def by_number(db: Session, number: int) -> Transfer:
    """An uploaded file's transfer.

    Raises:
        NotFound: there is none.
    """
    row = db.get(Transfer, number)
    if row is None:
        raise NotFound("import", str(number))
    return row


def uploads(db: Session, *, most: int) -> list[Transfer]:
    """The latest files somebody uploaded."""
    wanted = select(Transfer).where(col(Transfer.source_id).is_(None))
    return list(db.exec(wanted.order_by(col(Transfer.id).desc()).limit(most)).all())


def standing(row: Transfer, settings: Settings) -> TransferState:
    """How far a transfer is; one that nobody works on any more was interrupted."""
    if row.state in AT_WORK and not keeping.is_held(settings, row.id or 0):
        return TransferState.INTERRUPTED
    return row.state


def try_again(
    db: Session, row: Transfer, *, mapping: str, said: dict[str, object] | None, settings: Settings
) -> None:
    """Have a file read anew under another mapping, or with columns chosen for it.

    Raises:
        NotFound: the file is no longer kept, or there is no such mapping.
        Invalid: it is being worked on, or was brought already.
    """
    _assert_idle(row, settings)
    if said is None:
        mappings.named(db, mapping)
    row.mapping, row.said = mapping, said
    row.state, row.begun = TransferState.CHECKING, settings.clock()
    db.add(row)
    db.flush()


def confirm(db: Session, row: Transfer, *, settings: Settings) -> None:
    """Somebody has seen what would happen and wants it to.

    Raises:
        NotFound: the file is no longer kept.
        Invalid: it is being worked on, or was brought already.
    """
    _assert_idle(row, settings)
    if row.state is not TransferState.CHECKED:
        raise Invalid((Problem("file", "transfer-not-checked"),))
    row.state, row.begun = TransferState.BRINGING, settings.clock()
    db.add(row)
    db.flush()


def check(
    engine: Engine, settings: Settings, number: int, *, progress: Progress | None = None
) -> None:
    """Do everything, write down what would happen, and leave no other trace."""
    with _failing(engine, settings, number), Session(engine, expire_on_commit=False) as db:
        try:
            report = _import(db, by_number(db, number), settings, progress)
        finally:
            db.rollback()
        with unit_of_work(engine) as after:
            row = by_number(after, number)
            reporting.write(after, row, report, state=TransferState.CHECKED, now=settings.clock())


def bring(
    engine: Engine, settings: Settings, number: int, *, progress: Progress | None = None
) -> None:
    """Bring a file in, with what came of it, in one unit of work: all of it or nothing."""
    with _failing(engine, settings, number):
        with unit_of_work(engine) as db:
            row = by_number(db, number)
            report = _import(db, row, settings, progress)
            stored, row.stored, row.expires = row.stored, "", None
            reporting.write(db, row, report, state=TransferState.DONE, now=settings.clock())
        keeping.forget(settings, stored)


def has_over(db: Session, *, now: datetime) -> bool:
    """Whether ``sweep`` would find something to do."""
    return db.exec(select(Transfer.id).where(col(Transfer.expires) <= now)).first() is not None


def sweep(db: Session, *, settings: Settings, now: datetime) -> int:
    """Forget files that nobody brought within their time."""
    over = select(Transfer).where(col(Transfer.expires) <= now)
    gone = 0
    for row in db.exec(over).all():
        if keeping.is_held(settings, row.id or 0):
            continue
        keeping.forget(settings, row.stored)
        row.stored, row.expires = "", None
        gone += 1
    db.flush()
    return gone


def mapping_of(db: Session, row: Transfer) -> Mapping:
    """The mapping a file is read with.

    Raises:
        NotFound: it is no longer there.
    """
    if row.said is not None:
        return Mapping.model_validate(row.said)
    return mappings.named(db, row.mapping)


def _import(
    db: Session, row: Transfer, settings: Settings, progress: Progress | None
) -> transfers.Report:
    return transfers.import_file(
        db,
        keeping.kept(settings, row.stored),
        kind=FileKind(row.kind),
        name=row.name,
        mapping=mapping_of(db, row),
        settings=settings,
        progress=progress,
    )


@contextmanager
def _failing(engine: Engine, settings: Settings, number: int) -> Iterator[None]:
    """Whatever happens within is written down as the reason why nothing came of it."""
    try:
        yield
    except UnreadableFile as error:
        failed(engine, settings, number, code=error.code or "unreadable", value=error.value)
        _show_columns(engine, settings, number)
    except NotFound as error:
        failed(engine, settings, number, code="file-gone", value=error.name)
    except Exception as error:
        failed(engine, settings, number, code="broken", value=type(error).__name__)
        raise


def _show_columns(engine: Engine, settings: Settings, number: int) -> None:
    """Of a file that is a table but not one of its mapping: its columns, to choose from."""
    with unit_of_work(engine) as db:
        row = by_number(db, number)
        try:
            found = files.columns(
                keeping.kept(settings, row.stored),
                row.name,
                wanted=FileKind(row.kind),
                mapping=mapping_of(db, row),
                city=transfers.city(db, settings),
            )
        except (UnreadableFile, NotFound):
            return
        row.columns = [[header, "", example] for header, example in found if header]


def failed(engine: Engine, settings: Settings, number: int, *, code: str, value: str) -> None:
    """Write down why nothing came of a transfer; whatever else there was is left as it was."""
    with unit_of_work(engine) as db:
        row = by_number(db, number)
        reporting.fail(db, row, code=code, value=value, now=settings.clock())


def _assert_idle(row: Transfer, settings: Settings) -> None:
    if row.source_id is not None or row.state is TransferState.DONE:
        raise Invalid((Problem("file", "transfer-over"),))
    if row.state in AT_WORK and keeping.is_held(settings, row.id or 0):
        raise Invalid((Problem("file", "transfer-busy"),))
    if not row.stored or (row.expires and row.expires <= settings.clock()):
        raise NotFound("file", row.name)


def _name(given: str) -> str:
    """What the file was called, without any folder and what does not print."""
    last = given.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-_LONGEST_NAME:] or "file"
