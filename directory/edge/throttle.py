"""Throttle: how often somebody may guess, by where they are and by whom they say they are."""

import hashlib
import math
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Any])

PER_ADDRESS = "40 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"
PER_WRITER = "30 per hour"

_SALT = secrets.token_hex(16)
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def register(app: Flask) -> None:
    """Give an application counts of its own."""
    limiter.init_app(app)


def guesses(who: Callable[[], str]) -> Callable[[View], View]:
    """Bound the posts to a view: so many an address, so many an account, which ``who`` names."""

    def bound(view: View) -> View:
        by_account = limiter.limit(
            PER_ACCOUNT, key_func=lambda: _unreadable(who()), methods=["POST"]
        )
        by_address = limiter.limit(PER_ADDRESS, methods=["POST"])
        return by_address(by_account(view))  # type: ignore[return-value]

    return bound


def tries(view: View) -> View:
    """Bound the posts to a view by address alone, where nobody says who they are."""
    return limiter.limit(PER_ADDRESS, methods=["POST"])(view)  # type: ignore[return-value]


def words(view: View) -> View:
    """Bound how much one address writes that others are to read."""
    return limiter.limit(PER_WRITER, key_func=_somewhere, methods=["POST"])(view)  # type: ignore[return-value]


def typed_email() -> str:
    """The account somebody says they are."""
    return request.form.get("email", "").strip().casefold()


def seconds_to_wait() -> int:
    """How long until the limit that was reached lets through again."""
    reached = limiter.current_limit
    # It is told as the second after.
    return max(1, math.floor(reached.reset_at - time.time())) if reached else 60


def _somewhere() -> str:
    """Where somebody is, said so that no log tells it after this process has ended."""
    return _unreadable(_SALT + (request.remote_addr or ""))


def _unreadable(name: str) -> str:
    # The limiter tells its key to the log.
    return hashlib.sha256(name.encode()).hexdigest()
