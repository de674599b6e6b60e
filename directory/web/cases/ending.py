"""Telling everything, and erasing it."""

from typing import Any

import orjson
from flask import Response, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import house, writing
from directory.services.cases import erasing, opening
from directory.services.cases.contents import Contents
from directory.web.cases import blueprint as at
from directory.web.cases import words as said
from directory.web.cases.shown import kept
from directory.web.desk import frame


@at.get("/<name>/export")
def export(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Everything the case tells, to be read, in the language of this address."""
    seen = at.opened(name)
    told = _everything(name)
    return frame.render(
        "cases/case_export.html",
        case=seen.case,
        told=told,
        routes=kept(seen.case),
        words={
            "moment": said.moment,
            "events": said.EVENTS,
            "consents": said.CONSENTS,
            "outcomes": said.OUTCOMES,
            "limit": said.limit_in_words,
        },
    )


@at.get("/<name>/export.json")
def export_json(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The same for a program."""
    at.opened(name)
    response: Response = make_response(orjson.dumps(_everything(name), option=orjson.OPT_INDENT_2))
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="vereda-case.json"'
    return response


def _everything(name: str) -> dict[str, Any]:
    with writing() as work:
        case = opening.seen(work, access.account(), name, now=at.now()).case
        return erasing.everything(work, access.account(), case, settings=house().settings)


@at.get("/<name>/erase")
def ask_to_erase(lang: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """What would be erased, and what remains."""
    return _ask(at.opened(name))


@at.post("/<name>/erase")
def erase(lang: str, name: str) -> ResponseReturnValue:
    """Erase the case at once."""
    if at.given("sure") != "yes":
        return _ask(at.opened(name), invalid=True)
    with at.changing(name, owner=True) as (work, case):
        erasing.erase(work, case)
    return redirect(url_for("cases.index", lang=lang, done="erased"), 303)


def _ask(seen: opening.Seen, *, invalid: bool = False) -> ResponseReturnValue:
    contents: Contents = opening.read(seen.case, key=at.key())
    return frame.render(
        "cases/case_erase.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        seen=seen,
        case=seen.case,
        contents=contents,
        unsure=invalid,
    )
