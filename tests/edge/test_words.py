"""What readers see: every term has a name, and money, distance and days are as CLDR writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask

from directory.app import create_app
from directory.edge import formats, labels, reasons, rules
from directory.edge.house import House
from directory.languages import INTERFACE, direction, negotiate
from directory.models import Schedule
from directory.models.vocabulary import (
    COMMITMENTS,
    LEVELS,
    Access,
    Booking,
    Day,
    Format,
    ProviderKind,
    Setting,
    SpaceKind,
    TextState,
)


@pytest.fixture
def app(villaclara: House) -> Flask:
    return create_app(house=villaclara)


@pytest.mark.parametrize(
    ("names", "terms"),
    [
        (labels.KINDS, SpaceKind), (labels.KINDS_PLURAL, SpaceKind), (labels.FORMATS, Format), (labels.SETTINGS, Setting),
        (labels.ACCESS, Access), (labels.BOOKING, Booking), (labels.PROVIDER_KINDS, ProviderKind), (labels.DAYS, Day),
        (labels.TEXT_STATES, TextState), (labels.LEVELS, LEVELS), (labels.COMMITMENTS, COMMITMENTS),
    ],
)  # fmt: skip
def test_every_term_of_every_list_has_a_name(names: dict[object, str], terms: object) -> None:
    assert set(names) == set(terms)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("lang", "free", "whole", "cents", "unknown"),
    [
        ("en", "Free", "€12", "€3.50", "Price not stated"),
        ("es", "Gratis", "12 €", "3,50 €", "Precio no indicado"),
    ],
)
def test_free_paid_and_unknown_read_differently(
    app: Flask, lang: str, free: str, whole: str, cents: str, unknown: str
) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert formats.price(Decimal(0), "EUR") == free
        assert formats.price(Decimal("12.00"), "EUR").replace("\xa0", " ") == whole
        assert formats.price(Decimal("3.50"), "EUR").replace("\xa0", " ") == cents
        assert formats.price(None, "EUR") == unknown


def test_near_is_in_metres_and_far_in_kilometres(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert formats.distance(0.41) == "400 m"
        assert formats.distance(1.24) == "1.2 km"
        assert formats.distance(23.4) == "23 km"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH", "Tuesday and Thursday, 18:00–19:30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Tuesday, 18:00–19:30, every 2 weeks"),
        ("FREQ=MONTHLY;BYDAY=1SA", "first Saturday of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "last Friday of the month, 18:00–19:30"),
        ("FREQ=DAILY;UNTIL=20261224T235959", "every day, 18:00–19:30, until December 24, 2026"),
        ("", ""),
        ("FREQ=YEARLY;BYWEEKNO=20", ""),
    ],
)
def test_a_rule_is_said_as_people_say_it(app: Flask, rule: str, says: str) -> None:
    schedule = Schedule(
        timezone="Europe/Madrid", start=datetime(2026, 11, 24, 18), minutes=90, rule=rule
    )
    with app.test_request_context("/en/"):
        assert rules.rule_in_words(schedule) == says


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (["pt-BR", "es"], "es"),
        (["ar-EG"], "ar"),
        (["zh-TW"], "en"),
        (["ca", "en"], "es"),
        (["xx-nonsense!", "es"], "es"),
        ([], "en"),
        (["*"], "en"),
    ],
)
def test_the_closest_language_is_chosen(accepted: list[str], language: str) -> None:
    assert negotiate(accepted) == language


def test_direction_follows_the_script() -> None:
    assert [direction(tag) for tag in ("ar", "he", "fa", "es", "az-Arab", "und")] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
        "rtl",
        "ltr",
    ]


@pytest.mark.parametrize("lang", INTERFACE)
def test_every_reason_change_and_note_of_the_planner_has_words(
    app: Flask, villaclara: House, lang: str
) -> None:
    import re
    from pathlib import Path

    import recommender

    source = "\n".join(p.read_text() for p in Path(recommender.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'(?:Note|Change)\(\s*"([a-z-]+)"', source))
    assert codes <= set(reasons._NOTES) | set(reasons._CHANGES)
    fits = set(
        re.findall(
            r'"((?:topic|interest|level|language|price|distance|time|access|same)-[a-z-]+)"', source
        )
    )
    assert fits <= set(reasons._ABOUT)
    with app.test_request_context(f"/{lang}/"):
        assert all(str(reasons._ABOUT[c]) for c in fits)


def test_days_and_hours_are_those_of_the_place_not_of_the_server(app: Flask) -> None:
    with app.test_request_context("/en/"):
        moment = formats.local(datetime(2026, 11, 26, 23, 30, tzinfo=UTC), "Europe/Madrid")
        assert (formats.weekday_short(moment), formats.day_number(moment)) == ("Fri", "27")
