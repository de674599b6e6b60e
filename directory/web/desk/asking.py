"""Asking for passkeys: whom they are for here, and the challenge that waits for its answer."""

import ipaddress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import request, session

from directory.edge.house import house
from directory.services.passkeys import Asked, Site

_ANSWERED_WITHIN = 300  # seconds


def site() -> Site | None:
    """Whom a key is for; none where the address is a number, for which browsers make no keys."""
    public = urlsplit(house().settings.public_url)
    here = urlsplit(request.host_url)
    parts = public if public.hostname == here.hostname else here
    if parts.hostname is None or _is_number(parts.hostname):
        return None
    return Site(parts.hostname, f"{parts.scheme}://{parts.netloc}", "Vereda")


def remember(asked: Asked) -> str:
    """Keep the challenge until the answer comes; what the browser is to be asked."""
    session["asked"] = [asked.challenge, datetime.now(UTC).timestamp()]
    return asked.options


def remembered() -> str:
    """The challenge asked a moment ago, good for one answer; empty when there is none."""
    challenge, at = session.pop("asked", ("", 0.0))
    fresh = 0 <= datetime.now(UTC).timestamp() - at <= _ANSWERED_WITHIN
    return str(challenge) if fresh else ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
