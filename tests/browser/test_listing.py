"""A weekly course from its first word to its readers in another language, in a real Chromium."""

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select
from waitress import create_server

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Membership, Provider
from directory.models.vocabulary import MemberRole, Role
from directory.services import accounts, catalogue, indexing, topics
from directory.services.keeping import Keeper
from tests.conftest import settings_in
from tests.factories import PASSWORD, SOURCE, provider_record, space_record

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

WRITER, EDITOR = "writer@villaclara.example", "editor@villaclara.example"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[str]:
    """Where a city is served with one provider, somebody of theirs, and an editor."""
    folder = tmp_path_factory.mktemp("listing")
    shutil.copy(empty_sqlite, folder / "vereda.sqlite3")
    house = House.of(settings_in(folder))
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=now)
        among = catalogue.known(db, source=SOURCE)
        for record in (provider_record(), space_record()):
            catalogue.apply(db, record, among=among, now=now)
        for email, role in ((WRITER, Role.PROVIDER), (EDITOR, Role.EDITOR)):
            account = accounts.make(
                db, None, email=email, name="Jacinta Olmedo", role=role, language="en", now=now
            )
            accounts.set_password(db, None, account, password=PASSWORD, now=now)
            if role is Role.PROVIDER:
                provider = db.exec(select(Provider.id)).one() or 0
                owner = Membership(
                    account_id=accounts.known_id(account),
                    provider_id=provider,
                    role=MemberRole.OWNER,
                    since=now,
                )
                db.add(owner)
    indexing.sync(house.engine, house.index, currency="EUR")
    server = create_server(create_app(house=house), host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    stop = threading.Event()
    keeping = Keeper(house.engine, house.index, house.settings).start(stop)
    yield f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    for thread in keeping:
        thread.join(timeout=10)
    server.close()
    house.engine.dispose()


@pytest.mark.parametrize(("lang", "scripts"), [("en", True), ("ar", False)])
def test_from_the_first_word_to_readers_in_another_language(
    chromium: Browser, desk: str, lang: str, *, scripts: bool
) -> None:
    name = f"kintsugi{lang}{'x' if scripts else 'y'}"
    writer = _signed_in(chromium, desk, lang, WRITER, scripts=scripts)
    number = _written(writer, lang, name, scripts=scripts)
    _press(writer, "submit")
    editor = _signed_in(chromium, desk, lang, EDITOR, scripts=scripts)
    editor.goto(f"/{lang}/desk/review")
    _no_fault(editor, scripts=scripts)
    editor.get_by_role("link", name=name).click()
    _no_fault(editor, scripts=scripts)
    editor.fill("#f-reason", "Say what to bring.")
    _press(editor, "send-back")

    writer.goto(f"/{lang}/desk/drafts/{number}/what")
    expect(writer.locator("main")).to_contain_text("Say what to bring.")
    writer.fill("#f-description", "Bring a broken cup.")
    _keep(writer)
    writer.goto(f"/{lang}/desk/drafts/{number}")
    _press(writer, "submit")

    editor.goto(f"/{lang}/desk/drafts/{number}")
    expect(editor.locator("main")).to_contain_text("Bring a broken cup.")
    _press(editor, "publish")
    other = "ar" if lang == "en" else "es"
    found = editor.locator("#results").get_by_role("link", name=f"{name}{other}")
    for _ in range(20):
        editor.goto(f"/{other}/search?q={name}{other}")
        if found.count():
            break
        editor.wait_for_timeout(250)
    found.click()
    expect(editor.locator("main")).to_contain_text(f"{name}{other}")
    for person in (writer, editor):
        person.context.close()


def _written(page: Page, lang: str, name: str, *, scripts: bool) -> int:
    page.goto(f"/{lang}/desk/listings")
    _no_fault(page, scripts=scripts)
    page.locator("form[action$='/listings/new'] button").click()
    page.wait_for_url("**/what")
    _no_fault(page, scripts=scripts)
    page.select_option("#f-language", "en")
    page.fill("#f-title", name)
    page.fill("#f-summary", "Broken cups made whole.")
    page.select_option("#f-format", "workshop")
    page.select_option("#f-setting", "informal")
    _keep(page)
    page.select_option("#f-topic1", "ceramics")
    page.select_option("#f-held_in", "none")
    _no_fault(page, scripts=scripts)
    _keep(page)
    _dated(page, scripts=scripts)
    page.fill("#f-price", "0")
    _no_fault(page, scripts=scripts)
    _keep(page)
    for other in ("es", "ar"):
        page.fill(f"#f-title_{other}", f"{name}{other}")
    _no_fault(page, scripts=scripts)
    _keep(page)
    _no_fault(page, scripts=scripts)
    expect(page.locator("ul.rows")).to_contain_text(name)
    return int(re.search(r"/drafts/(\d+)", page.url)[1])  # type: ignore[index]


def _dated(page: Page, *, scripts: bool) -> None:
    page.wait_for_url("**/when")
    page.fill("#f-first", "2026-12-01")
    page.fill("#f-starts", "18:00")
    page.fill("#f-ends", "19:30")
    page.check("[name=weekdays][value=TU]")
    page.fill("#f-last", "2026-12-31")
    page.fill("#f-skip", "2026-12-22")
    page.fill("#f-off", "2026-12-29")
    if not scripts:
        page.locator("button[name=stay]").click()
    dates = page.locator(".datelist li")
    expect(dates).to_have_count(4, timeout=5000)
    expect(dates.last.locator("strong")).to_be_visible()
    _no_fault(page, scripts=scripts)
    _keep(page)


def _keep(page: Page) -> None:
    page.locator("form.fields button:not([name])").click()


def _press(page: Page, move: str) -> None:
    page.locator(f"button[name=move][value={move}]").click()
    expect(page.locator("[role=status]")).to_be_visible()


def _signed_in(chromium: Browser, desk: str, lang: str, email: str, *, scripts: bool) -> Page:
    size = {"width": 360, "height": 800} if scripts else {"width": 1280, "height": 900}
    context: BrowserContext = chromium.new_context(
        base_url=desk,
        viewport=size,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        color_scheme="dark" if lang == "ar" else "light",
    )
    page = context.new_page()
    page.goto(f"/{lang}/sign-in")
    page.fill("#f-email", email)
    page.fill("#f-password", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/{lang}/desk")
    return page


def _no_fault(page: Page, *, scripts: bool) -> None:
    if not scripts:
        return
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})  # fmt: skip
    assert not found.response["violations"], found.generate_report()
    across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")  # fmt: skip
    assert across <= 0, f"{page.url}: {across} px too wide"
