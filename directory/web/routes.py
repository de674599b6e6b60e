"""The routes page: a form that keeps nothing on the server, and routes with real dates."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from directory.edge import formats, labels, locale, presenting
from directory.edge.facets import Labeller
from directory.edge.house import city, db, house
from directory.edge.reasons import (
    change_in_words,
    constraint_in_words,
    label_in_words,
    notes_in_words,
    reason_in_words,
)
from directory.edge.searching import find, request_for
from directory.edge.speech import gettext, ngettext
from directory.errors import Invalid
from directory.models.vocabulary import Access, Day
from directory.services import guidance, listings, profiles
from directory.services.guidance import Planned
from directory.services.texts import words
from directory.services.topics import Tree
from directory.web import profile_form
from directory.web.profile_form import ProfileForm

routes = Blueprint("routes", __name__)

SHOWN_DATES = 4
TRAVEL = (15, 30, 45, 60, 90)


@routes.get("/<lang:lang>/routes")
def show(lang: str) -> Response:
    """The empty form; a topic that a link brought is filled in."""
    tree = city().tree
    brought = {"want": request.args.getlist("want")}
    return _answer(lang, profile_form.read(brought, tree), tree, None)


@routes.post("/<lang:lang>/routes")
def plan(lang: str) -> Response:
    """Routes for what was filled in. Nothing is stored, so a repeated post harms nobody."""
    tree = city().tree
    form = profile_form.read(request.form.to_dict(flat=False), tree)
    planned = None
    if form.given.get("wants") or form.given.get("interests"):
        planned = _plan(form, tree)
    return _answer(lang, form, tree, planned)


def _plan(form: ProfileForm, tree: Tree) -> Planned | None:
    """Plan with what was understood; what was not is said beside its field."""
    given = dict(form.given)
    while True:
        try:
            profile = profiles.read(db(), given, tree=tree)
        except Invalid as invalid:
            names = {problem.field.split(".")[0] for problem in invalid.problems}
            for problem in invalid.problems:
                form.note(problem)
            if not names & set(given):
                return None
            for name in names:
                given.pop(name, None)
            continue
        return guidance.plan_routes(db(), house().guide, profile, settings=house().settings)


def _answer(lang: str, form: ProfileForm, tree: Tree, planned: Planned | None) -> Response:
    labeller = Labeller.of(tree)
    body = render_template(
        "pages/routes.html",
        form=form,
        kept=_kept(form, lang),
        topic_labels=sorted({tree.label(key, lang) for key in tree.topics}),
        level_options=profile_form.level_options(),
        want_rows=range(1, profile_form.WANTS + 1),
        know_rows=range(1, profile_form.KNOWS + 1),
        days=[{"value": d.value, "label": str(labels.DAYS[d])} for d in Day],
        parts=profile_form.part_labels(),
        languages=_languages(form),
        access=[{"value": a.value, "label": str(labels.ACCESS[a])} for a in Access],
        districts=[
            {"value": "", "label": gettext("Rather not say")},
            *({"value": k, "label": v} for k, v in sorted(labeller.districts.items())),
        ],
        travel=[
            {"value": "", "label": gettext("Any way is fine")},
            *({"value": str(n), "label": formats.duration(n)} for n in TRAVEL),
        ],
        currency=house().settings.currency,
        planned=_shown(planned, tree) if planned else None,
    )
    response = make_response(body)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _kept(form: ProfileForm, lang: str) -> list[dict[str, Any]]:
    """What the learner has chosen, by name; what is no longer there is dropped."""
    found = []
    for slug in profile_form.kept(form.chosen):
        row = listings.titled(db(), slug)
        if row is not None:
            url = url_for("opportunities.show", lang=lang, slug=slug)
            found.append({"slug": slug, "title": words(row, "title", lang), "url": url})
    return found


def _languages(form: ProfileForm) -> list[dict[str, Any]]:
    counts = find(request_for(per_page=0, facets=("language",))).facets
    spoken = sorted(counts["language"], key=lambda tag: -counts["language"][tag])[:8]
    chosen = form.chosen.get("languages", ())
    return [
        {"value": tag, "label": labels.language_name(tag), "selected": tag in chosen}
        for tag in dict.fromkeys((*spoken, *chosen))
    ]


def _shown(planned: Planned, tree: Tree) -> dict[str, Any]:
    made = planned.plan
    blocked = made.blocked
    return {
        "routes": [_route(route, planned, tree) for route in made.routes],
        "notes": notes_in_words(made.notes, tree, planned.titles(locale.tag())),
        "blocked": None
        if blocked is None
        else {
            "why": constraint_in_words(blocked.constraint),
            "change": change_in_words(blocked.smallest_change) if blocked.smallest_change else "",
        },
    }


def _route(route: Any, planned: Planned, tree: Tree) -> dict[str, Any]:
    currency = house().settings.currency
    cost = formats.price(route.cost, currency)
    travel = route.travel_minutes
    return {
        "label": label_in_words(route.label),
        "sums": [
            {"label": gettext("From begin to end"), "value": _weeks(route.weeks)},
            {
                "label": gettext("A week, at most"),
                "value": formats.duration(round(route.hours_per_week * 60)),
            },
            {
                "label": gettext("In all"),
                "value": cost if route.cost_known else gettext("%(cost)s or more", cost=cost),
            },
            *(
                [{"label": gettext("Longest way"), "value": formats.duration(round(travel))}]
                if travel
                else []
            ),
        ],
        "steps": [_step(step, planned, tree) for step in route.steps],
        "shares": _shares(route.reasons, route.score, tree),
    }


def _weeks(count: int) -> str:
    return ngettext("%(count)s week", "%(count)s weeks", count, count=formats.number(count))


def _step(step: Any, planned: Planned, tree: Tree) -> dict[str, Any]:
    listing = planned.listings[step.item_id]
    dates = planned.dates(step)
    row = presenting.opportunity_row(listing, dates[0] if dates else None)
    return {
        "row": row,
        "slug": listing.slug,
        "dates": [_date(each) for each in dates[:SHOWN_DATES]],
        "more": max(0, len(dates) - SHOWN_DATES),
        "gains": [
            gettext(
                "%(topic)s: %(level)s",
                topic=tree.label(key, locale.tag()),
                level=str(labels.LEVELS[level]).lower(),
            )
            for key, level in step.gains.items()
        ],
        "shares": _shares(step.reasons, step.score, tree),
    }


def _date(occurrence: Any) -> str:
    start = formats.local(occurrence.start, occurrence.timezone)
    return formats.joined(formats.long_date(start), formats.time_range(occurrence))


def _shares(reasons: Iterable[Any], score: float, tree: Tree) -> list[dict[str, str]]:
    """Each reason with its share of the score in per cent; the smallest are left to the JSON."""
    return [
        {
            "text": reason_in_words(reason, tree),
            "percent": formats.percent(reason.share / score) if score else "",
        }
        for reason in reasons
        if score and reason.share / score >= 0.02  # noqa: PLR2004 - below that, noise
    ]
