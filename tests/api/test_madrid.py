"""Madrid's agenda of December 2022: the interface's answers agree with the file counted by hand.

The counts below are made from the raw file with the csv module and nothing of ours.
"""

import csv
import io
import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.exchange import mapping
from directory.services import indexing, topics, transfers, upkeep
from tests.conftest import SHARED_DATA, settings_in

FILE = SHARED_DATA / "madrid_agenda" / "agenda_original.csv"
NOW = datetime(2022, 12, 8, 10)
SOL = (40.4168, -3.7038)
CODES = {"L": 0, "M": 1, "X": 2, "J": 3, "V": 4, "S": 5, "D": 6}
# Named in titles as called off; the file has no field for it.
OFF = ("CANCELADO", "SUSPENDIDO", "CANCELADA", "SUSPENDIDA")

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the agenda is not beside the project")


@pytest.fixture(scope="module")
def madrid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    house = House.of(settings_in(tmp_path_factory.mktemp("madrid"), now=NOW.isoformat()))
    upkeep.migrate(house.engine)
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=house.settings.clock())
    with unit_of_work(house.engine) as db:
        transfers.import_csv(
            db,
            FILE.read_bytes(),
            name=FILE.name,
            mapping=mapping.load("madrid_agenda"),
            settings=house.settings,
        )
    indexing.sync(house.engine, house.index, currency="EUR")
    app = create_app(house=house)
    yield app.test_client()
    house.engine.dispose()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    text = Path(FILE).read_bytes().decode("cp1252")
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    return [{(k or "").strip(): (v or "").strip() for k, v in row.items()} for row in reader]


def days(row: dict[str, str]) -> list[date]:
    """The days on which a row takes place."""
    if any(word in row["TITULO"].upper() for word in OFF):
        return []
    first, last = (date.fromisoformat(row[name][:10]) for name in ("FECHA", "FECHA-FIN"))
    weekdays = {CODES[c] for c in row["DIAS-SEMANA"].split(",") if c} or set(range(7))
    out = {
        datetime.strptime(d, "%d/%m/%Y").date()
        for d in row["DIAS-EXCLUIDOS"].split(";")
        if d.strip()
    }
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if day.weekday() in weekdays and day not in out]


def hour(row: dict[str, str]) -> str:
    """Its hour; empty where the file says none (midnight stands for none)."""
    return "" if row["HORA"] in {"", "00:00", "0:00"} else row["HORA"].zfill(5)


def coming(row: dict[str, str]) -> list[date]:
    """Its days that are not over at the fixed hour; 90 minutes are assumed, as on import."""
    kept = []
    for day in days(row):
        begin = datetime.combine(day, datetime.strptime(hour(row) or "00:00", "%H:%M").time())
        end = begin + (timedelta(minutes=90) if hour(row) else timedelta(days=1))
        if end > NOW:
            kept.append(day)
    return kept


def total(client: FlaskClient, **asked: object) -> int:
    answer = client.get("/api/v1/search", query_string={"type": "opportunity", **asked})
    assert answer.status_code == 200, answer.get_json()
    return int(answer.get_json()["total"])


def undated(row: dict[str, str]) -> bool:
    """Without any day left by its own exclusions: kept, because unknown is never no."""
    return not days(row) and not any(word in row["TITULO"].upper() for word in OFF)


def test_everything_that_is_not_over(madrid: FlaskClient, rows: list[dict[str, str]]) -> None:
    assert total(madrid) == sum(bool(coming(r)) or undated(r) for r in rows)


@pytest.mark.parametrize("district", ["ARGANZUELA", "CENTRO", "SAN BLAS-CANILLEJAS", "TETUAN"])
def test_a_district(madrid: FlaskClient, rows: list[dict[str, str]], district: str) -> None:
    counted = sum(
        r["DISTRITO-INSTALACION"] == district and (bool(coming(r)) or undated(r)) for r in rows
    )
    assert total(madrid, district=district) == counted > 10


def test_saturdays_after_five(madrid: FlaskClient, rows: list[dict[str, str]]) -> None:
    counted = sum(hour(r) >= "17:00" and any(d.weekday() == 5 for d in coming(r)) for r in rows)
    assert total(madrid, day="sat", after="17:00") == counted > 20


def test_free(madrid: FlaskClient, rows: list[dict[str, str]]) -> None:
    free = total(madrid, price_max=0)
    marked = sum(r["GRATUITO"] == "1" and (bool(coming(r)) or undated(r)) for r in rows)
    said = sum(
        r["GRATUITO"] != "1" and any(w in r["PRECIO"].lower() for w in ("gratuit", "gratis", "entrada libre", "libre"))
        and (bool(coming(r)) or undated(r))
        for r in rows
    )  # fmt: skip
    assert marked <= free <= marked + said


def test_near_the_puerta_del_sol(madrid: FlaskClient, rows: list[dict[str, str]]) -> None:
    def km(row: dict[str, str]) -> float:
        if not row["LATITUD"]:
            return math.inf
        lat, lon = math.radians(float(row["LATITUD"])), math.radians(float(row["LONGITUD"]))
        lat0, lon0 = (math.radians(x) for x in SOL)
        cosine = math.sin(lat0) * math.sin(lat) + math.cos(lat0) * math.cos(lat) * math.cos(
            lon - lon0
        )
        return 6371.0088 * math.acos(min(1.0, cosine))

    counted = sum(km(r) <= 2 and (bool(coming(r)) or undated(r)) for r in rows)
    assert total(madrid, near="40.4168,-3.7038", within=2) == counted > 50


def test_words_find_different_sensible_things(madrid: FlaskClient) -> None:
    answer = madrid.get("/api/v1/search?q=taller%20navidad&lang=es&type=opportunity").get_json()
    assert answer["total"] >= 5
    assert not answer["loosened"]
    first = answer["items"][0]["title"].lower()
    assert "taller" in first
    assert "navid" in first
    here = madrid.get(
        "/api/v1/search?q=taller%20navidad&lang=es&type=opportunity&district=retiro"
    ).get_json()
    assert here["total"] < answer["total"]


def test_a_route_over_real_occurrences(madrid: FlaskClient) -> None:
    answer = madrid.post(
        "/api/v1/routes?lang=es", json={"wants": {"english": 1, "theatre": 1}}
    ).get_json()
    assert answer["routes"]
    for route in answer["routes"]:
        for step in route["steps"]:
            assert sum(r["share"] for r in step["reasons"]) == pytest.approx(
                step["score"], abs=1e-9
            )
            assert all(o["start"] >= "2022-12-08" for o in step["occurrences"])
            assert step["occurrences"]
