"""Plans: the route a learner was handed, for whoever holds its link, while the link is good."""

from flask import Blueprint, Response, make_response, render_template, url_for

from directory.edge import calendars, formats, itineraries, weeks
from directory.edge.changes import change_in_words
from directory.edge.house import city, db, house
from directory.edge.speech import gettext
from directory.errors import NotFound
from directory.services.cases import handing_over, planning
from directory.services.cases.contents import words
from directory.services.itineraries import Opened
from directory.web.codes import qr_code

plans = Blueprint("plans", __name__)


@plans.get("/<lang:lang>/plan/<token>")
def show(lang: str, token: str) -> Response:
    """The route as it is now, and what changed since it was handed over."""
    return _page("pages/plan.html", lang, token)


@plans.get("/<lang:lang>/plan/<token>/sheet")
def sheet(lang: str, token: str) -> Response:
    """The same on one sheet of paper."""
    return _page("pages/plan_sheet.html", lang, token)


@plans.get("/<lang:lang>/plan/<token>.ics")
def calendar(lang: str, token: str) -> Response:
    """The same for a calendar."""
    try:
        opened, _, _ = _behind(token)
    except NotFound:
        return _nothing()
    written = calendars.calendar(opened.itinerary, city().tree, name=gettext("Your route"))
    response = make_response(written)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="vereda-{lang}.ics"'
    return _discreet(response)


def _behind(token: str) -> tuple[Opened, str, str]:
    """The route a link opens, how its learner is addressed, and what was written for them."""
    now, key = house().settings.clock(), house().settings.signing_key()
    link, row = handing_over.behind(db(), token, now=now)
    (opened,) = planning.opened(db(), [row], now=now)
    return opened, words(link.sealed, key=key), planning.annotation(row, key=key).learner


def _page(template: str, lang: str, token: str) -> Response:
    try:
        opened, addressed, beside = _behind(token)
    except NotFound:
        return _nothing()
    itinerary = opened.itinerary
    address = url_for("plans.show", lang=lang, token=token, _external=True)
    return _discreet(
        make_response(
            render_template(
                template,
                token=token,
                addressed=addressed,
                beside=beside,
                title=gettext("Your route"),
                span=itineraries.span(itinerary),
                cost=itineraries.cost(itinerary),
                stations=itineraries.stations(itinerary, city().tree),
                ticks=itineraries.ticks(itinerary),
                weeks=weeks.weeks(itinerary),
                changes=[change_in_words(change) for change in opened.changes],
                printed=formats.short_date(house().settings.clock()),
                qr=qr_code(address),
            )
        )
    )


def _nothing() -> Response:
    body = render_template(
        "pages/error.html",
        heading=gettext("This link opens nothing"),
        explanation=gettext(
            "Its time is over, or it was taken back. Whoever gave it to you can make a new one."
        ),
        successor=None,
    )
    return _discreet(make_response(body, 404))


def _discreet(response: Response) -> Response:
    """Kept nowhere, found by no search engine, told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
