"""The routes page: a form that keeps nothing on the server, and routes with real dates."""

from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request

from directory.edge import locale
from directory.edge.house import city, db, house
from directory.edge.reasons import constraint_in_words, notes_in_words
from directory.edge.speech import gettext
from directory.models import Opportunity
from directory.services import guidance, listings
from directory.web import profile_form, route_acts
from directory.web.own_words import Told, tell
from directory.web.profile_form import ProfileForm
from directory.web.route_acts import DECIDED, slug_of
from directory.web.route_found import found_listing
from directory.web.route_page import plan_shown
from directory.web.route_planning import Made, planned_for
from directory.web.route_questions import decided, questions, understood
from directory.web.since import since
from directory.web.what_ifs import Try, tries, ways_out

routes = Blueprint("routes", __name__)


@routes.get("/<lang:lang>/routes")
def show(lang: str) -> Response:
    """The empty form; a topic that a link brought is filled in."""
    return _answer(lang, _read({"want": request.args.getlist("want")}), None, Told())


@routes.post("/<lang:lang>/routes")
def plan(lang: str) -> Response:
    """Routes for what was filled in. Nothing is stored, so a repeated post harms nobody."""
    sent, told = tell(route_acts.acted(request.form.to_dict(flat=False)))
    form = _read(sent)
    asked = any(form.given.get(name) for name in ("wants", "interests", "keep", "booked"))
    return _answer(lang, form, _plan(form) if asked else None, told)


def _read(sent: dict[str, list[str]]) -> ProfileForm:
    settings = house().settings
    today = settings.clock().astimezone(settings.zone).date()
    found = next(iter(sent.pop("found", [])), "").strip()
    slug = found_listing(found) if found else None
    if slug:
        sent["keep"] = [*sent.get("keep", []), slug]
    form = profile_form.read(sent, db(), city(), today=today)
    _forget_what_is_gone(form)
    if found and not slug:
        form.typed["found"] = found
        form.problems["found"] = gettext(
            "Nothing here is called “%(value)s”; nothing was added.", value=found[:80]
        )
    return form


def _decided_rows(form: ProfileForm) -> dict[str, Opportunity]:
    """The listings about which something was decided, asked for once a request."""
    if "decided" not in g:
        g.decided = listings.all_titled(db(), [slug_of(value) for _, value in form.decided])
    rows: dict[str, Opportunity] = g.decided
    return rows


def _forget_what_is_gone(form: ProfileForm) -> None:
    """What was decided about a listing that is withdrawn by now is left out, and said."""
    there = _decided_rows(form)
    for name in DECIDED:
        values = form.given.get(name, [])
        if any(slug_of(value) not in there for value in values):
            form.problems[name] = gettext("Something you chose is no longer offered.")
            form.given[name] = [value for value in values if slug_of(value) in there]


def _plan(form: ProfileForm) -> Made | None:
    verb, _, what = request.form.get("act", "").partition(":")
    return planned_for(
        form,
        request.form["before"] if _goes_on() else "",
        known=route_acts.slug_of(what) if verb == "known" else "",
    )


def _what_ifs(made: Made) -> list[Try]:
    here = house()
    return tries(guidance.what_ifs(db(), here.guide, made.profile, settings=here.settings))


def _answer(lang: str, form: ProfileForm, made: Made | None, told: Told) -> Response:
    planned = made.planned if made else None
    tree = city().tree
    shown = (
        plan_shown(planned, wanted=form.typed.get("show", ""), booked=form.chosen.get("booked", ()))
        if planned
        else None
    )
    route = shown.route if shown else None
    body = render_template(
        "pages/routes.html",
        form=form,
        told=told,
        sent=request.method == "POST",
        heading=_heading(form, found=route is not None),
        decided=decided(form, _decided_rows(form)),
        understood=understood(form),
        questions=questions(form),
        planned=planned,
        shown=shown,
        route=route,
        since=since(request.form["before"], route.payload) if route and _was_changed() else [],
        what_ifs=_what_ifs(made) if made and route else [],
        shaped_by=notes_in_words(planned.plan.shaped_by, tree, planned.titles(lang))
        if planned and route
        else [],
        notes=notes_in_words(planned.plan.notes, tree, planned.titles(lang)) if planned else [],
        blocked=_blocked(planned.plan.blocked) if planned else None,
    )
    response = make_response(body)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _goes_on() -> bool:
    """Whether the route on the page is to stay as far as it can; to take something back is not."""
    return _was_changed() and not request.form.get("act", "").startswith("undo:")


def _was_changed() -> bool:
    """Whether something was changed about a route on the page; to look at another is no change."""
    return "before" in request.form and not {"act", "whatif"}.isdisjoint(request.form)


def _heading(form: ProfileForm, *, found: bool) -> str:
    """Named after the first thing that was wanted."""
    wants = list(form.given.get("wants", ()))
    if not found:
        return gettext("Plan a route")
    if not wants:
        return gettext("Your route")
    return gettext("Your route to %(topic)s", topic=city().tree.label(wants[0], locale.tag()))


def _blocked(blocked: Any) -> dict[str, Any] | None:
    if blocked is None:
        return None
    return {"why": constraint_in_words(blocked.constraint), "ways": ways_out(blocked)}
