"""Speech: gettext with types, for the whole edge."""

from typing import Any, cast

import flask_babel
from babel import Locale


def gettext(message: str, **values: Any) -> str:
    """A message in the reader's language, with its values put in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """A message in the form its number asks for in the reader's language."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


def lazy_gettext(message: str) -> str:
    """A message that is translated when it is shown; ``str`` it at the edge."""
    return cast("str", flask_babel.lazy_gettext(message))


def lazy_pgettext(context: str, message: str) -> str:
    """The same, where one English word means several things."""
    return cast("str", flask_babel.lazy_pgettext(context, message))


def get_locale() -> Locale:
    """CLDR's locale of the reader's language."""
    return flask_babel.get_locale() or Locale("en")
