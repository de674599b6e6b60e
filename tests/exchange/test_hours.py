"""Opening hours: texts of a day, columns of a week."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from directory.errors import UnreadableFile
from directory.exchange import hours, mapping
from directory.models import Space
from directory.services import transfers
from directory.settings import Settings

SETTINGS = Settings(_env_file=None, now=datetime(2022, 12, 8, 9, tzinfo=UTC))
SPACES = """
[source]
name = "ours"
language = "en"
[constants]
type = "space"
[columns]
id = "id"
title = "title"
"""
WEEK = (
    SPACES
    + """
[hours.staffed]
MO = "Mon"
TU = ["Tue am", "Tue pm"]
WE = { columns = ["Wed from", "Wed to"], between = "-" }
[hours.unstaffed]
MO = "Mon alone"
"""
)
HEADER = "id,title,Mon,Tue am,Tue pm,Wed from,Wed to,Mon alone\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00-17:00", "09:00-17:00"),
        (" 09:00 – 17:00. ", "09:00-17:00"),
        ("10:00-13:00,14:00-17:00", "10:00-13:00 14:00-17:00"),
        ("14:00—17:00; 10:00-13:00", "10:00-13:00 14:00-17:00"),
        ("9-12 and 13-17", "09:00-12:00 13:00-17:00"),
        ("9-12 & 13-17", "09:00-12:00 13:00-17:00"),
        ("9-12 / 13-17", "09:00-12:00 13:00-17:00"),
        ("de 9 a 14 y de 16 a 20 h", "09:00-14:00 16:00-20:00"),
        ("9:00 a 14:00 horas", "09:00-14:00"),
        ("from 9am to 5pm", "09:00-17:00"),
        ("9 a.m. - 5 p.m.", "09:00-17:00"),
        ("9-5pm", "09:00-17:00"),
        ("2-5pm", "14:00-17:00"),
        ("10am-1", "10:00-13:00"),
        ("10-12pm", "10:00-12:00"),
        ("12pm-12am", "12:00-24:00"),
        ("9.30-17.00", "09:30-17:00"),
        ("9h30-17h", "09:30-17:00"),
        ("0930-1700", "09:30-17:00"),
        ("09:00:00-17:00:00", "09:00-17:00"),
        ("1:00-18:00", "01:00-18:00"),
        ("من 9 ص إلى 5 م", "09:00-17:00"),
        ("٠٩:٠٠-١٧:٠٠", "09:00-17:00"),
        ("noon-5pm", "12:00-17:00"),
        ("9am to 12 noon", "09:00-12:00"),
        ("18:00 - midnight", "18:00-24:00"),
        ("10:00-00:00", "10:00-24:00"),
        ("22:00-02:00", "22:00-02:00"),
        ("24 hours", "00:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("closed", ""),
        ("Cerrado", ""),
        ("مغلق", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(text, expected):
    assert " ".join("-".join(each) for each in hours.parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9-5", "hours-ambiguous"),
        ("2-5", "hours-ambiguous"),
        ("9:30-5:30", "hours-ambiguous"),
        ("09:00-09:00", "hours-ambiguous"),
        ("00:00", "hours-no-end"),
        ("from 9", "hours-no-end"),
        ("9:00, 17:00", "hours-no-end"),
        ("09:00-13:00, 12:00-17:00", "hours-overlap"),
        ("22:00-02:00, 23:00-24:00", "hours-overlap"),
        ("by appointment", "hours-unread"),
        ("25:00-26:00", "hours-unread"),
        ("09:60-17:00", "hours-unread"),
        ("13am-5pm", "hours-unread"),
        ("10:00-13:00-17:00", "hours-unread"),
        ("1-2," * 200, "hours-too-many"),
        (",".join(f"{hour:02}:00-{hour:02}:30" for hour in range(20)), "hours-too-many"),
    ],
)
def test_what_nobody_could_say_for_certain_is_not_guessed(text, code):
    with pytest.raises(hours.UnclearHours) as caught:
        hours.parse(text)
    assert caught.value.code == code


WRITTEN = st.lists(
    st.sampled_from(
        [
            "9",
            "09:00",
            "5pm",
            "24:00",
            "12",
            "-",
            "–",
            " to ",
            ",",
            " y ",
            "noon",
            "h",
            " ",
            "am",
            ".",
        ]
    )
)


@given(st.one_of(st.text(max_size=300), WRITTEN.map("".join)))
def test_any_text_is_read_or_refused(text):
    found: tuple[hours.Opening, ...] = ()
    with suppress(hours.UnclearHours):
        found = hours.parse(text)
    assert all(0 < hours.length(each) <= 24 * 60 for each in found)


CLOCKS = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=12, unique=True).map(sorted)


@given(CLOCKS, st.sampled_from([",", "; ", " & ", " and ", " y "]), st.sampled_from("-–—"))
def test_hours_written_plainly_read_back(minutes, between, dash):
    clocks = [f"{m // 60:02}:{m % 60:02}" for m in minutes]
    expected = tuple(pair for n, pair in enumerate(pairwise(clocks)) if n % 2 == 0)
    text = between.join(f"{opens}{dash}{closes}" for opens, closes in expected)
    assert hours.parse(text) == expected


def run(db: Session, rows: str, text: str = WEEK, header: str = HEADER) -> transfers.Report:
    wanted = mapping.parse(text, "own.toml")
    data = (header + rows).encode()
    return transfers.import_csv(db, data, name="f", mapping=wanted, settings=SETTINGS)


def test_columns_become_rules_a_service_at_a_time(db):
    report = run(db, "1,A,9-12,09:00-12:00,13:00-17:00,13:00,17:00,17:00-22:00\n")
    assert not report.warnings
    assert db.exec(select(Space)).one().hours == [
        {"days": ["MO", "TU"], "opens": "09:00", "closes": "12:00", "service": "staffed"},
        {"days": ["TU", "WE"], "opens": "13:00", "closes": "17:00", "service": "staffed"},
        {"days": ["MO"], "opens": "17:00", "closes": "22:00", "service": "unstaffed"},
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [("1,A,,,,,,\n", None), ("1,A,ask us,,,,,\n", None), ("1,A,closed,,,,,\n", [])],
)
def test_unknown_is_not_closed(db, rows, expected):
    run(db, rows)
    assert db.exec(select(Space)).one().hours == expected


def test_a_cell_that_is_not_understood_is_listed_and_its_row_comes_in(db):
    report = run(db, "1,A,9-5,09:00-12:00,,,,00:00-17:00\n")
    assert report.applied == 1
    assert [(r.line, r.column, r.code, r.value) for r in report.warnings] == [
        (2, "Mon", "hours-ambiguous", "9-5"),
        (2, "Mon alone", "hours-long", "00:00-17:00"),
    ]
    assert "00:00-17:00, more than 16 hours" in report.warnings[1].reason
    assert [rule["days"] for rule in db.exec(select(Space)).one().hours] == [["TU"], ["MO"]]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[hours.staffed]\nMonday = "M"\n', "“Monday” is no day; use one of MO"),
        ('[hours.guarded]\nMO = "M"\n', "hours.guarded"),
        ('[skip_when]\nM = "full"\n', "skip_when.M"),
    ],
)
def test_a_mistake_in_the_mapping_is_named(text, part):
    with pytest.raises(UnreadableFile, match=part):
        mapping.parse(SPACES + text, "own.toml")


@pytest.mark.parametrize(
    ("when", "kept"),
    [('"filled"', {"1"}), ('"empty"', {"2", "3"}), ('["Gone", "shut"]', {"1", "3"})],
)
def test_rows_are_left_out_as_the_mapping_says(db, when, kept):
    rows = "1,A,\n2,B,gone\n3,C,moved\n"
    report = run(db, rows, f"{SPACES}[skip_when]\nend = {when}\n", "id,title,end\n")
    assert {s.external_id for s in db.exec(select(Space))} == kept
    assert (report.rows, report.applied, report.left_out) == (3, len(kept), 3 - len(kept))


def test_a_rule_on_a_column_that_is_not_there_leaves_nothing_out(db):
    report = run(db, "1,A\n", f'{SPACES}[skip_when]\nend = "empty"\n', "id,title\n")
    assert report.applied == 1
    assert [r.code for r in report.warnings] == ["missing-columns"]


def test_what_is_left_out_later_is_withdrawn_and_comes_back(db):
    text = f'{SPACES}[skip_when]\nend = "filled"\n'
    for end, state, outcome in (
        ("", "published", "new"),
        ("2022", "withdrawn", "changed"),
        ("", "published", "changed"),
    ):
        report = run(db, f"1,A,{end}\n", text, "id,title,end\n")
        assert dict(report.counts) == {("space", outcome): 1}
        assert db.exec(select(Space)).one().state == state
    run(db, "1,A,2022\n", text, "id,title,end\n")
    assert not run(db, "1,A,2022\n", text, "id,title,end\n").counts


def test_rows_that_share_an_id_are_told_apart(db):
    text = SPACES.replace('"ours"', '"ours"\nshared_ids = true') + '[skip_when]\nend = "filled"\n'
    report = run(db, "1,A,\n1,B,\n1,B,\n", text, "id,title,end\n")
    assert [(r.line, r.code) for r in report.refused] == [(4, "doubled-id")]
    assert {s.external_id for s in db.exec(select(Space))} == {"1", "1-b"}
    report = run(db, "1,A,2022\n1,B,\n", text, "id,title,end\n")
    assert dict(report.counts) == {("space", "changed"): 1, ("space", "unchanged"): 1}


def test_a_value_may_have_words_before_it(db):
    text = f'{SPACES}address = {{ columns = "at", before = "Inside " }}\n'
    run(db, "1,A,the mill\n2,B,\n", text, "id,title,at\n")
    assert {s.address for s in db.exec(select(Space))} == {"Inside the mill", ""}
