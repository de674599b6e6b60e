"""Something found elsewhere on the site, put into a route by its address or its name."""

from urllib.parse import unquote, urlsplit

from directory.edge.house import db
from directory.edge.searching import find, request_for
from directory.models.vocabulary import slugify
from directory.search.grammar import parse
from directory.services import listings

_LONGEST = 300


def found_listing(text: str) -> str | None:
    """Slug of the published opportunity that an address or a name means; None if it means none."""
    text = text.strip()[:_LONGEST]
    path = urlsplit(text).path if "/" in text else text
    slug = unquote(path.rstrip("/").rpartition("/")[2])
    for name in (slug, slugify(text)):
        if name and listings.titled(db(), name) is not None:
            return name
    return _searched(text)


def _searched(text: str) -> str | None:
    found = find(request_for(ask=parse(text), type="opportunity", per_page=1), text).items
    return found[0].shown["slug"] if found else None
