"""The editors' pages about listings told twice; to everybody else there are no such pages."""

import re

import pytest

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import Opportunity
from directory.services import catalogue, duplicates
from tests.factories import opportunity_record, space_record


@pytest.fixture
def number(house: House) -> int:
    """The number of a pair of opportunities; there is a pair of spaces as well."""
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        for source in ("one", "two"):
            among = catalogue.known(db, source=source)
            said = {"one": {"phone": "900 100 100"}, "two": {"email": "b@villaclara.example"}}
            own = {"source": source, "title": {"es": "Biblioteca del Molino"}, **said[source]}
            catalogue.apply(db, space_record(external_id="s", **own), among=among, now=now)
            own = {"source": source, "title": {"es": "Barro y torno", "ar": "طين"}, "space": "s"}
            more = {"one": {"price": 4}, "two": {"description": {"es": "Con horno."}}}[source]
            catalogue.apply(db, opportunity_record(**own, **more), among=among, now=now)
        db.flush()
        found = duplicates.find(db, now=now, zone=house.settings.timezone)
        assert (found.pairs, found.new) == (2, 2)
        of = duplicates.listed(db, listing="opportunity")
        return of[0].row.id or 0


def seen(person, number: int) -> str:
    html = person.visit(f"/en/desk/duplicates/{number}").html
    return re.search(r'name="seen" value="([^"]+)"', html)[1]  # type: ignore[index]


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_the_pages_are_pages_like_every_other(signed_in, number, lang: str, role: str) -> None:
    person = signed_in(role)
    for path in ("", "?verdict=same", "?verdict=not-same&type=space", "?page=99", f"/{number}"):
        person.visit(f"/{lang}/desk/duplicates{path}")
    assert f"/{lang}/desk/duplicates" in person.visit(f"/{lang}/desk").html


@pytest.mark.parametrize("role", ["counsellor", "provider"])
def test_others_find_no_such_page(signed_in, number, role: str) -> None:
    person = signed_in(role)
    nothing = person.visit("/en/desk/nothing", status=404).text()
    for path in ("", f"/{number}"):
        assert person.visit(f"/en/desk/duplicates{path}", status=404).text() == nothing
    for act in ("merge", "part", "undo"):
        assert person.post(f"/en/desk/duplicates/{number}/{act}").status_code == 404
    assert "/desk/duplicates" not in person.visit("/en/desk").html


def test_nobody_signed_in_is_asked_to_sign_in(stranger, number) -> None:
    assert stranger().client.get(f"/en/desk/duplicates/{number}").status_code == 303


def test_evidence_and_differences_are_said_in_words(signed_in, number) -> None:
    text = signed_in("editor").visit(f"/en/desk/duplicates/{number}").text()
    assert "The dates and times are the same." in text
    assert "Only in the second" in text
    assert "price Different" in text


def test_a_pair_is_merged_leads_on_and_is_parted_again(signed_in, house, number) -> None:
    person = signed_in("editor")
    path = f"/en/desk/duplicates/{number}"
    with reading(house.engine) as db:
        of = duplicates.pair(db, number)
        kept, gone = of.second.slug, of.first.slug
    given = {"keep": "second", "f-price": "first", "seen": seen(person, number)}
    answer = person.post(f"{path}/merge", **given)
    assert answer.location.endswith("?done=merged")
    page = person.visit(f"{path}?done=merged")
    assert "Merged by" in page.text()
    old = person.client.get(f"/en/opportunities/{gone}")
    assert (old.status_code, old.location) == (301, f"http://localhost/en/opportunities/{kept}")
    document = person.client.get(f"/api/v1/opportunities/{of.first.id}")
    assert document.status_code == 410
    assert document.get_json()["replaced_by"].endswith(f"/opportunities/{kept}")
    assert "€4" in person.visit(f"/en/opportunities/{kept}").text()
    assert "Merged by" in person.visit("/en/desk/duplicates?verdict=same").text()
    again = person.post(f"{path}/merge", **given)
    assert again.status_code == 422
    assert person.post(f"{path}/undo").location.endswith("?done=undone")
    person.visit(f"/en/opportunities/{gone}")


def test_what_changed_meanwhile_is_not_merged_unseen(signed_in, house, number) -> None:
    person = signed_in("editor")
    given = {"keep": "first", "seen": seen(person, number)}
    with unit_of_work(house.engine) as db:
        for row in (duplicates.pair(db, number).first,):
            assert isinstance(row, Opportunity)
            row.capacity = 9
    answer = person.post(f"/en/desk/duplicates/{number}/merge", **given)
    assert answer.status_code == 409
    assert "nothing was merged" in answer.get_data(as_text=True)


def test_not_the_same_is_remembered_and_can_be_taken_back(signed_in, house, number) -> None:
    person = signed_in("editor")
    path = f"/en/desk/duplicates/{number}"
    assert person.post(f"{path}/part").location.endswith("?done=parted")
    assert "Things to do: 0" in person.visit("/en/desk/duplicates").text()
    assert "said on" in person.visit(path).text()
    assert person.post(f"{path}/merge", keep="first", seen="x").status_code == 422
    assert person.post(f"{path}/part", back="yes").location.endswith("?done=reopened")
    assert "Things to do: 1" in person.visit("/en/desk/duplicates").text()


def test_what_is_no_form_of_ours_is_refused(signed_in, number) -> None:
    person = signed_in("editor")
    path = f"/en/desk/duplicates/{number}"
    given = {"keep": "third", "seen": seen(person, number)}
    assert person.post(f"{path}/merge", **given).status_code == 422
    assert person.post(f"{path}/undo").status_code == 422
    assert person.post("/en/desk/duplicates/99999/part").status_code == 404
    assert person.client.get("/en/desk/duplicates/99999").status_code == 404
