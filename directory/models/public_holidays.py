"""Public holidays of a country or a part of it, by the ``holidays`` library."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial

from holidays import country_holidays

# The name of the public holiday a date is; None if it is none, empty if its name is not known.
Holidays = Callable[[date], str | None]


def no_holidays(_day: date) -> str | None:
    """The holidays of a city whose country is not known."""
    return None


def public_holidays(country: str, subdivision: str = "", language: str = "en") -> Holidays:
    """The public holidays of a country, named in a language if the library speaks it."""
    return partial(_named, country, subdivision, language) if country else no_holidays


def _named(country: str, subdivision: str, language: str, day: date) -> str | None:
    return _year(country, subdivision, language, day.year).get(day)


@lru_cache(maxsize=256)
def _year(country: str, subdivision: str, language: str, year: int) -> Mapping[date, str]:
    """A whole year at once: the library fills its own table bit by bit, seen by every thread."""
    part = subdivision or None
    try:
        found = country_holidays(country, subdiv=part, years=year, expand=False)
    except NotImplementedError:
        return {}
    own = found.default_language or "en"
    spoken = [tag for tag in (*found.supported_languages, own) if tag.startswith(language)]
    if not spoken:
        return dict.fromkeys(found, "")
    named = country_holidays(country, subdiv=part, years=year, expand=False, language=spoken[0])
    return dict(named)
