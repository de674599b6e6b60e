"""Changes: what is no longer as it was when a link was made, in the reader's words."""

from collections.abc import Callable

from directory.edge import formats, locale
from directory.edge.house import house
from directory.edge.itineraries import date_line
from directory.edge.speech import gettext, ngettext
from directory.models import Opportunity
from directory.services.itineraries import Change
from directory.services.texts import words

_MOST_DAYS = 4


def change_in_words(change: Change) -> str:
    """What changed since a link was made, in a sentence."""
    if change.listing is None:
        return gettext("One step is not listed here any more.")
    title = words(change.listing, "title", locale.tag()).value
    return _SAID[change.code](change, change.listing, title)


def _withdrawn(_change: Change, _listing: Opportunity, title: str) -> str:
    return gettext("“%(title)s” is no longer offered.", title=title)


def _cancelled(change: Change, _listing: Opportunity, title: str) -> str:
    return gettext("“%(title)s”: called off on %(days)s.", title=title, days=_days(change))


def _moved(change: Change, _listing: Opportunity, title: str) -> str:
    if change.instead is None:
        return gettext(
            "“%(title)s” does not take place on %(days)s any more.",
            title=title, days=_days(change),
        )  # fmt: skip
    return gettext(
        "“%(title)s” does not take place on %(days)s any more; the nearest date is %(date)s.",
        title=title, days=_days(change), date=date_line(change.instead).label,
    )  # fmt: skip


def _price(change: Change, listing: Opportunity, title: str) -> str:
    return gettext(
        "“%(title)s” – price before: %(before)s; now: %(after)s.",
        title=title,
        before=formats.price(change.price, listing.currency or house().settings.currency),
        after=formats.price(listing.price, listing.currency or house().settings.currency),
    )


def _place(_change: Change, listing: Opportunity, title: str) -> str:
    if listing.space is None:
        return gettext("“%(title)s”: the place is not known any more.", title=title)
    return gettext(
        "“%(title)s” takes place somewhere else now: %(place)s.",
        title=title, place=words(listing.space, "title", locale.tag()).value,
    )  # fmt: skip


def _days(change: Change) -> str:
    zone = house().settings.zone
    days = [formats.day_only(when.astimezone(zone).date()) for when in change.when]
    more = len(days) - _MOST_DAYS
    if more > 0:
        days[_MOST_DAYS:] = [ngettext("%(num)s more date", "%(num)s more dates", more)]
    return formats.listing(days)


_SAID: dict[str, Callable[[Change, Opportunity, str], str]] = {
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
    "moved": _moved,
    "price": _price,
    "place": _place,
}
