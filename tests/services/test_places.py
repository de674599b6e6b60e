"""Where somebody is: districts, spaces and postcodes by any of their names."""

from typing import Any

import pytest
from sqlmodel import Session, select

from directory.models import District
from directory.services import places
from directory.services.places import Place
from tests.factories import Put, space_record


def found(db: Session, typed: str, language: str | None = "es") -> Place | None:
    return places.find(db, typed, db.exec(select(District)).all(), language=language)


@pytest.fixture
def two(put: Put, db: Session) -> None:
    db.add(
        District(
            key="ribera",
            names={"es": "Ribera", "ar": "الضفة"},
            postcode="59002",
            lat=40.993,
            lon=-4.486,
        )
    )
    named: dict[str, Any] = {"es": "Ateneo de Ávila", "ar": "نادي أبيلا"}
    put(
        space_record(title=named, lat=41.0, lon=-4.5, postcode="59010", district="Puerto Seco"),
        space_record(lat=41.2, lon=-4.7, postcode="59010", district="Puerto Seco"),
        space_record(title={"es": "Sin sitio"}, lat=None, lon=None, postcode="59011"),
    )


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ribera", Place(40.993, -4.486, "Ribera")),
        (" الضفة ", Place(40.993, -4.486, "Ribera")),
        ("59002", Place(40.993, -4.486, "Ribera")),
        ("ateneo de avila", Place(41.0, -4.5, "Ateneo de Ávila")),
        ("نادي أبيلا", Place(41.0, -4.5, "Ateneo de Ávila")),
        ("puerto seco", Place(41.1, -4.6, "Puerto Seco")),
        ("59010", Place(41.1, -4.6, "59010")),
    ],
)
def test_a_place_is_found_by_any_of_its_names(db: Session, typed: str, place: Place) -> None:
    at = found(db, typed)
    assert at is not None
    assert (at.lat, at.lon) == pytest.approx((place.lat, place.lon))
    assert at.name == place.name


@pytest.mark.usefixtures("two")
def test_a_place_is_called_as_the_reader_calls_it(db: Session) -> None:
    assert [getattr(found(db, t, "ar"), "name", None) for t in ("59002", "Ateneo de Ávila")] == [
        "الضفة",
        "نادي أبيلا",
    ]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("typed", ["", "%", "sin sitio", "59011", "59012", "Atlantis", "'--"])
def test_what_is_nowhere_is_not_found(db: Session, typed: str) -> None:
    assert found(db, typed) is None
