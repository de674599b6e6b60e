"""The desk of failed searches: what waits there, what can be done, and whether it helped."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.post import Post
from directory.models import Account, Mail, Sought, SoughtAct, SoughtDay, Topic
from directory.services import indexing, mail, topics
from directory.services.seeking import acting, figures
from directory.services.seeking.figures import Verdict
from tests.conftest import settings_in
from tests.factories import Put, opportunity_record, provider_record
from tests.pages import Person

TODAY = date(2026, 11, 23)
SignedIn = Callable[..., Person]


@pytest.fixture
def sought(house: House) -> int:
    """Something twenty people looked for two weeks ago and did not find."""
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=house.settings.clock())
        row = Sought(words="botijería", language="es", wordings=[["es", "botijería"]])
        db.add(row)
        db.flush()
    count(house, row.id or 0, TODAY - timedelta(days=14), 20, nothing=18)
    return row.id or 0


def count(house: House, number: int, day: date, people: int, *, nothing: int = 0, unopened: int = 0) -> None:  # fmt: skip
    with unit_of_work(house.engine) as db:
        db.add(
            SoughtDay(
                sought_id=number, day=day, part="t", people=people, found_nothing=nothing,
                opened_nothing=unopened,
            )
        )  # fmt: skip


@pytest.fixture
def editor(signed_in: SignedIn) -> Person:
    return signed_in("editor", name="Inés Cotarelo")


def act(house: House) -> SoughtAct:
    with unit_of_work(house.engine) as db:
        return db.exec(select(SoughtAct).order_by(SoughtAct.id.desc())).first()  # type: ignore[union-attr,return-value]


def test_only_editors_and_administrators_see_it(signed_in: SignedIn, sought: int) -> None:
    for path in ("/en/desk/searches", f"/en/desk/searches/{sought}", "/en/desk/searches/gaps.csv"):
        assert signed_in("counsellor").client.get(path).status_code == 404
        assert signed_in("administrator").client.get(path).status_code == 200


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_what_failed_waits_with_its_figures(editor: Person, sought: int, lang: str) -> None:
    assert "botijería" in editor.visit(f"/{lang}/desk/searches").text()
    page = editor.visit(f"/{lang}/desk/searches/{sought}")
    assert "botijería" in page.text()


def test_what_failed_fewer_than_five_does_not_wait(
    house: House, editor: Person, sought: int
) -> None:
    with unit_of_work(house.engine) as db:
        rows = [Sought(words=words, language="es") for words in ("tres", "viejo")]
        db.add_all(rows)
        db.flush()
        numbers = [row.id or 0 for row in rows]
    count(house, numbers[0], TODAY, 50, nothing=1, unopened=3)
    count(house, numbers[1], TODAY - timedelta(weeks=13), 50, nothing=50)
    text = editor.visit("/en/desk/searches").text()
    assert "tres" not in text
    assert "viejo" not in text


def test_a_synonym_finds_at_once_survives_an_update_and_can_be_taken_back(
    house: House, editor: Person, put: Put, sought: int
) -> None:
    put(
        opportunity_record(
            title={"es": "Barro y torno"}, teaches=({"topic": "ceramics", "level_to": 1},)
        )
    )

    def found() -> int:
        indexing.sync(house.engine, house.index, currency="EUR")
        return int(editor.client.get("/api/v1/search?q=kintsugi&lang=es").json["total"])

    assert found() == 0
    answer = editor.post(
        f"/en/desk/searches/{sought}/synonym", name=" kintsugi ", language="es", topic="Cerámica"
    )
    assert answer.status_code == 303
    page = editor.visit(answer.location)
    assert "finds every listing" in page.text()
    assert "Inés Cotarelo" in page.text()
    assert found() == 1
    with unit_of_work(house.engine) as db:
        assert topics.load_shipped(db, now=house.settings.clock()) == 0
        assert db.get_one(Topic, "ceramics").added == {"es": ["kintsugi"]}
    assert found() == 1
    assert "botijería" not in editor.visit("/en/desk/searches").text()
    assert "botijería" in editor.visit("/en/desk/searches?show=done").text()
    done = act(house)
    assert editor.post(f"/en/desk/searches/acts/{done.id}/undo").status_code == 303
    assert found() == 0
    assert "botijería" in editor.visit("/en/desk/searches").text()
    assert "Taken back" in editor.visit(f"/en/desk/searches/{sought}").text()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"topic": "nothing like it"}, "There is no topic"),
        ({"name": "  "}, "Write the word"),
        ({"name": "x" * 81}, "Write the word"),
        ({"language": "xx"}, "is no value of language"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    editor: Person, sought: int, typed: dict[str, str], said: str
) -> None:
    given = {"name": "botijo", "language": "es", "topic": "Cerámica", **typed}
    answer = editor.post(f"/en/desk/searches/{sought}/synonym", **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Cerámica" in answer.text or typed.get("topic", "") in answer.text


def test_a_topic_is_found_without_javascript_and_linked(
    house: House, editor: Person, sought: int
) -> None:
    page = editor.visit(f"/en/desk/searches/{sought}?topic=ceram")
    assert "Link to Pottery and ceramics" in page.text()
    assert editor.post(f"/en/desk/searches/{sought}/topic", topic="ceramics").status_code == 303
    with unit_of_work(house.engine) as db:
        assert db.get_one(Topic, "ceramics").added == {"es": ["botijería"]}
    assert editor.post(f"/en/desk/searches/{sought}/topic", topic="none").status_code == 422


def test_a_name_two_acts_gave_stays_until_both_are_taken_back(house: House, sought: int, make_account: Callable[..., Account]) -> None:  # fmt: skip
    by, now = make_account(role="editor"), house.settings.clock()
    with unit_of_work(house.engine) as db:
        row = figures.load(db, sought)
        one = acting.link_topic(db, by, row, topic="ceramics", now=now)
        db.refresh(row)
        two = acting.add_synonym(db, by, row, topic="ceramics", name="botijería", language="es", now=now)  # fmt: skip
        topic = db.get_one(Topic, "ceramics")
        acting.undo(db, by, one.id or 0, now=now)
        assert topic.added == {"es": ["botijería"]}
        acting.undo(db, by, two.id or 0, now=now)
        acting.undo(db, by, two.id or 0, now=now)
        assert topic.added == {}


def test_organisations_are_asked_in_their_language_without_anything_about_anybody(
    house: House, editor: Person, put: Put, sought: int
) -> None:
    rows = put(
        provider_record(title={"ar": "جمعية الطين"}, language="ar", email="tin@example.org"),
        provider_record(title={"es": "Sin correo"}),
        provider_record(title={"es": "Ya no"}, email="no@example.org"),
    )
    with unit_of_work(house.engine) as db:
        mail.unsubscribe(db, mail.digest("no@example.org"), now=house.settings.clock())
    first, silent, declined = (row.id for row in rows)  # type: ignore[attr-defined]
    page = editor.visit(f"/en/desk/searches/{sought}?who=")
    assert "جمعية الطين" in page.text()
    assert "Sin correo" not in page.text()
    path = f"/en/desk/searches/{sought}/ask"
    assert editor.post(path).status_code == 422
    assert editor.post(path, providers=[silent]).status_code == 422
    assert editor.post(path, providers=[first, declined], note="¿Podéis?").status_code == 303
    Post(house).deliver()
    (letter,) = [
        f.read_bytes().decode() for f in Path(house.settings.data_dir / "outbox").iterdir()
    ]
    assert "Content-Language: ar" in letter
    assert "tin@example.org" in letter
    assert "List-Unsubscribe" in letter
    assert "2 organisations asked" in editor.visit(f"/en/desk/searches/{sought}").text()


def test_letters_that_have_not_gone_stay_here_when_it_is_taken_back(
    house: House, editor: Person, put: Put, sought: int
) -> None:
    (row,) = put(provider_record(email="tin@example.org"))
    editor.post(f"/en/desk/searches/{sought}/ask", providers=[row.id])  # type: ignore[attr-defined]
    with unit_of_work(house.engine) as db:
        assert len(db.exec(select(Mail)).all()) == 1
    editor.post(f"/en/desk/searches/acts/{act(house).id}/undo")
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Mail)).all() == []


def test_a_known_gap_is_a_row_of_a_table_no_spreadsheet_runs(editor: Person, sought: int) -> None:
    editor.post(f"/en/desk/searches/{sought}/gap", note="=1+1")
    table = editor.client.get("/en/desk/searches/gaps.csv").text
    assert table.splitlines()[1] == "botijería,,20,18,0,2026-11-23,'=1+1"
    assert "botijería" in editor.visit("/en/desk/searches?show=gaps").text()


def test_what_is_of_no_use_leaves_the_desk(editor: Person, sought: int) -> None:
    editor.post(f"/en/desk/searches/{sought}/no-use")
    assert "botijería" not in editor.visit("/en/desk/searches").text()
    assert "botijería" in editor.visit("/en/desk/searches?show=no-use").text()


def test_whether_it_helped_is_shown(house: House, editor: Person, sought: int) -> None:
    editor.post(f"/en/desk/searches/{sought}/synonym", name="botijería", language="es", topic="Cerámica")  # fmt: skip
    assert "cannot be told yet" in editor.visit(f"/en/desk/searches/{sought}").text()
    count(house, sought, TODAY, 9, nothing=9)  # that day itself is neither before nor after
    count(house, sought, TODAY + timedelta(days=2), 10, nothing=1)
    with unit_of_work(house.engine) as db:
        row = figures.load(db, sought)
        at, zone = house.settings.clock(), house.settings.zone
        for last, verdict in ((0, Verdict.NOT_YET), (3, Verdict.HELPED)):
            told = figures.effect(db, row, at, zone=zone, today=TODAY + timedelta(days=last))
            assert told.verdict is verdict
            assert told.before.people == 20
            assert told.before.failed == 18
    house.settings = settings_in(house.settings.data_dir, now="2026-11-27T12:00")
    text = editor.visit(f"/en/desk/searches/{sought}").text()
    assert "It helped" in text
    assert "Without success before: 18 of 20 people; since: 1 of 10 people." in text


def test_an_act_needs_the_token_of_a_page(editor: Person, sought: int) -> None:
    assert editor.client.post(f"/en/desk/searches/{sought}/no-use").status_code == 400
    assert editor.post("/en/desk/searches/999/no-use").status_code == 404
    assert editor.post("/en/desk/searches/acts/999/undo").status_code == 404
