"""Searches and pages are counted, of people who read, and of nobody in particular."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.rounds import Rounds
from directory.models import Sought, SoughtDay, SoughtReach, Views
from directory.models.listings import Opportunity
from tests.conftest import settings_in
from tests.factories import Put, opportunity_record

HEADERS = {"User-Agent": "Mozilla/5.0 (planted-agent-7731)"}


def browse(client: FlaskClient, path: str, n: int, *, after: str = "", **headers: str) -> None:
    more = {"Referer": f"http://localhost{after}"} if after else {}
    answer = client.get(
        path,
        headers={**HEADERS, **more, **headers},
        environ_base={"REMOTE_ADDR": f"203.{n}.113.77"},
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def counts(house: House) -> dict[str, tuple[int, int, int]]:
    Rounds(house).count()
    with unit_of_work(house.engine) as db:
        found = db.exec(select(SoughtDay, Sought).join(Sought)).all()
        return {s.topic or s.words: (d.people, d.found_nothing, d.opened_nothing) for d, s in found}


@pytest.fixture
def loom(house: House, put: Put) -> Opportunity:
    """The only listing there is."""
    (row,) = put(opportunity_record(title={"es": "Taller de telar"}))
    assert isinstance(row, Opportunity)
    return row


def test_searches_without_results_and_without_clicks_are_told_apart(
    house: House, city: FlaskClient, loom: Opportunity
) -> None:
    for n in range(6):
        browse(city, "/es/search?q=xilofón", n)
        browse(city, "/es/search?q=telar", n)
        browse(city, "/api/v1/search?q=telar&lang=es", n)
    for n in range(5):
        browse(city, f"/es/opportunities/{loom.slug}", n, after="/es/search?q=telar&page=1")
    assert counts(house) == {"xilofón": (6, 6, 0), "telar": (6, 0, 1)}
    with unit_of_work(house.engine) as db:
        reach = db.exec(select(SoughtReach)).one()
        assert (reach.listing, reach.listing_id, reach.people) == ("opportunity", loom.id, 5)
        assert db.exec(select(Views)).one().views == 5


@pytest.mark.parametrize(
    "headers",
    [
        {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Sec-GPC": "1"},
        {"DNT": "1"}, {"User-Agent": "Mozilla/5.0 (compatible; Somebot/2.1)"},
    ],
)  # fmt: skip
def test_programs_that_read_ahead_and_people_who_ask_not_to_be_are_not_counted(
    house: House, city: FlaskClient, loom: Opportunity, headers: dict[str, str]
) -> None:
    for n in range(9):
        browse(city, "/es/search?q=telar", n, **headers)
        browse(city, f"/es/opportunities/{loom.slug}", n, **headers)
    assert counts(house) == {}
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Views)).all() == []


def test_what_filters_left_out_is_no_failure_of_the_words(
    house: House, city: FlaskClient, loom: Opportunity
) -> None:
    for n in range(9):
        browse(city, "/es/search?q=telar&kind=museum", n)
        browse(city, "/es/search?kind=museum", n)
        browse(city, "/es/search?q=telar&format=workshop", n)
    assert counts(house) == {"telar": (9, 0, 9)}


def test_a_city_may_count_nothing(house: House, loom: Opportunity) -> None:
    house.settings = settings_in(
        house.settings.data_dir, database_url=house.settings.database_url, count_searches=False
    )
    client = create_app(house=house).test_client()
    for n in range(9):
        browse(client, "/es/search?q=telar", n)
        browse(client, f"/es/opportunities/{loom.slug}", n)
    assert counts(house) == {}
    assert not house.tally.take()


def test_a_search_is_answered_when_counting_fails(
    house: House, city: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(type(house.tally), "searched", fail)
    browse(city, "/es/search?q=telar", 1)


def test_nothing_of_whoever_asks_is_on_disk_or_in_the_log(
    house: House, city: FlaskClient, loom: Opportunity, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for n in range(4):
        browse(city, "/es/search?q=plantada+rara", n)
    for n in range(9):
        browse(city, "/es/search?q=ana.plantada%40example.org", n)
        browse(city, "/es/search?q=666+777+888+999", n)
        browse(city, "/es/search?q=telar", n)
        browse(city, f"/es/opportunities/{loom.slug}", n, after="/es/search?q=telar")
    assert "telar" in counts(house)
    with house.engine.connect() as connection:
        kept = "\n".join(_dump(connection))
    files = [f for f in Path(house.settings.data_dir).rglob("*") if f.is_file()]
    whole = b"\n".join(f.read_bytes() for f in files) + kept.encode() + caplog.text.encode()
    assert b"telar" in whole
    for planted in (rb"203\.\d+\.113", b"plantad", b"666", b"planted-agent"):
        assert not re.search(planted, whole), planted


def _dump(connection: object) -> list[str]:
    from sqlalchemy import Connection, MetaData

    assert isinstance(connection, Connection)
    tables = MetaData()
    tables.reflect(connection)
    return [
        str(row) for table in tables.sorted_tables for row in connection.execute(table.select())
    ]
