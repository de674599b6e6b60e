"""Review: what was handed in and waits for an editor, the longest waiting first."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from directory.edge import access
from directory.edge.house import db
from directory.models import Draft
from directory.models.vocabulary import DraftState, Role
from directory.web.desk import frame
from directory.web.drafts import shown

review = Blueprint("review", __name__)

_AT_ONCE = 200


@review.get("/<lang:lang>/desk/review")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def index(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The queue."""
    waiting = select(Draft).where(Draft.state == DraftState.SUBMITTED)
    rows = db().exec(waiting.order_by(col(Draft.submitted)).limit(_AT_ONCE)).all()
    return frame.render("drafts/review.html", waiting=[shown.line(draft) for draft in rows])
