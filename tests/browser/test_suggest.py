"""Suggestions by keyboard alone, in both directions, and nothing of them where they cannot be."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BEGINNINGS = {"en": "mus", "ar": "مو"}
PAGES = ("/{lang}/", "/{lang}/search?q=taller")


def _typed(page: Page, path: str, text: str) -> tuple[Locator, Locator]:
    """The box with something typed in it, and the list that has opened."""
    page.goto(path)
    box = page.locator("#q[role=combobox]")
    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    popup = page.get_by_role("listbox")
    expect(popup).to_be_visible()
    return box, popup


@pytest.mark.parametrize("lang", BEGINNINGS)
@pytest.mark.parametrize("path", PAGES)
def test_by_keyboard_alone(page: Page, lang: str, path: str) -> None:
    box, popup = _typed(page, path.format(lang=lang), BEGINNINGS[lang])
    options = popup.get_by_role("option")
    last = options.count() - 1
    assert last > 0
    expect(page.locator(".finding [role=status]")).to_have_text(re.compile(r"\w"))
    expect(box).to_have_attribute("aria-expanded", "true")
    for key, chosen in (("ArrowDown", 0), ("ArrowDown", 1), ("End", last), ("Home", 0)):
        page.keyboard.press(key)
        _is_chosen(box, options.nth(chosen))
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "")
    page.keyboard.press("ArrowUp")
    _is_chosen(box, options.nth(last))
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(box).to_have_value(BEGINNINGS[lang])
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(popup).to_be_visible()
    page.keyboard.press("ArrowDown")
    goal = options.first.get_attribute("data-url") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(goal)
    expect(page.locator("h1")).to_be_visible()


def _is_chosen(box: Locator, option: Locator) -> None:
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "?")
    expect(box).to_be_focused()


def test_without_a_choice_enter_searches_and_tab_leaves(page: Page) -> None:
    box, popup = _typed(page, "/en/", "mus")
    page.keyboard.press("Tab")
    expect(popup).to_be_hidden()
    box.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search?q=mus")


def test_a_finger_follows_too(page: Page) -> None:
    _, popup = _typed(page, "/en/", "mus")
    option = popup.get_by_role("option").first
    goal = option.get_attribute("data-url") or ""
    option.click()
    page.wait_for_url(goal)


def _asked(page: Page) -> list[str]:
    """What the page asks for suggestions from now on, once its script is there."""
    expect(page.locator("#q")).to_have_attribute("role", "combobox")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_one_letter_is_too_few_except_where_it_is_a_word(page: Page) -> None:
    page.goto("/en/")
    asked = _asked(page)
    page.locator("#q").focus()
    page.keyboard.type("m")
    page.wait_for_timeout(400)
    assert asked == []
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("語")
    page.wait_for_timeout(400)
    assert len(asked) == 1


def test_somebody_who_types_on_is_asked_for_once(page: Page) -> None:
    page.goto("/en/")
    asked = _asked(page)
    page.locator("#q").evaluate(
        """box => { box.focus(); for (const letter of "museum") {
            box.value += letter; box.dispatchEvent(new Event("input")); } }"""
    )
    page.wait_for_timeout(500)
    assert len(asked) == 1


def test_nothing_opens_offline_or_after_an_error(page: Page) -> None:
    page.goto("/en/")
    page.route("**/api/v1/suggest*", lambda route: route.fulfill(status=500, body="no"))
    page.locator("#q").press_sequentially("mus")
    page.wait_for_timeout(400)
    expect(page.locator("#q-list")).to_be_hidden()
    page.context.set_offline(offline=True)
    page.locator("#q").press_sequentially("eum")
    page.wait_for_timeout(400)
    expect(page.locator("#q-list")).to_be_hidden()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 360, "light"), ("ar", 1280, "dark")])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_with_the_list_open(
    chromium: Browser, address: str, path: str, lang: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    _, popup = _typed(page, path.format(lang=lang), BEGINNINGS[lang])
    page.keyboard.press("ArrowDown")
    found = Axe().run(
        page,
        options={
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        },
    )
    assert not found.response["violations"], found.generate_report()
    expect(popup).to_be_visible()
    across = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert across <= 0
    context.close()


def test_the_script_is_small() -> None:
    assert (ROOT / "static" / "js" / "suggest.js").stat().st_size < 4096
