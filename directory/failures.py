"""Failures: each kind of no, mapped once, to a page for people and a document for programs."""

import math

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from directory.api.documents import address
from directory.api.problems import invalid, problem
from directory.edge import access, formats, locale, throttle
from directory.edge.house import db, house
from directory.edge.speech import gettext
from directory.errors import Gone, Invalid, NotFound, SignInNeeded
from directory.services import listings, merged
from directory.services.texts import words
from directory.web.page import Link


def register(app: Flask) -> None:
    """Handle what rules refuse and what goes wrong."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Gone, _gone)
    app.register_error_handler(Invalid, lambda error: invalid(error.problems))
    app.register_error_handler(SignInNeeded, _sign_in_first)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)


def _for_programs() -> bool:
    return request.path.startswith("/api/")


def _page(status: int, heading: str, explanation: str, successor: Link | None = None) -> Response:
    body = render_template(
        "pages/error.html", heading=heading, explanation=explanation, successor=successor
    )
    return make_response(body, status)


def _not_found(error: NotFound) -> Response:
    if _for_programs():
        return problem(404, "Not found", str(error))
    if error.what == "link":
        return _page(
            404,
            gettext("This link no longer works"),
            gettext("It is too old, or a part of it got lost. The newest mail has one that works."),
        )
    return _page(
        404,
        gettext("Not found"),
        gettext(
            "There is nothing called “%(name)s” here. Perhaps a search finds it:", name=error.name
        ),
    )


def _gone(error: Gone) -> ResponseReturnValue:
    row = listings.successor(db(), error.what, error.replaced_by)
    if _for_programs():
        expired = error.expired.isoformat() if error.expired else None
        replaced_by = address(row) if row else None
        return problem(410, "Gone", str(error), replaced_by=replaced_by, expired=expired)
    if row and merged.is_merged(db(), error.what, error.name):
        return _lead_on(address(row))
    link = Link(address(row), words(row, "title", locale.tag()).value) if row else None
    if error.expired:
        explanation = gettext(
            "“%(name)s” was withdrawn on %(day)s because nobody had confirmed for a long time that"
            " it is still true. It is back as soon as whoever offers it says so.",
            name=error.name,
            day=formats.short_date(error.expired.astimezone(house().settings.zone)),
        )
    else:
        explanation = gettext("Whoever offered “%(name)s” has taken it out.", name=error.name)
    return _page(410, gettext("No longer offered"), explanation, link)


def _lead_on(to: str) -> ResponseReturnValue:
    """For good, as far as anybody knows; but it is asked again, as a merge can be undone."""
    answer = redirect(to, 301)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _sign_in_first(_error: SignInNeeded) -> ResponseReturnValue:
    return redirect(access.sign_in_address(), 303)


def _too_often(_error: RateLimitExceeded) -> Response:
    seconds = throttle.seconds_to_wait()
    wait = formats.duration(math.ceil(seconds / 60))
    explanation = gettext("That was tried too often. Try again in %(wait)s.", wait=wait)
    answer = _page(429, gettext("Please wait a little"), explanation)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _forged(_error: CSRFError) -> Response:
    explanation = gettext(
        "This form was open for too long, or did not come from this site. Nothing was changed:"
        " go back, load the page anew and send it again."
    )
    return _page(400, gettext("That did not work"), explanation)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirect is an exception to werkzeug
        return error.get_response()  # type: ignore[return-value]
    response = _refusal(error, status)
    # Such as Allow, which says what would do, and Retry-After.
    for name, value in error.get_headers(request.environ):
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _refusal(error: HTTPException, status: int) -> Response:
    if _for_programs():
        return problem(status, error.name, error.description or "")
    if status == 404:  # noqa: PLR2004 - the code says what it is
        return _page(404, gettext("Not found"), gettext("There is no page at this address."))
    return _page(status, gettext("That did not work"), error.description or error.name)


def _broken(_error: Exception) -> Response:
    if _for_programs():
        return problem(500, "Internal error", "The fault is ours and has been noted.")
    heading = gettext("Something broke")
    explanation = gettext("The fault is ours. Please try again in a moment.")
    try:
        return _page(500, heading, explanation)
    except Exception:  # noqa: BLE001 - whatever broke the page may break this one's frame too
        bare = f"<!doctype html><title>{escape(heading)}</title><h1>{escape(heading)}</h1>"
        return Response(f"{bare}<p>{escape(explanation)}</p>", status=500, mimetype="text/html")
