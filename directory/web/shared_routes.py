"""A route in a link: the page, the calendar and the sheet of paper of whoever has its address."""

from flask import Blueprint, Response, make_response, render_template

from directory.edge import calendars, formats, itineraries, locale, weeks
from directory.edge.addresses import public_url
from directory.edge.changes import change_in_words
from directory.edge.house import city, db, house
from directory.edge.speech import gettext
from directory.errors import Invalid
from directory.services import carrying
from directory.services.itineraries import Itinerary, Opened, open_carried
from directory.web.codes import qr_code

shared_routes = Blueprint("shared_routes", __name__)

_MOST_TOPICS = 3


@shared_routes.get("/<lang:lang>/routes/shared/<payload>")
def show(lang: str, payload: str) -> Response:
    """A carried route as it is now, and what changed since."""
    opened = _open(payload)
    if opened is None:
        return _no_route()
    return _page("pages/shared_route.html", lang, payload, opened)


@shared_routes.get("/<lang:lang>/routes/shared/<payload>/sheet")
def sheet(lang: str, payload: str) -> Response:
    """The same on one sheet of paper."""
    opened = _open(payload)
    if opened is None:
        return _no_route()
    return _page("pages/route_sheet.html", lang, payload, opened)


@shared_routes.get("/<lang:lang>/routes/shared/<payload>.ics")
def calendar(lang: str, payload: str) -> Response:
    """The same for a calendar."""
    opened = _open(payload)
    if opened is None:
        return _no_route()
    written = calendars.calendar(opened.itinerary, city().tree, name=_title(opened.itinerary))
    response = make_response(written)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="vereda-{lang}.ics"'
    return response


def _open(payload: str) -> Opened | None:
    """The route a link carries; None if it carries none, or none of it is listed any more."""
    try:
        carried = carrying.unpack(payload)
    except Invalid:
        return None
    opened = open_carried(db(), carried, now=house().settings.clock())
    return opened if opened.itinerary.stops else None


def _no_route() -> Response:
    body = render_template(
        "pages/error.html",
        heading=gettext("There is no route in this link"),
        explanation=gettext(
            "Perhaps a part of the address was lost on its way; ask for the link once more."
        ),
        successor=None,
    )
    return make_response(body, 404)


def _page(template: str, lang: str, payload: str, opened: Opened) -> Response:
    itinerary = opened.itinerary
    address = public_url("shared_routes.show", lang=lang, payload=payload)
    return make_response(
        render_template(
            template,
            title=_title(itinerary),
            span=itineraries.span(itinerary),
            cost=itineraries.cost(itinerary),
            stations=itineraries.stations(itinerary, city().tree),
            ticks=itineraries.ticks(itinerary),
            weeks=weeks.weeks(itinerary),
            changes=[change_in_words(change) for change in opened.changes],
            made=formats.short_date(opened.made),
            printed=formats.short_date(house().settings.clock()),
            address=address,
            payload=payload,
            qr=qr_code(address),
        )
    )


def _title(itinerary: Itinerary) -> str:
    """Named after what its steps teach."""
    tree = city().tree
    topics = dict.fromkeys(next(iter(stop.gains), "") for stop in itinerary.stops)
    named = [tree.label(topic, locale.tag()) for topic in topics if topic][:_MOST_TOPICS]
    if not named:
        return gettext("A route")
    return gettext("A route: %(topic)s", topic=formats.listing(named))
