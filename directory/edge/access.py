"""Access: who is signed in, what a view needs, and the way in and out."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from directory.edge import locale
from directory.edge.house import db
from directory.errors import SignInNeeded
from directory.models import Account
from directory.models.vocabulary import Role
from directory.services import accounts

View = TypeVar("View", bound=Callable[..., Any])

HALF_WAY = 300  # seconds between the password and the second factor

_OWN = re.compile(r"/[a-z]{2,3}/desk(/[\w./~%-]*)?(\?[\w.~%&=+:,-]*)?", re.ASCII)
_manager = LoginManager()
_manager.session_protection = "strong"


class Present(UserMixin):  # type: ignore[misc]
    """A signed-in person, as Flask-Login wants one."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """The key in the session: with another one in the account it opens nothing."""
        return self.account.session_key


@_manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_key: str) -> Present | None:
    row = accounts.holder(db(), session_key)
    return Present(row) if row else None


def register(app: Flask) -> None:
    """Give an application its way in."""
    _manager.init_app(app, add_context_processor=False)


def account() -> Account:
    """The signed-in account.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    if not current_user.is_authenticated:
        raise SignInNeeded
    found: Account = current_user.account
    return found


def is_signed_in() -> bool:
    """Whether somebody is signed in; only the desk may ask."""
    return bool(current_user.is_authenticated)


def needs(*roles: Role) -> Callable[[View], View]:
    """A view for these roles, or for anybody signed in; to all others there is no such page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if account().role not in (roles or Role):
                abort(404)
            return view(*args, **values)

        guarded.needs = frozenset(roles or Role)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def let_in(row: Account) -> None:
    """Begin a session; nothing of the one before stays."""
    session.clear()
    login_user(Present(row))


def let_out() -> None:
    """End this session."""
    logout_user()
    session.clear()


def let_half_in(row: Account, onward: str) -> None:
    """The password was right; what comes second is still to be shown."""
    session.clear()
    session["half"] = [row.session_key, datetime.now(UTC).timestamp(), onward]


def half_in() -> tuple[Account, str] | None:
    """Whoever gave the right password a moment ago, and where they want to go."""
    key, at, onward = session.get("half", ("", 0.0, ""))
    if not 0 <= datetime.now(UTC).timestamp() - at <= HALF_WAY:
        return None
    row = accounts.holder(db(), key)
    return (row, onward) if row else None


def safe_next(wanted: str) -> str:
    """Where to go after signing in: an address of the desk, or nowhere in particular."""
    return wanted if _OWN.fullmatch(wanted) else ""


def sign_in_address() -> str:
    """The sign-in page, from which one comes back to what was asked for."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return url_for("sign_in.show", lang=locale.tag(), next=safe_next(here) or None)
