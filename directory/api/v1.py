"""Version 1 of the JSON interface."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from directory.api import documents, planning, suggestions
from directory.api.problems import invalid, problem
from directory.edge import counting, locale
from directory.edge.house import city, db, house
from directory.edge.searching import find
from directory.errors import Invalid
from directory.services import asking, guidance, listings, profiles

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """Find listings; see ``services.asking.PARAMETERS`` for what may be asked."""
    asked = asking.read(
        db(), request.args.to_dict(flat=False), city=city(), settings=house().settings, strict=True
    )
    if asked.problems:
        return invalid(asked.problems)
    answer = find(asked.request, asked.q)
    counting.searched(asked, answer, language=locale.tag(), shown=False)
    return jsonify(documents.answer(answer, asked, city().tree))


@api.get("/suggest")
def suggest() -> Response:
    """What somebody who is still typing may mean."""
    q, problems = suggestions.read(request.args.to_dict(flat=False))
    if problems:
        return invalid(problems)
    response = jsonify(suggestions.document(suggestions.find(q)))
    response.headers["Cache-Control"] = suggestions.CACHE
    response.vary.add("Accept-Language")
    return response


@api.get("/opportunities/<name>")
def opportunity(name: str) -> Response:
    """One opportunity, whole."""
    _only_language()
    row = listings.opportunity(db(), name)
    return jsonify(documents.opportunity(row, now=house().settings.clock()))


@api.get("/spaces/<name>")
def space(name: str) -> Response:
    """One space, whole."""
    _only_language()
    return jsonify(documents.space(listings.space(db(), name), now=house().settings.clock()))


@api.post("/routes")
def plan_routes() -> Response:
    """Learning routes for a profile, which is used for the answer and forgotten."""
    _only_language()
    tree = city().tree
    given = request.get_json(silent=True)
    if given is None:
        return problem(
            400, "Not JSON", "Send a JSON object with the content type application/json."
        )
    profile = profiles.read(db(), given, tree=tree)
    planned = guidance.plan_routes(db(), house().guide, profile, settings=house().settings)
    return jsonify(planning.document(planned, tree))


@api.get("/topics")
def all_topics() -> Response:
    """The topic tree."""
    _only_language()
    listed: list[dict[str, Any]] = [
        {
            "key": topic.key,
            "parent": topic.parent,
            "isced": topic.isced,
            "labels": topic.labels,
            "synonyms": topic.called,
        }
        for topic in city().tree.topics.values()
    ]
    return jsonify({"topics": listed})


def _only_language() -> None:
    """Refuse parameters of a document that depends on nothing but its language."""
    given = request.args.to_dict(flat=False)
    settings = house().settings
    asked = asking.read(
        db(), given, city=city(), settings=settings, parameters=("lang",), strict=True
    )
    if asked.problems:
        raise Invalid(asked.problems)
