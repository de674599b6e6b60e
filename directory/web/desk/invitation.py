"""The invitation: a link that lets its holder set a password, once and for seven days."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import formats, throttle
from directory.edge.house import db, house, writing
from directory.errors import Invalid, NotFound
from directory.services import accounts
from directory.web.desk import frame

invitation = Blueprint("invitation", __name__)


@invitation.get("/<lang:lang>/sign-in/invitation/<token>")
def show(lang: str, token: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Ask for a password."""
    return _page(token)


@invitation.post("/<lang:lang>/sign-in/invitation/<token>")
@throttle.tries
def accept(lang: str, token: str) -> ResponseReturnValue:
    """Set the password; then one signs in with it."""
    password = request.form.get("password", "")
    try:
        with writing() as work:
            accounts.accept(work, token, password=password, now=house().settings.clock())
    except Invalid as invalid:
        return _page(token, invalid)
    except NotFound:
        return _page(token)
    return redirect(url_for("sign_in.show", lang=lang, note="set"), 303)


def _page(token: str, invalid: Invalid | None = None) -> ResponseReturnValue:
    try:
        account = accounts.invited(db(), token, now=house().settings.clock())
    except NotFound:
        return make_response(render_template("desk/invitation.html", account=None), 404)
    body = render_template(
        "desk/invitation.html",
        account=account,
        isolated=formats.isolated(account.name),
        token=token,
        problems=frame.messages(invalid) if invalid else {},
    )
    return make_response(body, frame.UNPROCESSABLE if invalid else 200)
