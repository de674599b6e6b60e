"""A resident's evening with a route: told, planned, changed, kept, shared, printed; three ways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SENTENCE = {
    "en": "I want to learn Spanish up to basic, I am free on Monday and Wednesday evenings",
    "ar": "أريد أن أتعلم الإسبانية، أنا متفرغ مساء الاثنين ومساء الأربعاء",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def plan(page: Page, lang: str, topic: str = "Spanish", **fields: str) -> None:
    page.goto(f"/{lang}/routes")
    page.fill("#f-want-1", topic)
    page.select_option("#f-want-level-1", "2")
    for name, value in fields.items():
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.fill(f"#f-{name}", value)
    page.locator("form.profile > p.chips button").first.click()
    expect(page.locator(".station").first).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_without_javascript_the_form_itself_carries_everything(
    chromium: Browser, address: str, lang: str
) -> None:
    context = chromium.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"/{lang}/routes")
    page.fill("#f-words", SENTENCE[lang])
    page.locator("form.profile > p.chips button").first.click()
    expect(page.locator("#told")).to_be_visible()
    titles = page.locator(".station h3").all_text_contents()
    page.locator(".station .acts button[value^='swap:']").first.click()
    expect(page.locator("[role=status]")).to_be_visible()
    assert page.locator(".station h3").first.text_content() != titles[0]
    expect(page.locator(".decided li")).to_have_count(1)
    page.locator(".decided button").first.click()
    assert page.locator(".station h3").all_text_contents() == titles
    page.locator("aside a.button").nth(2).click()
    assert "/routes/shared/" in page.url
    assert page.locator(".station h3").all_text_contents() == titles
    assert context.cookies() == []
    context.close()


def test_by_keyboard_alone_a_step_is_swapped_and_focus_stays_at_the_answer(page: Page) -> None:
    page.goto("/en/routes")
    page.locator("#f-want-1").focus()
    page.keyboard.type("Spanish")
    page.keyboard.press("Enter")
    expect(page.locator(".station").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    for _ in range(40):
        if page.evaluate("document.activeElement.value || ''").startswith("swap:"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail("the button cannot be reached")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("Without")
    assert page.url.endswith("/en/routes#answer")


def test_what_was_decided_is_there_again_and_a_listing_joins_it(
    page: Page, opportunity: str
) -> None:
    plan(page, "en")
    page.locator("button[value^='book:']").first.click()
    expect(page.locator(".tag", has_text="Booked")).to_have_count(1)
    page.goto(f"/en/opportunities/{opportunity}")
    page.locator("button[data-keep]").click()
    expect(page.locator(".decided li")).to_have_count(2)
    page.goto("/en/routes")
    expect(page.locator("#profile input[name=booked]")).to_have_count(1)
    expect(page.locator("#profile input[name=keep]")).to_have_count(1)
    page.get_by_role("button", name="Forget what I filled in").click()
    page.wait_for_load_state()
    assert page.evaluate("localStorage.length") == 0


def test_nothing_of_a_person_is_in_an_address_or_a_link(page: Page) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    plan(page, "en", age="61", budget="777", home="Ribera")
    page.get_by_role("link", name="Share").click()
    link = page.input_value("#f-link")
    for planted in ("61", "777", "ribera"):
        assert not any(
            re.search(rf"[=/]{planted}\b", address, re.IGNORECASE) for address in addresses
        )
    assert "777" not in page.content()
    assert page.url.startswith(link.partition("#")[0])


def test_a_route_is_kept_on_the_device_and_found_again(page: Page) -> None:
    plan(page, "en")
    page.get_by_role("button", name="Keep on this device").click()
    expect(page.get_by_role("button", name="Kept on this device")).to_be_disabled()
    page.goto("/en/routes")
    section = page.locator("[data-saved-routes]")
    expect(section).to_contain_text("As you kept it")
    section.locator("a").click()
    expect(page.locator("h1")).to_contain_text("A route: Spanish")
    page.goto("/en/routes")
    section.get_by_role("button", name="Remove").click()
    expect(section).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_sheet_is_one_page_black_on_white(
    chromium: Browser, address: str, carried: str, lang: str, scheme: str
) -> None:
    context = chromium.new_context(base_url=address, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/{lang}/routes/shared/{carried}/sheet")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    ink = "getComputedStyle(document.querySelector('.paper h2')).color"
    paper = "getComputedStyle(document.querySelector('.paper')).backgroundColor"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    expect(page.locator(".top")).to_be_hidden()
    context.close()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 360, "light"), ("ar", 1280, "dark")])
def test_axe_finds_nothing_on_a_planned_route(
    chromium: Browser, address: str, lang: str, width: int, scheme: str
) -> None:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"/{lang}/routes")
    page.fill("#f-words", SENTENCE[lang])
    page.locator("form.profile > p.chips button").first.click()
    expect(page.locator(".station").first).to_be_visible()
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = Axe().run(page, options={"runOnly": RULES})
    assert not found.response["violations"], found.generate_report()
    across = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert across <= 0, f"{across} px too wide"
    context.close()


def test_the_week_is_a_table_on_a_desk_and_a_list_on_a_phone(
    chromium: Browser, address: str, carried: str
) -> None:
    for width, shown in ((1280, True), (360, False)):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 800}, java_script_enabled=False
        )
        page = context.new_page()
        page.goto(f"/en/routes/shared/{carried}")
        head = page.locator(".agenda thead").first
        expect(head).to_be_visible(visible=shown)
        day = page.locator(".entry .onphone").first
        expect(day).to_be_visible(visible=not shown)
        context.close()


def test_in_arabic_the_week_begins_at_the_right(page: Page, carried: str) -> None:
    page.goto(f"/ar/routes/shared/{carried}")
    first, last = (page.locator(".agenda thead th").nth(n).bounding_box() for n in (0, 6))
    assert first
    assert last
    assert first["x"] > last["x"]
