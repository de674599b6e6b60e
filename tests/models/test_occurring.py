"""Schedules become occurrences: local time stays, exceptions hold, identities last."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.exchange.schedules import cancelled
from directory.models.occurring import LOCAL_ID, MOST_OCCURRENCES, instant, occurrences
from directory.models.records import ScheduleRecord

ZONES = (
    "Europe/Madrid",
    "America/Argentina/Buenos_Aires",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "UTC",
)
FAR = datetime(2030, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES)
starts = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(
    lambda d: d.replace(second=0, microsecond=0)
)


def schedule(**fields: object) -> ScheduleRecord:
    return ScheduleRecord(**{"minutes": 60, "timezone": "Europe/Madrid", **fields})


@given(zones, starts, st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), st.integers(1, 40))
def test_wall_time_stays_when_the_clocks_change(
    zone: str, start: datetime, freq: str, count: int
) -> None:
    made = list(
        occurrences(schedule(timezone=zone, start=start, rule=f"FREQ={freq};COUNT={count}"), FAR)
    )
    for dated in made:
        original = datetime.strptime(dated.recurrence_id, LOCAL_ID)
        shown = dated.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert original.time() == start.time()
        # Only a time that does not exist that night is shown otherwise: later, by the gap.
        exists = (
            instant(original, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            == original
        )
        assert (
            shown == original if exists else timedelta(0) < shown - original <= timedelta(hours=1)
        )


@given(zones, starts, st.integers(1, 30), st.data())
def test_an_exception_takes_out_exactly_its_date(
    zone: str, start: datetime, count: int, data: st.DataObject
) -> None:
    rule = f"FREQ=WEEKLY;COUNT={count}"
    whole = list(occurrences(schedule(timezone=zone, start=start, rule=rule), FAR))
    out = data.draw(st.sets(st.sampled_from([d.recurrence_id for d in whole])))
    exdates = tuple(datetime.strptime(d, LOCAL_ID) for d in out)
    left = list(occurrences(schedule(timezone=zone, start=start, rule=rule, exdates=exdates), FAR))
    assert left == [d for d in whole if d.recurrence_id not in out]


@given(zones, starts, st.integers(2, 30), st.data())
def test_a_cancelled_occurrence_keeps_its_identity(
    zone: str, start: datetime, count: int, data: st.DataObject
) -> None:
    rule = f"FREQ=DAILY;COUNT={count}"
    whole = list(occurrences(schedule(timezone=zone, start=start, rule=rule), FAR))
    off = data.draw(st.sampled_from(whole))
    made = list(
        occurrences(
            schedule(
                timezone=zone,
                start=start,
                rule=rule,
                cancelled=(datetime.strptime(off.recurrence_id, LOCAL_ID),),
            ),
            FAR,
        )
    )
    assert [d.recurrence_id for d in made] == [d.recurrence_id for d in whole]
    assert [d.recurrence_id for d in made if d.cancelled] == [off.recurrence_id]


@given(
    zones,
    st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    st.sampled_from(["1SA", "2TU", "-1FR", "3WE"]),
)
def test_monthly_by_weekday_falls_on_that_weekday_once_a_month(
    zone: str, first: date, by: str
) -> None:
    start = datetime.combine(first, datetime.min.time()).replace(hour=18)
    made = list(
        occurrences(
            schedule(timezone=zone, start=start, rule=f"FREQ=MONTHLY;BYDAY={by};COUNT=12"), FAR
        )
    )
    local = [d.start.astimezone(ZoneInfo(zone)) for d in made]
    codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    assert {codes[d.weekday()] for d in local} == {by[-2:]}
    assert len({(d.year, d.month) for d in local}) == 12
    for day in local:
        nth = (day.day - 1) // 7 + 1
        last = (day + timedelta(days=7)).month != day.month
        assert last if by.startswith("-1") else nth == int(by[0])


@given(zones, starts)
def test_occurrences_are_in_order_and_do_not_repeat(zone: str, start: datetime) -> None:
    record = schedule(
        timezone=zone,
        start=start,
        rule="FREQ=DAILY;COUNT=60",
        rdates=(start + timedelta(days=3, minutes=30),),
    )
    made = list(occurrences(record, FAR))
    assert [d.start for d in made] == sorted(d.start for d in made)
    assert len({d.recurrence_id for d in made}) == len(made)


def test_a_lesson_on_the_night_the_clocks_go_forward_is_read_with_the_old_offset() -> None:
    (only,) = occurrences(schedule(start=datetime(2026, 3, 29, 2, 30)), FAR)
    assert only.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_first() -> None:
    (only,) = occurrences(schedule(start=datetime(2026, 10, 25, 2, 30)), FAR)
    assert only.start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_long_evening_lasts_as_long_as_it_says_when_the_clocks_change_within() -> None:
    (only,) = occurrences(schedule(start=datetime(2026, 10, 24, 23), minutes=300), FAR)
    assert only.end - only.start == timedelta(hours=5)


def test_a_whole_day_ends_at_midnight_also_when_it_has_25_hours() -> None:
    (only,) = occurrences(schedule(start=datetime(2026, 10, 25), minutes=1440, all_day=True), FAR)
    assert only.end.astimezone(ZoneInfo("Europe/Madrid")).hour == 0


def test_a_rule_without_end_is_dated_up_to_the_horizon_only() -> None:
    horizon = datetime(2026, 12, 31, tzinfo=UTC)
    made = list(occurrences(schedule(start=datetime(2026, 1, 1, 10), rule="FREQ=DAILY"), horizon))
    assert len(made) == 364


def test_a_rule_that_ends_is_given_whole_whenever_it_ended() -> None:
    made = list(
        occurrences(schedule(start=datetime(2020, 1, 1, 10), rule="FREQ=DAILY;COUNT=5"), FAR)
    )
    assert len(made) == 5


@given(
    zones,
    st.datetimes(datetime(2005, 1, 1), datetime(2024, 1, 1)).map(
        lambda d: d.replace(second=0, microsecond=0)
    ),
    st.sampled_from(
        [
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,WE,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA",
            "FREQ=WEEKLY;WKST=SU;INTERVAL=3;BYDAY=SU,MO", "FREQ=DAILY;BYMONTH=3,4", "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=MO,TU", "FREQ=YEARLY;BYDAY=MO", "FREQ=DAILY;UNTIL=20351231T000000",
        ]
    ),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_of_a_schedule_that_began_long_ago_what_comes_is_dated_as_the_rule_says(
    zone: str, start: datetime, rule: str
) -> None:
    record = schedule(timezone=zone, start=start, rule=rule)
    since, until = datetime(2026, 10, 23, tzinfo=UTC), datetime(2027, 12, 28, tzinfo=UTC)
    made = [d.recurrence_id for d in occurrences(record, until, since)]
    begin, end = (m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in (since, until))
    said = rrulestr(rule, dtstart=start).between(begin, end, inc=True)
    expected = [local.strftime(LOCAL_ID) for local in said]
    assert [i for i in made if begin <= datetime.strptime(i, LOCAL_ID) <= end] == expected


def test_a_rule_that_was_called_off_altogether_stays_off_however_long_it_runs() -> None:
    record = cancelled(schedule(start=datetime(2015, 1, 1, 10), rule="FREQ=DAILY"))
    since = datetime(2026, 11, 1, tzinfo=UTC)
    made = list(occurrences(record, datetime(2027, 1, 1, tzinfo=UTC), since))
    assert len(record.cancelled) == MOST_OCCURRENCES
    assert len(made) == 61
    assert all(d.cancelled for d in made)


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=HOURLY;COUNT=3", "nonsense", "FREQ=WEEKLY;BYDAY=XX", "FREQ="]
)
def test_a_rule_that_cannot_be_meant_is_refused_by_name(rule: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        schedule(start=datetime(2026, 1, 1, 10), rule=rule)


def test_a_schedule_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="local"):
        schedule(start=datetime(2026, 1, 1, 10, tzinfo=UTC))
