"""Indexing: from the database to the index, through the outbox, as often as one likes."""

from collections.abc import Callable, Iterable, Iterator
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
from directory.services.documents import opportunity_document, space_document
from directory.services.topics import Tree, tree

BATCH = 500

Progress = Callable[[int], None]


def sync(engine: Engine, index: Index, *, currency: str) -> int:
    """Bring what the outbox holds into the index; how many listings that touched.

    Whoever holds the index's lock takes everybody's rows, so a second caller just leaves. A row
    goes only after the index has it: applying one twice is harmless, losing one is not.
    """
    if not index.exists():
        return rebuild(engine, index, currency=currency)
    touched = 0
    while True:
        with reading(engine) as db:
            rows = db.exec(select(Outbox).order_by(col(Outbox.id)).limit(BATCH)).all()
            if not rows:
                return touched
            wanted = {(row.listing, row.listing_id) for row in rows}
            documents = list(_documents_of(db, wanted, currency))
        present = {document.key for document in documents}
        gone = {key(*each) for each in wanted} - present
        if not index.write(documents, gone=sorted(gone)):
            return touched
        with unit_of_work(engine) as db:
            numbers = [row.id for row in rows]
            db.execute(sa.delete(Outbox).where(col(Outbox.id).in_(numbers)))
        touched += len(wanted)


def rebuild(
    engine: Engine, index: Index, *, currency: str, progress: Progress | None = None
) -> int:
    """Make the index anew from the database; how many listings it holds."""
    with reading(engine) as db:
        newest = db.exec(select(sa.func.max(Outbox.id))).one()
        counted = 0

        def documents() -> Iterator[Document]:
            nonlocal counted
            for document in all_documents(db, currency=currency):
                yield document
                counted += 1
                if progress:
                    progress(counted)

        index.rebuild(documents())
    if newest is not None:
        with unit_of_work(engine) as db:
            db.execute(sa.delete(Outbox).where(col(Outbox.id) <= newest))
    return counted


def differences(engine: Engine, index: Index) -> tuple[set[str], set[str]]:
    """Keys the index lacks, and keys it holds that are no longer published."""
    with reading(engine) as db:
        published = {
            key(name, number)
            for name, table in (("space", Space), ("opportunity", Opportunity))
            for number in db.exec(
                select(table.id).where(col(table.state) == ListingState.PUBLISHED)
            ).all()
            if number is not None
        }
    held = index.keys()
    return published - held, held - published


def listings_to_index(engine: Engine) -> int:
    """How many listings are published."""
    with reading(engine) as db:
        return sum(
            db.exec(
                select(sa.func.count())
                .select_from(table)
                .where(col(table.state) == ListingState.PUBLISHED)
            ).one()
            for table in (Space, Opportunity)
        )


def all_documents(db: Session, *, currency: str) -> Iterator[Document]:
    """Every published listing as a document, a few at a time."""
    topics = tree(db)
    for name, table in (("space", Space), ("opportunity", Opportunity)):
        numbers = db.exec(
            select(table.id)
            .where(col(table.state) == ListingState.PUBLISHED)
            .order_by(col(table.id))
        ).all()
        for begin in range(0, len(numbers), BATCH):
            some = {(name, n) for n in numbers[begin : begin + BATCH] if n is not None}
            yield from _documents_of(db, some, currency, topics)
            db.expunge_all()


def _documents_of(
    db: Session, wanted: Iterable[tuple[str, int]], currency: str, topics: Tree | None = None
) -> Iterator[Document]:
    topics = topics or tree(db)
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
    space = selectinload(Opportunity.space)  # type: ignore[arg-type]
    provider = selectinload(Opportunity.provider)  # type: ignore[arg-type]
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(numbers), col(Opportunity.state) == ListingState.PUBLISHED)
        .options(
            selectinload(Opportunity.texts),  # type: ignore[arg-type]
            selectinload(Opportunity.teaches),  # type: ignore[arg-type]
            selectinload(Opportunity.schedules),  # type: ignore[arg-type]
            selectinload(Opportunity.occurrences),  # type: ignore[arg-type]
            space,
            space.selectinload(Space.texts),  # type: ignore[arg-type]
            space.selectinload(Space.district),  # type: ignore[arg-type]
            provider,
        )
        .order_by(col(Opportunity.id))
    )
    return db.exec(statement).all()
