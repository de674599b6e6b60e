"""Workbooks on their way in: cells become what a CSV file would have; what is hostile stays out."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from directory.errors import UnreadableFile
from directory.exchange import files, mapping, tables, xlsx_reader
from directory.exchange.csv_records import City
from directory.exchange.tables import Table
from directory.models.vocabulary import FileKind

CITY = City("es", "Europe/Madrid", "EUR", frozenset())
EOCD = 22


def book(*rows: tuple[object, ...], **more: list[tuple[object, ...]]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for name, others in more.items():
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(data: bytes, known: tuple[str, ...] = ("title",)) -> Table:
    return xlsx_reader.read(data, "a.xlsx", known=known)


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    return refused.value.code


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            content = change(part, old.read(part))
            if content is not None:
                new.writestr(part, content)
        for name, content in more.items():
            new.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_cells_become_what_a_csv_file_would_have() -> None:
    table = read(
        book(
            ("title", "starts", "day", "at", "price", "count", "free", None),
            ("Bread", datetime(2027, 3, 1, 18, 30), date(2027, 3, 2), time(9, 5), 12.5, 3.0, True),
            (None, None),
            ("Salt",),
        )
    )
    assert table.header == ("title", "starts", "day", "at", "price", "count", "free")
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("Bread", "2027-03-01 18:30", "2027-03-02", "09:05", "12.5", "3", "yes")),
        (4, ("Salt", "", "", "", "", "", "")),
    ]


def test_the_sheet_that_looks_most_like_it_is_read() -> None:
    data = book(("notes", "of the clerk"), Agenda=[("title", "price"), ("Bread", 3)])
    assert read(data, ("title", "price")).delimiter == "Agenda"


def test_a_formula_is_refused_and_text_like_one_is_text() -> None:
    made = Workbook()
    made.active.append(("title", "price"))
    made.active.append(('=HYPERLINK("http://x","y")', 1))
    made.active.append(("placeholder", 2))
    made.active["A3"].value = "=1+1"
    made.active["A3"].data_type = "s"
    made.active.append(("+34 600", 3))
    made.active.append(("#REF!", 3))
    made.active["A5"].data_type = "e"
    out = io.BytesIO()
    made.save(out)
    table = read(out.getvalue())
    assert [(r.line, r.column, r.code) for r in table.refused] == [
        (2, "title", "formula-cell"),
        (5, "title", "error-cell"),
    ]
    assert [row.cells for row in table.rows] == [("=1+1", "2"), ("+34 600", "3")]


def test_rows_that_are_too_long_are_refused() -> None:
    table = read(book(("title", "price"), ("Bread", 1, None, "?")))
    assert [(r.line, r.code, r.value) for r in table.refused] == [(2, "too-many-cells", "4")]


def test_a_sheet_that_claims_to_be_endless_is_read_as_far_as_it_goes() -> None:
    data = repacked(
        book(("title", "price"), ("Bread", 1)),
        lambda part, content: (
            content.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"').replace(
                b'<row r="2"', b'<row r="900000"'
            )
            if part == "xl/worksheets/sheet1.xml"
            else content
        ),
    )
    assert read(data).rows == ()


def test_more_rows_than_are_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_reader, "MOST_ROWS", 3)
    data = book(("title", "price"), *[(f"t{n}", n) for n in range(5)])
    assert code_of(data) == "too-many-rows"


PLAIN = book(("title", "price"), ("Bread", 1))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        # Two things at once.
        (b"GIF89a" + PLAIN, "is-two"),
        (b"<html><script>alert(1)</script>" + PLAIN, "is-two"),
        (PLAIN + b"<script>alert(1)</script>", "is-two"),
        (PLAIN[:-EOCD] + b"%PDF-1.4" + PLAIN[-EOCD:], "is-two"),
        (PLAIN + PLAIN, "is-two"),
        (b"PK\x03\x04" + b"x" * 40, "is-two"),
        (PLAIN[: len(PLAIN) // 2], "is-two"),
        # Other packed files.
        (repacked(PLAIN, lambda part, content: None if part == "xl/workbook.xml" else content), "no-workbook"),
        (repacked(PLAIN, lambda _part, _content: None, word__document=b"x"), "no-workbook"),
        # Programs, entities, doubles, ways out.
        (repacked(PLAIN, lambda _part, content: content, **{"xl__vbaProject.bin": b"x"}), "macros"),
        (repacked(PLAIN, lambda _part, content: content, **{"xl__embeddings__a.exe": b"x"}), "macros"),
        (
            repacked(
                PLAIN,
                lambda part, content: b'<!DOCTYPE a [<!ENTITY b "c">]>' + content
                if part.endswith("sheet1.xml")
                else content,
            ),
            "entities",
        ),
        (repacked(PLAIN, lambda _part, content: content, **{"..__..__etc__passwd": b"x"}), "broken-workbook"),
        # Bombs.
        (
            repacked(PLAIN, lambda _part, content: content, **{"xl__worksheets__b.xml": bytes(30_000_000)}),
            "bomb",
        ),
        (
            repacked(PLAIN, lambda _p, content: content, **{f"xl__a{n}.xml": b"" for n in range(600)}),
            "broken-workbook",
        ),
        # Broken.
        (
            repacked(PLAIN, lambda part, content: b"<x" if part == "xl/workbook.xml" else content),
            "broken-workbook",
        ),
        (
            repacked(PLAIN, lambda part, content: b"" if part.endswith("sheet1.xml") else content),
            "broken-workbook",
        ),
    ],
)  # fmt: skip
def test_what_is_no_honest_workbook_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_locked_workbook_is_said_to_be() -> None:
    data = bytearray(PLAIN)
    begin = data.index(b"PK\x01\x02")
    data[begin + 8] |= 1
    assert code_of(bytes(data)) == "locked-workbook"


def test_a_doubled_part_is_refused() -> None:
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("xl/workbook.xml", b"<other/>")
    assert code_of(out.getvalue()) == "broken-workbook"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "is-markup"),
        (b"<?xml version='1.0'?><svg/>", "is-markup"),
        (b"<!-- title,price --><script>", "is-markup"),
        (b"\xef\xbb\xbf  <HTML>", "is-markup"),
        (b"<a href=x>title,price</a>", "is-markup"),
        (b"%PDF-1.7 title,price", "is-pdf"),
        (b"\x89PNG\r\n\x1a\n", "is-picture"),
        (b"GIF89a,title", "is-picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is-old-office"),
        (b"\x1f\x8b\x08", "is-packed"),
        (b"\x7fELF\x02", "is-program"),
        (b"MZ\x90\x00\x03", "is-program"),
        (b"title,price\nx,1\n" + PLAIN, "is-two"),
        (b"title,price\nx,%PDF-1.4\n", "is-two"),
        (b'{"title": "x"}', "is-json"),
        (b"", "is-empty"),
        (b" \n\n", "is-empty"),
        (b"title", "no-title-column"),
        (b"\x01\x02\x03\x04,\x05\x06\x07" * 20, "no-text"),
    ],
)
def test_what_is_no_table_of_text_is_refused_as_csv(data: bytes, code: str) -> None:
    if code == "no-title-column":
        tables.read(data, "a.csv", known=("title",))
        return
    with pytest.raises(UnreadableFile) as refused:
        tables.read(data, "a.csv", known=("title",))
    assert refused.value.code == code


def test_what_a_file_is_called_says_nothing_of_what_it_is() -> None:
    assert files.kind(PLAIN) is FileKind.XLSX
    assert files.kind(b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nVERSION:2.0\r\n") is FileKind.ICAL
    assert files.kind(b"title\nBEGIN:VCALENDAR\n") is FileKind.CSV
    with pytest.raises(UnreadableFile):
        files.read(
            b"title\nx\n", "a", wanted=FileKind.XLSX, mapping=mapping.load("vereda"), city=CITY
        )


def test_a_workbook_and_the_same_csv_file_bring_the_same() -> None:
    rows = [
        ("id", "title", "title[ar]", "starts", "price", "lat", "lon", "provider"),
        ("1", "Bread", "خبز", "2027-03-01 18:30", "12.50", "40.5", "-3.7", "House"),
    ]
    csv = "\n".join(",".join(row) for row in rows).encode()
    typed = [rows[0], (1, "Bread", "خبز", datetime(2027, 3, 1, 18, 30), 12.5, 40.5, -3.7, "House")]
    plain = mapping.load("vereda")
    one = files.read(csv, "a", wanted=FileKind.CSV, mapping=plain, city=CITY)
    other = files.read(book(*typed), "a", wanted=FileKind.XLSX, mapping=plain, city=CITY)
    assert [e.record for e in one.entries] == [e.record for e in other.entries]
    assert [e.place for e in one.entries] == [e.place for e in other.entries]
