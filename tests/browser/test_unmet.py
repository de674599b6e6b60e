"""What people look for and would like, in a real Chromium: without JavaScript, and without a fault."""

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from waitress import create_server

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Sought, SoughtDay
from directory.models.vocabulary import Role
from directory.services import accounts, catalogue, indexing, topics
from tests.conftest import settings_in
from tests.factories import PASSWORD, SOURCE, opportunity_record, provider_record

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

LANGUAGES = ["en", "ar"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[str]:
    """Where a city is served in which something was looked for in vain, in each language."""
    folder = tmp_path_factory.mktemp("unmet")
    shutil.copy(empty_sqlite, folder / "vereda.sqlite3")
    house = House.of(settings_in(folder))
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=now)
        among = catalogue.known(db, source=SOURCE)
        for record in (
            provider_record(title={"es": "Casa del Barro"}, email="barro@villaclara.example"),
            opportunity_record(title={"es": "Taller del torno"}, teaches=({"topic": "ceramics"},)),
        ):
            catalogue.apply(db, record, among=among, now=now)
        for lang in LANGUAGES:
            account = accounts.make(
                db, None, email=f"{lang}@villaclara.example", name="Inés Cotarelo",
                role=Role.EDITOR, language=lang, now=now,
            )  # fmt: skip
            accounts.set_password(db, None, account, password=PASSWORD, now=now)
            row = Sought(words=f"kintsugi{lang}", language=lang)
            db.add(row)
            db.flush()
            db.add(SoughtDay(sought_id=row.id or 0, day=date(2026, 11, 20), part="t", people=9, found_nothing=9, opened_nothing=0))  # fmt: skip
    indexing.sync(house.engine, house.index, currency="EUR")
    server = create_server(create_app(house=house), host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    house.engine.dispose()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_a_search_in_vain_to_an_idea_its_answer_and_a_synonym(
    chromium: Browser, desk: str, lang: str, *, scripts: bool
) -> None:
    size = {"width": 360, "height": 800} if scripts else {"width": 1280, "height": 900}
    context = chromium.new_context(base_url=desk, viewport=size, java_script_enabled=scripts)  # type: ignore[arg-type]
    page = context.new_page()
    words = f"xylophon {lang} {'yes' if scripts else 'no'}"
    page.goto(f"/{lang}/search?q={words}")
    page.locator("a[href*='/ideas/new?q=']").click()
    expect(page.locator("#f-words")).to_have_value(words)
    page.locator("form[action$='/ideas/new'] button").click()
    page.wait_for_url(f"**/{lang}/ideas/thanks")
    _no_fault(page, scripts=scripts)

    page.goto(f"/{lang}/sign-in")
    page.fill("#f-email", f"{lang}@villaclara.example")
    page.fill("#f-password", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**/{lang}/desk")
    page.goto(f"/{lang}/desk/ideas")
    _no_fault(page, scripts=scripts)
    page.get_by_role("link", name=words).click()
    page.locator("form[action$='/publish'] button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.locator("#f-find").fill("torno")
    page.locator("form[role=search] button").click()
    page.locator("form#proposed button").first.click()
    _no_fault(page, scripts=scripts)
    page.get_by_role("main").locator("a[href*='/ideas/']").last.click()
    expect(page.locator("main")).to_contain_text("Taller del torno")
    page.locator("form[action$='/second'] button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    _no_fault(page, scripts=scripts)

    if not scripts:
        _make_a_synonym(page, lang)
    page.goto(f"/{lang}/desk/reach/opportunities/taller-del-torno")
    _no_fault(page, scripts=scripts)
    context.close()


def _make_a_synonym(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/desk/searches")
    page.get_by_role("link", name=f"kintsugi{lang}").click()
    page.locator("#topic summary").click()
    page.locator("#topic input[name=topic]").fill("ceram")
    page.locator("#topic form[role=search] button").click()
    expect(page.locator("#topic button[value=ceramics]")).to_be_visible()
    page.locator("#synonym summary").click()
    page.locator("#f-s-topic").fill("Cerámica")
    page.locator("#synonym form button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.goto(f"/{lang}/search?q=kintsugi{lang}")
    expect(page.locator("#results")).to_contain_text("Taller del torno", timeout=5000)


def _no_fault(page: Page, *, scripts: bool) -> None:
    if not scripts:
        return
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})  # fmt: skip
    assert not found.response["violations"], found.generate_report()
    across = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")  # fmt: skip
    assert across <= 0, f"{page.url}: {across} px too wide"
