"""Opening: what is said of a day, in order of precedence, at any instant, in any zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from directory.models.opening import Opening
from directory.models.records import ClosureRecord, HoursRecord, SpecialDayRecord
from tests.factories import space_record
from tests.hours import ZONES, everything, holiday, instants

MADRID = ZoneInfo("Europe/Madrid")
WEEK = ("MO", "TU", "WE", "TH", "FR")


def opening(**parts: object) -> Opening:
    return Opening.of(space_record(**parts), MADRID, holiday)


def rule(days: object = WEEK, opens: str = "09:00", closes: str = "14:00", **more: object) -> dict:
    return {"days": days, "opens": opens, "closes": closes, **more}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


# An oracle of its own: it asks of one minute what the words of each record say, in the plainest way.


def _first(naive: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall shows a time; of one skipped, that of the old offset."""
    before = zone.utcoffset(naive - timedelta(hours=12))
    after = zone.utcoffset(naive + timedelta(hours=12))
    shown = [
        found
        for offset in (before, after)
        if (found := naive.replace(tzinfo=UTC) - offset).astimezone(zone).replace(tzinfo=None)
        == naive
    ]
    return min(shown, default=naive.replace(tzinfo=UTC) - before)


def _says(opening: Opening, day: date) -> Iterator[tuple[str, str]]:
    for special in opening.special_days:
        if special.first <= day <= special.last:
            yield from ((o.opens, o.closes) for o in special.openings)
            return
    rules = [r for r in opening.hours or () if r.season is None or _covers(r.season, day)]
    kind = "PH" if opening.holiday(day) is not None else ""
    if kind and (found := [r for r in rules if "PH" in r.days]):
        yield from _strongest(found)
    elif not (kind and opening.policy == "closed"):
        code = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
        weekly = [r for r in rules if set(r.days) != {"PH"}]
        for service in ("", "staffed", "unstaffed"):
            of_service = [r for r in weekly if r.service == service]
            seasonal = [r for r in of_service if r.season]
            yield from ((r.opens, r.closes) for r in seasonal or of_service if code in r.days)


def _strongest(rules: list[HoursRecord]) -> Iterator[tuple[str, str]]:
    seasonal = {r.service for r in rules if r.season}
    yield from ((r.opens, r.closes) for r in rules if r.season or r.service not in seasonal)


def _covers(season: tuple[str, str], day: date) -> bool:
    walk, last = date(2000, *map(int, season[0].split("-"))), tuple(map(int, season[1].split("-")))
    while True:
        if (walk.month, walk.day) == (day.month, day.day):
            return True
        if (walk.month, walk.day) == last:
            return False
        walk += timedelta(days=1)


def oracle(opening: Opening, moment: datetime) -> bool:
    for closure in opening.closures:
        begun = _first(closure.start, opening.zone) <= moment
        if begun and (closure.end is None or moment < _first(closure.end, opening.zone)):
            return False
    for off in range(-3, 3):
        day = moment.date() + timedelta(days=off)
        midnight = datetime(day.year, day.month, day.day)
        for opens, closes in _says(opening, day):
            start, end = (
                midnight + timedelta(hours=int(c[:2]), minutes=int(c[3:])) for c in (opens, closes)
            )
            end += timedelta(days=1 if end <= start else 0)
            if _first(start, opening.zone) <= moment < _first(end, opening.zone):
                return True
    return False


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_it_is_open_when_an_oracle_says_so(zone: str, data: st.DataObject) -> None:
    hours = data.draw(everything(zone))
    for moment in data.draw(st.lists(instants(), min_size=1, max_size=8)):
        assert (hours.state(moment).open is True) == oracle(hours, moment), moment


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_its_next_change_is_the_next_change(zone: str, data: st.DataObject) -> None:
    hours = data.draw(everything(zone))
    moment = data.draw(instants())
    state = hours.state(moment)
    turn = state.until if state.open else state.opens_next
    assert (state.until is None) or state.open
    assert not (state.open and state.opens_next)
    if turn is not None:
        assert turn > moment
        assert (hours.state(turn).open is True) != (state.open is True)
        for share in (1, 2, 3):
            between = moment + (turn - moment) * share / 4
            assert (hours.state(between).open is True) == (state.open is True)


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_at_its_edges_an_interval_begins_and_is_over(zone: str, data: st.DataObject) -> None:
    hours = data.draw(everything(zone))
    day = data.draw(instants()).date()
    for span in hours.intervals(day, day + timedelta(days=3)):
        assert span.start < span.end
        assert hours.state(span.start).open
        assert hours.state(span.end - timedelta(minutes=1)).open


def test_unknown_is_neither_open_nor_closed() -> None:
    state = opening().state(at("2026-11-24T12:00"))
    assert (state.open, state.until, state.opens_next) == (None, None, None)
    assert not opening().is_known


def test_it_says_until_when_and_from_when_on() -> None:
    hours = opening(hours=(rule(), rule(opens="17:00", closes="20:00")))
    assert hours.state(at("2026-11-24T13:59")).until == at("2026-11-24T14:00")
    assert hours.state(at("2026-11-24T14:00")).opens_next == at("2026-11-24T17:00")
    assert hours.state(at("2026-11-27T20:00")).opens_next == at("2026-11-30T09:00")


def test_a_night_belongs_to_the_day_before() -> None:
    hours = opening(hours=(rule(("SA",), "22:00", "03:00"),))
    assert hours.state(at("2026-11-29T02:59")).open
    assert not hours.state(at("2026-11-29T03:00")).open
    assert not hours.state(at("2026-11-28T02:00")).open


def test_always_open_has_no_end() -> None:
    state = opening(hours=(rule((*WEEK, "SA", "SU"), "00:00", "24:00"),)).state(
        at("2026-11-24T12:00")
    )
    assert state.open
    assert state.until is None


def test_a_season_over_the_new_year_replaces_the_rest_of_the_same_service() -> None:
    hours = opening(
        hours=(
            rule(service="staffed"),
            rule((*WEEK, "SA"), "07:00", "22:00", service="unstaffed"),
            rule(("MO",), "10:00", "12:00", service="staffed", season=("12-15", "01-10")),
        )
    )
    assert hours.state(at("2026-12-14T09:30")).service == "staffed"
    assert hours.state(at("2026-12-21T09:30")).service == "unstaffed"
    assert hours.state(at("2027-01-04T10:30")).service == "staffed"
    assert hours.state(at("2027-01-05T10:30")).service == "unstaffed"
    assert hours.state(at("2026-12-21T10:30")).until == at("2026-12-21T22:00")


def test_holidays_are_closed_as_usual_of_their_own_or_in_doubt() -> None:
    feast = "2026-11-02T12:00"
    for policy, is_open, doubtful in (("", True, True), ("closed", False, False), ("usual", True, False)):  # fmt: skip
        state = opening(hours=(rule(),), holidays=policy).state(at(feast))
        assert (state.open, state.doubtful, state.holiday) == (is_open, doubtful, "Feast")
    own = opening(hours=(rule(), rule(("PH",), "16:00", "18:00")))
    assert not own.state(at(feast)).open
    assert own.state(at("2026-11-02T17:00")).open
    assert not own.state(at(feast)).doubtful


def test_a_special_day_goes_before_a_holiday_and_a_closure_before_both() -> None:
    special = {
        "first": "2026-11-02",
        "last": "2026-11-02",
        "openings": ({"opens": "10:00", "closes": "16:00"},),
        "message": {"en": "Open house"},
    }
    closure = {"start": "2026-11-02T12:00", "end": "2026-11-02T13:00", "message": {"en": "Flood"}}
    hours = opening(special_days=(special,), closures=(closure,), holidays="closed")
    assert [hours.state(at(f"2026-11-02T{h}:30")).open for h in (11, 12, 13)] == [True, False, True]
    assert hours.state(at("2026-11-02T12:30")).message == {"en": "Flood"}
    assert hours.state(at("2026-11-02T11:30")).message == {"en": "Open house"}
    assert hours.state(at("2026-11-02T11:30")).until == at("2026-11-02T12:00")
    assert hours.state(at("2026-11-02T12:30")).opens_next == at("2026-11-02T13:00")
    assert hours.state(at("2026-11-03T12:30")).open is None


def test_closed_until_further_notice_opens_no_more() -> None:
    state = opening(hours=(rule(),), closures=({"start": "2026-11-01T00:00"},)).state(
        at("2026-11-24T12:00")
    )
    assert (state.open, state.opens_next) == (False, None)


def test_the_night_of_25_hours_is_an_hour_longer() -> None:
    hours = opening(hours=(rule(("SA",), "22:00", "06:00"),))
    (span,) = hours.intervals(date(2026, 10, 24), date(2026, 10, 24))
    assert span.end - span.start == timedelta(hours=9)
    (span,) = hours.intervals(date(2026, 3, 28), date(2026, 3, 28))
    assert span.end - span.start == timedelta(hours=7)


@pytest.mark.parametrize(
    ("of", "fields", "says"),
    [
        (HoursRecord, rule(()), "at least 1 item"),
        (HoursRecord, rule(("XX",)), "MO|TU"),
        (HoursRecord, rule(season=("06-31", "07-01")), "no day of the year"),
        (SpecialDayRecord, {"first": "2026-12-25", "last": "2026-12-24"}, "is before"),
        (SpecialDayRecord, {"first": "1926-12-25", "last": "2026-12-24"}, "from 1970 to 2200"),
        (ClosureRecord, {"start": "2026-12-25T10:00", "end": "2026-12-25T10:00"}, "not after"),
        (ClosureRecord, {"start": "2026-12-25T10:00+01:00"}, "without an offset"),
        (ClosureRecord, {"start": "2026-12-25T10:00:30"}, "whole minute"),
    ],
)
def test_hours_that_cannot_be_are_refused(of: type, fields: dict, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        of(**fields)


def test_a_day_is_special_once() -> None:
    days = ({"first": "2026-12-24", "last": "2026-12-26"}, {"first": "2026-12-26", "last": "2026-12-26"})  # fmt: skip
    with pytest.raises(ValidationError, match="2026-12-26 is among the special days twice"):
        space_record(special_days=days)


def test_there_is_an_end_to_rules() -> None:
    with pytest.raises(ValidationError, match="at most 60"):
        space_record(hours=(rule(),) * 61)
