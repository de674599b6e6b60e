"""A route as a calendar: what was written is read back, in its order, its zone and its language."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from directory.exchange.icalendar import Meeting, Stage, write

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def stage(name: str, *meetings: Meeting, **changes: object) -> Stage:
    fields = {
        "uid": f"{name}@city.example", "title": name, "description": "", "location": "", "url": "https://city.example/x",
        "modified": NOW, "meetings": meetings,
    }  # fmt: skip
    return Stage(**{**fields, **changes})  # type: ignore[arg-type]


def meeting(uid: str, start: datetime, hours: float = 1.5, **changes: object) -> Meeting:
    return Meeting(f"{uid}@city.example", start, start + timedelta(hours=hours), **changes)  # type: ignore[arg-type]


def parsed(*stages: Stage, language: str = "en") -> Calendar:
    return Calendar.from_ical(write(stages, name="Route", language=language, now=NOW))


def relations(component: object) -> list[tuple[str, str]]:
    found = component.get("related-to", [])  # type: ignore[attr-defined]
    return [
        (each.params["RELTYPE"], str(each))
        for each in (found if isinstance(found, list) else [found])
    ]


def test_the_wall_clock_of_the_place_is_kept_when_the_clocks_change() -> None:
    starts = [datetime(2027, 3, 25, 18, tzinfo=MADRID), datetime(2027, 4, 1, 18, tzinfo=MADRID)]
    read = parsed(stage("a", *(meeting(f"a{n}", s) for n, s in enumerate(starts))))
    events = read.walk("VEVENT")
    assert [e.decoded("dtstart").hour for e in events] == [18, 18]
    assert [e.decoded("dtstart").astimezone(UTC).hour for e in events] == [17, 16]
    assert [z["tzid"] for z in read.walk("VTIMEZONE")] == ["Europe/Madrid"]


def test_what_is_called_off_keeps_its_name_and_says_so() -> None:
    start = datetime(2026, 12, 1, 18, tzinfo=MADRID)
    before = parsed(stage("a", meeting("a1", start))).walk("VEVENT")[0]
    later = NOW + timedelta(days=3)
    after = parsed(stage("a", meeting("a1", start, cancelled=True), modified=later)).walk("VEVENT")[
        0
    ]
    assert before["uid"] == after["uid"]
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after.decoded("last-modified") == later
    assert after["transp"] == "TRANSPARENT"


def test_the_order_of_the_route_is_in_the_file() -> None:
    start = datetime(2026, 12, 1, 18, tzinfo=MADRID)
    week = timedelta(days=7)
    read = parsed(
        stage("at home"),
        stage("course", meeting("c1", start), meeting("c2", start + week)),
        stage("visit", meeting("v1", start + 2 * week)),
    )
    task, first, last, visit = (c for c in read.subcomponents if c.name in {"VEVENT", "VTODO"})
    assert task.name == "VTODO"
    assert relations(task) == [("FINISHTOSTART", "c1@city.example")]
    assert relations(first) == [("NEXT", "c2@city.example"), ("DEPENDS-ON", "at home@city.example")]
    assert relations(last) == [("FINISHTOSTART", "v1@city.example")]
    assert relations(visit) == [("DEPENDS-ON", "c2@city.example")]


def test_the_language_of_the_words_is_told() -> None:
    event = parsed(
        stage(
            "دورة", meeting("a", datetime(2026, 12, 1, 18, tzinfo=MADRID)), location="المكتبة, 2"
        ),
        language="ar",
    ).walk("VEVENT")[0]
    assert event["summary"].params["LANGUAGE"] == "ar"
    assert (str(event["summary"]), str(event["location"])) == ("دورة", "المكتبة, 2")


def test_a_whole_day_has_no_hours_and_an_unknown_end_is_left_out() -> None:
    day = datetime(2026, 12, 1, tzinfo=MADRID)
    whole = meeting("a", day, 24, all_day=True)
    open_ended = Meeting("b@city.example", day + timedelta(hours=9), None)
    first, second = parsed(stage("a", whole, open_ended)).walk("VEVENT")
    assert str(first.decoded("dtstart")) == "2026-12-01"
    assert str(first.decoded("dtend")) == "2026-12-02"
    assert "dtend" not in second


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=80).map(
    str.strip
)
_instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(_words, _words, st.lists(_instants, max_size=4, unique=True)),
        min_size=1, max_size=4,
    ),
    st.sampled_from(["Europe/Madrid", "Atlantic/Canary", "Asia/Kolkata", "America/Bogota"]),
)  # fmt: skip
def test_every_meeting_is_read_back_as_it_was_written(
    given_: list[tuple[str, str, list[datetime]]], zone: str
) -> None:
    stages = [
        stage(
            f"s{n}",
            *(
                meeting(f"s{n}.{i}", start.astimezone(ZoneInfo(zone)))
                for i, start in enumerate(sorted(starts))
            ),
            title=title,
            description=description,
        )
        for n, (title, description, starts) in enumerate(given_)
    ]
    written = write(stages, name="Route", language="es", now=NOW)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    read = Calendar.from_ical(written)
    parts = [c for c in read.subcomponents if c.name in {"VEVENT", "VTODO"}]
    wanted = [(s, m) for s in stages for m in (s.meetings or (None,))]
    assert [str(p["uid"]) for p in parts] == [m.uid if m else s.uid for s, m in wanted]
    for part, (its_stage, its_meeting) in zip(parts, wanted, strict=True):
        assert str(part["summary"]) == its_stage.title
        assert str(part.get("description", "")) == its_stage.description
        if its_meeting is not None:
            assert part.decoded("dtstart").astimezone(UTC) == its_meeting.start.astimezone(UTC)
            assert str(part["dtstart"].dt.tzinfo) == zone
    for one, following in pairwise(parts):
        assert str(following["uid"]) in {uid for _, uid in relations(one)}
