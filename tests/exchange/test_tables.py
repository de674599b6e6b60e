"""Bytes become a header and numbered rows, or one clear sentence."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import UnreadableFile
from directory.exchange import tables

KNOWN = ("id", "title", "description")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found(delimiter):
    text = f"id{delimiter}title\n1{delimiter}Yoga, for all; really\n"
    table = tables.read(text.replace("Yoga, for all; really", "Yoga").encode(), "f", known=KNOWN)
    assert (table.header, table.delimiter) == (("id", "title"), delimiter)


def test_the_delimiter_is_not_the_commonest_sign_but_the_one_that_shows_known_headers():
    text = "id;title\n1;a, b, c, d, e\n2;f, g, h, i, j\n"
    assert tables.read(text.encode(), "f", known=KNOWN).delimiter == ";"


@pytest.mark.parametrize(
    ("encoding", "language"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "es"),
        ("cp1256", "ar"),
        ("cp1251", "uk"),
    ],
)
def test_each_encoding_is_found(encoding, language):
    title = {"ar": "دورة تعليم اللغة الإسبانية", "uk": "Курс іспанської мови"}.get(
        language, "Iniciación a la cerámica y años de oficio"
    )
    data = f"id,title\n1,{title}\n".encode(encoding)
    assert tables.read(data, "f", known=KNOWN, language=language).rows[0].cells[1] == title


def test_another_code_page_than_expected_is_found_where_the_bytes_speak_for_it():
    data = "id,title\n1,العنوان والوصف في المكتبة العامة كل يوم سبت\n".encode("cp1256")
    assert "المكتبة" in tables.read(data, "f", known=KNOWN, language="es").rows[0].cells[1]


def test_stray_spaces_and_empty_columns_at_the_end_of_the_header_are_cut():
    table = tables.read(b" id ;  title;;\r\n1;Yoga;;\r\n", "f", known=KNOWN)
    assert table.header == ("id", "title")
    assert table.rows[0].cells == ("1", "Yoga")


def test_a_row_has_the_line_it_begins_on():
    table = tables.read(b'id,title\n1,"two\nlines"\n\n2,Yoga\n', "f", known=KNOWN)
    assert [row.line for row in table.rows] == [2, 5]


def test_a_row_with_a_cell_too_many_is_refused_and_the_others_read():
    table = tables.read(b"id,title\n1,a,b\n2,Yoga\n3\n", "f", known=KNOWN)
    assert [(r.line, r.code) for r in table.refused] == [(2, "too-many-cells")]
    assert [row.cells for row in table.rows] == [("2", "Yoga"), ("3", "")]


@pytest.mark.parametrize("lines", [3, 20_000])
def test_a_quote_never_closed_costs_one_row(lines):
    rest = "".join(f"{n},row {n}\n" for n in range(lines))
    table = tables.read(f'id,title\n1,"open\n{rest}'.encode(), "f", known=KNOWN)
    assert [(r.line, r.code) for r in table.refused] == [(2, "huge-cell")]
    assert len(table.rows) == lines


def test_a_nul_costs_its_row():
    table = tables.read(b"id,title\n1,a\x00b\n" + b"2,Yoga\n" * 50, "f", known=KNOWN)
    assert [r.code for r in table.refused] == ["nul"]
    assert len(table.rows) == 50


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (_zipped(), "spreadsheet"),
        (bytes(range(256)) * 8, "no text"),
        (b"<!DOCTYPE html>\n<html><body>Not found</body></html>", "web page"),
        (b'{"rows": [1, 2]}', "JSON"),
        (b"Dear all,\n\nthe file follows.\n", "known|no column|no CSV"),
        (b"one\ntwo\nthree\n", "no CSV"),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(data, part):
    with pytest.raises(UnreadableFile, match=part):
        table = tables.read(data, "f", known=KNOWN)
        if "Dear all" in table.header:
            raise UnreadableFile("f", "no column")


def test_a_single_column_is_a_table_if_its_header_is_known():
    assert tables.read(b"title\nYoga\n", "f", known=KNOWN).rows[0].cells == ("Yoga",)


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=20
).filter(lambda cell: cell.strip() == cell)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=8), st.sampled_from(",;\t|"))
def test_whatever_python_writes_is_read_again(rows, delimiter):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(KNOWN)
    writer.writerows(rows)
    table = tables.read(out.getvalue().encode(), "f", known=KNOWN)
    assert [row.cells for row in table.rows] == [row for row in rows if any(row)]
