"""Counting: tells the tally of searches and pages, without anything of whoever asks.

A reader never waits for it and never sees it fail.
"""

import logging
import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

from flask import request

from directory.edge.house import house
from directory.services import freshness
from directory.services.asking import Asked
from directory.services.finding import Answer
from directory.services.freshness import Listing
from directory.services.seeking.wordings import wording

_log = logging.getLogger(__name__)
# A search that is narrowed in any other way may fail for that and not for its words.
_PLAIN = {"q", "lang", "sort", "view", "page", "per_page"}
_SEARCH = re.compile(r"/([a-z]{2,3})/search", re.ASCII)
_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|preview|monitor|archiv", re.IGNORECASE)


def searched(asked: Asked, answer: Answer, *, language: str, shown: bool) -> None:
    """Somebody searched; ``shown`` on a page, from which listings can be opened."""
    if not asked.q or not _is_counted():
        return
    found = bool(answer.total) and not answer.loosened
    if not found and not set(asked.values) <= _PLAIN:
        return
    try:
        if said := wording(asked.q, language):
            here = house()
            here.tally.searched(
                said, request.remote_addr or "", day=_today(), found=found, shown=shown
            )
    except Exception as error:  # noqa: BLE001 - a search must not fail for being counted
        _log.warning("a search was not counted: %s", type(error).__name__)


def viewed(listing: Listing) -> None:
    """Somebody looks at a listing, perhaps coming from a search."""
    if not _is_counted():
        return
    try:
        key = (freshness.type_of(listing), listing.id or 0)
        tally, day = house().tally, _today()
        tally.viewed(key, day=day)
        came = _came_from()
        if came and (said := wording(came["q"], came["language"])):
            tally.opened(said, request.remote_addr or "", key, day=day)
    except Exception as error:  # noqa: BLE001 - nor a page
        _log.warning("a page was not counted: %s", type(error).__name__)


def is_first_press(what: str) -> bool:
    """Whether this browser presses a button for the first time today, as far as can be told."""
    browser = f"{request.remote_addr}\n{request.user_agent.string}\n{request.accept_languages}"
    return house().tally.is_first(what, browser, day=_today())


def _is_counted() -> bool:
    """People who read, unless they ask not to be counted; not programs that read ahead for them."""
    headers = request.headers
    ahead = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return (
        house().settings.count_searches
        and request.method == "GET"
        and "prefetch" not in ahead
        and headers.get("Sec-GPC") != "1"
        and headers.get("DNT") != "1"
        and not _ROBOT.search(request.user_agent.string)
    )


def _came_from() -> Mapping[str, str] | None:
    """The search whose results lead here, as the browser says; our pages tell no other site."""
    came = urlsplit(request.referrer or "")
    page = _SEARCH.fullmatch(came.path)
    if came.netloc != request.host or page is None:
        return None
    q = parse_qs(came.query).get("q")
    return {"q": q[0], "language": page[1]} if q else None


def _today() -> date:
    settings = house().settings
    return settings.clock().astimezone(settings.zone).date()
