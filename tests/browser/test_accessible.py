"""No page has an accessibility fault that axe can find, in either direction, size or light."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.test_every_page import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Each page in both directions, both sizes and both lights; a fault is rarely of just one pairing.
VIEWS = {
    "en, phone, light": ("en", 360, "light"),
    "ar, desk, dark": ("ar", 1280, "dark"),
}
EXTRA = {
    "search with nothing found": "/{lang}/search?q=zzzz&district=ribera",
    "search with mistakes": "/{lang}/search?from=soon&near=nowhere",
    "map": "/{lang}/search?type=space&view=map",
    "not found": "/{lang}/opportunities/nothing",
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", [*PAGES, *EXTRA])
def test_axe_finds_nothing(
    chromium: Browser, address: str, name: str, view: str, opportunity: str, carried: str
) -> None:
    lang, width, scheme = VIEWS[view]
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    path = {**PAGES, **EXTRA}[name].format(lang=lang, opportunity=opportunity, carried=carried)
    page.goto(address + path)
    if name == "map":
        page.wait_for_selector(".pin")
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
    assert across <= 0, f"{across} px too wide"
    context.close()


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_320_pixels(
    chromium: Browser, address: str, name: str, lang: str, opportunity: str, carried: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address + PAGES[name].format(lang=lang, opportunity=opportunity, carried=carried))
    box = page.locator("main").bounding_box()
    assert box
    assert box["width"] <= 320
    wide = page.locator("main *:visible")
    assert wide.count() > 0
    context.close()
