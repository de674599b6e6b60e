"""Sources: addresses that are fetched on a rhythm; what fails leaves everything as it was."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from directory.database import reading, unit_of_work
from directory.errors import Invalid, NotFetched, NotFound, Problem, UnreadableFile
from directory.models import Account, Opportunity, Source, Space, Transfer
from directory.models.freshness import By, Speaker
from directory.models.vocabulary import FileKind, ListingState, TransferState, slugify
from directory.services import freshness, provenance, transfers, vanishing
from directory.services.bulk import mappings, reporting, running
from directory.services.fetching.addresses import target
from directory.services.fetching.fetch import Fetched, Marks, fetch
from directory.services.fetching.policy import Policy
from directory.services.transfers import Progress
from directory.services.vanishing import Gone
from directory.settings import Settings

RHYTHMS = (1, 6, 12, 24, 168)
# After a failure there is no use in asking again at once, nor in waiting a week.
AGAIN_AFTER = timedelta(hours=1)
KEPT = 5
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}", re.ASCII)
_LONGEST_NAME = 120
_OWN_KEYS = frozenset({"desk"})


@dataclass(frozen=True)
class Wanted:
    """A source as somebody filled it in."""

    name: str
    address: str
    kind: FileKind
    mapping: str
    rhythm: int
    owned: tuple[str, ...]
    withdraws: bool = False
    key: str = ""


def everything(db: Session) -> list[Source]:
    """All of them, by name."""
    return list(db.exec(select(Source).order_by(col(Source.name), col(Source.id))).all())


def by_number(db: Session, number: int) -> Source:
    """One of them.

    Raises:
        NotFound: there is none of that number.
    """
    row = db.get(Source, number)
    if row is None:
        raise NotFound("source", str(number))
    return row


def by_key(db: Session, key: str) -> Source:
    """One of them.

    Raises:
        NotFound: there is none of that key.
    """
    row = db.exec(select(Source).where(Source.key == key)).first()
    if row is None:
        raise NotFound("source", key)
    return row


def add(db: Session, by: Account | None, wanted: Wanted, *, settings: Settings) -> Source:
    """Add a source, to be fetched soon.

    Raises:
        Invalid: something of it cannot be meant.
    """
    key = wanted.key or slugify(wanted.name)
    problems = _problems(db, wanted, settings)
    if (key or not problems) and (not _KEY.fullmatch(key) or key in _OWN_KEYS):
        problems.append(Problem("key", "source-key", key))
    elif db.exec(select(Source.id).where(Source.key == key)).first() is not None:
        problems.append(Problem("key", "source-key-taken", key))
    if problems:
        raise Invalid(tuple(problems))
    now = settings.clock()
    row = Source(
        key=key, name="", kind=wanted.kind, address="", mapping="", made=now, due=now,
        by_id=by.id if by else None,
    )  # fmt: skip
    _fill(row, wanted)
    db.add(row)
    db.flush()
    return row


def change(db: Session, row: Source, wanted: Wanted, *, settings: Settings) -> None:
    """Change a source; what it brought stays, and is read anew the next time.

    Raises:
        Invalid: something of it cannot be meant.
    """
    if problems := _problems(db, wanted, settings):
        raise Invalid(tuple(problems))
    if set(row.owned) != set(wanted.owned):
        _read_anew(db, row)
    _fill(row, wanted)
    row.etag = row.changed = row.digest = ""
    row.due = settings.clock()
    db.add(row)
    db.flush()


def pause(db: Session, row: Source, *, enabled: bool, now: datetime) -> None:
    """Fetch a source no more, or again."""
    row.enabled = enabled
    row.due = now if enabled else None
    db.add(row)
    db.flush()


def due(db: Session, *, now: datetime) -> Sequence[int]:
    """The numbers of those whose time has come, whose turn it was longest first."""
    wanted = select(Source.id).where(Source.enabled, col(Source.due) <= now)
    return [number for number in db.exec(wanted.order_by(col(Source.due))).all() if number]


def begin(db: Session, row: Source, *, settings: Settings, by: Account | None = None) -> Transfer:
    """Take a source's turn: whoever else looks meanwhile sees that it has been taken."""
    now = settings.clock()
    row.due = now + timedelta(hours=row.rhythm)
    transfer = Transfer(
        source_id=row.id,
        by_id=by.id if by else None,
        name=row.address,
        kind=row.kind,
        mapping=row.mapping,
        state=TransferState.BRINGING,
        begun=now,
    )
    db.add_all([row, transfer])
    db.flush()
    return transfer


def last(db: Session, row: Source) -> Transfer | None:
    """What came of it the last time."""
    return next(iter(history(db, row, most=1)), None)


def latest(db: Session) -> dict[int, Transfer]:
    """What came of each source the last time, by its number."""
    newest = (
        select(sa.func.max(Transfer.id))
        .where(col(Transfer.source_id).is_not(None))
        .group_by(col(Transfer.source_id))
    )
    found = db.exec(select(Transfer).where(col(Transfer.id).in_(newest))).all()
    return {row.source_id: row for row in found if row.source_id}


def history(db: Session, row: Source, *, most: int = KEPT) -> list[Transfer]:
    """What came of it, the latest first."""
    wanted = select(Transfer).where(Transfer.source_id == row.id)
    return list(db.exec(wanted.order_by(col(Transfer.id).desc()).limit(most)).all())


def run(
    engine: Engine,
    settings: Settings,
    number: int,
    *,
    policy: Policy,
    many: bool = False,
    progress: Progress | None = None,
) -> None:
    """Fetch a source and bring what it has; ``number`` is of the transfer that was begun.

    What fails leaves every listing as it was, and is written down with its reason.
    """
    with reading(engine) as db:
        source = by_number(db, running.by_number(db, number).source_id or 0)
    try:
        marks = Marks() if many else Marks(source.etag, source.changed)
        found = fetch(source.address, policy=policy, marks=marks)
        with unit_of_work(engine) as db:
            _bring(db, number, found, settings=settings, many=many, progress=progress)
    except NotFetched as error:
        _failed(engine, settings, number, code=error.code, value=error.value)
    except UnreadableFile as error:
        _failed(engine, settings, number, code=error.code or "unreadable", value=error.value)
    except NotFound as error:
        _failed(engine, settings, number, code="no-mapping", value=error.name)
    except Exception as error:
        _failed(engine, settings, number, code="broken", value=type(error).__name__)
        raise


def _bring(
    db: Session,
    number: int,
    found: Fetched,
    *,
    settings: Settings,
    many: bool,
    progress: Progress | None,
) -> None:
    transfer = running.by_number(db, number)
    source = by_number(db, transfer.source_id or 0)
    now = settings.clock()
    digest = hashlib.sha256(found.data).hexdigest() if found.data is not None else source.digest
    if found.data is None or (digest == source.digest and not many):
        _say_again(db, source, now=now)
        transfer.state, transfer.ended = TransferState.SAME, now
    else:
        wanted = mappings.of_source(mappings.named(db, source.mapping), source.key)
        report = transfers.import_file(
            db,
            found.data,
            kind=FileKind(source.kind),
            name=source.address,
            mapping=wanted,
            settings=settings,
            progress=progress,
            owned=frozenset(source.owned),
            gone=_gone(source, many=many),
        )
        reporting.write(db, transfer, report, state=TransferState.DONE, now=now)
    # What was held back is to be looked at again, even if the file is still the same.
    settled = not transfer.held
    source.digest = digest if settled else ""
    if found.is_new:
        source.etag = found.marks.etag if settled else ""
        source.changed = found.marks.modified if settled else ""
    _prune(db, source)
    db.flush()


def _failed(engine: Engine, settings: Settings, number: int, *, code: str, value: str) -> None:
    running.failed(engine, settings, number, code=code, value=value)
    with unit_of_work(engine) as db:
        source = by_number(db, running.by_number(db, number).source_id or 0)
        soon = settings.clock() + AGAIN_AFTER
        if source.due is not None and source.due > soon:
            source.due = soon
        _prune(db, source)


def _gone(source: Source, *, many: bool) -> Gone:
    if not source.withdraws:
        return Gone.STAYS
    return Gone.GOES_EVEN_IF_MANY if many else Gone.GOES


def _say_again(db: Session, source: Source, *, now: datetime) -> None:
    """The file is the same, so its source says everything in it once more."""
    for table in freshness.TABLES:
        rows = vanishing.published(db, table, source.key)
        freshness.seen_again(db, rows, by=By(Speaker.SOURCE, source.key), now=now)


def _read_anew(db: Session, source: Source) -> None:
    """Have every record count as changed: what it may say of them is not what it was."""
    for table in (Space, Opportunity):
        db.execute(
            sa.update(table)
            .where(col(table.source) == source.key)
            .where(col(table.state) == ListingState.PUBLISHED)
            .values(fingerprint="")
        )


def _prune(db: Session, source: Source) -> None:
    kept = [row.id for row in history(db, source)]
    old = sa.and_(col(Transfer.source_id) == source.id, col(Transfer.id).not_in(kept))
    db.execute(sa.delete(Transfer).where(old))


def _fill(row: Source, wanted: Wanted) -> None:
    row.name, row.address = " ".join(wanted.name.split()), wanted.address.strip()
    row.kind, row.mapping, row.rhythm = wanted.kind, wanted.mapping, wanted.rhythm
    row.owned, row.withdraws = list(wanted.owned), wanted.withdraws


def _problems(db: Session, wanted: Wanted, settings: Settings) -> list[Problem]:
    problems = []
    if not 0 < len(" ".join(wanted.name.split())) <= _LONGEST_NAME:
        problems.append(Problem("name", "not-a-name-here", allowed=(str(_LONGEST_NAME),)))
    policy = Policy.of(settings)
    try:
        target(wanted.address.strip(), ports=policy.ports, named=policy.own)
    except NotFetched as error:
        problems.append(Problem("address", f"fetch-{error.code}", error.value))
    if wanted.mapping not in mappings.names(db):
        problems.append(
            Problem("mapping", "unknown-value", wanted.mapping, tuple(mappings.names(db)))
        )
    if wanted.rhythm not in RHYTHMS:
        problems.append(
            Problem("rhythm", "unknown-value", str(wanted.rhythm), tuple(map(str, RHYTHMS)))
        )
    if unknown := [fact for fact in wanted.owned if fact not in provenance.FACTS]:
        problems.append(Problem("owned", "unknown-value", unknown[0], provenance.FACTS))
    return problems
