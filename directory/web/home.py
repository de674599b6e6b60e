"""The front door: a search box, what is on this week, and the ways in."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    send_file,
    send_from_directory,
    url_for,
)
from xstatic.pkg import leaflet as leaflet_package

from directory.edge import formats, labels, locale, presenting
from directory.edge.house import city as known_city
from directory.edge.house import db, house
from directory.edge.searching import find, request_for
from directory.edge.speech import gettext
from directory.models.vocabulary import SpaceKind
from directory.services import finding, listings
from directory.services.texts import words
from directory.web.page import Link, city_name

home = Blueprint("home", __name__)

LEAFLET = str(leaflet_package.VERSION)
SHOWN_THIS_WEEK = 6


@dataclass(frozen=True)
class Way:
    """A way in, with how much lies behind it."""

    url: str
    label: str
    count: int
    icon: str = ""


@home.get("/")
def front() -> Any:
    """The front door in the language the browser likes best."""
    response = redirect(url_for("home.show", lang=locale.accepted()))
    response.headers["Vary"] = "Accept-Language"
    return response


@home.get("/<lang:lang>/")
def show(lang: str) -> str:
    """The home page."""
    city = city_name()
    today = house().settings.clock().astimezone(house().settings.zone).date()
    week: dict[str, Any] = {"from": today, "to": today + timedelta(days=6)}
    answer = _this_week()
    dated = _this_week(after=0)  # whole-day things go on anyway; what has an hour is news
    everything = find(request_for(per_page=0, facets=("topic",)))
    tree = known_city().tree
    kinds = _spaces_by_kind()
    return render_template(
        "pages/home.html",
        heading=(
            gettext("What would you like to learn in %(city)s?", city=city)
            if city
            else gettext("What would you like to learn?")
        ),
        chips=list(_chips(lang)),
        this_week=[presenting.row(item) for item in _varied(dated.items)],
        week_total=answer.total,
        week_url=url_for("search.results", lang=lang, type="opportunity", sort="date", **week),
        festival=_festival(lang),
        places=[
            Way(
                url_for("search.results", lang=lang, type="space", kind=kind),
                str(labels.KINDS_PLURAL[kind]),
                count,
                kind,
            )
            for kind in SpaceKind
            if (count := kinds.get(kind, 0))
        ],
        places_url=url_for("search.results", lang=lang, type="space", view="map"),
        topics=[
            Way(
                url_for("topics.show", lang=lang, key=key),
                tree.label(key, lang),
                everything.facets["topic"][key],
            )
            for key in tree.children.get(None, ())
            if everything.facets["topic"].get(key)
        ],
    )


@home.get("/base-map.geojson")
def base_map() -> Response:
    """The city's own map: districts, river, parks and streets; empty where it has none."""
    path = Path(house().settings.data_dir).resolve() / "map.geojson"
    if not path.exists():
        return Response(
            '{"type":"FeatureCollection","features":[]}', mimetype="application/geo+json"
        )
    return send_file(path, mimetype="application/geo+json", max_age=86400, conditional=True)


@home.url_defaults
def _leaflet_version(endpoint: str, values: dict[str, Any]) -> None:
    """It may be kept for a year, so its address tells which it is."""
    if endpoint == "home.leaflet":
        values.setdefault("version", LEAFLET)


@home.get("/leaflet/<version>/", defaults={"path": ""})
@home.get("/leaflet/<version>/<path:path>")
def leaflet(version: str, path: str) -> Response:
    """Leaflet's files, from its package: no other host is asked."""
    if not path or version != LEAFLET:
        abort(404)
    return send_from_directory(leaflet_package.BASE_DIR, path, max_age=31_536_000)


@home.get("/healthz")
def healthz() -> Response:
    """Alive, with a database; whether the index answers is said, and is not a failure."""
    listings.any_published(db())
    return Response("ok\n", mimetype="text/plain")


def _this_week(**asked: Any) -> finding.Answer:
    today = house().settings.clock().astimezone(house().settings.zone).date()
    request = request_for(
        facets=(),
        type="opportunity",
        first=today,
        last=today + timedelta(days=6),
        sort="date",
        per_page=60 if asked else 0,
        **asked,
    )
    return find(request)


def _varied(items: tuple[finding.Item, ...]) -> list[finding.Item]:
    """A few of the week's: at most one an organisation and two a day."""
    chosen: list[finding.Item] = []
    providers: set[int | None] = set()
    days: dict[str, int] = {}
    now = house().settings.clock()
    for item in items:
        dated = item.matched
        if dated is None or dated.end <= now:
            continue
        day = formats.local(dated.start, dated.timezone).date().isoformat()
        provider = item.shown.get("provider")
        if provider in providers or days.get(day, 0) > 1:
            continue
        providers |= {provider} - {None}
        days[day] = days.get(day, 0) + 1
        chosen.append(item)
    return chosen[:SHOWN_THIS_WEEK]


def _spaces_by_kind() -> dict[str, int]:
    return find(request_for(type="space", per_page=0, facets=("kind",))).facets["kind"]


def _chips(lang: str) -> list[Link]:
    today = house().settings.clock().astimezone(house().settings.zone).date()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    begin = today if today.weekday() == 6 else saturday  # noqa: PLR2004 - Sunday
    end = begin if today.weekday() == 6 else saturday + timedelta(days=1)  # noqa: PLR2004

    def to(**asked: Any) -> str:
        return url_for("search.results", lang=lang, type="opportunity", **asked)

    return [
        Link(to(**{"from": begin, "to": end, "sort": "date"}), gettext("This weekend")),
        Link(to(price_max=0), gettext("Free")),
        Link(to(after="18:00"), gettext("In the evening")),
        Link(to(language="ar"), gettext("In Arabic")),
        Link(to(age=8), gettext("With children")),
        Link(to(access="step-free"), gettext("Step-free")),
    ]


def _festival(lang: str) -> dict[str, Any] | None:
    """The next festival that has a programme of its own."""
    row = listings.next_festival(db(), now=house().settings.clock())
    if row is None:
        return None
    opportunity, occurrence = row
    start = formats.local(occurrence.start, occurrence.timezone)
    return {
        "title": words(opportunity, "title", lang),
        "summary": words(opportunity, "summary", lang),
        "url": url_for("opportunities.show", lang=lang, slug=opportunity.slug),
        "programme": url_for(
            "search.results", lang=lang, series=opportunity.external_id, sort="date"
        ),
        "when": gettext("From %(date)s", date=formats.long_date(start)),
    }
