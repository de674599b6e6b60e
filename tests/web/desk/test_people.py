"""The administrator's page: accounts made, changed and closed; to everybody else no such page."""

import re

import pytest

from tests.factories import PASSWORD


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_the_pages_are_pages_like_every_other(signed_in, make_account, lang: str) -> None:
    invited, person = make_account(password=""), signed_in("administrator")
    for path in ("", "/new", f"/{invited.id}", f"/{person.account.id}"):
        person.visit(f"/{lang}/desk/people{path}")


@pytest.mark.parametrize("role", ["counsellor", "editor"])
def test_others_find_no_such_page(signed_in, role: str) -> None:
    person = signed_in(role)
    nothing = person.visit("/en/desk/nothing", status=404).text()
    for path in ("", "/new", f"/{person.account.id}"):
        assert person.visit(f"/en/desk/people{path}", status=404).text() == nothing
    for path in ("new", "1/role", "1/active", "1/invitation", "1/second-factor"):
        assert person.post(f"/en/desk/people/{path}").status_code == 404
    assert "/desk/people" not in person.visit("/en/desk").html


def test_from_a_new_account_to_its_first_sign_in(signed_in, stranger) -> None:
    administrator = signed_in("administrator")
    form = {
        "name": "Nora",
        "email": " Nora@Villaclara.Example ",
        "role": "editor",
        "language": "ar",
    }
    page = administrator.post("/en/desk/people/new", **form).get_data(as_text=True)
    link = re.search(r"http://localhost(/ar/sign-in/invitation/[\w-]+)", page)[1]  # type: ignore[index]
    assert "Link to set a password made" in page
    newcomer = stranger()
    token = re.search(r'csrf_token" value="([^"]+)"', newcomer.visit(link).html)[1]  # type: ignore[index]
    refused = newcomer.visit(
        link, status=422, data={"csrf_token": token, "password": "nora nora nora"}
    )
    assert "تخمّن" in refused.text() or "يُخمَّن" in refused.text()
    set_ = newcomer.client.post(link, data={"csrf_token": token, "password": PASSWORD})
    assert set_.location == "/ar/sign-in?note=set"
    newcomer.visit(link, status=404)
    answer = newcomer.post("/ar/sign-in", email="NORA@villaclara.example", password=PASSWORD)
    assert answer.location == "/ar/desk"
    again = administrator.post("/en/desk/people/new", **form)
    assert "nora@villaclara.example has an account already." in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "no address"}, "is no e-mail address"),
        ({"email": "a@b"}, "is no e-mail address"),
        ({"name": " "}, "Write a name"),
        ({"role": "king"}, "is no value of role"),
        ({"language": "xx"}, "is no value of language"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in, changes, said: str) -> None:
    administrator = signed_in("administrator")
    form = {"name": "Nora", "email": "nora@villaclara.example", "role": "editor", "language": "ar"}
    answer = administrator.post("/en/desk/people/new", **{**form, **changes})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    assert changes.get("name") or "Nora" in html


def test_a_closed_account_is_signed_out_at_once_and_may_be_opened_again(
    signed_in, stranger
) -> None:
    administrator, person = signed_in("administrator"), signed_in()
    path = f"/en/desk/people/{person.account.id}"
    assert administrator.post(f"{path}/active", active="no").status_code == 303
    assert person.client.get("/en/desk").status_code == 303
    assert administrator.post(f"{path}/invitation").status_code == 422
    assert stranger().sign_in(person.account).status_code == 422
    assert "This account is closed" in administrator.visit(path).html
    administrator.post(f"{path}/active", active="yes")
    assert stranger().sign_in(person.account).status_code == 303


def test_a_changed_role_counts_at_once(signed_in, stranger) -> None:
    administrator, person = signed_in("administrator"), signed_in()
    administrator.post(f"/en/desk/people/{person.account.id}/role", role="administrator")
    assert person.client.get("/en/desk/people").status_code == 303
    anew = stranger()
    anew.sign_in(person.account)
    anew.visit("/en/desk/people")


def test_the_last_administrator_stays_one(signed_in, make_account) -> None:
    administrator = signed_in("administrator")
    path = f"/en/desk/people/{administrator.account.id}"
    for answer in (
        administrator.post(f"{path}/role", role="editor"),
        administrator.post(f"{path}/active", active="no"),
    ):
        assert answer.status_code == 422
        assert "is the last administrator" in answer.get_data(as_text=True)
    make_account(role="administrator")
    assert administrator.post(f"{path}/role", role="editor").status_code == 303
