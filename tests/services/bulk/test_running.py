"""Uploaded files: tried without a trace, brought in one piece, forgotten in time."""

import stat
from datetime import timedelta

import pytest
from sqlmodel import select

from directory.database import reading, unit_of_work
from directory.errors import Invalid, NotFound
from directory.models import Opportunity, Outbox, Transfer
from directory.models.vocabulary import TransferState
from directory.services.bulk import keeping, mappings, reporting, running
from directory.services.bulk.running import Given
from tests.services.bulk.conftest import lines

FILE = b"id,title,price\n1,Bread,3\n2,,3\n3,Salt,cheap\n"


@pytest.fixture
def sent(house, editor):
    def send(data: bytes = FILE, name: str = "agenda.csv", mapping: str = "") -> int:
        with unit_of_work(house.engine) as db:
            row = running.receive(
                db, editor, Given(name, data), mapping=mapping, settings=house.settings
            )
        return row.id or 0

    return send


@pytest.fixture
def brought(house):
    def bring(number: int) -> None:
        with unit_of_work(house.engine) as db:
            running.confirm(db, running.by_number(db, number), settings=house.settings)
        running.bring(house.engine, house.settings, number)

    return bring


def look(house, number: int) -> Transfer:
    with reading(house.engine) as db:
        return running.by_number(db, number)


def test_a_file_is_tried_without_a_trace_and_then_brought(house, sent, brought, titles) -> None:
    number = sent()
    running.check(house.engine, house.settings, number)
    tried = look(house, number)
    assert (tried.state, tried.rows) == (TransferState.CHECKED, 3)
    assert tried.columns[0] == ["id", "id", "1"]
    with reading(house.engine) as db:
        before = lines(db, tried)
        assert (3, "refused", "no-title") in before
        assert (2, "new", "Bread") in before
        assert db.exec(select(Outbox)).all() == []
    assert titles() == {}
    brought(number)
    done = look(house, number)
    assert (done.state, done.stored) == (TransferState.DONE, "")
    with reading(house.engine) as db:
        assert lines(db, done) == before
    assert set(titles()) == {"1", "3"}
    assert [
        each.name for each in keeping.folder(house.settings).iterdir() if "lock" not in each.name
    ] == []


def test_the_file_is_kept_readable_by_nobody_else_under_a_name_that_tells_nothing(
    house, sent
) -> None:
    row = look(house, sent(name="../../secret plans.csv"))
    path = keeping.folder(house.settings) / row.stored
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert row.name == "secret plans.csv"
    assert len(row.stored) == 43


@pytest.mark.parametrize(
    "name", ["../vereda.sqlite3", "", "x", "a/b", "." * 43, "\0" * 43], ids=range(6)
)
def test_only_kept_files_are_read(house, name: str) -> None:
    with pytest.raises(NotFound):
        keeping.kept(house.settings, name)
    there = sorted(house.settings.data_dir.iterdir())
    keeping.forget(house.settings, name)
    assert sorted(house.settings.data_dir.iterdir()) == there


def test_after_an_hour_it_is_forgotten(house, sent) -> None:
    number = sent()
    stored = look(house, number).stored
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        assert running.sweep(db, settings=house.settings, now=now + timedelta(minutes=59)) == 0
        assert running.sweep(db, settings=house.settings, now=now + timedelta(minutes=61)) == 1
    with pytest.raises(NotFound):
        keeping.kept(house.settings, stored)
    with unit_of_work(house.engine) as db, pytest.raises(NotFound):
        row = running.by_number(db, number)
        running.try_again(db, row, mapping="vereda", said=None, settings=house.settings)


def test_it_is_brought_once(house, sent, brought) -> None:
    number = sent()
    running.check(house.engine, house.settings, number)
    brought(number)
    for wanted in (running.confirm, None):
        with unit_of_work(house.engine) as db, pytest.raises(Invalid):
            row = running.by_number(db, number)
            if wanted:
                wanted(db, row, settings=house.settings)
            else:
                running.try_again(db, row, mapping="vereda", said=None, settings=house.settings)


def test_nothing_is_brought_that_was_not_tried(house, sent) -> None:
    number = sent()
    with unit_of_work(house.engine) as db, pytest.raises(Invalid, match="transfer-not-checked"):
        running.confirm(db, running.by_number(db, number), settings=house.settings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", "is-markup"),
        (b"PK\x03\x04nonsense", "is-two"),
        (b"name;price\nx;1\n", "no-title-column"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "cut-calendar"),
    ],
)
def test_what_cannot_be_read_says_why(house, sent, data: bytes, code: str) -> None:
    number = sent(data)
    running.check(house.engine, house.settings, number)
    row = look(house, number)
    assert (row.state, row.trouble) == (TransferState.FAILED, code)


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "file-missing"), (b"x" * (keeping.MOST_BYTES + 1), "file-too-large")]
)
def test_nothing_and_too_much_are_refused_at_the_door(house, sent, data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        sent(data)


def test_a_failure_in_the_middle_leaves_all_as_it_was_and_is_said(
    house, sent, brought, titles, monkeypatch
) -> None:
    number = sent()
    running.check(house.engine, house.settings, number)

    def breaks(*_args: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(reporting, "write", breaks)
    with pytest.raises(OSError, match="disk"):
        brought(number)
    row = look(house, number)
    assert (row.state, row.trouble, row.trouble_value) == (
        TransferState.FAILED,
        "broken",
        "OSError",
    )
    assert titles() == {}


def test_who_was_interrupted_is_told_so(house, sent) -> None:
    number = sent()
    lock = keeping.hold(house.settings, number)
    assert lock is not None
    assert keeping.hold(house.settings, number) is None
    assert running.standing(look(house, number), house.settings) is TransferState.CHECKING
    keeping.let_go(house.settings, number, lock)
    assert running.standing(look(house, number), house.settings) is TransferState.INTERRUPTED
    with unit_of_work(house.engine) as db:
        row = running.by_number(db, number)
        running.try_again(db, row, mapping="vereda", said=None, settings=house.settings)


# Columns somebody chose.


def test_columns_can_be_chosen_and_kept_for_the_next_file(house, editor, sent, brought) -> None:
    data = b"Nombre;Desde;Sede;Calle\nPan;1/3/2027 18:30;Casa;Mayor 3\n"
    number = sent(data)
    running.check(house.engine, house.settings, number)
    assert look(house, number).trouble == "no-title-column"
    fields = [("Nombre", "title"), ("Desde", "starts"), ("Sede", "provider"), ("Calle", "address")]
    said = mappings.chosen(fields, source="agenda", dates="day-first")
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        mappings.save(db, editor, name=" Our  agenda ", said=said, now=now)
        assert "Our agenda" in mappings.names(db)
        row = running.by_number(db, number)
        running.try_again(db, row, mapping="Our agenda", said=None, settings=house.settings)
    running.check(house.engine, house.settings, number)
    brought(number)
    with reading(house.engine) as db:
        row = db.exec(select(Opportunity)).one()
        assert (row.source, row.schedules[0].start.isoformat()) == ("agenda", "2027-03-01T18:30:00")
        assert row.space is not None
        assert row.space.address == "Mayor 3"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([("a", "summary")], "mapping-no-title"),
        ([], "mapping-no-title"),
        ([("a", "title"), ("b", "__class__")], "unknown-value"),
        ([("", "title")], "mapping-refused"),
    ],
)
def test_columns_that_make_no_listing_are_refused(fields, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        mappings.chosen(fields, source="agenda")


@pytest.mark.parametrize("name", ["", "x" * 61, "vereda"])
def test_a_mapping_needs_a_name_of_its_own(house, editor, name: str) -> None:
    with unit_of_work(house.engine) as db, pytest.raises(Invalid):
        mappings.save(db, editor, name=name, said={}, now=house.settings.clock())


def test_a_path_is_no_mapping(house, sent) -> None:
    for name in ("/etc/passwd", "../x.toml", "vereda.toml"):
        with pytest.raises(NotFound):
            sent(mapping=name)
