"""Sharing a case with a colleague, and renewing the learner's consent."""

from flask import request
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import house
from directory.errors import Invalid
from directory.services.cases import opening
from directory.web.cases import blueprint as at
from directory.web.cases.planning import case_page
from directory.web.desk import frame


@at.post("/<name>/shares")
def share(lang: str, name: str) -> ResponseReturnValue:
    """Let a colleague see the case."""
    try:
        with at.changing(name, owner=True) as (work, case):
            opening.share(
                work,
                access.account(),
                case,
                email=at.given("email"),
                may_write="write" in request.form,
                now=at.now(),
            )
    except Invalid as invalid:
        return case_page(at.opened(name), invalid, typed=frame.typed())
    return at.back(lang, name, "shared", "shares")


@at.post("/<name>/shares/<int:number>/remove")
def unshare(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Let a colleague see the case no longer."""
    with at.changing(name, owner=True) as (work, case):
        opening.unshare(work, access.account(), case, number, now=at.now())
    return at.back(lang, name, "unshared", "shares")


@at.post("/<name>/consent")
def renew(lang: str, name: str) -> ResponseReturnValue:
    """The learner agreed once more."""
    settings = house().settings
    today = at.now().astimezone(settings.zone).date()
    try:
        consent = opening.agreed(
            at.given("consent_day"), at.given("consent"), at.given("months"), today=today
        )
        with at.changing(name) as (work, case):
            opening.renew(work, access.account(), case, consent, settings=settings)
    except Invalid as invalid:
        return case_page(at.opened(name), invalid, typed=frame.typed())
    return at.back(lang, name, "renewed", "consent")
