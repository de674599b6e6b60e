"""What readers see: every term has a name, and money, distance and days are as CLDR writes them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.app import create_app
from directory.edge import formats, labels, reasons, rules
from directory.edge.house import House
from directory.languages import INTERFACE, direction, negotiate
from directory.models import Schedule
from directory.models.occurring import LOCAL_ID
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
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Tuesday, every 2 weeks, 18:00–19:30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU", "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, and Sunday, every 2 weeks, 18:00–19:30"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days, 18:00–19:30"),
        ("FREQ=DAILY;BYDAY=SA,SU", "Saturday and Sunday, 18:00–19:30"),
        ("FREQ=DAILY;BYDAY=SA;INTERVAL=2", ""),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", "Tuesday and Thursday, 18:00–19:30, until December 1, 2026"),
        ("FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=20261126T000000", ""),
        ("FREQ=WEEKLY;BYDAY=TU,FR;UNTIL=20261204T000000", "Tuesday and Friday, 18:00–19:30, until December 1, 2026"),
        ("FREQ=WEEKLY;BYDAY=MO;BYMONTH=10,11", "Monday, in October and November, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=1SA", "first Saturday of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=+1SA,3SA;INTERVAL=2", "first Saturday of the month and third Saturday of the month, every 2 months, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "last Friday of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2", "second Saturday of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", ""),
        ("FREQ=MONTHLY;BYDAY=SA", "Saturday, 18:00–19:30"),
        ("FREQ=MONTHLY;BYDAY=5SA", ""),
        ("FREQ=MONTHLY", "on day 24 of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "last day of the month, 18:00–19:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", ""),
        ("FREQ=DAILY;UNTIL=20261224T235959", "every day, 18:00–19:30, until December 24, 2026"),
        ("FREQ=DAILY;UNTIL=20281224T235959", "every day, 18:00–19:30, until December 24, 2028"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,3", ""),
        ("FREQ=DAILY;BYHOUR=10,18", ""),
        ("FREQ=DAILY;COUNT=1", ""),
        ("", ""),
        ("FREQ=YEARLY;BYWEEKNO=20", ""),
    ],
)  # fmt: skip
def test_a_rule_is_said_as_people_say_it(app: Flask, rule: str, says: str) -> None:
    with app.test_request_context("/en/"):
        assert rules.rule_in_words(schedule(rule=rule)) == says


@pytest.mark.parametrize(
    ("lang", "says"), [("es", "cada 2 semanas"), ("ar", "كل أسبوعين"), ("en", "every 2 weeks")]
)
def test_every_two_weeks_in_each_language(app: Flask, lang: str, says: str) -> None:
    with app.test_request_context(f"/{lang}/"):
        assert says in rules.rule_in_words(schedule(rule="FREQ=WEEKLY;INTERVAL=2"))


_days = st.lists(st.sampled_from(rules._DAYS), min_size=1, max_size=4, unique=True)


@st.composite
def _rules(draw: st.DrawFn) -> str:
    parts = {"FREQ": draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))}
    optional = {
        "INTERVAL": st.integers(1, 3).map(str),
        "BYDAY": _days.map(",".join),
        "BYMONTH": st.sampled_from(["11", "12,1", "3"]),
        "BYSETPOS": st.sampled_from(["1", "-1"]),
        "BYMONTHDAY": st.sampled_from(["1", "-1", "13,14"]),
        "COUNT": st.integers(1, 9).map(str),
    }
    for name in draw(st.sets(st.sampled_from(sorted(optional)))):
        parts[name] = draw(optional[name])
    if "COUNT" not in parts and draw(st.booleans()):
        parts["UNTIL"] = f"2026{draw(st.sampled_from(['1125', '1130', '1224']))}T000000"
    return ";".join(f"{name}={value}" for name, value in parts.items())


@given(rule=_rules(), out=st.sets(st.integers(0, 8)))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_words_claim_no_weekday_month_or_end_that_does_not_come(
    app: Flask, rule: str, out: set[int]
) -> None:
    begin = datetime(2026, 11, 24, 18)
    exdates = [begin + timedelta(days=days) for days in out]
    said = schedule(rule=rule, exdates=[d.strftime(LOCAL_ID) for d in exdates])
    every = list(islice(rrulestr(rule, dtstart=begin), 400))
    dates = [d for d in every if d not in exdates]
    with app.test_request_context("/en/"):
        words = rules.rule_in_words(said)
    for claimed in re.findall(r"\w+day\b", words.replace("every day", "").replace("day of", "")):
        assert claimed in {f"{d:%A}" for d in dates}
    if match := re.search(r"in ([A-Z]\w+)", words):
        assert match[1] in {f"{d:%B}" for d in dates}
    if match := re.search(r"until (\w+ \d+, \d+)", words):
        assert match[1] == f"{dates[-1]:%B} {dates[-1].day}, {dates[-1].year}"
    if words.startswith("every day"):
        assert "BYMONTH" in rule or {b - a for a, b in pairwise(every)} == {timedelta(days=1)}


def schedule(**changes: object) -> Schedule:
    fields = {"timezone": "Europe/Madrid", "start": datetime(2026, 11, 24, 18), "minutes": 90}
    return Schedule(**{**fields, **changes})


@pytest.mark.parametrize(
    ("start", "end", "all_day", "says"),
    [
        ((26, 18), (26, 20), False, ("18:00–20:00", "18:00–20:00", "18:00–20:00")),
        ((26, 22), (27, 2), False, ("22:00–02:00", "22:00–02:00", "22:00–02:00")),
        ((26, 10), (28, 14), False, ("10:00, until Sat, Nov 28, 14:00", "10:00, hasta el sáb, 28 nov, 14:00", "10:00، حتى السبت، 28 نوفمبر، 14:00")),
        ((26, 0), (27, 0), True, ("", "", "")),
        ((26, 0), (29, 0), True, ("until Sat, Nov 28", "hasta el sáb, 28 nov", "حتى السبت، 28 نوفمبر")),
    ],
)  # fmt: skip
def test_several_days_are_said_with_the_last_of_them(
    app: Flask,
    start: tuple[int, int],
    end: tuple[int, int],
    all_day: bool,  # noqa: FBT001
    says: tuple[str, ...],
) -> None:
    zone = ZoneInfo("Europe/Madrid")
    one = Moment(
        datetime(2026, 11, *start, tzinfo=zone), datetime(2026, 11, *end, tzinfo=zone), all_day
    )
    for lang, expected in zip(("en", "es", "ar"), says, strict=True):
        with app.test_request_context(f"/{lang}/"):
            assert formats.time_range(one) == expected


@dataclass
class Moment:
    start: datetime
    end: datetime
    all_day: bool
    end_known: bool = True
    timezone: str = "Europe/Madrid"


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
    assert codes <= set(reasons._NOTES) | set(reasons._CHANGES) | set(reasons._IF)
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
