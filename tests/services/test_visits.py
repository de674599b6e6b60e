"""Where one drops in without dates, a route has visits while the space is open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from directory.models import Opportunity, Space
from directory.models.opening import Opening
from directory.models.vocabulary import Format
from directory.services.guidance import in_time
from directory.services.offered import item
from directory.services.profiles import Profile
from directory.services.visits import visits

ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)  # a Friday; clocks go forward on Sunday
HOURS = [{"days": ["FR", "MO"], "opens": "10:00", "closes": "14:30"}]


def workshop(**facts: object) -> Opportunity:
    space = Space(slug="shed", kind="makerspace", hours=HOURS, language="es")
    row = Opportunity(id=7, slug="repair", format=Format.DROP_IN, language="es", **facts)
    row.space = space
    return row


def opened(space: Space) -> Opening:
    return Opening.of(space, ZONE)


def test_an_opening_is_cut_into_visits_of_two_hours_on_the_wall_clock() -> None:
    row = workshop()
    found = visits(row, opened(row.space), now=NOW)
    clocks = [f"{v.start:%a %H:%M}-{v.end:%H:%M}" for v in found[:3]]
    assert clocks == ["Fri 12:00-14:00", "Mon 10:00-12:00", "Mon 12:00-14:00"]
    assert found[1].start.utcoffset() == timedelta(hours=2)


def test_visits_reach_four_weeks_ahead_and_have_names_of_their_own() -> None:
    row = workshop()
    found = visits(row, opened(row.space), now=NOW)
    assert {v.id for v in found} == {f"7@{v.start.astimezone(UTC):%Y%m%dT%H%MZ}" for v in found}
    assert found[-1].end.date() == date(2026, 4, 24)


def test_a_drop_in_without_dates_is_one_visit_and_not_a_course() -> None:
    made = item(workshop(created=NOW), (), now=NOW, opened=opened)
    assert (made.whole, made.anytime, len(made.sessions) > 10) == (False, False, True)


def test_without_opening_hours_nothing_is_made_up() -> None:
    row = workshop(created=NOW)
    row.space.hours = None
    assert item(row, (), now=NOW, opened=opened).sessions == ()


def test_days_one_cannot_plan_between_are_put_right_and_told() -> None:
    past = Profile(first=date(2026, 1, 1), last=date(2026, 2, 1))
    profile, notes = in_time(past, now=NOW, zone=ZONE)
    assert (profile.first, profile.last) == (None, None)
    assert [note.code for note in notes] == ["from-past", "to-past"]
    turned = Profile(first=date(2026, 6, 1), last=date(2026, 5, 1))
    profile, notes = in_time(turned, now=NOW, zone=ZONE)
    assert (profile.first, profile.last) == (date(2026, 6, 1), None)
    assert [note.code for note in notes] == ["to-before-from"]
