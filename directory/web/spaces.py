"""A space's page: where it is, when it is open, what is on there."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request, url_for

from directory.edge import counting, formats, hours, labels, locale, presenting
from directory.edge.house import city, db, house
from directory.edge.speech import gettext
from directory.models import Space
from directory.models.vocabulary import SpaceKind
from directory.services import listings, onward
from directory.services.texts import words
from directory.web.opportunities import Fact, access_facts, notes, truth_of
from directory.web.page import Link, Pages

spaces = Blueprint("spaces", __name__)

SHOWN = 12


@spaces.get("/<lang:lang>/spaces/<slug>")
def show(lang: str, slug: str) -> str:
    """One place of learning."""
    space = listings.space(db(), slug)
    counting.viewed(space)
    on = onward.at_space(db(), space, now=house().settings.clock())
    last = max(1, -(-len(on) // SHOWN))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    tree = city().tree
    return render_template(
        "pages/space.html",
        kind=space.kind,
        kind_line=str(labels.KINDS[space.kind]),
        crumbs=_crumbs(space),
        title=words(space, "title", lang),
        summary=words(space, "summary", lang),
        description=words(space, "description", lang),
        notes=list(notes(space)),
        truth=truth_of(space),
        topics=[
            Link(url_for("topics.show", lang=lang, key=key), tree.label(key, lang))
            for key in space.topics
        ],
        facts=list(_facts(space)),
        hours=hours.hours(space),
        no_hours=(
            gettext("Open all the time, from anywhere.")
            if space.kind == SpaceKind.ONLINE
            else gettext("The opening hours are not known here.")
        ),
        access=access_facts(space.access),
        place={"lat": space.lat, "lon": space.lon} if space.lat is not None else None,
        website=space.url,
        listed=[
            presenting.opportunity_row(listing, next_)
            for listing, next_ in on[(page - 1) * SHOWN : page * SHOWN]
        ],
        pages=Pages.of(page, last, lambda number: _page(space, number)),
        around=_around(space, len(on)),
    )


def _page(space: Space, number: int) -> str:
    return url_for("spaces.show", lang=locale.tag(), slug=space.slug, page=number, _anchor="on")


def _around(space: Space, total: int) -> Link | None:
    """A search for all that is on here, where that is more than a page of a place lists."""
    if total < onward.MOST or space.lat is None:
        return None
    url = url_for(
        "search.results",
        lang=locale.tag(),
        type="opportunity",
        near=f"{space.lat:.5f},{space.lon:.5f}",
        within=0.1,
        sort="date",
    )
    return Link(url, gettext("All that is on here"))


def _crumbs(space: Space) -> list[Link]:
    lang = locale.tag()
    crumbs = [
        Link(url_for("search.results", lang=lang, type="space"), gettext("Places")),
        Link(
            url_for("search.results", lang=lang, type="space", kind=space.kind),
            str(labels.KINDS_PLURAL[space.kind]),
        ),
    ]
    if space.district_key:
        district = presenting.district_name(space)
        url = url_for("search.results", lang=lang, type="space", district=space.district_key)
        crumbs.append(Link(url, district))
    return crumbs


def _facts(space: Space) -> Iterable[Fact]:
    lang = locale.tag()
    if space.address:
        yield Fact(gettext("Address"), formats.joined(space.address, space.postcode))
    if space.district:
        yield Fact(
            gettext("District"),
            presenting.district_name(space),
            url_for("search.results", lang=lang, district=space.district_key),
        )
    if space.provider:
        yield Fact(
            gettext("Run by"),
            words(space.provider, "title", lang).value,
            url_for("providers.show", lang=lang, slug=space.provider.slug),
        )
    if space.phone:
        yield Fact(gettext("Telephone"), space.phone)
    if space.lat is not None and space.lon is not None:
        near = f"{space.lat:.5f},{space.lon:.5f}"
        yield Fact(
            gettext("Round about"),
            gettext("What is near here"),
            url_for("search.results", lang=lang, near=near, within=1, sort="distance"),
        )
