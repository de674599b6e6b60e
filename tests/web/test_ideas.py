"""Residents say what they would like to learn or could teach; the pages work without JavaScript."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import MetaData
from sqlmodel import select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.post import Post
from directory.models import Idea, IdeaFollower, Membership
from tests.conftest import settings_in
from tests.factories import Put, opportunity_record, provider_record
from tests.pages import Person, Visit

FORM = "/en/ideas/new"
GOOD = {
    "kind": "teach", "words": "Soplar vidrio", "topic": "", "district": "", "language": "es",
    "email": "",
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    """An empty city; the rules below these pages know both databases."""
    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    opened = House.of(settings_in(tmp_path))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def editor(quick_hashes: None, signed_in: Callable[..., Person]) -> Person:
    return signed_in("editor")


def letters(house: House) -> list[str]:
    Post(house).deliver()
    outbox = house.settings.data_dir / "outbox"
    return [f.read_text() for f in sorted(outbox.iterdir())] if outbox.exists() else []


def link(letter: str, way: str) -> str:
    found = re.search(rf"/\w\w/ideas/{way}/[\w.-]+", letter)
    assert found
    return found[0]


def test_a_search_that_found_nothing_leads_to_the_form_with_its_words(visit_city: Visit) -> None:
    links = visit_city("/en/search?q=soplar+vidrio").links()
    page = visit_city(links["Tell the city what you would like to learn"])
    assert next(page.all("textarea")).text == "soplar vidrio"
    assert [i.get("value") for i in page.all("input") if i.get("checked") is not None] == ["learn"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": ""}, "kind"), ({"words": ""}, "words"), ({"words": "me@example.org"}, "words"),
        ({"email": "ana at"}, "email"), ({"nickname": "robot"}, "nickname"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_listed_and_what_was_typed_is_kept(
    house: House, visit_city: Visit, typed: dict[str, str], field: str
) -> None:
    page = visit_city(FORM, data={**GOOD, **typed}, status=422)
    assert f"#f-{field}" in page.links().values()
    assert (next(page.all("textarea")).text or "") == {**GOOD, **typed}["words"]
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Idea)).all() == []


def test_from_an_idea_to_its_answer(
    house: House, city: FlaskClient, visit_city: Visit, editor: Person, put: Put,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    put(opportunity_record(title={"es": "Taller de vidrio"}))
    planted = {"User-Agent": "planted-agent-7731"}
    answer = city.post(FORM, data={**GOOD, "email": "ana.plantada@example.org"}, headers=planted, environ_base={"REMOTE_ADDR": "203.0.113.77"})  # fmt: skip
    assert answer.status_code == 303
    assert "sent you a mail" in visit_city(answer.location).text()
    assert "No idea yet" in visit_city("/en/ideas").text()
    visit_city("/en/ideas/1", status=404)
    (letter,) = letters(house)
    assert "Content-Language: es" in letter
    path = link(letter, "follow").replace("/es/", "/en/")
    visit_city(path)
    with unit_of_work(house.engine) as db:
        assert db.exec(select(IdeaFollower)).one().confirmed is None
    assert "We will tell you" in visit_city(path, data={}).text()

    assert "Soplar vidrio" in editor.visit("/en/desk/ideas").text()
    assert editor.post("/en/desk/ideas/1/publish", words="Soplar vidrio con calma").status_code == 303  # fmt: skip
    page = visit_city("/en/ideas?kind=teach")
    assert "Soplar vidrio con calma" in page.text()
    assert "One idea" in page.text()
    assert "Soplar" not in visit_city("/en/ideas?kind=learn").text()

    for _ in range(3):
        assert city.post("/en/ideas/1/second").status_code == 303
    other = {"REMOTE_ADDR": "198.51.100.9"}
    assert city.post("/en/ideas/1/second", environ_base=other).status_code == 303
    assert "2 more could" in visit_city("/en/ideas/1").text()

    desk = editor.visit("/en/desk/ideas/1?find=taller")
    assert "Taller de vidrio" in desk.text()
    wrong = editor.post("/en/desk/ideas/1/answer", listing="https://vereda.example/en/opportunities/none")  # fmt: skip
    assert wrong.status_code == 422
    here = "https://vereda.example/en/opportunities/taller-de-vidrio?x=1"
    assert editor.post("/en/desk/ideas/1/answer", listing=here).status_code == 303
    assert visit_city("/en/ideas/1").rows() == ["Taller de vidrio"]
    told = [each for each in letters(house) if "idea-answered" in each]
    assert len(told) == 1
    assert "List-Unsubscribe-Post" in told[0]
    away = link(told[0], "unfollow").replace("/es/", "/en/")
    visit_city(away)
    assert "erased" in visit_city(away, data={}).text()
    visit_city(path, status=404)
    _nothing_is_left_of(house, caplog.text)


def _nothing_is_left_of(house: House, log: str) -> None:
    tables = MetaData()
    with house.engine.connect() as connection:
        tables.reflect(connection)
        rows = [str(r) for t in tables.sorted_tables for r in connection.execute(t.select())]
    whole = "\n".join(rows) + log
    for planted in ("ana.plantada", "203.0.113", "198.51.100", "planted-agent"):
        assert planted not in whole, planted


def test_anybody_may_ask_to_be_told(house: House, city: FlaskClient, visit_city: Visit, editor: Person) -> None:  # fmt: skip
    city.post(FORM, data=GOOD)
    assert city.post("/en/ideas/1/follow", data={"email": "a@example.org"}).status_code == 404
    editor.post("/en/desk/ideas/1/publish", words="Soplar vidrio")
    page = visit_city("/en/ideas/1/follow", data={"email": "ana"}, status=422)
    assert "#f-email" in page.links().values()
    assert city.post("/en/ideas/1/follow", data={"email": "a@example.org"}).status_code == 303
    assert "Shall_we_tell" in letters(house)[0] or "Shall we tell" in letters(house)[0]


def test_who_is_refused_leaves_the_queue_and_a_reason_is_needed(editor: Person, city: FlaskClient) -> None:  # fmt: skip
    city.post(FORM, data=GOOD)
    assert editor.post("/en/desk/ideas/1/refuse", reason="").status_code == 422
    assert editor.post("/en/desk/ideas/1/publish", words="call 600 123 456").status_code == 422
    assert editor.post("/en/desk/ideas/1/refuse", reason="Publicidad").status_code == 303
    assert "Nothing waits" in editor.visit("/en/desk/ideas").text()


def test_the_desk_of_ideas_is_the_editors(quick_hashes: None, signed_in: Callable[..., Person]) -> None:  # fmt: skip
    assert signed_in("counsellor").client.get("/en/desk/ideas").status_code == 404
    assert signed_in("counsellor").client.get("/en/desk/ideas/1").status_code == 404


def test_a_provider_answers_with_its_own_listings_and_decides_nothing(
    house: House, city: FlaskClient, editor: Person, signed_in: Callable[..., Person], put: Put
) -> None:
    own, _other, _, _ = put(
        provider_record(external_id="own"), provider_record(external_id="other"),
        opportunity_record(title={"es": "Vidrio propio"}, provider="own"),
        opportunity_record(title={"es": "Vidrio ajeno"}, provider="other"),
    )  # fmt: skip
    provider = signed_in("provider")
    assert provider.account
    with unit_of_work(house.engine) as db:
        db.add(
            Membership(
                account_id=provider.account.id, provider_id=own.id, role="owner",  # type: ignore[attr-defined,arg-type]
                since=house.settings.clock(),
            )
        )  # fmt: skip
    city.post(FORM, data=GOOD)
    assert "Soplar vidrio" not in provider.visit("/en/desk/ideas").text()
    provider.visit("/en/desk/ideas/1", status=404)
    assert provider.post("/en/desk/ideas/1/answer", listing="vidrio-propio").status_code == 404
    editor.post("/en/desk/ideas/1/publish", words="Soplar vidrio")
    for refused in ("publish", "refuse"):
        assert provider.post(f"/en/desk/ideas/1/{refused}", words="x", reason="x").status_code == 404  # fmt: skip
    page = provider.visit("/en/desk/ideas/1")
    assert "Vidrio propio" in page.text()
    assert "Vidrio ajeno" not in page.text()
    assert "Withdraw it" not in page.text()
    assert provider.post("/en/desk/ideas/1/answer", listing="vidrio-ajeno").status_code == 422
    assert provider.post("/en/desk/ideas/1/answer", listing="vidrio-propio").status_code == 303
    assert editor.post("/en/desk/ideas/1/answer", listing="vidrio-ajeno").status_code == 303
    page = provider.visit("/en/desk/ideas/1")
    assert page.text().count("Not an answer") == 1
    foreign = [b.get("value") for b in editor.visit("/en/desk/ideas/1").all("button") if b.get("name") == "listing"]  # fmt: skip
    for number in foreign:
        provider.post("/en/desk/ideas/1/unanswer", listing=number)
    left = editor.visit("/en/desk/ideas/1").text()
    assert "Vidrio ajeno" in left
    assert left.count("Not an answer") == 1


def test_nobody_writes_without_end(city: FlaskClient) -> None:
    answers = {city.post("/en/ideas/new", data=GOOD).status_code for _ in range(31)}
    assert answers == {303, 429}
