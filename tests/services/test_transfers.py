"""Transfers: files in and out, by hand-written rows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, select

from directory.database import make_engine
from directory.errors import UnreadableFile
from directory.exchange import mapping
from directory.models import Occurrence, Opportunity, Outbox, Provider, Space, Text, Topic
from directory.services import transfers
from directory.services.catalogue import Outcome
from directory.services.texts import words
from directory.settings import Settings

SETTINGS = Settings(_env_file=None, now=datetime(2022, 12, 8, 9, tzinfo=UTC))
PLAIN = mapping.load("vereda")


@pytest.fixture
def topics(db):
    db.add_all([Topic(key="english"), Topic(key="music")])
    db.flush()


def run(db: Session, text: str | bytes, wanted: mapping.Mapping = PLAIN) -> transfers.Report:
    data = text if isinstance(text, bytes) else text.encode()
    return transfers.import_csv(db, data, name="f.csv", mapping=wanted, settings=SETTINGS)


def only(db: Session, table=Opportunity):
    return db.exec(select(table)).one()


def codes(remarks) -> list[tuple[int, str]]:
    return [(remark.line, remark.code) for remark in remarks]


def test_a_title_is_enough(db):
    report = run(db, "title\nYoga in the park\n")
    row = only(db)
    assert report.count("opportunity", Outcome.NEW) == 1
    assert (row.external_id, row.format, row.setting) == (
        "yoga-in-the-park",
        "course",
        "non-formal",
    )
    assert (row.price, row.languages, row.space_id, row.age_min) == (None, None, None, None)
    assert words(row, "title", "es").value == "Yoga in the park"


def test_every_plain_column_is_read(db, topics):
    run(
        db,
        "id,title,title[ar],summary,description,language,format,setting,topics,level,provider,address,"
        "district,postcode,lat,lon,starts,ends,rrule,exdates,price,age_min,age_max,languages,access,url\n"
        '7,English,الإنجليزية,Short,"Long, longer",en,Guided visit,informal,english,2,House of Words,'
        '1 High St,North,1234,"40,5",-3.5,2022-12-10 18:00,2022-12-10 19:30,FREQ=WEEKLY;COUNT=3,'
        "2022-12-17 18:00,12.5,8,99,en;es,step-free=yes;hearing-loop=no,https://example.org\n",
    )
    row, space, provider = only(db), only(db, Space), only(db, Provider)
    assert (row.external_id, row.language, row.format, row.setting) == (
        "7",
        "en",
        "guided-visit",
        "informal",
    )
    assert words(row, "title", "ar").value == "الإنجليزية"
    assert [(t.topic_key, t.level_from, t.level_to) for t in row.teaches] == [("english", 1, 2)]
    assert (row.price, row.currency, row.age_min, row.age_max) == (Decimal("12.50"), "EUR", 8, 99)
    assert row.languages == ["en", "es"]
    assert row.access == {"step-free": True, "hearing-loop": False}
    assert (space.kind, space.lat, space.lon, space.district_key) == (
        "community-centre",
        40.5,
        -3.5,
        "north",
    )
    assert (
        words(space, "title", "en").value
        == words(provider, "title", "en").value
        == "House of Words"
    )
    assert row.space_id == space.id
    assert row.provider_id == space.provider_id == provider.id
    starts = [o.start.astimezone(SETTINGS.zone) for o in db.exec(select(Occurrence))]
    assert [s.strftime("%d %H:%M") for s in starts] == ["10 18:00", "24 18:00"]


def test_what_is_not_said_is_unknown_and_what_is_free_costs_nothing(db):
    run(db, "title,price,languages\na,,\nb,0,zxx\nc,free,\n")
    rows = {row.slug: row for row in db.exec(select(Opportunity))}
    assert [rows[name].price for name in "abc"] == [None, 0, 0]
    assert [rows[name].languages for name in "abc"] == [None, [], None]


def test_an_end_not_said_is_assumed_and_known_to_be(db):
    run(db, "title,starts\na,2022-12-10 18:00\n")
    occurrence = only(db, Occurrence)
    assert (occurrence.end - occurrence.start).total_seconds() == 90 * 60
    assert not occurrence.end_known


def test_a_day_is_a_whole_day_and_the_last_day_is_included(db):
    run(db, "title,starts,ends\na,2022-12-10,2022-12-11\n")
    occurrence = only(db, Occurrence)
    assert occurrence.all_day
    assert (occurrence.end - occurrence.start).days == 2


def test_a_rule_may_end_in_utc(db):
    run(db, "title,starts,rrule\na,2022-12-10 18:00,FREQ=DAILY;UNTIL=20221212T170000Z\n")
    assert len(db.exec(select(Occurrence)).all()) == 3


def test_a_space_row_is_found_by_its_id_wherever_it_stands(db):
    report = run(db, "id,type,title,kind,space_id\n1,,Talk,,lib\nlib,space,Library,library,\n")
    assert not report.refused
    assert only(db).space_id == only(db, Space).id


def test_a_space_imported_before_is_found(db):
    run(db, "id,type,title,kind\nlib,space,Library,library\n")
    report = run(db, "title,space_id\nTalk,lib\nOther,nowhere\n")
    assert codes(report.refused) == [(3, "unknown-space")]
    assert only(db).space_id == only(db, Space).id


def test_a_provider_named_by_id_is_not_made_twice(db):
    file = "id,type,title,provider\nacme,provider,ACME Ltd,\n1,,Talk,acme\n2,,Other,Acme\n"
    for _time in range(2):
        run(db, file)
        assert words(only(db, Provider), "title", "es").value == "ACME Ltd"
    assert {row.provider_id for row in db.exec(select(Opportunity))} == {only(db, Provider).id}


def test_two_opportunities_at_one_address_share_their_space(db):
    report = run(
        db, "title,address,lat,lon\nA,Main St 1,40,-3\nB,Main St 1,40,-3\nC,Main St 1,41,-3\n"
    )
    assert report.count("space", Outcome.NEW) == 1
    assert codes(report.warnings) == [(4, "place-differs")]


def test_doubled_ids_are_refused_with_the_line_of_the_first_and_doubled_titles_are_not(db):
    report = run(db, "id,title\n1,A\n1,B\n,Same\n,Same\n")
    assert codes(report.refused) == [(3, "doubled-id")]
    assert "line 2" in report.refused[0].reason
    assert {row.external_id for row in db.exec(select(Opportunity))} == {"1", "same", "same-5"}


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("title,format", ",talk", "no-title"),
        ("title,format", "A,party", "unknown-word"),
        ("title,type", "A,person", "unknown-word"),
        ("title,starts", "A,soon", "bad-date"),
        ("title,starts", "A,1022-12-10", "far-date"),
        ("title,starts,ends", "A,2022-12-10 18:00,2022-12-10 17:00", "ends-early"),
        ("title,starts,ends", "A,2022-12-10,2023-12-10", "too-long-event"),
        ("title,starts,rrule", "A,2022-12-10,FREQ=SOMETIMES", "bad-rule"),
        ("title,starts,rrule", "A,2022-12-10,FREQ=DAILY;INTERVAL=0", "bad-rule"),
        ("title,starts,timezone", "A,2022-12-10,Nowhere", "no-zone"),
        ("title,language", "A,klingonese", "bad-language"),
        ("title,title[??]", "A,B", "bad-language"),
        ("title,languages", "A,??", "bad-language"),
        ("title,level", "A,9", "bad-level"),
        ("title,price", "A,99999999", "bad-price"),
        ("title,capacity", "A,many", "bad-number"),
        ("title,requires", "A,{", "bad-json"),
        ("title,requires", 'A,"{""topic"": 3}"', "invalid"),
        ("title,schedules", "A,[1]", "bad-json"),
        ("title,age_min,age_max", "A,9,8", "invalid"),
        ("title,id", f"A,{'x' * 201}", "long-id"),
        ("title,commitments", "A,13", "invalid"),
        ("title,currency,price", "A,euro,3", "bad-currency"),
    ],
)
def test_a_broken_row_is_refused_with_reason_and_remedy_and_stops_nothing(db, header, row, code):
    commas = "," * (header.count(","))
    report = run(db, f"{header}\n{row}\nB{commas}\n" if header.startswith("title") else "")
    assert codes(report.refused) == [(2, code)]
    assert report.refused[0].reason
    assert report.refused[0].remedy
    assert report.applied == 1


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("title,topics", "A,alchemy", "unknown-topic"),
        ("title,address,lat,lon", "A,x,95,3", "bad-coordinates"),
        ("title,url", "A,see website", "bad-url"),
        ("title,age_min", "A,ten", "bad-age"),
        ("title,access", "A,ramp", "unknown-access"),
        ("title,color", "A,red", "unread-columns"),
        ("title,title", "A,B", "doubled-column"),
        ("title,summary", f"A,{'x' * 20_001}", "shortened"),
    ],
)
def test_what_can_be_left_out_is_left_out_with_a_warning(db, header, row, code):
    report = run(db, f"{header}\n{row}\n")
    assert [remark.code for remark in report.warnings] == [code]
    assert report.applied == 1


def test_importing_twice_changes_nothing_and_a_changed_row_changes_one_listing(db, topics):
    file = "id,title,topics,address,starts\n" + "".join(
        f"{n},Title {n},music,Street {n},2022-12-10 18:00\n" for n in range(20)
    )
    assert run(db, file).counts[("opportunity", "new")] == 20
    written = len(db.exec(select(Outbox)).all())
    assert run(db, file).counts == {("opportunity", "unchanged"): 20, ("space", "unchanged"): 20}
    assert len(db.exec(select(Outbox)).all()) == written
    assert (
        run(db, file.replace("Title 7", "Title seven")).count("opportunity", Outcome.CHANGED) == 1
    )
    assert len(db.exec(select(Outbox)).all()) == written + 1


def test_an_event_moved_by_a_week_keeps_one_occurrence(db):
    run(db, "id,title,starts\n1,A,2022-12-10 18:00\n")
    run(db, "id,title,starts\n1,A,2022-12-17 18:00\n")
    assert only(db, Occurrence).recurrence_id == "20221217T180000"


def test_whoever_calls_may_throw_everything_away(house):
    with Session(house.engine) as db:
        assert run(db, "title,address,provider\nA,x,y\n").applied == 1
        db.rollback()
    with Session(house.engine) as db:
        assert not db.exec(select(Text)).all()


def test_progress_is_told(db):
    told = []
    data = ("title\n" + "".join(f"T{n}\n" for n in range(150))).encode()
    transfers.import_csv(
        db, data, name="f", mapping=PLAIN, settings=SETTINGS, progress=lambda *at: told.append(at)
    )
    assert told == [(100, 150), (150, 150)]


def test_a_file_of_another_city_says_which_columns_it_has(db):
    with pytest.raises(UnreadableFile, match=r"TITULO, FECHA.*--mapping"):
        run(db, "TITULO;FECHA\nTaller;6/12/2022\n")


CALENDAR = mapping.parse(
    """
[source]
name = "calendar"
language = "es"
timezone = "Europe/Madrid"
currency = "EUR"
missing = ["s/d"]

[columns]
id = "NUM"
title = "NOMBRE"
price = "PRECIO"

[schedule]
first_day = "DESDE"
last_day = "HASTA"
time = "HORA"
end_time = "FIN"
on_weekdays = "DIAS"
excluded_days = "MENOS"
formats = ["%d/%m/%Y"]
weekdays = { L = "MO", M = "TU", X = "WE", J = "TH", V = "FR", S = "SA", D = "SU" }

[[rules]]
words = ["cancelado"]
then = { cancelled = true }

[space]
[space.columns]
title = "SEDE"
address = { columns = ["VIA", "NUMERO"], between = " ", soften = true, needs = "VIA" }

[[space.rules]]
words = ["biblioteca"]
then = { kind = "library" }
""",
    "calendar",
)


def _calendar(db: Session, **cells: str) -> list[Occurrence]:
    names = (
        "NUM",
        "NOMBRE",
        "PRECIO",
        "DESDE",
        "HASTA",
        "HORA",
        "FIN",
        "DIAS",
        "MENOS",
        "SEDE",
        "VIA",
        "NUMERO",
    )
    row = {"NUM": "1", "NOMBRE": "Taller"} | cells
    text = ";".join(names) + ";\n" + ";".join(f'"{row.get(n, "")}"' for n in names) + ";\n"
    report = run(db, text.encode("cp1252"), CALENDAR)
    assert not report.refused, report.refused
    return list(db.exec(select(Occurrence).order_by(Occurrence.start)))


def _local(found: list[Occurrence]) -> list[str]:
    return [o.start.astimezone(SETTINGS.zone).strftime("%a %d %H:%M") for o in found]


def test_a_run_on_weekdays_skips_the_excluded_days(db):
    found = _calendar(
        db,
        DESDE="1/12/2022",
        HASTA="14/12/2022",
        DIAS="M,S",
        MENOS="6/12/2022;",
        HORA="17:30",
        FIN="19:00",
    )
    assert _local(found) == ["Sat 03 17:30", "Sat 10 17:30", "Tue 13 17:30"]
    assert all(o.end_known and (o.end - o.start).seconds == 90 * 60 for o in found)


def test_a_single_day_without_time_lasts_the_day(db):
    (one,) = _calendar(db, DESDE="10/12/2022", HASTA="10/12/2022")
    assert one.all_day
    assert (one.end - one.start).days == 1


def test_a_run_without_weekdays_is_daily(db):
    assert len(_calendar(db, DESDE="10/12/2022", HASTA="14/12/2022")) == 5


def test_a_run_of_ten_years_has_all_its_occurrences(db):
    found = _calendar(db, DESDE="1/1/2018", HASTA="31/12/2027", DIAS="L,M,X,J,V,S,D")
    assert len(found) == 3652


def test_a_cancelled_event_keeps_its_occurrences_as_cancelled(db):
    found = _calendar(db, NOMBRE="Taller (CANCELADO)", DESDE="10/12/2022", HASTA="12/12/2022")
    assert [o.status for o in found] == ["cancelled"] * 3


def test_an_event_whose_only_day_is_excluded_comes_in_without_a_date(db):
    assert not _calendar(db, DESDE="10/12/2022", MENOS="10/12/2022")
    assert only(db).external_id == "1"


def test_the_place_of_a_row_is_made_by_the_mappings_rules(db):
    _calendar(db, SEDE="Biblioteca Año Nuevo", VIA="CALLE MAYOR", NUMERO="3")
    space = only(db, Space)
    assert (space.external_id, space.kind, space.address) == (
        "biblioteca-ano-nuevo",
        "library",
        "Calle Mayor 3",
    )


EXPORTED = '''id,type,title,title[ar],language,kind,format,topics,space_id,provider,address,starts,ends,rrule,exdates,price,languages,age_min,access,requires,hours,capacity,description,holidays,special_days,closures,residents_of,notices
p,provider,House,,en,association,,,,,,,,,,,,,,,,,
s,space,Library,مكتبة,en,library,,music,,p,High St,,,,,,,,step-free=no,,"[{""days"":[""MO""],""opens"":""09:00"",""closes"":""14:00""}]",,,closed,"[{""first"":""2022-12-25"",""last"":""2022-12-26"",""message"":{""en"":""Feast""}}]","[{""start"":""2022-12-10T00:00:00""}]"
1,,=SUM(A1),,en,,workshop,english:1-3;music,s,p,,2022-12-10T18:00,2022-12-10T19:00,FREQ=WEEKLY;COUNT=4,2022-12-17T18:00,12.5,en;es,6,,"{""any"":[{""topic"":""english"",""level"":1},{""opportunity"":""2""}]}",,20,"two
lines, and ""quotes""",,,,Puerto Seco;whole-city,"[{""start"":""2022-12-10T00:00:00"",""end"":""2022-12-12T00:00:00"",""message"":{""en"":""Bring water""}}]"
2,,-5 degrees,,en,,talk,,s,,,2022-12-10,2022-12-12,,,0,zxx,,,,,,@home
3,,'quoted,,en,,,,,,,2022-12-10 18:00,,,,,,,,,,,'=x
'''


def test_what_is_exported_reads_back_unchanged(db, topics):
    assert not run(db, EXPORTED).refused
    exported = transfers.export_csv(db)
    again = run(db, exported)
    assert set(again.counts) == {
        ("provider", "unchanged"),
        ("space", "unchanged"),
        ("opportunity", "unchanged"),
    }
    assert transfers.export_csv(db) == exported


def test_no_exported_cell_is_a_formula(db):
    run(db, EXPORTED)
    text = transfers.export_csv(db).decode()
    assert ",'=SUM(A1)," in text
    assert ",'-5 degrees," in text


def test_what_one_schedule_column_cannot_say_is_exported_too(db):
    _calendar(db, NOMBRE="Taller cancelado", DESDE="1/1/2018", HASTA="31/12/2023", HORA="10:00")
    again = run(db, transfers.export_csv(db))
    assert again.counts == {("opportunity", "unchanged"): 1}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('scratch')}/x.sqlite3")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


HEADER = st.lists(
    st.sampled_from([*sorted(PLAIN.headers()), "title[ar]", "title[", "x"]), min_size=1, max_size=8
)
WORD = st.sampled_from(
    [
        "", "0", "-1", "2022-12-10", "2022-12-10 18:00", "9999-12-31", "2200-12-31", "english:1-2", "[]", "{}", "null",
        "[[]]", '[{"days": 3}]', "FREQ=DAILY", "FREQ=DAILY;UNTIL=99991231T000000Z", "1e9", "es", "space", "provider",
        "'=1", "step-free=", "=;=", "٣", "\ud7ff", "x" * 400,
    ]
)  # fmt: skip
CELL = WORD | st.text(max_size=12)
MANGLED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _survives(scratch, data: bytes) -> None:
    with Session(scratch) as db:
        try:
            report = run(db, data)
        except UnreadableFile as unreadable:
            said = str(unreadable)
        else:
            said = "."
            assert report.applied + len(report.refused) == report.rows
            assert all(
                remark.reason and remark.remedy for remark in report.refused + report.warnings
            )
        finally:
            db.rollback()
    assert said.endswith(".")


@MANGLED
@given(st.binary(max_size=400))
def test_any_bytes_give_a_report_or_one_sentence(scratch, data):
    _survives(scratch, data)


@MANGLED
@given(HEADER, st.lists(st.lists(CELL, max_size=9), max_size=4), st.sampled_from(",;\t|"))
def test_any_rows_give_a_report_or_one_sentence(scratch, header, rows, delimiter):
    lines = [header, *rows]
    quoted = (delimiter.join('"' + c.replace('"', '""') + '"' for c in line) for line in lines)
    _survives(scratch, "\n".join(quoted).encode(errors="replace"))


def test_the_demo_city_exported_reads_back_unchanged(villaclara):
    with Session(villaclara.engine) as db:
        data = transfers.export_csv(db)
        report = transfers.import_csv(
            db, data, name="f", mapping=PLAIN, settings=villaclara.settings
        )
        db.rollback()
    assert not report.refused
    assert {outcome for _kind, outcome in report.counts} == {"unchanged"}
