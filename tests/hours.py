"""Random opening hours with everything they may have, and holidays to go with them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from directory.models.opening import Opening
from directory.models.records import ClosureRecord, HoursRecord, SpecialDayRecord

ZONES = ("Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
# Nights on which the clocks of one of these zones change, and the turn of the year.
TURNS = (
    date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1),
    date(2026, 4, 5), date(2026, 10, 4), date(2026, 1, 1), date(2026, 12, 31),
)  # fmt: skip
HOLIDAYS = {date(2026, 1, 1), date(2026, 3, 29), date(2026, 10, 4), date(2026, 11, 2)}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU", "PH")


def holiday(day: date) -> str | None:
    """Four invented holidays, and every 17th day."""
    return "Feast" if day in HOLIDAYS or day.toordinal() % 17 == 0 else None


near_turns = st.builds(
    lambda day, off: day + timedelta(days=off), st.sampled_from(TURNS), st.integers(-2, 2)
)
dates = st.dates(date(2026, 1, 1), date(2026, 12, 31)) | near_turns
clocks = st.builds(
    lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.sampled_from((0, 15, 30, 59))
)
closes = clocks | st.just("24:00")
seasons = st.tuples(*[dates.map(lambda day: f"{day:%m-%d}")] * 2)
rules = st.builds(
    HoursRecord,
    days=st.lists(st.sampled_from(DAYS), min_size=1, max_size=8).map(tuple),
    opens=clocks | st.just("24:00"),
    closes=closes,
    service=st.sampled_from(("", "staffed", "unstaffed")),
    season=st.none() | seasons,
)
openings = st.lists(st.fixed_dictionaries({"opens": clocks, "closes": closes}), max_size=3).map(
    tuple
)


@st.composite
def special_days(draw: st.DrawFn) -> tuple[SpecialDayRecord, ...]:
    """Special days that do not overlap."""
    cuts = sorted(draw(st.sets(dates, max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(
        SpecialDayRecord(
            first=first,
            last=draw(st.sampled_from([first, last])),
            openings=draw(openings),
            message={"en": "special"},
        )
        for first, last in pairs
    )


@st.composite
def closures(draw: st.DrawFn) -> ClosureRecord:
    """A closure of minutes or days, or one without an end."""
    at = datetime.fromisoformat(f"{draw(dates)}T{draw(clocks)}")
    minutes = draw(st.integers(1, 3 * 1440) | st.just(0))
    end = at + timedelta(minutes=minutes) if minutes else None
    return ClosureRecord(start=at, end=end, message={"en": "closure"})


def everything(zone: str) -> st.SearchStrategy[Opening]:
    """Hours of any kind in a zone."""
    return st.builds(
        Opening,
        hours=st.none() | st.lists(rules, max_size=6).map(tuple),
        special_days=special_days(),
        closures=st.lists(closures(), max_size=3).map(tuple),
        policy=st.sampled_from(("", "closed", "usual")),
        zone=st.just(ZoneInfo(zone)),
        holiday=st.just(holiday),
    )


def instants() -> st.SearchStrategy[datetime]:
    """Minutes of the year, often near a change of clocks."""
    any_ = st.integers(0, 365 * 1440).map(
        lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
    )
    near = st.builds(
        lambda day, m: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=m),
        near_turns,
        st.integers(-720, 2160),
    )
    return any_ | near
