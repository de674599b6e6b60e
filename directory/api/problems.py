"""Problem details (RFC 9457): what was wrong with a request, as a document."""

from dataclasses import replace
from typing import Any

from flask import Response, jsonify

from directory.edge.messages import problem_message
from directory.errors import Problem
from directory.search.analysis import clean

MEDIA_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **members: Any) -> Response:
    """An answer that says what is wrong; ``members`` are extensions of the document."""
    document = {"type": "about:blank", "title": title, "status": status}
    if detail:
        document["detail"] = detail
    response = jsonify(document | members)
    response.status_code = status
    response.content_type = MEDIA_TYPE
    return response


def invalid(problems: tuple[Problem, ...]) -> Response:
    """A 422 that names each parameter and what would have been accepted.

    What was given is shown back without what no document can hold, such as half a character.
    """
    shown = [replace(p, field=clean(p.field), value=clean(p.value)) for p in problems]
    listed = [
        {
            "parameter": each.field,
            "code": each.code,
            "value": each.value,
            "detail": problem_message(each),
            **({"allowed": list(each.allowed)} if each.allowed else {}),
        }
        for each in shown
    ]
    detail = " ".join(str(entry["detail"]) for entry in listed)
    return problem(422, "Invalid parameters", detail, errors=listed)
