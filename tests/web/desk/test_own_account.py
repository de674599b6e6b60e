"""Your account: what one changes of oneself, and what comes second."""

import re
import time
from datetime import datetime, timedelta

import pyotp
import pytest

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.services import accounts, second_factor
from tests.factories import PASSWORD

NEW = "nube verde sobre tejado"


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_the_page_and_its_parts_are_pages_like_every_other(signed_in, lang: str) -> None:
    person = signed_in()
    for path in ("desk", "desk/account", "desk/account/codes"):
        person.visit(f"/{lang}/{path}")


def test_name_and_language_are_changed(signed_in) -> None:
    person = signed_in()
    answer = person.post("/en/desk/account", name="  Otra   Persona ", language="ar")
    assert answer.location == "/ar/desk/account?done=saved"
    assert "Otra Persona" in person.visit("/ar/desk/account").html
    assert person.post("/en/desk/account", name="", language="en").status_code == 422
    assert person.post("/en/desk/account", name="x", language="xx").status_code == 422


def test_a_new_password_needs_the_present_one_and_signs_out_elsewhere(signed_in, stranger) -> None:
    here = signed_in()
    elsewhere = stranger()
    elsewhere.sign_in(here.account)
    wrong = here.post("/en/desk/account/password", present="wrong", password=NEW)
    assert "This is not your present password." in wrong.get_data(as_text=True)
    short = here.post("/en/desk/account/password", present=PASSWORD, password="short")
    assert "Use at least 12 characters" in short.get_data(as_text=True)
    assert here.post("/en/desk/account/password", present=PASSWORD, password=NEW).status_code == 303
    here.visit("/en/desk")
    assert elsewhere.client.get("/en/desk").status_code == 303
    assert stranger().sign_in(here.account).status_code == 422
    assert stranger().sign_in(here.account, NEW).status_code == 303


def set_up_codes(person) -> tuple[pyotp.TOTP, list[str]]:
    """Switch codes on as a person would; the authenticator, and the recovery codes shown."""
    page = person.visit("/en/desk/account/codes")
    totp = pyotp.TOTP(
        re.search(r'class="code" dir="ltr">([A-Z2-7 ]+)<', page.html)[1].replace(" ", "")
    )  # type: ignore[index]
    offer = re.search(r'name="offer" value="([^"]+)"', page.html)[1]  # type: ignore[index]
    assert totp.secret not in offer
    answer = person.post("/en/desk/account/codes", offer=offer, code=totp.now(), present=PASSWORD)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    shown = re.findall(r'<li class="code">([^<]+)<', answer.get_data(as_text=True))
    assert len(shown) == second_factor.RECOVERY_CODES
    return totp, shown


def test_with_codes_a_password_alone_lets_nobody_in(signed_in, stranger, house: House) -> None:
    person = signed_in()
    totp, recovery = set_up_codes(person)
    newcomer = stranger()
    answer = newcomer.sign_in(person.account, next="/en/desk/account")
    assert answer.location == "/en/sign-in/code"
    assert newcomer.client.get("/en/desk").status_code == 303
    page = newcomer.visit("/ar/sign-in/code")
    form = {"csrf_token": re.search(r'csrf_token" value="([^"]+)"', page.html)[1]}  # type: ignore[index]
    used = {**form, "code": totp.now()}
    assert newcomer.client.post("/en/sign-in/code", data=used).status_code == 422
    fresh = totp.at(int(time.time()) + 30)
    arabic = fresh.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    answer = newcomer.client.post(
        "/en/sign-in/code", data={**form, "code": f" {arabic[:3]} {arabic[3:]}"}
    )
    assert answer.location == "/en/desk/account"
    newcomer.visit("/en/desk")
    for expected in (303, 422):
        again = stranger()
        again.sign_in(person.account)
        form = {
            "csrf_token": re.search(
                r'csrf_token" value="([^"]+)"', again.visit("/en/sign-in/code").html
            )[1]
        }  # type: ignore[index]
        data = {**form, "code": recovery[0].upper()}
        assert again.client.post("/en/sign-in/code", data=data).status_code == expected
    with reading(house.engine) as db:
        assert second_factor.recovery_codes_left(db, person.account) == 9


def test_the_code_is_asked_for_while_the_password_is_fresh(
    signed_in, stranger, monkeypatch
) -> None:
    person = signed_in()
    set_up_codes(person)
    late = stranger()
    late.sign_in(person.account)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(minutes=6)

    monkeypatch.setattr("directory.edge.access.datetime", Later)
    assert late.client.get("/en/sign-in/code").location == "/en/sign-in"
    assert stranger().client.get("/en/sign-in/code").location == "/en/sign-in"


def test_codes_are_guessed_ten_times_and_no_more(signed_in, stranger) -> None:
    person = signed_in()
    set_up_codes(person)
    guesser = stranger()
    guesser.sign_in(person.account)
    page = guesser.visit("/en/sign-in/code")
    form = {"csrf_token": re.search(r'csrf_token" value="([^"]+)"', page.html)[1], "code": "x"}  # type: ignore[index]
    statuses = [guesser.client.post("/en/sign-in/code", data=form).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_codes_are_switched_off_by_password(signed_in, stranger, house: House) -> None:
    person = signed_in()
    set_up_codes(person)
    person.visit("/en/desk/account")
    assert person.post("/en/desk/account/codes/off", present="wrong").status_code == 422
    assert person.post("/en/desk/account/recovery", present=PASSWORD).status_code == 200
    assert person.post("/en/desk/account/codes/off", present=PASSWORD).status_code == 303
    assert stranger().sign_in(person.account).location == "/en/desk"
    with reading(house.engine) as db:
        assert second_factor.recovery_codes_left(db, person.account) == 0
    assert person.post("/en/desk/account/recovery", present=PASSWORD).status_code == 404


def test_a_wrong_first_code_or_another_ones_offer_switches_nothing_on(signed_in) -> None:
    one, other = signed_in(), signed_in()
    page = one.visit("/en/desk/account/codes")
    offer = re.search(r'name="offer" value="([^"]+)"', page.html)[1]  # type: ignore[index]
    secret = re.search(r'class="code" dir="ltr">([A-Z2-7 ]+)<', page.html)[1].replace(" ", "")  # type: ignore[index]
    wrong = one.post("/en/desk/account/codes", offer=offer, code="000", present=PASSWORD)
    assert offer in wrong.get_data(as_text=True)
    taken = other.post(
        "/en/desk/account/codes", offer=offer, code=pyotp.TOTP(secret).now(), present=PASSWORD
    )
    assert taken.status_code == 422
    assert secret not in taken.get_data(as_text=True).replace(" ", "")


def test_an_administrator_can_take_a_lost_second_factor_away(
    signed_in, stranger, house: House
) -> None:
    person, administrator = signed_in(), signed_in("administrator")
    set_up_codes(person)
    path = f"/en/desk/people/{person.account.id}"
    assert "Remove the second factor" in administrator.visit(path).html
    assert administrator.post(f"{path}/second-factor").status_code == 303
    assert stranger().sign_in(person.account).location == "/en/desk"
    with unit_of_work(house.engine) as db:
        row = accounts.by_id(db, person.account.id)
        assert accounts.history(db, row)[1].by_id == administrator.account.id
