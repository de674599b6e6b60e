"""Files in the browser: sent, tried, looked at, brought in; refused with a reason in words."""

import io
import re

import pytest
from openpyxl import Workbook
from sqlmodel import select

from directory.database import reading, unit_of_work
from directory.models import Opportunity
from directory.models.vocabulary import TransferState
from directory.services.bulk import keeping, running
from tests.pages import Person, token

FILE = b"id,title,price,colour\n1,Bread,3,red\n2,,3,\n3,<script>alert(1)</script>,x,\n"


@pytest.fixture
def editor(signed_in) -> Person:
    return signed_in("editor")


@pytest.fixture
def send(editor, house):
    def run(data: bytes, name: str = "agenda.csv", lang: str = "en", **more: str):
        path = f"/{lang}/desk/imports"
        form = {"file": (io.BytesIO(data), name), "csrf_token": token(editor.client, path), **more}
        answer = editor.client.post(path, data=form, content_type="multipart/form-data")
        house.workshop.wait()
        return answer

    return run


def titles(house) -> set[str]:
    with reading(house.engine) as db:
        return {row.external_id for row in db.exec(select(Opportunity)).all()}


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_from_a_file_to_listings(editor, house, send, lang: str) -> None:
    answer = send(FILE, lang=lang)
    assert answer.status_code == 303
    page = editor.visit(answer.location)
    assert "agenda.csv" in page.text("h1")
    assert titles(house) == set()
    cells = [" ".join("".join(td.itertext()).split()) for td in page.all("td")]
    assert "Bread" in " ".join(cells)
    assert "<script>alert(1)</script>" not in page.html
    assert editor.post(f"{answer.location}/bring").status_code == 303
    house.workshop.wait()
    assert titles(house) == {"1", "3"}
    editor.visit(answer.location)
    editor.visit(f"/{lang}/desk/imports")


def test_every_line_is_shown_with_what_comes_of_it(editor, send) -> None:
    page = editor.visit(send(FILE).location)
    text = page.text()
    assert "Tried, not brought in yet." in text
    assert "The title is empty. Give every row a title, or delete the row." in text
    assert "colournot readred" in text
    refused = editor.visit(page.links()["Refused (1)"].partition("#")[0])
    *_columns, of_lines = refused.all("table")
    text = "".join(of_lines.itertext())
    assert "The title is empty." in text
    assert "Bread" not in text


def test_many_lines_are_parted_into_pages(editor, send) -> None:
    many = b"id,title\n" + b"".join(f"{n},Title {n}\n".encode() for n in range(1, 121))
    first = editor.visit(send(many).location)
    assert "Page 1 of 3" in first.text()
    last = editor.visit(first.links()["Next page"].partition("#")[0].replace("page=2", "page=99"))
    assert "Page 3 of 3" in last.text()
    assert "Title 120" in last.text()


def test_columns_are_chosen_by_hand_and_kept(editor, house, send) -> None:
    location = send(b"Nombre;Desde\nPan;31/3/2027 18:30\n").location
    page = editor.visit(location)
    assert "“title” was looked for" in page.text()
    chosen = {"choose": "yes", "column-1": "title", "column-2": "starts", "dates": "day-first"}
    nothing = {**chosen, "column-1": ""}
    assert editor.post(f"{location}/read", **nothing).status_code == 422
    assert editor.post(f"{location}/read", **chosen, name="Ours").status_code == 303
    house.workshop.wait()
    page = editor.visit(location)
    assert "Tried, not brought in yet." in page.text()
    assert "Ours" in page.text()
    again = send(b"Nombre;Desde\nSal;1/4/2027\n", mapping="Ours").location
    assert "Sal" in editor.visit(again).text()


def test_another_mapping_is_tried(editor, house, send) -> None:
    location = send(FILE).location
    assert editor.post(f"{location}/read", mapping="madrid_agenda").status_code == 303
    house.workshop.wait()
    assert "was looked for" in editor.visit(location).text()
    assert editor.post(f"{location}/read", mapping="/etc/passwd").status_code == 422
    assert editor.post(f"{location}/read", mapping="vereda").status_code == 303
    house.workshop.wait()
    assert "Tried, not brought in yet." in editor.visit(location).text()


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.csv", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.csv", b"<!doctype html><script>alert(1)</script>"),
        ("book.xlsx", b"PK\x03\x04 and no more"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b"title\nx\n%PDF-1.4"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"),
    ],
)
def test_what_cannot_be_read_says_why(
    editor, house, send, lang: str, name: str, data: bytes
) -> None:
    page = editor.visit(send(data, name, lang).location)
    note = next(p for p in page.all("p") if p.get("class") == "note warn")
    assert len("".join(note.itertext())) > 20
    assert "Bring them in" not in page.text()
    assert titles(house) == set()


@pytest.mark.parametrize("size", [keeping.MOST_BYTES + 1, keeping.MOST_BYTES + 500_000])
def test_too_large_a_file_is_said_to_be(editor, send, size: int) -> None:
    answer = send(b"x" * size)
    assert answer.status_code in {413, 422}
    assert "The file is larger than 10 MB." in answer.get_data(as_text=True)


def test_a_stranger_s_file_is_not_looked_at(stranger) -> None:
    form = {"file": (io.BytesIO(b"x" * 12_000_000), "x")}
    answer = stranger().client.post(
        "/en/desk/imports", data=form, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
    assert "desk/imports" not in answer.get_data(as_text=True)


def test_no_file_is_said_to_be_none(editor, send) -> None:
    answer = send(b"", "")
    assert answer.status_code == 422
    assert "Choose a file first" in answer.get_data(as_text=True)


def test_elsewhere_a_question_may_not_be_as_large(editor) -> None:
    form = {"x": (io.BytesIO(b"x" * 3_000_000), "x")}
    answer = editor.client.post("/en/desk/account", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_workbook_comes_in_and_its_formulas_do_not(editor, house, send) -> None:
    book = Workbook()
    for row in (("id", "title"), ("1", "Bread"), ("2", '=WEBSERVICE("http://x")')):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    location = send(out.getvalue(), "book.xlsx").location
    text = editor.visit(location).text()
    assert "The cell holds a formula" in text
    editor.post(f"{location}/bring")
    house.workshop.wait()
    assert titles(house) == {"1"}


def test_pressed_twice_it_comes_in_once(editor, house, send) -> None:
    location = send(FILE).location
    assert editor.post(f"{location}/bring").status_code == 303
    house.workshop.wait()
    again = editor.post(f"{location}/bring")
    assert again.status_code == 422
    assert "brought in already" in again.get_data(as_text=True)


def test_while_it_runs_the_page_says_how_far_it_is(editor, house, send) -> None:
    location = send(FILE).location
    number = int(location.rsplit("/", 1)[1])
    lock = house.workshop.take(number)
    with unit_of_work(house.engine) as db:
        running.by_number(db, number).state = TransferState.BRINGING
    house.workshop._far[number] = (3, 12)
    page = editor.visit(location)
    assert "3 of 12" in page.text()
    assert next(page.all("progress")).get("value") == "3"
    assert editor.post(f"{location}/bring").status_code == 422
    keeping.let_go(house.settings, number, lock)
    page = editor.visit(location)
    assert "The site was started anew before this was done." in page.text()
    assert editor.post(f"{location}/read", mapping="vereda").status_code == 303
    house.workshop.wait()


def test_after_its_hour_it_has_to_be_sent_again(editor, house, send) -> None:
    location = send(FILE).location
    number = int(location.rsplit("/", 1)[1])
    with unit_of_work(house.engine) as db:
        running.by_number(db, number).expires = house.settings.clock()
    answer = editor.post(f"{location}/bring")
    assert answer.status_code == 422
    assert "no longer kept" in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", ["counsellor", "provider"])
def test_others_find_no_such_page(signed_in, role: str) -> None:
    person = signed_in(role)
    for path in ("imports", "imports/1", "sources", "sources/new", "sources/1", "sources/1/change"):
        person.visit(f"/en/desk/{path}", status=404)
    for path in ("imports", "imports/1/bring", "imports/1/read", "sources/new", "sources/1/change",
                 "sources/1/pause", "sources/1/fetch"):  # fmt: skip
        assert person.post(f"/en/desk/{path}").status_code == 404
    assert not re.search("desk/(imports|sources)", person.visit("/en/desk").html)


def test_what_is_not_there_is_not_there(editor) -> None:
    for path in ("imports/99", "sources/99", "sources/99/change"):
        editor.visit(f"/en/desk/{path}", status=404)
    for path in ("imports/99/bring", "imports/99/read", "sources/99/fetch", "sources/99/pause"):
        assert editor.post(f"/en/desk/{path}").status_code == 404
