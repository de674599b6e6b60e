"""Page: what every page shows around its own content."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from flask import current_app, g, request, url_for
from markupsafe import Markup

from directory import languages
from directory.edge import formats, locale
from directory.edge.addresses import public_url
from directory.edge.house import db, house
from directory.edge.presenting import localized
from directory.edge.speech import gettext
from directory.languages import Language
from directory.services import upkeep


@dataclass(frozen=True)
class Link:
    """Somewhere to go."""

    url: str
    label: str
    current: bool = False
    tag: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Tiles:
    """A tile server the city configured, or nothing."""

    url: str
    attribution: str


@dataclass(frozen=True)
class Page:
    """The frame of a page."""

    language: Language
    site: str
    city: str
    promise: str
    css: Markup
    version: str
    menu: tuple[Link, ...]
    languages: tuple[Link, ...]
    alternates: tuple[Link, ...]
    tiles: Tiles

    @property
    def desk_css(self) -> Markup:
        """What the pages of the desk need besides."""
        return Markup(stylesheet("desk"))  # noqa: S704 - our own file


def page() -> Page:
    """The frame of the page being made."""
    if "page" not in g:
        city = city_name()
        g.page = Page(
            language=locale.current(),
            site="Vereda" + (f" · {city}" if city else ""),
            city=city,
            promise=gettext("No cookies, no tracking. What you search for is not tied to you."),
            css=Markup(stylesheet()),  # noqa: S704 - our own file
            version=scripts_digest(),
            menu=tuple(_menu()),
            languages=tuple(link for link in _translations() if link.tag != locale.tag()),
            alternates=tuple(_translations(absolute=True)),
            tiles=Tiles(house().settings.tiles_url, house().settings.tiles_attribution),
        )
    found: Page = g.page
    return found


@dataclass(frozen=True)
class Pages:
    """Where one is in a list too long for one page."""

    previous: str
    next: str
    label: str

    @classmethod
    def of(cls, page: int, last: int, address: Callable[[int], str]) -> "Pages":
        """Before and after a page; of one beyond the last, the last is before."""
        return cls(
            previous=address(min(page - 1, last)) if page > 1 else "",
            next=address(page + 1) if page < last else "",
            label=gettext(
                "Page %(page)s of %(last)s", page=formats.number(page), last=formats.number(last)
            ),
        )


def city_name() -> str:
    """The city's name in the reader's language, empty when nobody has said it."""
    return localized(upkeep.city_names(db())) or house().settings.city_name


@lru_cache
def stylesheet(name: str = "vereda") -> str:
    """A style sheet: it travels inside the page, so the first view is one flight.

    What only those who have signed in see is in ``desk``, beside that of all pages.
    """
    folder = current_app.static_folder or ""
    lines = (Path(folder) / "css" / f"{name}.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.lstrip().startswith("/*"))


@lru_cache(maxsize=1)
def scripts_digest() -> str:
    """What tells these scripts from those of another version; it is a part of their address."""
    scripts = sorted((Path(current_app.static_folder or "") / "js").glob("*.js"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in scripts)).hexdigest()[:12]


@lru_cache(maxsize=1)
def stylesheet_digests() -> str:
    """The style sheets' digests, as a content security policy wants them."""
    digests = (hashlib.sha256(stylesheet(name).encode()).digest() for name in ("vereda", "desk"))
    return " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)


def _menu() -> list[Link]:
    lang = locale.tag()
    entries = (
        ("search", url_for("search.results", lang=lang), gettext("Search")),
        ("map", url_for("search.results", lang=lang, type="space", view="map"), gettext("Map")),
        ("topics", url_for("topics.index", lang=lang), gettext("Topics")),
        ("routes", url_for("routes.show", lang=lang), gettext("Routes")),
    )
    here = request.blueprint
    if here == "search" and request.args.get("view") == "map":
        here = "map"
    return [Link(url, label, current=name == here) for name, url, label in entries]


def _translations(*, absolute: bool = False) -> list[Link]:
    """This page in every language of the interface."""
    address = public_url if absolute else url_for
    endpoint = request.endpoint
    values = dict(request.view_args or {})
    if endpoint is None or "lang" not in values:
        endpoint, values = "home.show", {}
    # Not as keywords of url_for: “_external” in an address would be taken for its own.
    given = [(k, v) for k, several in request.args.lists() if k != "lang" for v in several]
    query = f"?{urlencode(given, errors='replace')}" if given else ""
    return [
        Link(
            address(endpoint, **{**values, "lang": tag}) + query,
            language.name,
            tag=tag,
            direction=language.direction,
        )
        for tag, language in languages.INTERFACE.items()
    ]
