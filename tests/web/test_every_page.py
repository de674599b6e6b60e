"""Every kind of page, in every language: it answers, it is valid, and it is one flight."""

import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from directory.languages import INTERFACE
from directory.services import tokens
from tests.conftest import settings_in
from tests.pages import Visit


def token(purpose: tokens.Purpose, says: dict[str, object]) -> str:
    """A token a second younger than the demo city."""
    settings = settings_in(Path())
    return tokens.sign(
        settings.signing_key(), purpose, says, now=settings.clock() + timedelta(seconds=1)
    )


# Of every page template one address; a template without one is found below.
PAGES = {
    "home.html": "/{lang}/",
    "search.html": "/{lang}/search?q=taller",
    "opportunity.html": "/{lang}/opportunities/{opportunity}",
    "space.html": "/{lang}/spaces/biblioteca-del-puente",
    "topic.html": "/{lang}/topics/spanish",
    "topics.html": "/{lang}/topics",
    "provider.html": "/{lang}/providers/red-de-bibliotecas-de-villaclara",
    "providers.html": "/{lang}/providers",
    "routes.html": "/{lang}/routes",
    "shared_route.html": "/{lang}/routes/shared/{carried}",
    "route_sheet.html": "/{lang}/routes/shared/{carried}/sheet",
    "about.html": "/{lang}/about",
    "accessibility.html": "/{lang}/accessibility",
}
PAGES |= {
    "ideas.html": "/{lang}/ideas",
    "idea.html": "/{lang}/ideas/1",
    "idea_new.html": "/{lang}/ideas/new?q=vidrio",
    "idea_kept.html": "/{lang}/ideas/thanks?told=1",
    "idea_told.html": f"/{{lang}}/ideas/unfollow/{token(tokens.IDEA_UNFOLLOW, {'f': 1})}",
}
PAGES |= {
    "report.html": "/{lang}/spaces/biblioteca-del-puente/report",
    "reported.html": f"/{{lang}}/reports/{token(tokens.REPORT, {'r': 1})}",
    "still_true.html": f"/{{lang}}/still-true/{token(tokens.STILL_TRUE, {'l': ['space', 1]})}",
    "unsubscribe.html": f"/{{lang}}/unsubscribe/{token(tokens.UNSUBSCRIBE, {'d': 'x'})}",
}
# The first flight of a connection, and what of it the headers may take (measured: under 900 bytes).
ONE_FLIGHT = 14_600
HEADERS = 1_200


@pytest.mark.parametrize("lang", INTERFACE)
@pytest.mark.parametrize("template", PAGES)
def test_every_page_holds_what_every_page_must(
    visit: Visit, template: str, lang: str, opportunity: str, carried: str
) -> None:
    visit(PAGES[template].format(lang=lang, opportunity=opportunity, carried=carried))


def test_no_page_template_is_left_out() -> None:
    from tests.conftest import ROOT

    there = {path.name for path in (ROOT / "templates" / "pages").iterdir()}
    # A plan is handed over from a case: tests/web/cases visits it.
    assert there - {"error.html", "plan.html", "plan_sheet.html"} == set(PAGES)


@pytest.mark.parametrize("lang", INTERFACE)
@pytest.mark.parametrize("template", PAGES)
def test_the_first_view_is_one_flight_of_the_network(
    visit: Visit, template: str, lang: str, opportunity: str, carried: str
) -> None:
    page = visit(PAGES[template].format(lang=lang, opportunity=opportunity, carried=carried))
    weight = len(brotli.compress(page.html.encode(), quality=5))
    assert weight <= ONE_FLIGHT - HEADERS, weight


def test_pages_are_sent_compressed_and_an_unchanged_one_is_not_sent_again(client) -> None:
    answer = client.get("/en/about", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("lang", INTERFACE)
def test_nothing_of_a_page_comes_from_elsewhere(visit: Visit, lang: str) -> None:
    page = visit(f"/{lang}/search?view=map&type=space")
    loaded = [e.get("src") for e in page.all("script")] + [
        e.get("href") for e in page.all("link") if e.get("rel") != "alternate"
    ]
    assert all(address and address.startswith("/") for address in loaded)


@pytest.mark.parametrize(
    "query", ["_external=1", "_anchor=x", "_scheme=x", "_method=POST", "endpoint=x", "q=%ff"]
)
def test_words_of_the_framework_in_an_address_do_no_harm(visit: Visit, query: str) -> None:
    for path in ("/es/", "/es/search", "/es/about", "/es/topics"):
        visit(f"{path}?{query}")


def test_scripts_and_the_map_have_addresses_of_their_version(
    visit: Visit, client: FlaskClient
) -> None:
    page = visit("/en/search?view=map")
    (script,) = [x.get("src", "") for x in page.all("script")]
    version = script.partition("?v=")[2]
    code = client.get(script).get_data(as_text=True)
    assert len(version) == 12
    assert "import.meta.url" in code
    assert not re.search(r'import\("\./', code)
    (map_,) = [x for x in page.all("div") if x.get("id") == "map"]
    folder = map_.get("data-leaflet", "")
    assert re.fullmatch(r"/leaflet/[\d.]+/", folder)
    assert client.get(f"{folder}leaflet.js").status_code == 200
    assert client.get("/leaflet/0.1/leaflet.js").status_code == 404


def test_the_moment_of_a_filter_is_said_as_people_say_it(visit: Visit) -> None:
    moment = "2026-11-24T18:30"
    for lang, said in (
        ("en", "Open at Nov 24, 2026, 18:30"), ("es", "24 nov 2026, 18:30"), ("ar", "2026، 18:30"),
    ):  # fmt: skip
        chips = [x for x in visit(f"/{lang}/search?open_at={moment}").links() if "2026" in x]
        assert any(said in chip for chip in chips), chips
