"""The desk in a real Chromium: passkeys on a device that is none, the keyboard alone, axe."""

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress import create_server

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models.vocabulary import Role
from directory.services import accounts, catalogue, duplicates
from tests.conftest import ROOT, settings_in
from tests.factories import PASSWORD, SOURCE, space_record

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# Of every template of the desk one address, and what is pressed there first.
PAGES = {
    "sign_in.html": "sign-in",
    "invitation.html": "sign-in/invitation/none",
    "front.html": "desk",
    "account.html": "desk/account",
    "codes.html": "desk/account/codes",
    "people.html": "desk/people",
    "person_new.html": "desk/people/new",
    "person.html": "desk/people/1",
    "duplicates.html": "desk/duplicates",
    "duplicate.html": "desk/duplicates/1",
}
# Shown on the way, in the tests below.
ON_THE_WAY = {"second.html", "passkey.html", "recovery.html"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[str]:
    """Where a city with one administrator is served, by name: no browser makes keys for a number."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(empty_sqlite, folder / "vereda.sqlite3")
    house = House.of(settings_in(folder))
    server = create_server(create_app(house=house), host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    for number in range(1, 6):
        with unit_of_work(house.engine) as db:
            now = house.settings.clock()
            account = accounts.make(
                db,
                None,
                email=f"p{number}@villaclara.example",
                name="Paloma Rey",
                role=Role.ADMINISTRATOR,
                language="en",
                now=now,
            )
            accounts.set_password(db, None, account, password=PASSWORD, now=now)
    with unit_of_work(house.engine) as db:
        among = catalogue.known(db, source=SOURCE)
        for name in ("Biblioteca del Molino", "BIBLIOTECA MOLINO"):
            record = space_record(title={"es": name}, summary={"es": name})
            catalogue.apply(db, record, among=among, now=now)
        assert duplicates.find(db, now=now, zone=house.settings.timezone).new == 1
    yield f"http://localhost:{server.effective_port}"
    server.close()
    house.engine.dispose()


@pytest.fixture
def browser(chromium: Browser, desk: str) -> Iterator[BrowserContext]:
    """A fresh browser."""
    context = chromium.new_context(base_url=desk, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def test_no_template_of_the_desk_is_left_out() -> None:
    there = {path.name for path in (ROOT / "templates" / "desk").iterdir()}
    assert there == set(PAGES) | ON_THE_WAY


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_passkey_is_made_and_then_is_all_one_needs(browser: BrowserContext, lang: str) -> None:
    page = browser.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    device = browser.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    number = 1 if lang == "en" else 2
    _sign_in(page, lang, number)
    page.goto(f"/{lang}/desk/account")
    page.locator("details.needs-js summary").click()
    page.fill("#f-key_name", "my telephone")
    page.fill("#f-new-present", PASSWORD)
    page.locator("form[action$='/passkeys'] button").click()
    _no_fault(page)
    page.locator("[data-passkey=make] button").click()
    expect(page.locator("li.code")).to_have_count(10)
    _no_fault(page)
    recovery = page.locator("li.code").first.inner_text()
    page.goto(f"/{lang}/desk/account")
    expect(page.locator("main")).to_contain_text("my telephone")
    _no_fault(page)
    _leave(page)

    page.locator("[data-passkey=show] button").click()
    page.wait_for_url(f"**/{lang}/desk")
    _leave(page)

    # The password alone asks for more: the passkey once more, or a recovery code.
    _type_password(page, number)
    page.wait_for_url("**/sign-in/code")
    _no_fault(page)
    page.locator("[data-passkey=show] button").click()
    page.wait_for_url(f"**/{lang}/desk")
    _leave(page)

    device.send("WebAuthn.setUserVerified", {**key, "isUserVerified": False})
    page.locator("[data-passkey=show] button").click()
    expect(page.locator("[data-passkey] [role=status]")).not_to_be_empty()
    device.send("WebAuthn.removeVirtualAuthenticator", key)
    _type_password(page, number)
    page.wait_for_url("**/sign-in/code")
    page.fill("#f-code", recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/desk")

    page.goto(f"/{lang}/desk/account")
    page.locator("li.plainrow summary").click()
    page.fill("li.plainrow input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("li.plainrow")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_without_javascript_a_password_and_codes_work_by_keyboard_alone(
    chromium: Browser, desk: str, lang: str
) -> None:
    context = chromium.new_context(base_url=desk, java_script_enabled=False)
    page = context.new_page()
    number = 3 if lang == "en" else 4
    page.goto(f"/{lang}/sign-in")
    expect(page.locator("[data-passkey]")).to_be_hidden()
    _tab_to(page, "#f-email")
    page.keyboard.type(f"p{number}@villaclara.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/desk")
    page.goto(f"/{lang}/desk/account/codes")
    box = page.locator("svg.qr").bounding_box()
    assert box
    assert box["width"] > 200
    totp = pyotp.TOTP(re.sub(r"\s", "", page.locator(".code").inner_text()))
    _tab_to(page, "#f-code")
    page.keyboard.type(totp.now())
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("li.code")).to_have_count(10)
    context.close()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 360, "light"), ("ar", 1280, "dark")])
def test_axe_finds_nothing_at_the_desk(
    chromium: Browser, desk: str, lang: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        base_url=desk,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    for path in ("sign-in", "sign-in/invitation/none"):
        page.goto(f"/{lang}/{path}")
        _no_fault(page)
    _sign_in(page, lang, 5)
    for path in PAGES.values():
        page.goto(f"/{lang}/{path}")
        for details in page.locator("main details").all():
            details.evaluate("x => { x.open = true }")
        _no_fault(page)
    context.close()


def _sign_in(page: Page, lang: str, number: int) -> None:
    page.goto(f"/{lang}/sign-in")
    _type_password(page, number)
    page.wait_for_url(f"**/{lang}/desk")


def _type_password(page: Page, number: int) -> None:
    page.fill("#f-email", f"p{number}@villaclara.example")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")


def _leave(page: Page) -> None:
    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_url("**/sign-in?note=left")


def _no_fault(page: Page) -> None:
    found = Axe().run(
        page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        },
    )
    assert not found.response["violations"], found.generate_report()
    across = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert across <= 0, f"{page.url}: {across} px too wide"


def _tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"Tab never reaches {selector}")
