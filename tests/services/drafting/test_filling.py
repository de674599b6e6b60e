"""What is typed makes a record, and a record is typed again as the same."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.models.occurring import occurrences
from directory.models.public_holidays import public_holidays
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import Booking, Format, Setting
from directory.services.drafting import dates, filling
from directory.services.drafting.filling import Around
from directory.services.drafting.typed import Typed
from tests.factories import schedule_record

ZONE = "Europe/Madrid"
AROUND = Around(
    external_id="draft-1",
    provider=3,
    currency="EUR",
    timezone=ZONE,
    topics=frozenset({"pottery", "arabic"}),
    spaces=frozenset({7}),
)
_line = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
_day = st.dates(date(2026, 1, 1), date(2027, 12, 31))
_clock = st.times().map(lambda t: t.replace(second=0, microsecond=0)).map(lambda t: f"{t:%H:%M}")


@st.composite
def contents(draw: st.DrawFn) -> dict[str, str]:
    """A whole listing as it may be typed."""
    first = draw(_day)
    low = draw(st.integers(0, 60))
    way = draw(st.sampled_from([dates.ONCE, dates.WEEKLY, dates.ANYTIME]))
    content = {
        "language": draw(st.sampled_from(["en", "es", "ar"])),
        "title": draw(_line),
        "summary": draw(st.just("") | _line),
        "format": draw(st.sampled_from(list(Format))).value,
        "setting": draw(st.sampled_from(list(Setting))).value,
        "topic1": draw(st.sampled_from(["", "pottery"])),
        "from1": "1",
        "to1": draw(st.sampled_from(["1", "3", "5"])),
        "held_in": draw(st.sampled_from([filling.UNKNOWN, filling.NONE_NEEDED])),
        "age_min": str(low),
        "age_max": draw(st.sampled_from(["", str(low + 5)])),
        "price": draw(st.sampled_from(["", "0", "12,5", "7.25"])),
        "booking": draw(st.sampled_from(["", *Booking])),
        "space": draw(st.sampled_from(["", "#7"])),
        "when": way,
        "first": first.isoformat(),
        "starts": draw(_clock),
        "ends": draw(st.just("") | _clock),
        "weekdays": " ".join(
            draw(st.lists(st.sampled_from(dates.WEEKDAYS), unique=True, max_size=7))
        ),
        "every": str(draw(st.integers(1, 4))),
        "last": draw(st.just("") | st.just((first + timedelta(days=90)).isoformat())),
    }
    return {name: value for name, value in content.items() if value}


@settings(max_examples=60, deadline=None)
@given(contents())
def test_a_record_typed_again_is_the_same(content: dict[str, str]) -> None:
    made = filling.made(content, AROUND)
    assert made.problems == ()
    assert isinstance(made.record, OpportunityRecord)
    again = filling.made(filling.content_of(made.record), AROUND)
    assert again == made


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sum(filling.FIELDS.values(), ())), st.text(max_size=12)))
def test_whatever_is_typed_is_a_record_or_told_why_not(content: dict[str, str]) -> None:
    made = filling.made(content, AROUND)
    assert (made.record is None) == bool(made.problems)
    fields = {name for names in filling.FIELDS.values() for name in names}
    assert {problem.field for problem in made.problems} <= fields


@settings(max_examples=60, deadline=None)
@given(_day, st.lists(st.sampled_from(dates.WEEKDAYS), unique=True), st.integers(1, 4), st.data())
def test_the_dates_are_the_days_of_the_week_but_those_left_out(
    first, weekdays, every, data
) -> None:
    last = first + timedelta(days=80)
    named = weekdays or [dates.WEEKDAYS[first.weekday()]]
    monday = first - timedelta(days=first.weekday())
    expected = [
        first + timedelta(days=n)
        for n in range(81)
        if dates.WEEKDAYS[(first + timedelta(days=n)).weekday()] in named
        and ((first + timedelta(days=n)) - monday).days // 7 % every == 0
    ]
    if len(expected) < 3:
        return
    out = data.draw(st.sampled_from(expected))
    typed = Typed(
        {
            "when": dates.WEEKLY,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "starts": "18:00",
            "weekdays": " ".join(weekdays),
            "every": str(every),
            "skip": out.isoformat(),
        }
    )
    (schedule,) = dates.schedules(typed, kept=(), timezone=ZONE)
    assert not typed.problems
    horizon = datetime.combine(last, time(23)).astimezone()
    days = {o.recurrence_id[:8] for o in occurrences(schedule, horizon)}
    assert days == {f"{day:%Y%m%d}" for day in expected if day != out}


def test_public_holidays_are_left_out() -> None:
    content = {"when": "weekly", "first": "2026-12-01", "last": "2026-12-31", "starts": "10:00"}
    content |= {"weekdays": "TU FR", "holidays": "yes"}
    typed = Typed(content)
    (schedule,) = dates.schedules(typed, kept=(), timezone=ZONE, holidays=public_holidays("ES"))
    assert [f"{d:%m-%d}" for d in schedule.exdates] == ["12-08", "12-25"]


def test_what_the_form_cannot_say_stays_as_it_is() -> None:
    monthly = schedule_record(rule="FREQ=MONTHLY;BYDAY=1MO")
    assert dates.content_of((monthly,)) == {"when": dates.KEEP}
    typed = Typed({"when": dates.KEEP})
    assert dates.schedules(typed, kept=(monthly,), timezone=ZONE) == (monthly,)
