"""Since: what the last change did to a route, against the one that was on the page before."""

from collections.abc import Iterable

from directory.edge import formats, locale
from directory.edge.house import db, house
from directory.edge.speech import gettext
from directory.errors import Invalid
from directory.services import carrying
from directory.services.carrying import Carried
from directory.services.listings import numbers_titled
from directory.services.texts import words


def since(before: str, now: str) -> list[str]:
    """Sentences on what is different; both are routes as a link carries them."""
    try:
        old, new = carrying.unpack(before), carrying.unpack(now)
    except Invalid:
        return []
    return list(_sentences(old, new)) or [gettext("The route is as it was.")]


def _sentences(old: Carried, new: Carried) -> Iterable[str]:
    was = {leg.opportunity: leg for leg in old.legs}
    is_ = {leg.opportunity: leg for leg in new.legs}
    titles = _titles({*was, *is_})
    if gone := [titles[n] for n in was if n not in is_ and n in titles]:
        yield gettext("Without %(steps)s.", steps=formats.listing(gone))
    if come := [titles[n] for n in is_ if n not in was and n in titles]:
        yield gettext("New: %(steps)s.", steps=formats.listing(come))
    moved = [n for n in is_ if n in was and was[n].starts != is_[n].starts and n in titles]
    if moved:
        yield gettext("Other dates: %(steps)s.", steps=formats.listing([titles[n] for n in moved]))
    before, after = _end(old), _end(new)
    if before and after and before != after:
        yield gettext("It ends on %(after)s; before: %(before)s.", after=after, before=before)


def _titles(numbers: Iterable[int]) -> dict[int, str]:
    rows = numbers_titled(db(), numbers)
    return {n: f"“{words(row, 'title', locale.tag()).value}”" for n, row in rows.items()}


def _end(carried: Carried) -> str:
    starts = [start for leg in carried.legs for start in leg.starts]
    return formats.short_date(max(starts).astimezone(house().settings.zone)) if starts else ""
