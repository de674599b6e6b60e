"""The caseload: what needs attention today, every case, and a new one."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.errors import Conflict, Invalid
from directory.services import listings
from directory.services.cases import attention, opening
from directory.services.cases.contents import FIELDS, Contents
from directory.services.cases.opening import Seen
from directory.services.texts import words
from directory.web.cases import blueprint as at
from directory.web.cases import words as said
from directory.web.cases.asked import asked_form, asked_values, with_found
from directory.web.desk import frame
from directory.web.route_questions import questions


@at.get("")
def index(lang: str) -> ResponseReturnValue:
    """What needs attention today, then every case."""
    listed = opening.caseload(db(), access.account(), now=at.now())
    needs = attention.needs(db(), listed, now=at.now())
    rows = [_row(lang, case, needs.get(case.id or 0, [])) for case in listed]
    return frame.render(
        "cases/cases.html",
        today=sorted((row for row in rows if row["needs"]), key=lambda row: row["urgency"]),
        everything=sorted(rows, key=lambda row: row["pseudonym"].casefold()),
        done=gettext("The case is erased, with everything in it.")
        if request.args.get("done") == "erased"
        else "",
    )


_URGENT = ("changed", "begins", "outcome", "expires", "silent")


def _row(lang: str, case: Any, needs: list[attention.Need]) -> dict[str, Any]:
    listed = sorted(needs, key=lambda need: _URGENT.index(need.code))
    return {
        "url": url_for("cases.show", lang=lang, name=case.name),
        "pseudonym": opening.read(case, key=at.key()).pseudonym,
        "language": said.languages()[case.language],
        "contact": said.day(case.contact),
        "expires": said.day(case.expires),
        "shared": case.owner_id != access.account().id,
        "urgency": _URGENT.index(listed[0].code) if listed else len(_URGENT),
        "needs": [{"text": said.need_in_words(n), "url": _where(lang, case, n)} for n in listed],
    }


def _where(lang: str, case: Any, need: attention.Need) -> str:
    """The one page on which something can be done about it."""
    if need.route:
        return url_for("cases.route", lang=lang, name=case.name, number=need.route)
    anchor = "consent" if need.code == "expires" else "notes"
    return url_for("cases.show", lang=lang, name=case.name, _anchor=anchor)


@at.get("/new")
def ask(lang: str) -> ResponseReturnValue:
    """The form of a new case: one page, of which pseudonym and consent are enough."""
    return _form(lang, {}, values={"language": lang, "months": str(opening.USUAL_MONTHS)})


@at.post("/new")
def make(lang: str) -> ResponseReturnValue:
    """Open a case."""
    sent = asked_values(request.form.to_dict(flat=False))
    settings = house().settings
    today = at.now().astimezone(settings.zone).date()
    try:
        consent = opening.agreed(
            at.given("consent_day"), at.given("consent"), at.given("months"), today=today
        )
        with writing() as work:
            case = opening.make(
                work,
                access.account(),
                contents=_contents(sent),
                language=at.given("language"),
                consent=consent,
                settings=settings,
            )
    except Invalid as invalid:
        return _form(lang, sent, values=frame.typed(), invalid=invalid)
    onward = "cases.plan" if "plan" in request.form else "cases.show"
    return redirect(url_for(onward, lang=lang, name=case.name), 303)


@at.get("/<name>/profile")
def edit(lang: str, name: str) -> ResponseReturnValue:
    """What the case tells of the learner, to be changed."""
    seen = at.opened(name)
    contents = opening.read(seen.case, key=at.key())
    return _form(
        lang,
        dict(contents.profile),
        values={**_plain(contents), "language": seen.case.language},
        seen=seen,
        version=seen.case.version,
    )


@at.post("/<name>/profile")
def change(lang: str, name: str) -> ResponseReturnValue:
    """Write it anew, unless somebody else has meanwhile."""
    sent = asked_values(request.form.to_dict(flat=False))
    try:
        with at.changing(name) as (work, case):
            opening.change(
                work,
                access.account(),
                case,
                contents=_contents(sent),
                language=at.given("language"),
                version=at.number("version"),
                settings=house().settings,
            )
    except (Invalid, Conflict) as refused:
        seen = opening.seen(db(), access.account(), name, now=at.now())
        conflict = isinstance(refused, Conflict)
        return _form(
            lang,
            sent,
            values=frame.typed(),
            invalid=None if conflict else refused,  # type: ignore[arg-type]
            seen=seen,
            version=seen.case.version if conflict else at.number("version"),
            differs=_differences(seen, sent) if conflict else [],
        )
    if "plan" in request.form:
        return redirect(url_for("cases.plan", lang=lang, name=name), 303)
    return at.back(lang, name, "changed")


def _contents(sent: dict[str, list[str]]) -> Contents:
    asked = with_found(sent, at.given("found"))
    return Contents(at.given("pseudonym"), at.given("goals"), at.given("limits"), asked)


def _plain(contents: Contents) -> dict[str, str]:
    return {
        "pseudonym": contents.pseudonym,
        "goals": contents.goals,
        "limits": contents.limits,
    }


def _differences(seen: Seen, sent: dict[str, list[str]]) -> list[dict[str, str]]:
    """What the case says now against what was typed, field by field."""
    now = opening.read(seen.case, key=at.key())
    there = {**_plain(now), "language": seen.case.language, "profile": _told(dict(now.profile))}
    mine = {**frame.typed(), "profile": _told(sent)}
    names = {
        "pseudonym": gettext("Pseudonym"),
        "language": gettext("Language of the learner"),
        "goals": gettext("Goals, in words"),
        "limits": gettext("To keep in mind"),
        "profile": gettext("Answers"),
    }
    return [
        {"label": names[field], "there": there[field], "mine": mine.get(field, "")}
        for field in FIELDS
        if there[field].strip() != mine.get(field, "").strip()
    ]


def _told(sent: dict[str, Any]) -> str:
    answers = questions(asked_form(sent)).answers
    return " · ".join(text for text in answers.values() if text)


def _form(
    lang: str,
    sent: dict[str, Any],
    *,
    values: dict[str, str],
    invalid: Invalid | None = None,
    seen: Seen | None = None,
    version: int = 0,
    differs: list[dict[str, str]] | None = None,
) -> ResponseReturnValue:
    form = asked_form(sent)
    refused = invalid is not None or bool(differs)
    status = 409 if differs else frame.UNPROCESSABLE
    return frame.render(
        "cases/case_form.html",
        status=status if refused else 200,
        case=seen.case if seen else None,
        may_write=seen.may_write if seen else True,
        values=values,
        form=form,
        questions=questions(form),
        chosen=[
            {"slug": slug, "title": words(row, "title", lang)}
            for slug, row in listings.all_titled(db(), form.chosen.get("keep", ())).items()
        ],
        version=version,
        differs=differs or [],
        problems=frame.messages(invalid) if invalid else {},
        languages=said.options(values.get("language", lang), said.languages()),
        consents=said.options(values.get("consent", ""), said.CONSENTS),
        months=said.options(values.get("months", ""), said.months()),
        today=_today(),
    )


def _today() -> date:
    return at.now().astimezone(house().settings.zone).date()
