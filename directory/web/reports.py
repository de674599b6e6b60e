"""Reports: the form for a mistake in a listing, and the page that tells what came of it."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.database import unit_of_work
from directory.edge import formats, links, reporting
from directory.edge.house import db, house
from directory.errors import Invalid, NotFound, Problem
from directory.models import Report
from directory.models.reports import ReportKind
from directory.services import expiring, freshness, listings, tokens
from directory.services import reports as rules
from directory.services.freshness import Listing
from directory.services.texts import words
from directory.web.form import Form
from directory.web.page import Link

reports = Blueprint("reports", __name__)

# Nobody sees this field, so whoever fills it in is a program.
TRAP = "nickname"
_FIELDS = ("kind", "words", "email", TRAP)


@reports.get("/<lang:lang>/<any(opportunities, spaces):what>/<slug>/report")
def ask(lang: str, what: str, slug: str) -> Response:
    """The empty form."""
    return _answer(lang, what, _published(what, slug), Form())


@reports.post("/<lang:lang>/<any(opportunities, spaces):what>/<slug>/report")
def take(lang: str, what: str, slug: str) -> AnyResponse:
    """Keep what was reported, or say what is missing."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    try:
        number = _keep(lang, what, slug, typed)
    except Invalid as invalid:
        listing = _published(what, slug)
        return _answer(lang, what, listing, Form.of(typed, invalid.problems), 422)
    token = links.report_token(house().settings, number, now=house().settings.clock())
    return redirect(url_for("reports.show", lang=lang, token=token), 303)


@reports.get("/<lang:lang>/reports/<token>")
def show(lang: str, token: str) -> Response:
    """What came of a report; its address is known to whoever made it alone."""
    settings = house().settings
    says = tokens.read(settings.signing_key(), tokens.REPORT, token, now=settings.clock()).says
    report = rules.load(db(), int(says["r"]))
    listing = report.listing
    body = render_template(
        "pages/reported.html",
        listing=_link(lang, listing),
        kind=str(reporting.KINDS[report.kind]),
        said=report.words,
        written=_day(report),
        told=bool(report.email),
        outcome=str(reporting.OUTCOMES[report.outcome]) if report.outcome else "",
        note=report.note,
    )
    return private(make_response(body))


def private(response: Response) -> Response:
    """A page whose address is a secret: nobody keeps it and no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _keep(lang: str, what: str, slug: str, typed: dict[str, str]) -> int:
    if typed[TRAP]:
        raise Invalid((Problem(TRAP, "leave-empty"),))
    with unit_of_work(house().engine) as work:
        listing = expiring.named(work, what, slug)
        if listing is None:
            raise NotFound("listing", slug)
        report = rules.take(
            work,
            listing,
            kind=typed["kind"],
            said=typed["words"],
            email=typed["email"],
            language=lang,
            now=house().settings.clock(),
        )
        return int(report.id or 0)


def _published(what: str, slug: str) -> Listing:
    return listings.space(db(), slug) if what == "spaces" else listings.opportunity(db(), slug)


def _answer(lang: str, what: str, listing: Listing, form: Form, status: int = 200) -> Response:
    body = render_template(
        "pages/report.html",
        form=form,
        title=words(listing, "title", lang),
        listing=_link(lang, listing),
        action=url_for("reports.take", lang=lang, what=what, slug=listing.slug),
        kinds=[{"value": kind.value, "label": str(reporting.KINDS[kind])} for kind in ReportKind],
        most=rules.MOST_WORDS,
        trap=TRAP,
    )
    response = make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _link(lang: str, listing: Listing) -> Link:
    endpoint = {"space": "spaces.show", "opportunity": "opportunities.show"}
    url = url_for(endpoint[freshness.type_of(listing)], lang=lang, slug=listing.slug)
    return Link(url, words(listing, "title", lang).value)


def _day(report: Report) -> str:
    return formats.short_date(report.written.astimezone(house().settings.zone))
