"""Pictures of its pages in English and Arabic, on a phone and on a desk, of the demo city.

Run with ``make screenshots``; it serves Villaclara from a folder of its own, on a fixed Monday.
"""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from waitress import create_server

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.services import demo, indexing, topics, upkeep
from directory.settings import Settings

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES = {
    "home": "/{lang}/",
    "search": "/{lang}/search?day=sat&after=10:00&format=workshop",
    "map": "/{lang}/search?type=space&view=map&kind=library",
    "opportunity": "/{lang}/opportunities/{opportunity}",
    "space": "/{lang}/spaces/biblioteca-del-puente",
    "profile": "/{lang}/routes",
    "routes": "/{lang}/routes",
    "shared": "/{lang}/routes",
    "sheet": "/{lang}/routes",
}
WIDTHS = (360, 1280)
SENTENCE = {
    "en": "I know a little Spanish and want Spanish up to independent, I live in Ribera",
    "ar": "أعرف القليل من الإسبانية وأريد أن أتعلم الإسبانية حتى مستوى مستقل، أسكن في الضفة",
}


def villaclara(folder: Path) -> House:
    """The demo city in a folder of its own."""
    house = House.of(
        Settings(_env_file=None, data_dir=folder, now="2026-11-23T09:00", secret_key="pictures")
    )
    upkeep.migrate(house.engine)
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=now)
        demo.load(db, now=now, settings=house.settings)
    indexing.sync(house.engine, house.index, currency=house.settings.currency)
    return house


def course(house: House) -> str:
    """Slug of a course that leads to Spanish, for the picture of a listing."""
    from sqlmodel import col, select  # noqa: PLC0415

    from directory.models import Opportunity, Teaches  # noqa: PLC0415

    with unit_of_work(house.engine) as db:
        statement = (
            select(Opportunity.slug)
            .join(Teaches)
            .where(
                Teaches.topic_key == "spanish",
                Teaches.level_to == 1,
                Opportunity.format == "course",
            )
            .order_by(col(Opportunity.id))
        )
        return db.exec(statement).first() or ""


def planned(page: Page, lang: str) -> None:
    """Plan from a sentence, and look at the route with most kinds of place."""
    page.fill("#f-words", SENTENCE[lang])
    page.locator("form.profile > p.chips button").first.click()
    page.wait_for_load_state()
    page.locator(".choices button").last.click()
    page.wait_for_load_state()


def picture(browser: Browser, address: str, name: str, path: str, lang: str, width: int) -> None:
    """One page in one language at one width; the routes page with a route on it."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address + path)
    if name == "profile":
        page.locator("#q-when summary").click()
    if name in {"routes", "shared", "sheet"}:
        planned(page, lang)
    if name in {"shared", "sheet"}:
        link = page.locator("a[href$='/sheet']").get_attribute("href") or ""
        page.goto(address + (link if name == "sheet" else link.removesuffix("/sheet")))
    if name in {"routes", "shared"}:
        page.wait_for_selector(".pin")
    if name == "map":
        page.wait_for_selector(".pin")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}-{lang}-{width}.png", full_page=name != "search")
    context.close()


def main() -> int:
    """Make every picture anew."""
    path = shutil.which("chromium")
    if path is None:
        print("there is no Chromium on this machine", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = villaclara(Path(folder))
        server = create_server(create_app(house=house), host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        slug = course(house)
        for name, pattern in PAGES.items():
            for lang in ("en", "ar"):
                for width in WIDTHS:
                    picture(
                        browser,
                        address,
                        name,
                        pattern.format(lang=lang, opportunity=slug),
                        lang,
                        width,
                    )
        browser.close()
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
