"""Units: the work of a command, kept whole or, in a dry run, not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from directory.database import unit_of_work
from directory.edge.house import House


@contextmanager
def work(house: House, *, dry_run: bool) -> Iterator[Session]:
    """A unit of work, which a dry run leaves without a trace."""
    if not dry_run:
        with unit_of_work(house.engine) as db:
            yield db
        return
    with Session(house.engine, expire_on_commit=False) as db:
        try:
            yield db
        finally:
            db.rollback()
