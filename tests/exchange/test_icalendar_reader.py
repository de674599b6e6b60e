"""iCalendar files on their way in: what an event says, and what is odd about it."""

import json
import time
from datetime import UTC, datetime

import pytest

from directory.errors import UnreadableFile
from directory.exchange import files, mapping
from directory.exchange.csv_reader import Sheet
from directory.exchange.csv_records import City
from directory.models.occurring import occurrences
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import FileKind

CITY = City("es", "Europe/Madrid", "EUR", frozenset({"pottery"}))
USUAL = mapping.load("icalendar")


def calendar(*parts: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]
    return "\r\n".join("\n".join(lines).split("\n")).encode()


def event(*lines: str, uid: str = "1") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Pan", *lines, "END:VEVENT"])


def read(data: bytes, wanted: mapping.Mapping = USUAL) -> Sheet:
    return files.read(data, "a.ics", wanted=FileKind.ICAL, mapping=wanted, city=CITY)


def one(*lines: str) -> OpportunityRecord:
    sheet = read(calendar(event(*lines)))
    assert sheet.refused == []
    record = sheet.entries[0].record
    assert isinstance(record, OpportunityRecord)
    return record


def dates(record: OpportunityRecord) -> list[str]:
    until = datetime(2028, 1, 1, tzinfo=UTC)
    found = [d for s in record.schedules for d in occurrences(s, until)]
    return [f"{d.start:%m-%d %H:%M}{' off' if d.cancelled else ''}" for d in sorted(found, key=lambda d: d.start)]  # fmt: skip


def said(sheet: Sheet) -> list[tuple[int, str]]:
    return [(r.line, r.code) for r in [*sheet.refused, *sheet.warnings] if r.line > 1]


def test_an_event_says_what_it_is() -> None:
    sheet = read(
        calendar(
            "BEGIN:VEVENT\nUID:a@b\nSUMMARY;LANGUAGE=en:Bread\\, and more\nDTSTART:20270301T180000\n"
            "DTEND:20270301T193000\nLOCATION:House of Bread\\, Main Street 3\nGEO:40.5;-3.7\n"
            "CATEGORIES:pottery\nCATEGORIES:pottery\nURL:https://example.org/bread\n"
            'ORGANIZER;CN="Bread, Ltd":mailto:ana@example.org\n'
            "DESCRIPTION:First line\\nand a very\n  long one\nEND:VEVENT"
        )
    )
    entry = sheet.entries[0]
    record, place = entry.record, entry.place
    assert isinstance(record, OpportunityRecord)
    assert place is not None
    assert entry.line == 3
    assert (record.external_id, record.language) == ("a@b", "en")
    assert record.title == {"en": "Bread, and more"}
    assert record.description == {"en": "First line\nand a very long one"}
    assert [t.topic for t in record.teaches] == ["pottery"]
    assert record.url == "https://example.org/bread"
    assert (place.title, place.address) == ({"en": "House of Bread"}, "Main Street 3")
    assert (place.lat, place.lon) == (40.5, -3.7)
    assert entry.provider == "Bread, Ltd"
    schedule = record.schedules[0]
    assert (schedule.timezone, schedule.minutes, schedule.minutes_known) == (
        "Europe/Madrid",
        90,
        True,
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["DTSTART:20270301T180000"], ["03-01 17:00"]),
        (["DTSTART:20270301T180000Z"], ["03-01 18:00"]),
        (["DTSTART;TZID=America/Lima:20270301T180000"], ["03-01 23:00"]),
        (["DTSTART;TZID=Romance Standard Time:20270301T180000"], ["03-01 17:00"]),
        (["DTSTART;TZID=/softwarestudio.org/Europe/Lisbon:20270301T180000"], ["03-01 18:00"]),
        (["DTSTART;VALUE=DATE:20270301"], ["02-28 23:00"]),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270308T180000"],
            ["03-01 17:00", "03-15 17:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;UNTIL=20270303T170000Z"],
            ["03-01 17:00", "03-02 17:00", "03-03 17:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;UNTIL=20270302"],
            ["03-01 17:00", "03-02 17:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RDATE:20270309T200000,20270310T200000Z"],
            ["03-01 17:00", "03-09 19:00", "03-10 20:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270302"],
            ["03-01 17:00", "03-03 17:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20270302T170000Z"],
            ["03-01 17:00"],
        ),
        # The clocks change on 28 March; the class stays at six.
        (
            ["DTSTART;TZID=Europe/Madrid:20270322T180000", "RRULE:FREQ=WEEKLY;COUNT=2"],
            ["03-22 17:00", "03-29 16:00"],
        ),
        (
            ["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;COUNT=2", "STATUS:CANCELLED"],
            ["03-01 17:00 off", "03-02 17:00 off"],
        ),
    ],
)
def test_an_event_takes_place_when_it_says(lines: list[str], found: list[str]) -> None:
    assert dates(one(*lines)) == found


@pytest.mark.parametrize(
    ("lines", "minutes", "known"),
    [
        (["DTEND:20270301T190000"], 60, True),
        (["DURATION:PT1H15M"], 75, True),
        (["DURATION:P1DT2H"], 26 * 60, True),
        (["DURATION:P1W"], 7 * 24 * 60, True),
        (["DTEND:20270301T180000"], 90, False),
        ([], 90, False),
        (["DTEND;TZID=America/Lima:20270301T130000"], 60, True),
    ],
)
def test_an_event_lasts_as_long_as_it_says(lines: list[str], minutes: int, *, known: bool) -> None:
    schedule = one("DTSTART:20270301T180000", *lines).schedules[0]
    assert (schedule.minutes, schedule.minutes_known) == (minutes, known)


def test_a_long_exhibition_is_a_day_every_day() -> None:
    record = one("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270601")
    found = dates(record)
    assert record.schedules[0].all_day
    assert (len(found), found[0], found[-1]) == (92, "02-28 23:00", "05-30 22:00")


def test_one_of_a_series_is_moved_another_called_off() -> None:
    series = event("DTSTART;TZID=Europe/Madrid:20270301T180000", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Madrid:20270308T180000",
        "DTSTART;TZID=Europe/Madrid:20270309T190000",
        "DTEND;TZID=Europe/Madrid:20270309T200000",
    )
    off = event("RECURRENCE-ID:20270315T170000Z", "DTSTART:20270315T170000Z", "STATUS:CANCELLED")
    for parts in ([series, moved, off], [off, moved, series]):
        sheet = read(calendar(*parts))
        assert len(sheet.entries) == 1
        record = sheet.entries[0].record
        assert isinstance(record, OpportunityRecord)
        assert dates(record) == ["03-01 17:00", "03-09 18:00", "03-15 17:00 off", "03-22 17:00"]


def test_a_changed_title_alone_moves_nothing() -> None:
    series = event("DTSTART:20270301T180000", "RRULE:FREQ=DAILY;COUNT=2")
    same = event("RECURRENCE-ID:20270302T180000", "DTSTART:20270302T180000", "DESCRIPTION:x")
    record = read(calendar(series, same)).entries[0].record
    assert isinstance(record, OpportunityRecord)
    assert (dates(record), len(record.schedules)) == (["03-01 17:00", "03-02 17:00"], 1)


def test_of_several_revisions_the_last_counts() -> None:
    old = event("DTSTART:20270301T180000", "SEQUENCE:1")
    new = event("DTSTART:20270302T180000", "SEQUENCE:2")
    for parts in ([old, new], [new, old]):
        record = read(calendar(*parts)).entries[0].record
        assert isinstance(record, OpportunityRecord)
        assert dates(record) == ["03-02 17:00"]


def test_occurrences_without_their_series_are_dates_of_one_event() -> None:
    parts = [
        event(f"RECURRENCE-ID:2027030{n}T180000", f"DTSTART:2027030{n}T180000") for n in (1, 2)
    ]
    record = read(calendar(*parts)).entries[0].record
    assert isinstance(record, OpportunityRecord)
    assert dates(record) == ["03-01 17:00", "03-02 17:00"]


def test_a_zone_of_the_calendar_s_own_is_read_from_its_explanation() -> None:
    fixed = (
        "BEGIN:VTIMEZONE\nTZID:Our time\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:-0500\nTZOFFSETTO:-0500\nEND:STANDARD\nEND:VTIMEZONE"
    )
    named = "BEGIN:VTIMEZONE\nTZID:x1\nX-LIC-LOCATION:Europe/Lisbon\nEND:VTIMEZONE"
    sheet = read(
        calendar(
            event("DTSTART;TZID=Our time:20270301T180000"),
            event("DTSTART;TZID=x1:20270301T180000", uid="2"),
            event("DTSTART;TZID=Nobody's:20270301T180000", uid="3"),
            fixed,
            named,
        )
    )
    found = [dates(e.record) for e in sheet.entries if isinstance(e.record, OpportunityRecord)]
    assert found == [["03-01 23:00"], ["03-01 18:00"], ["03-01 17:00"]]
    assert said(sheet) == [(13, "zone-assumed")]


def test_the_calendar_s_zone_is_that_of_its_floating_times() -> None:
    sheet = read(calendar("X-WR-TIMEZONE:Atlantic/Canary", event("DTSTART:20270301T180000")))
    record = sheet.entries[0].record
    assert isinstance(record, OpportunityRecord)
    assert dates(record) == ["03-01 18:00"]


def test_markup_becomes_plain_text() -> None:
    record = one(
        "DTSTART:20270301T180000",
        "DESCRIPTION:<p>Bread &amp\\; <b>salt</b></p><p>Bring a <a href='x'>bowl</a></p>"
        "<script>alert(1)</script><svg onload=alert(1)>",
    )
    assert record.description["es"] == "Bread & salt\nBring a bowl"


def test_an_online_place_is_an_address_and_no_place() -> None:
    sheet = read(
        calendar(event("DTSTART:20270301T180000", "LOCATION:Online: https://meet.example.org/a"))
    )
    assert sheet.entries[0].place is None
    record = sheet.entries[0].record
    assert record.url == "https://meet.example.org/a"


def test_what_is_private_stays_so() -> None:
    sheet = read(calendar(event("DTSTART:20270301T180000", "CLASS:PRIVATE")))
    assert (sheet.entries, [each.external_id for each in sheet.left_out]) == ([], ["1"])


def test_a_mail_address_is_nobody_s_to_publish() -> None:
    sheet = read(
        calendar(event("DTSTART:20270301T180000", "ORGANIZER;CN=ana@x.org:mailto:ana@x.org"))
    )
    assert sheet.entries[0].provider == ""


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "no-start"),
        (["DTSTART:tomorrow"], "bad-property"),
        (["DTSTART:20271399T180000"], "bad-property"),
        (["DTSTART;X:20270301"], "bad-property"),
        (["DTSTART:20270301T180000", "DTEND:20270301T170000"], "ends-early"),
        (["DTSTART:20270301T180000", "DTEND:20270501T170000"], "too-long-event"),
        (["DTSTART:20270301T180000", "DURATION:1 hour"], "bad-property"),
        (["DTSTART:20270301T180000", "RRULE:FREQ=SECONDLY"], "bad-rule"),
        (["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;INTERVAL=0"], "bad-rule"),
        (["DTSTART:20270301T180000", "RRULE:nonsense"], "bad-rule"),
        (["DTSTART:20270301T180000", "RRULE:FREQ=DAILY;UNTIL=20271399T000000Z"], "bad-rule"),
        (["DTSTART:00010101T000000Z"], "far-date"),
        (["DTSTART:20270301T180000", "DESCRIPTION:" + "x" * 300_000], "huge-event"),
        (["DTSTART:20270301T180000", "EXDATE:" + ",".join(["x"] * 9)], "bad-property"),
    ],
)
def test_an_event_that_cannot_be_meant_is_refused_and_the_next_comes_in(
    lines: list[str], code: str
) -> None:
    sheet = read(calendar(event(*lines), event("DTSTART:20270301T180000", uid="2")))
    assert [(r.line, r.code) for r in sheet.refused] == [(3, code)]
    assert [e.record.external_id for e in sheet.entries] == ["2"]


def test_an_event_without_uid_is_refused() -> None:
    sheet = read(calendar("BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20270301\nEND:VEVENT"))
    assert said(sheet) == [(3, "no-uid")]


def test_an_alarm_says_nothing_of_its_event() -> None:
    record = one(
        "BEGIN:VALARM", "TRIGGER:-PT15M", "DESCRIPTION:Alarm", "DURATION:PT5M", "END:VALARM",
        "DTSTART:20270301T180000",
    )  # fmt: skip
    assert record.description == {}
    assert record.schedules[0].minutes == 90


def test_a_line_folded_within_a_character_is_read() -> None:
    data = calendar(event("DTSTART:20270301T180000")).replace(
        b"SUMMARY:Pan", b"SUMMARY:Pi" + b"\xc3\r\n \xb1a"
    )
    assert read(data).entries[0].record.title == {"es": "Piña"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"title,starts\nx,y\n", "no-calendar"),
        (b"<html>BEGIN:VCALENDAR", "no-calendar"),
        (calendar(event("DTSTART:20270301T180000"))[:-20], "cut-calendar"),
        (b"BEGIN:VCALENDAR\r\n", "cut-calendar"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    assert refused.value.code == code


def test_a_mapping_says_which_category_is_which_topic() -> None:
    text = """
        [source]
        name = "feed"
        [columns]
        id = "UID"
        title = "SUMMARY"
        topics = "CATEGORIES"
        schedules = "SCHEDULES"
        [values.topics]
        "Cerámica" = "pottery"
    """
    sheet = read(
        calendar(event("DTSTART:20270301T180000", "CATEGORIES:cerámica")),
        mapping.parse(text, "feed"),
    )
    record = sheet.entries[0].record
    assert isinstance(record, OpportunityRecord)
    assert [t.topic for t in record.teaches] == ["pottery"]


def test_many_events_are_read_quickly() -> None:
    many = [
        event(
            "DTSTART:20270301T180000", "RRULE:FREQ=WEEKLY", "DESCRIPTION:" + "x" * 300, uid=str(n)
        )
        for n in range(1000)
    ]
    began = time.monotonic()
    assert len(read(calendar(*many)).entries) == 1000
    assert time.monotonic() - began < 10


def test_what_vereda_writes_it_reads() -> None:
    from directory.exchange.icalendar import Meeting, Stage, write

    start = datetime.fromisoformat("2027-03-01T18:00+01:00")
    stage = Stage(
        "s", "Bread", "How to", "House", "https://x.org", start, (Meeting("m@x", start, None),)
    )
    sheet = read(write([stage], name="r", language="en", now=start))
    assert sheet.refused == []
    record = sheet.entries[0].record
    assert isinstance(record, OpportunityRecord)
    assert (record.title, dates(record)) == ({"en": "Bread"}, ["03-01 17:00"])
    assert json.loads(record.schedules[0].model_dump_json())["minutes_known"] is False
