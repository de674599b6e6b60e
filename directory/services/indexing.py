"""Indexing: from the database to the index, through the outbox, as often as one likes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.database import reading, unit_of_work
from directory.models import Opportunity, Outbox, Space
from directory.models.vocabulary import ListingState
from directory.search.documents import Document, key
from directory.search.index import Index
from directory.search.segment import Kept
from directory.services.documents import opportunity_document, space_document
from directory.services.listings import of_a_row
from directory.services.topics import Tree, tree

BATCH = 200
_MOST_IN_ONE_STATEMENT = 10_000

Progress = Callable[[int], None]


def sync(engine: Engine, index: Index, *, currency: str) -> int:
    """Bring what the outbox holds into the index; how many listings that touched.

    Whoever holds the index's lock takes everybody's rows, so a second caller just leaves. Rows and
    listings are read under the lock: nobody can write an older state over a newer one. A row goes
    only after the index has it: applying one twice is harmless, losing one is not. An index that
    is lost or damaged is made anew.
    """
    if not index.exists():
        return rebuild(engine, index, currency=currency) or 0
    try:
        return _bring(engine, index, currency)
    except Exception:
        if index.is_sound():
            raise
        return rebuild(engine, index, currency=currency) or 0


def _bring(engine: Engine, index: Index, currency: str) -> int:
    touched = 0
    while waiting(engine):
        with index.writing() as right:
            if right is None:
                return touched
            with reading(engine) as db:
                rows = db.exec(select(Outbox).order_by(col(Outbox.id)).limit(BATCH)).all()
                wanted = {(row.listing, row.listing_id) for row in rows}
                documents = list(_documents_of(db, wanted, currency))
            gone = {key(*each) for each in wanted} - {document.key for document in documents}
            right.apply(documents, sorted(gone))
        _forget(engine, [row.id for row in rows if row.id is not None])
        touched += len(wanted)
    return touched


def waiting(engine: Engine) -> bool:
    """Whether something has changed that the index may not know."""
    with reading(engine) as db:
        return db.exec(select(Outbox.id).limit(1)).first() is not None


def rebuild(
    engine: Engine, index: Index, *, currency: str, progress: Progress | None = None
) -> int | None:
    """Make the index anew from the database, beside the one that serves.

    Returns:
        How many listings it holds; None when somebody else is at it already.
    """
    with index.rebuilding() as new:
        if new is None:
            return None
        # By number, not “all up to”: a transaction with a lower one may not be through yet.
        with reading(engine) as db:
            known = db.exec(select(Outbox.id)).all()
        counted = 0

        def documents(db: Session) -> Iterator[Document]:
            nonlocal counted
            for document in all_documents(db, currency=currency):
                yield document
                counted += 1
                if progress:
                    progress(counted)

        with reading(engine) as db:
            new.fill(documents(db))
        new.take_over(partial(_documents_by_key, engine, currency))
    _forget(engine, [number for number in known if number is not None])
    return counted


def heal(engine: Engine, index: Index, *, currency: str) -> bool:
    """Make the index anew when it cannot be read or has too many pieces; whether it was."""
    index.tidy()
    if not index.wants_rebuild():
        return False
    return rebuild(engine, index, currency=currency) is not None


def differences(engine: Engine, index: Index) -> tuple[set[str], set[str]]:
    """Keys the index lacks, and keys it holds that are no longer published.

    Raises:
        IndexUnavailable: it cannot be read, or is not as it was written.
    """
    index.verify()
    with reading(engine) as db:
        published = {key(name, number) for name, number in _published(db)}
    held = index.keys()
    return published - held, held - published


def outdated(engine: Engine, index: Index, *, currency: str) -> set[str]:
    """Keys of which the index has anything but what the database says, down to every word.

    Raises:
        IndexUnavailable: it cannot be read, or is not as it was written.
    """
    held = index.contents()
    with reading(engine) as db:
        wrong = {
            document.key
            for document in all_documents(db, currency=currency)
            if held.pop(document.key, None) != Kept.of(document)
        }
    return wrong | held.keys()


def listings_to_index(engine: Engine) -> int:
    """How many listings are published."""
    with reading(engine) as db:
        return len(_published(db))


def all_documents(db: Session, *, currency: str) -> Iterator[Document]:
    """Every published listing as a document, a few at a time."""
    topics = tree(db)
    numbers = _published(db)
    for begin in range(0, len(numbers), BATCH):
        yield from _documents_of(db, numbers[begin : begin + BATCH], currency, topics)
        db.expunge_all()


def _published(db: Session) -> list[tuple[str, int]]:
    return [
        (name, number)
        for name, table in (("space", Space), ("opportunity", Opportunity))
        for number in db.exec(
            select(table.id)
            .where(col(table.state) == ListingState.PUBLISHED)
            .order_by(col(table.id))
        ).all()
        if number is not None
    ]


def _forget(engine: Engine, numbers: Sequence[int]) -> None:
    """Take rows out of the outbox that the index has."""
    for begin in range(0, len(numbers), _MOST_IN_ONE_STATEMENT):
        some = numbers[begin : begin + _MOST_IN_ONE_STATEMENT]
        with unit_of_work(engine) as db:
            db.execute(sa.delete(Outbox).where(col(Outbox.id).in_(some)))


def _documents_by_key(engine: Engine, currency: str, keys: Iterable[str]) -> list[Document]:
    wanted = [(name, int(number)) for name, number in (k.rsplit("-", 1) for k in keys)]
    with reading(engine) as db:
        return list(_documents_of(db, wanted, currency))


def _documents_of(
    db: Session, wanted: Iterable[tuple[str, int]], currency: str, topics: Tree | None = None
) -> Iterator[Document]:
    topics = topics or tree(db)
    wanted = list(wanted)
    spaces = [number for name, number in wanted if name == "space"]
    opportunities = [number for name, number in wanted if name == "opportunity"]
    if spaces:
        yield from map(partial(space_document, tree=topics), _spaces(db, spaces))
    if opportunities:
        make = partial(opportunity_document, tree=topics, currency=currency)
        yield from map(make, _opportunities(db, opportunities))


def _spaces(db: Session, numbers: list[int]) -> Iterable[Space]:
    statement = (
        select(Space)
        .where(col(Space.id).in_(numbers), col(Space.state) == ListingState.PUBLISHED)
        .options(
            selectinload(Space.texts),  # type: ignore[arg-type]
            selectinload(Space.district),  # type: ignore[arg-type]
            selectinload(Space.provider),  # type: ignore[arg-type]
        )
        .order_by(col(Space.id))
    )
    return db.exec(statement).all()


def _opportunities(db: Session, numbers: list[int]) -> Iterable[Opportunity]:
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(numbers), col(Opportunity.state) == ListingState.PUBLISHED)
        .options(
            *of_a_row(),
            selectinload(Opportunity.occurrences),  # type: ignore[arg-type]
        )
        .order_by(col(Opportunity.id))
    )
    return db.exec(statement).all()
