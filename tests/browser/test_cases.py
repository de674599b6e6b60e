"""A counsellor's whole day in a real Chromium: in English and Arabic, with and without JavaScript."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select
from waitress import create_server

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Case, CaseRoute, Opportunity
from directory.models.vocabulary import ListingState, Role
from directory.services import accounts, backups, carrying
from tests.conftest import settings_in
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

PEOPLE = ("en", "ar", "other")
WANTED = "Bicycle repair"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, villaclara: House) -> Iterator[House]:
    """Villaclara to be written in, with three counsellors."""
    folder = tmp_path_factory.mktemp("town")
    backups.backup(villaclara.engine, folder / "vereda.sqlite3")
    shutil.copytree(villaclara.settings.index_dir, folder / "index")
    house = House.of(settings_in(folder))
    house.guide = villaclara.guide
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        for who in PEOPLE:
            row = accounts.make(
                db, None, email=f"{who}@villaclara.example", name="Teo Lizarbe",
                role=Role.COUNSELLOR, language="en", now=now,
            )  # fmt: skip
            accounts.set_password(db, None, row, password=PASSWORD, now=now)
    yield house
    house.engine.dispose()


@pytest.fixture(scope="module")
def served(town: House) -> Iterator[str]:
    """Where it is served."""
    server = create_server(create_app(house=town), host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@dataclass
class Day:
    """A counsellor's browser, and what has come of the day so far."""

    page: Page
    lang: str
    scripts: bool
    case: str = ""
    route: str = ""
    link: str = ""

    def go(self, rest: str) -> None:
        """A page of the case."""
        self.page.goto(f"/{self.lang}/desk/cases/{self.case}{rest}")


@pytest.mark.parametrize(("lang", "scripts"), [("en", True), ("ar", False)])
def test_the_whole_day(
    chromium: Browser,
    served: str,
    town: House,
    lang: str,
    scripts: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    desk = chromium.new_context(
        base_url=served, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
    )
    phone = chromium.new_context(base_url=served, viewport={"width": 360, "height": 740})
    other = chromium.new_context(base_url=served)
    day = Day(desk.new_page(), lang, scripts)
    day.page.on("pageerror", lambda error: pytest.fail(str(error)))
    _sign_in(day.page, lang, lang)
    _opens_a_case(day)
    _compares_three_routes(day)
    _hands_one_over(day)
    theirs = phone.new_page()
    _learner_looks(theirs, day)
    withdrawn = _withdraw_last(town, day.case)
    _is_told_and_checks(day)
    theirs.goto(day.link)
    expect(theirs.locator("#changed")).to_be_visible()
    _is_no_page_for(other.new_page(), day)
    _erases(day)
    gone = theirs.goto(day.link)
    assert gone
    assert gone.status == 404
    with unit_of_work(town.engine) as db:
        assert not db.exec(select(Case).where(Case.name == day.case)).all()
        row = db.get_one(Opportunity, withdrawn)
        row.state = ListingState.PUBLISHED
        db.add(row)
    assert phone.cookies() == []
    for each in (desk, phone, other):
        each.close()


def _opens_a_case(day: Day) -> None:
    page = day.page
    page.goto(f"/{day.lang}/desk/cases")
    page.locator("a[href$='/cases/new']").click()
    page.fill("#f-pseudonym", "Jazmín")
    page.select_option("#f-language", "ar" if day.lang == "en" else "es")
    page.select_option("#f-consent", "spoken")
    page.fill("#f-want-1", WANTED)
    page.select_option("#f-want-level-1", "2")
    _look(page, day)
    page.locator("button[name=plan]").click()
    page.wait_for_url("**/plan")
    _look(page, day)


def _compares_three_routes(day: Day) -> None:
    page = day.page
    found = page.locator("input[name=route]").count()
    assert found >= 3
    page.locator("form[action$='/routes'] button").click()
    page.wait_for_url("**/compare")
    day.case = re.sub(r"^.*/desk/cases/|/compare$", "", page.url)
    expect(page.locator(".compare thead th")).to_have_count(found)
    _look(page, day)


def _hands_one_over(day: Day) -> None:
    page = day.page
    page.locator(".besides h2 a").first.click()
    day.route = page.url
    page.fill("#f-own", "más barato")
    page.fill("#f-learner", "مرحبا بك")
    page.locator("form[action$='/beside'] button").click()
    page.wait_for_url("**done=beside")
    page.locator("button[value=choose]").click()
    page.wait_for_url("**done=choose")
    _look(page, day)
    page.locator("form[action$='/hand-over'] button").click()
    day.link = page.locator("#f-link").input_value()
    _look(page, day)


def _learner_looks(theirs: Page, day: Day) -> None:
    theirs.goto(day.link)
    expect(theirs.locator("html")).to_have_attribute("lang", "ar" if day.lang == "en" else "es")
    expect(theirs.locator("main")).to_contain_text("مرحبا بك")
    expect(theirs.locator("main")).not_to_contain_text("Jazmín")
    _no_fault(theirs)


def _is_told_and_checks(day: Day) -> None:
    page = day.page
    page.goto(f"/{day.lang}/desk/cases")
    expect(page.locator(".need")).to_have_count(1)
    _look(page, day)
    page.locator(".need ul a").first.click()
    assert page.url == day.route
    expect(page.locator("main ul.note.warn")).not_to_be_empty()
    day.go("")
    _look(page, day)
    page.locator("form[action$='/check'] button").click()
    page.wait_for_url("**done=checked**")


def _is_no_page_for(stranger: Page, day: Day) -> None:
    _sign_in(stranger, "en", "other")
    for rest in ("", "/profile", "/plan", "/compare", "/together", "/export", "/erase"):
        answer = stranger.goto(f"/{day.lang}/desk/cases/{day.case}{rest}")
        assert answer
        assert answer.status == 404


def _erases(day: Day) -> None:
    day.go("/erase")
    _look(day.page, day)
    day.page.check("input[name=sure]")
    day.page.locator("main form button").click()
    day.page.wait_for_url("**/cases?done=erased")


def _withdraw_last(town: House, case: str) -> int:
    with unit_of_work(town.engine) as db:
        row = db.exec(select(CaseRoute).join(Case).where(Case.name == case, CaseRoute.chosen)).one()
        number = carrying.unpack(row.carried).legs[-1].opportunity
        listing = db.get_one(Opportunity, number)
        listing.state = ListingState.WITHDRAWN
        db.add(listing)
    return number


def _sign_in(page: Page, lang: str, who: str) -> None:
    page.goto(f"/{lang}/sign-in")
    page.fill("#f-email", f"{who}@villaclara.example")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{lang}/desk")


def _look(page: Page, day: Day) -> None:
    """What axe finds is only seen with scripts: it is one."""
    if day.scripts:
        _no_fault(page)


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
