"""Unmet: what learners could not find, for whoever can do something about it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from directory.edge import access, locale
from directory.edge.house import city, db
from directory.models.vocabulary import Role
from directory.services.cases import outcomes
from directory.web.cases import words as said
from directory.web.desk import frame

unmet = Blueprint("unmet", __name__)


@unmet.get("/<lang:lang>/desk/not-found")
@access.needs(Role.COUNSELLOR, Role.EDITOR, Role.ADMINISTRATOR)
def show(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Topics by what was in the way, counted in cases, never of few."""
    groups, few = outcomes.not_found(db())
    tree = city().tree
    return frame.render(
        "cases/unmet.html",
        groups=[
            {
                "topic": tree.label(group.topic, locale.tag()),
                "limit": said.limit_in_words(group.limit),
                "cases": group.cases,
            }
            for group in groups
        ],
        few=few,
        least=outcomes.LEAST,
    )
