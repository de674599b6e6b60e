"""One journey, three ways: find a free evening course near a district, open it, put it in a route."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "#q")
    page.keyboard.type("español")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    _tab_to(page, "#f-after")
    page.keyboard.type("17")
    _tab_to(page, "#f-near")
    page.keyboard.type("Ribera")
    _tab_to(page, "#f-within")
    page.keyboard.type("5")
    _tab_to(page, "input[name=price_max][value='']")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=price_max][value='0']")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**price_max=0**")
    expect(page.locator(".row").first).to_be_visible()
    _tab_to(page, ".row h2 a")
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)
    _tab_to(page, "button[data-keep]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/routes")
    expect(page.locator("form .chosen a")).to_have_text(title)


def test_without_javascript_in_both_directions(chromium: Browser, address: str) -> None:
    for lang in ("en", "ar"):
        context = chromium.new_context(
            base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 740}
        )
        page = context.new_page()
        page.goto(f"/{lang}/")
        page.fill("#q", "español")
        page.locator(".find button").click()
        page.locator(".phone a").click()
        page.select_option("#f-after", "17:00")
        page.fill("#f-near", "Ribera")
        page.select_option("#f-within", "5")
        page.check("input[name=price_max][value='0']")
        page.locator(".filters button:not(.bare)").click()
        assert "price_max=0" in page.url
        row = page.locator(".row").first
        expect(row.locator(".tag.free")).to_be_visible()
        title = row.locator("h2 a").text_content() or ""
        row.locator("h2 a").click()
        expect(page.locator("h1")).to_have_text(title)
        page.locator("button[data-keep]").click()
        expect(page.locator("form .chosen a")).to_have_text(title)
        page.locator("form.profile > p.chips button").first.click()
        expect(page.locator(".station").first).to_be_visible()
        context.close()


def test_what_was_filled_in_stays_in_the_browser_until_it_is_forgotten(page: Page) -> None:
    page.goto("/en/routes")
    page.fill("#f-want-1", "Spanish")
    page.locator("summary", has_text="Money, age and access").click()
    page.fill("#f-age", "34")
    page.get_by_role("button", name="Show me routes").click()
    expect(page.locator("h1")).to_have_text(re.compile("Your route to|Plan a route"))
    assert "34" not in page.url.partition("/en/")[2]
    page.goto("/en/routes")
    expect(page.locator("#f-want-1")).to_have_value("Spanish")
    expect(page.locator("#f-age")).to_have_value("34")
    page.get_by_role("button", name="Forget what I filled in").click()
    page.wait_for_load_state()
    expect(page.locator("#f-want-1")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0
    assert page.context.cookies() == []


def test_near_me_asks_only_when_pressed(chromium: Browser, address: str) -> None:
    context = chromium.new_context(
        base_url=address,
        geolocation={"latitude": 40.99312, "longitude": -4.48612},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto("/en/")
    page.get_by_role("button", name="Near me").click()
    page.wait_for_url("**/search?**near=40.993**")
    expect(page.locator(".row").first).to_contain_text("m")
    context.close()


def test_the_map_shows_the_stations_of_the_list(page: Page) -> None:
    page.goto("/en/search?type=space&view=map")
    page.wait_for_selector(".pin")
    rows = page.locator(".row[data-lat]").all()
    named = " ".join(pin.get_attribute("title") or "" for pin in page.locator(".pin").all())
    assert rows
    for number, row in enumerate(rows, start=1):
        assert f"{number}. {row.locator('a').first.text_content()}" in named
    page.locator(".pin").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a[href*='/spaces/']").first).to_be_visible()


def _tab_to(page: Page, selector: str, most: int = 150) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")
