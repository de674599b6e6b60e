"""Transfers: real files of three places, compared with what a plain reading of them says."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col, select

from directory.database import make_engine, unit_of_work
from directory.exchange import mapping
from directory.models import Occurrence, Opportunity, Space, Topic
from directory.models.vocabulary import OccurrenceStatus, slugify
from directory.services import transfers
from directory.settings import Settings

DATA = Path(__file__).parents[2].parent / "shared" / "data"
MADRID = DATA / "madrid_agenda" / "agenda_original.csv"
ARGENTINA = DATA / "argentina_culture"
LIBRARIES = DATA / "uk_libraries" / "libraries_uk_hours.csv"
ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2022, 12, 8, 10, tzinfo=ZONE)
SETTINGS = Settings(_env_file=None, now=NOW)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real files are not here")


def load(db: Session, file: Path, name: str) -> transfers.Report:
    wanted = mapping.load(name)
    return transfers.import_csv(
        db, file.read_bytes(), name=file.name, mapping=wanted, settings=SETTINGS
    )


@pytest.fixture(scope="module")
def madrid(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('madrid')}/x.sqlite3")
    SQLModel.metadata.create_all(engine)
    rules = mapping.load("madrid_agenda").rules
    keys = dict.fromkeys(topic for rule in rules for topic in rule.then.topics)
    with unit_of_work(engine) as db:
        db.add_all([Topic(key=key) for key in keys])
    with unit_of_work(engine) as db:
        report = load(db, MADRID, "madrid_agenda")
    yield engine, report
    engine.dispose()


@pytest.fixture
def db(madrid):
    with Session(madrid[0]) as db:
        yield db
        db.rollback()


@pytest.fixture(scope="module")
def raw() -> list[dict[str, str]]:
    text = MADRID.read_bytes().decode("cp1252")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return [{name.strip(): value for name, value in row.items()} for row in reader]


def opportunities(db: Session) -> dict[str, Opportunity]:
    statement = select(Opportunity).options(
        selectinload(Opportunity.space), selectinload(Opportunity.texts)
    )
    return {row.external_id: row for row in db.exec(statement)}


def test_every_row_of_madrid_is_accounted_for(madrid, raw):
    report = madrid[1]
    assert report.rows == len(raw) == 940
    assert report.applied + len(report.refused) == 940
    assert report.applied >= 900
    assert not report.refused


def test_its_letters_are_right(db, raw):
    titles = {row["ID-EVENTO"]: row["TITULO"] for row in raw}
    for number, row in opportunities(db).items():
        title = next(t.value for t in row.texts if t.field == "title")
        assert title.split() == titles[number].replace("&amp;", "&").split()


def test_importing_madrid_again_changes_nothing(db):
    assert set(load(db, MADRID, "madrid_agenda").counts) == {
        ("space", "unchanged"),
        ("opportunity", "unchanged"),
    }


def test_one_changed_row_changes_one_listing(db):
    data = MADRID.read_bytes().replace(b"Taller de ajedrez", b"Taller de ajedrez para todos", 1)
    wanted = mapping.load("madrid_agenda")
    report = transfers.import_csv(db, data, name="f", mapping=wanted, settings=SETTINGS)
    assert report.counts["opportunity", "changed"] == 1
    assert report.counts["opportunity", "unchanged"] == 939


def test_the_venues_and_districts_of_madrid_are_those_of_the_file(db, raw):
    spaces = db.exec(select(Space)).all()
    assert len(spaces) == len({row["NOMBRE-INSTALACION"] for row in raw} - {""})
    expected = Counter(
        slugify(row["DISTRITO-INSTALACION"]) for row in raw if row["NOMBRE-INSTALACION"]
    )
    found = Counter(o.space.district_key for o in opportunities(db).values() if o.space)
    assert found == expected


def test_free_events_are_those_the_file_calls_free(db, raw):
    free = ("gratis", "gratuit", "entrada libre", "acceso libre")
    expected = {
        row["ID-EVENTO"]
        for row in raw
        if row["GRATUITO"] == "1" or any(word in row["PRECIO"].casefold() for word in free)
    }
    rows = opportunities(db)
    assert {number for number, row in rows.items() if row.price == 0} == expected
    unknown = {row["ID-EVENTO"] for row in raw if row["GRATUITO"] == "0" and not row["PRECIO"]}
    assert all(rows[number].price is None for number in unknown)


def _days(row: dict[str, str]) -> list[date]:
    """The days of a row, counted out one by one."""
    first, last = (date.fromisoformat(row[name][:10]) for name in ("FECHA", "FECHA-FIN"))
    weekdays = row["DIAS-SEMANA"].split(",") if row["DIAS-SEMANA"] else list("LMXJVSD")
    out = {
        date(*map(int, reversed(text.split("/"))))
        for text in row["DIAS-EXCLUIDOS"].split(";")
        if text
    }
    run = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in run if "LMXJVSD"[day.weekday()] in weekdays and day not in out]


def test_every_event_takes_place_on_the_days_of_the_file(db, raw):
    found: dict[int, set[date]] = {}
    for occurrence in db.exec(select(Occurrence)):
        local = occurrence.start.astimezone(ZONE).date()
        found.setdefault(occurrence.opportunity_id, set()).add(local)
    rows = opportunities(db)
    for row in raw:
        assert found.get(rows[row["ID-EVENTO"]].id, set()) == set(_days(row)), row["TITULO"]


def test_saturdays_after_five_are_those_of_the_file(db, raw):
    expected = {
        row["ID-EVENTO"]
        for row in raw
        if row["HORA"] >= "17:00" and any(d.weekday() == 5 and d >= NOW.date() for d in _days(row))
    }
    statement = select(Occurrence).where(
        col(Occurrence.start) >= NOW.astimezone(UTC), col(Occurrence.all_day).is_(False)
    )
    late = set()
    for occurrence in db.exec(statement):
        local = occurrence.start.astimezone(ZONE)
        if local.weekday() == 5 and local.hour >= 17:
            late.add(occurrence.opportunity_id)
    found = {number for number, row in opportunities(db).items() if row.id in late}
    assert found == expected
    assert len(found) > 30


def test_cancelled_events_are_cancelled(db, raw):
    rows = opportunities(db)
    off = {
        rows[r["ID-EVENTO"]].id for r in raw if r["TITULO"].endswith(("(CANCELADO)", "SUSPENDIDO"))
    }
    statement = select(Occurrence).where(Occurrence.status == OccurrenceStatus.CANCELLED)
    assert {o.opportunity_id for o in db.exec(statement)} == off
    assert len(off) == 3


def test_madrid_exported_reads_back_unchanged(db):
    data = transfers.export_csv(db)
    report = transfers.import_csv(
        db, data, name="f", mapping=mapping.load("vereda"), settings=SETTINGS
    )
    assert not report.refused
    assert {outcome for _kind, outcome in report.counts} == {"unchanged"}


@pytest.mark.parametrize(
    ("file", "name", "rows"),
    [
        ("museos.csv", "argentina_museos", 1182),
        ("bibliotecas_populares.csv", "argentina_bibliotecas", 2017),
    ],
)
def test_every_row_of_argentina_is_applied_or_refused_with_a_reason(db, file, name, rows):
    report = load(db, ARGENTINA / file, name)
    assert report.rows == rows
    assert report.counts["space", "new"] + len(report.refused) == rows
    assert {remark.code for remark in report.refused} <= {"doubled-id"}
    spaces = db.exec(select(Space).where(Space.source == name.replace("_", "-"))).all()
    assert all(space.lat is not None for space in spaces)
    assert not any("s/d" in (space.phone + space.address + space.email).lower() for space in spaces)


def test_a_file_under_the_wrong_mapping_is_one_sentence(db):
    with pytest.raises(Exception, match="no column “TITULO”"):
        load(db, ARGENTINA / "museos.csv", "madrid_agenda")


WEEK = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    if not LIBRARIES.exists():
        pytest.skip("the file of libraries is not here")
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('libraries')}/x.sqlite3")
    SQLModel.metadata.create_all(engine)
    with unit_of_work(engine) as db:
        report = load(db, LIBRARIES, "uk_libraries")
    with Session(engine) as db:
        yield db, report
    engine.dispose()


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    text = LIBRARIES.read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# How two cells that are written unlike the others are understood.
_ODD = {"1:00-18:00": "01:00-18:00", "00:00": ""}


def _spaces(db: Session) -> list[Space]:
    wanted = select(Space).options(selectinload(Space.texts), selectinload(Space.provider))
    return list(db.exec(wanted))


def _cells(row: dict[str, str]) -> dict[tuple[str, str], str]:
    """The filled hours cells of a row, by service and day."""
    return {
        (service, code): row[f"{day} {service} hours"]
        for service in ("staffed", "unstaffed")
        for code, day in WEEK.items()
        if row[f"{day} {service} hours"]
    }


def _said(hours: list[dict[str, object]] | None) -> dict[tuple[str, str], str]:
    """The same, back from the database."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in hours or ():
        for day in rule["days"]:
            found.setdefault((rule["service"], day), []).append(f"{rule['opens']}-{rule['closes']}")
    return {key: ",".join(sorted(ranges)) for key, ranges in found.items()}


def test_every_library_is_imported_or_closed(libraries, listed):
    db, report = libraries
    is_open = [row for row in listed if not row["Year closed"]]
    assert report.rows == len(listed) == 4231
    assert report.left_out == len(listed) - len(is_open) == 478
    assert not report.refused
    assert report.applied == report.counts["space", "new"] == len(is_open) == 3753
    names = Counter(" ".join(row["Library name"].split()) for row in is_open)
    spaces = _spaces(db)
    assert Counter(t.value for s in spaces for t in s.texts if t.field == "title") == names
    assert len({s.provider_id for s in spaces}) == len({r["Local authority"] for r in is_open})


def test_hours_of_libraries_are_understood_or_listed(libraries, listed):
    _db, report = libraries
    cells = sum(len(_cells(row)) for row in listed if not row["Year closed"])
    left_out = [
        r for r in report.warnings if r.code.startswith("hours-") and r.code != "hours-long"
    ]
    assert cells > 14_000
    assert (cells - len(left_out)) / cells >= 0.98
    assert [(r.column, r.code, r.value) for r in left_out] == [
        ("Sunday staffed hours", "hours-no-end", "00:00")
    ]
    line = LIBRARIES.read_text(encoding="utf-8").split("\n")[left_out[0].line - 1]
    assert ",00:00," in line
    doubted = {r.value for r in report.warnings if r.code == "hours-long"}
    assert doubted == {"00:00-17:00", "00:00-19:00", "07:00-02:00", "1:00-18:00"}


def test_hours_of_libraries_are_those_of_the_file(libraries, listed):
    db, _report = libraries
    # As the file writes them, but for midnight at the end.
    expected = Counter(
        (
            " ".join(row["Library name"].split()),
            row["Postcode"].strip(),
            frozenset(
                (key, ",".join(sorted(cell.replace("-00:00", "-24:00").split(","))))
                for key, text in _cells(row).items()
                if (cell := _ODD.get(text, text))
            ),
        )
        for row in listed
        if not row["Year closed"]
    )
    found = Counter(
        (
            next(t.value for t in s.texts if t.field == "title"),
            s.postcode,
            frozenset(_said(s.hours).items()),
        )
        for s in _spaces(db)
    )
    assert found == expected


@pytest.mark.parametrize("service", ["staffed", "unstaffed"])
@pytest.mark.parametrize("day", WEEK)
def test_as_many_libraries_are_open_on_a_day_as_the_file_says(libraries, listed, service, day):
    column = f"{WEEK[day]} {service} hours"
    expected = sum("-" in row[column] and not row["Year closed"] for row in listed)
    assert sum((service, day) in _said(s.hours) for s in _spaces(libraries[0])) == expected


def test_libraries_without_any_hours_have_unknown_ones(libraries, listed):
    without = sum(not row["Year closed"] and not _cells(row) for row in listed)
    assert sum(s.hours is None for s in _spaces(libraries[0])) == without
    assert not any(s.hours == [] for s in _spaces(libraries[0]))


def test_importing_the_libraries_again_changes_nothing(libraries):
    counts = load(libraries[0], LIBRARIES, "uk_libraries").counts
    assert dict(counts) == {("space", "unchanged"): 3753}


def test_a_library_that_closes_is_withdrawn(libraries):
    db, _report = libraries
    data = LIBRARIES.read_bytes().replace(
        b"AB15 7RF,9051031064,Yes,LAL,,,", b"AB15 7RF,9051031064,Yes,LAL,,2027,"
    )
    wanted = mapping.load("uk_libraries")
    with db.begin_nested() as trial:
        report = transfers.import_csv(db, data, name="f", mapping=wanted, settings=SETTINGS)
        row = db.exec(select(Space).where(Space.external_id == "9051031064")).one()
        assert (row.state, report.left_out) == ("withdrawn", 479)
        assert report.counts["space", "changed"] == 1
        trial.rollback()
