"""Listings told twice are found, legitimate twins are not, and what was judged stays judged."""

import math
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from directory.models import Duplicate, Topic
from directory.models.vocabulary import Role, Verdict
from directory.services import accounts, catalogue, duplicates
from directory.services.duplicates import blocking, likeness
from directory.services.duplicates.finding import alike
from directory.services.duplicates.likeness import Rarity
from directory.services.duplicates.traits import Place, Traits, metres
from tests.conftest import ROOT
from tests.factories import opportunity_record, schedule_record, space_record

sys.path.insert(0, str(ROOT / "benchmarks"))

import differently
import duplicates as benchmark

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ZONE = "Europe/Madrid"


def brought(db: Session, *records, now: datetime = NOW):
    rows = []
    for each in records:
        among = catalogue.known(db, source=each.source)
        rows.append(catalogue.apply(db, each, among=among, now=now)[0])
    db.flush()
    return rows


def told(db: Session) -> set[tuple[str, str]]:
    """Titles of the pairs offered."""
    found = duplicates.listed(db, listing="opportunity")
    return {tuple(sorted(t.value for row in p.sides.values() for t in row.texts)) for p in found}


def find(db: Session, now: datetime = NOW) -> duplicates.Found:
    return duplicates.find(db, now=now, zone=ZONE)


def at(space: str, title: str, **changes):
    return opportunity_record(title={"es": title}, space=space, **changes)


@pytest.fixture
def venue(db: Session) -> str:
    return brought(db, space_record(title={"es": "Centro Cultural El Molino"}))[0].external_id


@pytest.mark.parametrize(
    ("other", "changes"),
    [
        ("TEATRO DE SOMBRAS: LA LUNA", {}),
        ("La luna. Teatro de sombras", {}),
        ("Teatro de sombrsa: la luna", {"url": "https://villaclara.example/luna"}),
        ("Teatro sombras: la luna", {"price": 5}),
    ],
)
def test_the_same_told_differently_is_found(db, venue, other: str, changes) -> None:
    brought(db, at(venue, "Teatro de sombras: la luna"), at(venue, other, **changes))
    assert find(db).new == 1


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ({}, {"schedules": (schedule_record(start=datetime(2026, 11, 27, 18)),)}, None),
        ({}, {"schedules": (schedule_record(start=datetime(2026, 11, 26, 20)),)}, None),
        ({"age_min": 4, "age_max": 6}, {"age_min": 7, "age_max": 9}, None),
        ({}, {}, "Teatro de sombras II"),
        ({}, {}, "Cuentos con la luna"),
    ],
    ids=["another day", "another time", "other ages", "second part", "something else"],
)
def test_legitimate_twins_are_not_paired(db, venue, first, second, title) -> None:
    one = "Teatro de sombras I" if title else "Teatro de sombras"
    brought(db, at(venue, one, **first), at(venue, title or one, **second))
    assert find(db).pairs == 0


def test_one_course_at_two_venues_is_two(db, venue) -> None:
    (far,) = brought(db, space_record(title={"es": "Biblioteca Vieja"}, lat=41.02))
    brought(db, at(venue, "Taller de radio"), at(far.external_id, "Taller de radio"))
    assert find(db).pairs == 0


def test_levels_that_differ_make_two(db, venue) -> None:
    db.add(Topic(key="spanish"))
    db.flush()
    levels = [({"topic": "spanish", "level_from": n, "level_to": n + 1},) for n in (0, 1)]
    brought(db, *(at(venue, "Español", teaches=level) for level in levels))
    assert find(db).pairs == 0


def test_what_was_judged_is_not_asked_again_until_much_has_changed(db, venue) -> None:
    by = accounts.make(
        db, None, email="e@desk.example", name="Ed", role=Role.EDITOR, language="es", now=NOW
    )
    text = {"es": "Una noche larga con historias, música, velas y chocolate caliente."}
    one = at(venue, "Noche de cuentos en el patio", description=text)
    other = at(venue, "Noche de cuentos", source="elsewhere")
    brought(db, one, other.model_copy(update={"space": None}))
    assert find(db).new == 1
    row = db.exec(select(Duplicate)).one()
    duplicates.part(db, by, number=row.id, now=NOW)
    assert find(db) == duplicates.Found(pairs=1, new=0, again=0, dropped=0)
    small = one.model_copy(update={"capacity": 20})
    brought(db, small, now=LATER)
    assert find(db, LATER).again == 0
    much = {"title": one.title, "description": text}
    brought(db, other.model_copy(update={"space": None, **much}), now=LATER)
    assert find(db, LATER).again == 1
    assert row.verdict is Verdict.OPEN


def test_what_looks_alike_no_longer_is_dropped(db, venue) -> None:
    one, other = at(venue, "Taller de radio"), at(venue, "Taller de radio")
    brought(db, one, other)
    assert find(db).new == 1
    moved = other.model_copy(
        update={"schedules": (schedule_record(start=datetime(2027, 1, 5, 9)),)}
    )
    brought(db, moved, now=LATER)
    assert find(db, LATER).dropped == 1
    assert not db.exec(select(Duplicate)).all()


def test_rooms_of_one_house_are_not_one_but_two_spellings_are(db) -> None:
    brought(
        db,
        space_record(title={"es": "Sala 1 del Molino"}, address="Calle Mayor 3"),
        space_record(title={"es": "Sala 2 del Molino"}, address="Calle Mayor 3"),
        space_record(title={"es": "SALA 2, MOLINO"}, address="C. Mayor 3", lat=41.0003),
    )
    find(db)
    (pair,) = duplicates.listed(db)
    assert {row.id for row in pair.sides.values()} == {2, 3}


@given(st.floats(40.0, 41.9), st.floats(-5, 5), st.floats(-70, 70), st.floats(-70, 70))
def test_near_points_always_share_a_cell(lat, lon, north, east) -> None:
    if north**2 + east**2 > 70**2 or round(lat) != round(lat + north / 111_195):
        return
    there = Place(
        None, "", lat + north / 111_195, lon + east / 111_195 / math.cos(math.radians(lat))
    )
    here = Place(None, "", lat, lon)
    assert (metres(here, there) or 0) < 76
    assert set(blocking._cells(here)) & set(blocking._cells(there))


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Biblioteca Pública Municipal Iván de Vargas", "bibl. pub. mpal. ivan de vargas", 0.8, 1),
        ("La Casa Encendida", "casa encendida, la", 1, 1),
        ("Biblioteca de Vallecas", "Biblioteca de Retiro", 0, 0.6),
        ("مكتبة الطاحونة", "مكتبه الطاحونة", 0.5, 1),
    ],
)
def test_names_are_alike_by_their_telling_words(one, other, least, most) -> None:
    known = [likeness.tokens(f"Biblioteca Pública Municipal de {n}x") for n in "abcdefgh"]
    both = [likeness.tokens(one), likeness.tokens(other)]
    share = likeness.names_alike(both[0], both[1], Rarity([*known, *both]))
    assert least <= round(share, 6) <= most


def test_in_a_generated_city_copies_are_found_and_twins_are_not() -> None:
    traits, true = benchmark.large(1_500, seed=3)
    found = set(alike("opportunity", traits))
    assert len(found & true) / len(true) >= 0.8
    assert len(found & true) / len(found) >= 0.95


def test_nothing_at_all_is_no_pair() -> None:
    assert alike("opportunity", []) == {}
    one = Traits(1, "a", "", Place(), "talk")
    assert alike("opportunity", [one, Traits(2, "b", "", Place(), "talk")]) == {}


@pytest.mark.skipif(not benchmark.AGENDA.exists(), reason="the agenda is not beside the project")
def test_a_real_agenda_told_by_two_hands() -> None:
    rows = differently.read(benchmark.AGENDA)[:300]
    results, _seconds = benchmark.of_agenda(rows, seed=7)
    for result in results:
        assert result.precision >= 0.95, result.listing
        assert result.recall >= 0.8, result.listing
    twins = results[1].twins
    assert len(twins - results[1].found) / len(twins) >= 0.95
