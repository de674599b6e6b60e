"""Locale: the language of the page, chosen by its address, else by what the browser accepts."""

from flask import g, request
from flask_babel import Babel

from directory import languages
from directory.languages import Language

babel = Babel()


def current() -> Language:
    """The language this request is answered in."""
    return languages.INTERFACE[tag()]


def tag() -> str:
    """Tag of the language this request is answered in."""
    if "language" not in g:
        # An address that is no page has no arguments, but its beginning may still tell.
        named = (request.path.split("/")[1], request.args.get("lang"))
        wanted = next((tag for tag in named if tag in languages.INTERFACE), None)
        g.language = str(wanted) if wanted else accepted()
    return str(g.language)


def accepted() -> str:
    """The interface language closest to what the browser accepts."""
    return languages.negotiate([tag for tag, _quality in request.accept_languages])
