"""The desk's front: what there is for whoever signed in, and the way out."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.web.desk import frame

desk = Blueprint("desk", __name__)


@desk.get("/<lang:lang>/desk")
@access.needs()
def show(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """What there is to do."""
    return frame.render("desk/front.html")


@desk.post("/<lang:lang>/desk/sign-out")
@access.needs()
def sign_out(lang: str) -> ResponseReturnValue:
    """End this session."""
    access.let_out()
    return redirect(url_for("sign_in.show", lang=lang, note="left"), 303)
