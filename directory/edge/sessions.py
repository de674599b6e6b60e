"""Sessions: a signed cookie for those who sign in; public pages have none to look at."""

import re
from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response
from flask_wtf.csrf import CSRFProtect

from directory.edge.house import house

IDLE = timedelta(hours=12)

_DESK = re.compile(r"/[a-z]{2,3}/(desk|sign-in)(/.*)?", re.DOTALL)
_csrf = CSRFProtect()


def is_desk(path: str) -> bool:
    """Whether an address is of the part for those who sign in."""
    return _DESK.fullmatch(path) is not None


class DeskSessions(SecureCookieSessionInterface):
    """Sessions that exist at the desk only and end after some hours without a visit."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Nothing on public pages: reading it there is empty, writing to it is an error."""
        return super().open_session(app, request) if is_desk(request.path) else None

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:  # noqa: ARG002 - the interface's signature
        """Each visit begins the hours anew."""
        return session.modified or session.accessed

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the interface's signature
        """Where the site is reached by TLS, and not on a laptop without it."""
        return request.is_secure or house().settings.public_url.startswith("https:")


def register(app: Flask) -> None:
    """Give an application desk sessions, with tokens against forged posts."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="vereda",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # public forms act for nobody who is signed in
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.session_interface = DeskSessions()
    _csrf.init_app(app)
    app.before_request(_refuse_forged)
    app.after_request(_keep_nowhere)


def _refuse_forged() -> None:
    if is_desk(request.path):
        _csrf.protect()


def _keep_nowhere(response: Response) -> Response:
    if is_desk(request.path):
        response.headers["Cache-Control"] = "no-store"
    return response
