"""Signing in and out: one sentence for every mistake, nobody by another way, no cookie elsewhere."""

import pytest

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import Account
from directory.services import accounts

REFUSED = "No account has this e-mail address and this password."


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_the_sign_in_page_is_a_page_like_every_other(stranger, lang: str) -> None:
    stranger().visit(f"/{lang}/sign-in")


def test_whoever_knows_the_password_is_let_in_and_out(stranger, make_account) -> None:
    person = stranger()
    answer = person.sign_in(make_account())
    assert answer.status_code == 303
    assert answer.location == "/en/desk"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    page = person.visit("/ar/desk")
    assert "Persona de prueba" in page.text("body")
    assert person.post("/en/desk/sign-out").status_code == 303
    assert person.client.get("/en/desk").status_code == 303


def test_over_tls_the_cookie_never_leaves_it(stranger, make_account) -> None:
    account, client = make_account(), stranger().client
    page = client.get("/en/sign-in", base_url="https://localhost")
    assert "; Secure" in page.headers["Set-Cookie"]
    assert account.active


def test_unknown_address_wrong_password_and_closed_account_are_one_answer(
    stranger, make_account, house: House
) -> None:
    known, closed, invited = make_account(), make_account(), make_account(password="")
    with unit_of_work(house.engine) as db:
        accounts.deactivate(db, None, accounts.named(db, closed.email), now=house.settings.clock())
    nobody = Account(email="nobody@villaclara.example")
    pages = []
    for account, password in ((known, "wrong"), (closed, None), (invited, ""), (nobody, None)):
        answer = stranger().sign_in(account, *([password] if password is not None else []))
        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert REFUSED in html
        pages.append(len(html) - len(account.email))
    assert len(set(pages)) <= 2  # the token's length varies by a letter


def test_after_signing_in_one_is_where_one_wanted_to_be_and_nowhere_else(
    stranger, make_account
) -> None:
    account = make_account()
    asked = stranger().client.get("/es/desk/account?x=1")
    assert asked.location == "/es/sign-in?next=/es/desk/account?x%3D1"
    for wanted, there in {
        "/es/desk/account": "/es/desk/account",
        "https://elsewhere.example/": "/en/desk",
        "//elsewhere.example/en/desk": "/en/desk",
        "/\\elsewhere.example": "/en/desk",
        "/en/desk\r\nX: y": "/en/desk",
        "/en/search": "/en/desk",
    }.items():
        assert stranger().sign_in(account, next=wanted).location == there


def test_a_form_without_its_token_changes_nothing(stranger, make_account, signed_in) -> None:
    account = make_account()
    answer = stranger().client.post(
        "/en/sign-in", data={"email": account.email, "password": "tortuga canta bajo lluvia"}
    )
    assert answer.status_code == 400
    person = signed_in()
    assert person.client.post("/en/desk/sign-out").status_code == 400
    person.visit("/en/desk")


def test_guessing_is_bounded_and_says_when_to_come_back(stranger, make_account, caplog) -> None:
    caplog.set_level("DEBUG")
    account, person = make_account(), stranger()
    token = person.visit("/ar/sign-in").html.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"email": account.email, "password": "wrong", "csrf_token": token}
    statuses = [person.client.post("/ar/sign-in", data=form).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    late = person.visit("/ar/sign-in", status=429, data={**form, "email": account.email.upper()})
    assert 0 < int(late.response.headers["Retry-After"]) <= 900
    assert "دقيقة" in late.text()
    assert "429" in caplog.text or "exceeded" in caplog.text
    assert account.email not in caplog.text
    other = make_account()
    assert stranger().sign_in(other).status_code == 303


def test_public_pages_do_not_look_at_who_asks(signed_in) -> None:
    person = signed_in()
    for path in ("/en/", "/en/search", "/en/about", "/en/routes", "/en/accessibility"):
        page = person.visit(path)
        assert "Persona de prueba" not in page.html
        assert "no-store" not in page.response.headers["Cache-Control"]


def test_away_for_twelve_hours_the_session_is_over(signed_in, monkeypatch) -> None:
    import time

    person, real = signed_in(), time.time
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: real() + 11 * 3600)
    assert person.client.get("/en/desk").status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: real() + 22 * 3600)
    assert person.client.get("/en/desk").status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: real() + 35 * 3600)
    assert person.client.get("/en/desk").status_code == 303


def test_a_stolen_cookie_does_not_open_the_desk_in_another_browser(signed_in, stranger) -> None:
    person, thief = signed_in(), stranger()
    thief.client.set_cookie("vereda", person.client.get_cookie("vereda").value)
    answer = thief.client.get("/en/desk", headers={"User-Agent": "another"})
    assert answer.status_code == 303


def test_a_new_key_signs_out_everywhere(signed_in, stranger) -> None:
    here = signed_in()
    there = stranger()
    there.sign_in(here.account)
    assert here.post("/en/desk/account/everywhere").status_code == 303
    for person in (here, there):
        assert person.client.get("/en/desk").status_code == 303


def test_whoever_comes_in_is_written_down(signed_in, house: House) -> None:
    person = signed_in()
    with reading(house.engine) as db:
        row = accounts.by_id(db, person.account.id)
        assert row.last_seen == house.settings.clock()
        assert accounts.history(db, row)[0].what == "signed-in"


def test_every_address_of_the_desk_says_who_it_is_for(house: House) -> None:
    from directory.app import create_app

    app = create_app(house=house)
    for rule in app.url_map.iter_rules():
        if "/desk" in rule.rule:
            assert getattr(app.view_functions[rule.endpoint], "needs", None), rule.rule
