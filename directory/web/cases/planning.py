"""Planning with a learner: the case itself, routes found, kept, compared, annotated, checked."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access, locale, presenting
from directory.edge.comparing import Compared, comparison
from directory.edge.house import city, db, house, writing
from directory.edge.itineraries import cost, span, stations
from directory.edge.reasons import constraint_in_words, label_in_words, notes_in_words
from directory.edge.speech import gettext
from directory.edge.weeks import weeks
from directory.errors import Conflict, Invalid
from directory.models import Account
from directory.models.vocabulary import CaseEventKind
from directory.services import carrying, itineraries
from directory.services.cases import attention, handing_over, opening, outcomes, planning
from directory.services.cases.contents import Contents
from directory.services.cases.contents import words as unsealed
from directory.services.cases.opening import Seen
from directory.services.cases.outcomes import Told
from directory.services.cases.planning import Annotation
from directory.web.cases import blueprint as at
from directory.web.cases import words as said
from directory.web.cases.asked import asked_form
from directory.web.cases.shown import compared, full, kept, kept_one
from directory.web.codes import qr_code
from directory.web.desk import frame
from directory.web.route_acts import acted
from directory.web.route_planning import Made, planned_for
from directory.web.route_questions import understood
from directory.web.what_ifs import ways_out


@at.get("/<name>")
def show(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Everything of one case, what matters today first."""
    return case_page(at.opened(name))


def case_page(
    seen: Seen, invalid: Invalid | None = None, *, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    """The page of a case, with what was refused said beside its field."""
    case = seen.case
    contents = opening.read(case, key=at.key())
    needs = attention.needs(db(), [case], now=at.now()).get(case.id or 0, [])
    events = opening.events(db(), case)
    return frame.render(
        "cases/case.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        seen=seen,
        case=case,
        contents=contents,
        language=said.languages()[case.language],
        answers=understood(asked_form(contents.profile)),
        needs=[said.need_in_words(need) for need in needs],
        routes=kept(case),
        shortlist=[
            {
                "id": row.id,
                "title": presenting.opportunity_row(listing, None),
                "reason": unsealed(row.sealed, key=at.key()),
            }
            for row, listing in planning.shortlisted(db(), case)
        ],
        notes=[
            {"text": unsealed(row.sealed, key=at.key()), "by": who.name, "at": said.moment(row.at)}
            for row, who in planning.notes(db(), case)
        ],
        links=[_link(row) for row in handing_over.handed_over(db(), case)],
        consents=[
            {"day": said.day(c.given), "how": str(said.CONSENTS[c.how]), "until": said.day(c.until), "text": c.text}
            for c in opening.consents(db(), case)
        ],
        expires=said.day(case.expires),
        consent_options=said.options("", said.CONSENTS),
        months=said.options(str(opening.USUAL_MONTHS), said.months()),
        today=at.now().astimezone(house().settings.zone).date(),
        shares=opening.shares(db(), case),
        events=[_event(event.what, who, event.at) for event, who in events] if seen.is_owner else [],
        owner="" if seen.is_owner else _owner(case.owner_id),
        problems=frame.messages(invalid) if invalid else {},
        typed=typed or {},
        done=_done(request.args.get("done", "")),
    )  # fmt: skip


@at.get("/<name>/plan")
def plan(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Routes for what the case tells, side by side, to keep some of them."""
    return _plan_page(at.opened(name))


@at.post("/<name>/plan")
def plan_with(lang: str, name: str) -> ResponseReturnValue:
    """Loosen one limit as was offered, and plan again."""
    with at.changing(name) as (work, case):
        contents = opening.read(case, key=at.key())
        profile = acted({**contents.profile, "whatif": [at.given("whatif")]})
        opening.change(
            work,
            access.account(),
            case,
            contents=Contents(contents.pseudonym, contents.goals, contents.limits, profile),
            language=case.language,
            version=case.version,
            settings=house().settings,
        )
    return redirect(url_for("cases.plan", lang=lang, name=name), 303)


def _plan_page(seen: Seen) -> ResponseReturnValue:
    contents = opening.read(seen.case, key=at.key())
    form = asked_form(contents.profile)
    asked = any(form.given.get(name) for name in ("wants", "keep"))
    made = planned_for(form) if asked else None
    blocked = made.planned.plan.blocked if made else None
    if blocked is not None and seen.may_write:
        with writing() as work:
            case = opening.seen(work, access.account(), seen.case.name, now=at.now()).case
            planning.not_found(work, case, form.given.get("wants", {}), blocked.constraint)
    tree = city().tree
    planned = made.planned if made else None
    return frame.render(
        "cases/case_plan.html",
        seen=seen,
        case=seen.case,
        contents=contents,
        form=form,
        answers=understood(form),
        asked=asked,
        found=_found(made) if made else [],
        comparison=_compared(made) if made else None,
        notes=notes_in_words(planned.plan.notes, tree, planned.titles(locale.tag()))
        if planned
        else [],
        blocked={
            "why": constraint_in_words(blocked.constraint), "ways": ways_out(blocked),
        }
        if blocked
        else None,
    )  # fmt: skip


def _found(made: Made) -> list[dict[str, Any]]:
    found = []
    for n, route in enumerate(made.planned.plan.routes, start=1):
        itinerary = itineraries.of(made.planned, route)
        found.append(
            {
                "number": n,
                "name": label_in_words(route.label),
                "value": f"{route.label}|{carrying.pack(itinerary.carried(now=at.now()))}",
                "span": span(itinerary),
                "cost": cost(itinerary),
                "stations": stations(itinerary, city().tree),
            }
        )
    return found


def _compared(made: Made) -> Any:
    routes = made.planned.plan.routes
    if len(routes) < 2:  # noqa: PLR2004 - one has nothing beside it
        return None
    return comparison(
        [
            Compared(
                label_in_words(route.label),
                itineraries.of(made.planned, route),
                route.travel_minutes,
                route.hours_per_week,
            )
            for route in routes
        ]
    )


@at.post("/<name>/routes")
def keep(lang: str, name: str) -> ResponseReturnValue:
    """Keep the routes that were ticked."""
    by = access.account()
    try:
        with at.changing(name) as (work, case):
            for value in request.form.getlist("route")[: planning.MOST_ROUTES]:
                label, _, carried = value.partition("|")
                planning.keep(work, by, case, label=label, carried=carried, now=at.now())
    except Invalid as invalid:
        return case_page(at.opened(name), invalid)
    return redirect(url_for("cases.compare", lang=lang, name=name), 303)


@at.get("/<name>/compare")
def compare(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The kept routes side by side, with what is written beside each."""
    seen = at.opened(name)
    routes = kept(seen.case)
    return frame.render(
        "cases/case_compare.html",
        seen=seen,
        case=seen.case,
        contents=opening.read(seen.case, key=at.key()),
        language=said.languages()[seen.case.language],
        routes=routes,
        comparison=compared(routes),
    )


@at.get("/<name>/together")
def together(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The same in the learner's language, to be looked at together; nothing else of the case."""
    seen = at.opened(name)
    routes = kept(seen.case)
    return frame.render(
        "cases/case_together.html",
        case=seen.case,
        back=access.account().language,
        routes=[{"route": each, **full(each)} for each in routes],
        comparison=compared(routes),
    )


@at.get("/<name>/routes/<int:number>")
def route(lang: str, name: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """One kept route in full."""
    return _route_page(at.opened(name), number)


def _route_page(
    seen: Seen,
    number: int,
    invalid: Invalid | None = None,
    *,
    typed: Annotation | None = None,
) -> ResponseReturnValue:
    shown = kept_one(seen.case, number)
    refused = invalid is not None or typed is not None
    return frame.render(
        "cases/case_route.html",
        status=(409 if typed else frame.UNPROCESSABLE) if refused else 200,
        seen=seen,
        case=seen.case,
        contents=opening.read(seen.case, key=at.key()),
        route=shown,
        language=said.languages()[seen.case.language],
        languages=said.options(seen.case.language, said.languages()),
        days=said.options(str(handing_over.USUAL_DAYS), said.days()),
        outcomes=said.options("", said.OUTCOMES),
        limits=said.options("", {each: said.LIMITS[each] for each in outcomes.LIMITS}),
        weeks=weeks(shown.opened.itinerary),
        mine=typed,
        problems=frame.messages(invalid) if invalid else {},
        done=_done(request.args.get("done", "")),
        **{name: value for name, value in full(shown).items() if name == "stations"},
    )


@at.post("/<name>/routes/<int:number>")
def act(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Choose a route, take it as it is now, or keep it no longer."""
    by, what = access.account(), at.given("act")
    try:
        with at.changing(name) as (work, case):
            row = planning.route(work, case, number)
            if what == "choose":
                planning.choose(work, by, case, row, now=at.now())
            elif what == "accept":
                planning.take_as_is(work, by, case, row, now=at.now())
            elif what == "remove":
                planning.remove(work, by, case, row, now=at.now())
    except Invalid as invalid:
        return _route_page(at.opened(name), number, invalid)
    if what == "remove":
        return at.back(lang, name, "removed")
    return _to_route(lang, name, number, what)


@at.post("/<name>/routes/<int:number>/beside")
def annotate(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Write beside a route, unless somebody else has meanwhile."""
    typed = Annotation(at.given("own"), at.given("learner"))
    try:
        with at.changing(name) as (work, case):
            planning.annotate(
                work,
                access.account(),
                case,
                planning.route(work, case, number),
                annotation=typed,
                version=at.number("version"),
                settings=house().settings,
            )
    except Conflict:
        return _route_page(at.opened(name), number, typed=typed)
    except Invalid as invalid:
        return _route_page(at.opened(name), number, invalid)
    return _to_route(lang, name, number, "beside")


@at.post("/<name>/routes/<int:number>/outcome")
def tell(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Note what became of a step."""
    try:
        with at.changing(name) as (work, case):
            outcomes.tell(
                work,
                access.account(),
                case,
                planning.route(work, case, number),
                at.number("step"),
                told=Told(at.given("what"), at.given("limit"), at.given("why")),
                settings=house().settings,
            )
    except Invalid as invalid:
        return _route_page(at.opened(name), number, invalid)
    return _to_route(lang, name, number, "outcome")


@at.post("/<name>/check")
def check(lang: str, name: str) -> ResponseReturnValue:
    """Look at every route anew."""
    with at.changing(name) as (work, case):
        changed = planning.check(work, access.account(), case, now=at.now())
    return at.back(lang, name, "valid" if not changed else "checked", "routes")


@at.get("/<name>/routes/<int:number>/sheet")
def sheet(lang: str, name: str, number: int) -> ResponseReturnValue:
    """One route on paper, in the language of this address; the code opens it without the case."""
    seen = at.opened(name)
    shown = kept_one(seen.case, number)
    with writing() as work:
        case = opening.seen(work, access.account(), name, now=at.now()).case
        opening.note_event(work, access.account(), case, CaseEventKind.PRINTED, now=at.now())
    payload = carrying.pack(shown.opened.itinerary.carried(now=at.now()))
    address = url_for("shared_routes.show", lang=lang, payload=payload, _external=True)
    return frame.render(
        "cases/case_sheet.html",
        case=seen.case,
        route=shown,
        beside=shown.beside.learner,
        title=gettext("Your route"),
        qr=qr_code(address),
        printed=said.day(at.now()),
        **full(shown),
    )


def _to_route(lang: str, name: str, number: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("cases.route", lang=lang, name=name, number=number, done=done), 303)


def _link(row: Any) -> dict[str, Any]:
    over = row.revoked or row.expires <= at.now()
    return {
        "id": row.id,
        "route": row.route_id,
        "language": said.languages()[row.language],
        "made": said.day(row.made),
        "expires": said.day(row.expires),
        "revoked": said.day(row.revoked) if row.revoked else "",
        "good": not over,
    }


def _event(what: CaseEventKind, who: Account, when: Any) -> dict[str, str]:
    return {"what": str(said.EVENTS[what]), "by": who.name, "at": said.moment(when)}


def _owner(number: int) -> str:
    row = db().get(Account, number)
    return row.name if row else ""


def _done(what: str) -> str:
    return {
        "changed": gettext("What the case tells is saved."),
        "valid": gettext("Every route is still as it was."),
        "checked": gettext("Some routes are not as they were; see below."),
        "noted": gettext("Noted."),
        "listed": gettext("On the shortlist."),
        "removed": gettext("The route is kept no longer; links to it open nothing."),
        "choose": gettext("This is the route the learner goes."),
        "accept": gettext("The route is kept as it is now."),
        "beside": gettext("Written beside the route."),
        "outcome": gettext("Noted what became of it."),
        "revoked": gettext("The link opens nothing from now on."),
        "shared": gettext("Your colleague sees the case now."),
        "unshared": gettext("Your colleague sees the case no longer."),
        "renewed": gettext("Consent is renewed."),
    }.get(what, "")
