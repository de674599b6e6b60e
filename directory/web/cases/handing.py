"""Handing over: a link to one route, shown once, and taking it back."""

from urllib.parse import urljoin

from flask import request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import house
from directory.errors import Invalid
from directory.services.cases import handing_over, opening, planning
from directory.services.cases.handing_over import Terms
from directory.web.cases import blueprint as at
from directory.web.cases import words as said
from directory.web.cases.planning import case_page
from directory.web.codes import qr_code
from directory.web.desk import frame


@at.post("/<name>/routes/<int:number>/hand-over")
def hand_over(lang: str, name: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Make a link to a route, and show it now and never again."""
    try:
        with at.changing(name) as (work, case):
            contents = opening.read(case, key=at.key())
            terms = Terms(
                at.given("language"),
                at.number("days"),
                contents.pseudonym if "addressed" in request.form else "",
            )
            token = handing_over.hand_over(
                work,
                access.account(),
                case,
                planning.route(work, case, number),
                terms=terms,
                settings=house().settings,
            )
    except Invalid as invalid:
        return case_page(at.opened(name), invalid)
    path = url_for("plans.show", lang=terms.language, token=token)
    address = urljoin(house().settings.public_url or request.host_url, path)
    return frame.render(
        "cases/case_handed.html",
        case=case,
        contents=contents,
        number=number,
        address=address,
        sheet=url_for("plans.sheet", lang=terms.language, token=token),
        calendar=url_for("plans.calendar", lang=terms.language, token=token),
        qr=qr_code(address),
        language=said.languages()[terms.language],
    )


@at.post("/<name>/links/<int:number>/revoke")
def revoke(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    with at.changing(name) as (work, case):
        handing_over.revoke(work, access.account(), case, number, now=at.now())
    return at.back(lang, name, "revoked", "links")
