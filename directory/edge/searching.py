"""Searching: a request answered for whoever asks, in the house that is open."""

from datetime import UTC
from typing import Any

from directory.edge import locale
from directory.edge.house import city, db, house
from directory.search.request import SearchRequest
from directory.services import finding
from directory.services.finding import Answer


def find(request: SearchRequest, q: str = "") -> Answer:
    """Answer a request."""
    here = house()
    return finding.search(db(), here.index, request, city=city(), plain=here.plain, q=q)


def request_for(**asked: Any) -> SearchRequest:
    """A request of this moment, in this city and in the reader's language."""
    settings = house().settings
    return SearchRequest(
        now=settings.clock().astimezone(UTC),
        zone=settings.timezone,
        country=settings.country,
        subdivision=settings.subdivision,
        ui_language=locale.tag(),
        **asked,
    )
