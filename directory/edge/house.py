"""The house: what an application needs at hand, made once and passed on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from flask import current_app, g
from sqlalchemy import Engine
from sqlmodel import Session

from directory.database import make_engine, unit_of_work
from directory.edge.working import Workshop
from directory.search.index import Index
from directory.services.finding import Plain
from directory.services.guidance import Guide
from directory.services.known import City, Known
from directory.services.seeking.tallying import Tally
from directory.services.visits import openings
from directory.settings import Settings


@dataclass
class House:
    """Settings, database, index, guide and vocabulary of one city."""

    settings: Settings
    engine: Engine
    index: Index
    plain: Plain
    guide: Guide = field(default_factory=Guide)
    known: Known = field(default_factory=Known)
    tally: Tally = field(default_factory=Tally)

    @cached_property
    def workshop(self) -> Workshop:
        """What works on files and sources beside the pages."""
        return Workshop(self.settings, self.engine)

    @classmethod
    def of(cls, settings: Settings) -> "House":
        """Open what the settings name; nothing is created but the data folder."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return cls(
            settings,
            make_engine(settings.database),
            Index(settings.index_dir),
            Plain(settings.currency),
            Guide(settings.guide_dir, opened=openings(settings)),
        )


def house() -> House:
    """The house of the running application."""
    return cast("House", current_app.extensions["vereda"])


def db() -> Session:
    """This request's session; it is rolled back when the request ends."""
    if "db" not in g:
        g.db = Session(
            house().engine.execution_options(reading=True),
            expire_on_commit=False,
            autoflush=False,
        )
    return cast("Session", g.db)


@contextmanager
def writing() -> Iterator[Session]:
    """A unit of work of this request: committed once at its end, or not at all.

    What the request reads afterwards is as it is then, not as it was when it first looked.
    """
    with unit_of_work(house().engine) as session:
        yield session
    close_db()


def city() -> City:
    """The city's topics, words and districts."""
    return house().known.city(db())


def close_db(_error: BaseException | None = None) -> None:
    """End this request's session, if there is one."""
    session = g.pop("db", None)
    if session is not None:
        session.close()
