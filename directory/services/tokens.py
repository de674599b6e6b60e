"""Tokens: links that may do one thing, for so long, without anybody signing in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from directory.errors import NotFound

FOREVER = timedelta(days=36_500)


@dataclass(frozen=True)
class Purpose:
    """What a token is for; one for something else is worth nothing here."""

    name: str
    lasts: timedelta


STILL_TRUE = Purpose("still-true", timedelta(days=120))
UNSUBSCRIBE = Purpose("unsubscribe", timedelta(days=400))
IDEA_FOLLOW = Purpose("idea-follow", timedelta(days=7))
IDEA_UNFOLLOW = Purpose("idea-unfollow", timedelta(days=800))
REPORT = Purpose("report", FOREVER)


@dataclass(frozen=True)
class Token:
    """What a token says, and since when."""

    says: Mapping[str, Any]
    issued: datetime


def sign(key: str, purpose: Purpose, says: Mapping[str, Any], *, now: datetime) -> str:
    """A token for an address."""
    return _signer(key, purpose).dumps({**says, "at": int(now.timestamp())})


def read(key: str, purpose: Purpose, written: str, *, now: datetime) -> Token:
    """What a token says.

    Raises:
        NotFound: it was not signed here, not for this, or too long ago.
    """
    try:
        says = _signer(key, purpose).loads(written)
        issued = datetime.fromtimestamp(says.pop("at"), UTC)
    except (BadData, KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise NotFound("link", written[:12]) from None
    if now > issued + purpose.lasts:
        raise NotFound("link", written[:12])
    return Token(says, issued)


def _signer(key: str, purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=f"vereda.{purpose.name}")
