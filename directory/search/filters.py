"""Filters: each turns one part of a request into a mask over some documents of a segment."""

from collections.abc import Callable
from math import asin, radians, sin, sqrt

import numpy as np

from directory.models.public_holidays import public_holidays
from directory.search.coded import Bools
from directory.search.request import Near, SearchRequest
from directory.search.segment import Segment, point
from directory.search.store import Array

EARTH_KM = 6371.0088  # mean radius, IUGG

# Documents among which to choose: their numbers, or None for all of a segment.
Some = Array | None
Mask = Callable[[Segment, SearchRequest, Some], Bools | None]


def chord(kilometres: float) -> float:
    """The straight way through a sphere of radius 1 between points so far apart on the earth."""
    return 2 * sin(min(kilometres / EARTH_KM / 2, radians(90)))


def chords(segment: Segment, near: Near, documents: Some) -> Array:
    """Squared straight way from a point to each document; NaN without a place.

    It grows with the great-circle distance, so the order is the same and no cosine is needed.
    """
    parts = (
        of(segment, axis, documents) - at
        for axis, at in zip("xyz", point(near.lat, near.lon), strict=True)
    )
    return np.asarray(sum(part * part for part in parts))


def kilometres(squared: float) -> float:
    """The great-circle distance of a squared straight way."""
    return 2 * EARTH_KM * asin(min(1.0, sqrt(squared) / 2))


def of(segment: Segment, name: str, documents: Some) -> Array:
    """A number of each of some documents."""
    column = segment.numbers[name]
    return column if documents is None else column.take(documents)


def _coded(name: str, *, every: bool = False) -> Mask:
    def mask(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
        asked = getattr(request, name)
        if asked is None or asked == ():
            return None
        wanted = [str(value) for value in (asked if isinstance(asked, tuple) else (asked,))]
        facet = segment.facets[name]
        return facet.mask(facet.allowed(wanted, every=every), documents)

    return mask


def _price(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    if request.price_max is None:
        return None
    cents = of(segment, "price", documents)
    return np.asarray((cents >= 0) & (cents <= round(request.price_max * 100)))


def _age(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    if request.age is None:
        return None
    youngest, oldest = of(segment, "age_min", documents), of(segment, "age_max", documents)
    return np.asarray((youngest <= request.age) & (request.age <= oldest))


def _provider(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    if request.provider is None:
        return None
    return np.asarray(of(segment, "provider", documents) == request.provider)


def _near(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    if request.near is None or request.near.within is None:
        return None
    farthest = chord(request.near.within + 1e-9) ** 2
    with np.errstate(invalid="ignore"):
        return np.asarray(chords(segment, request.near, documents) <= farthest)


def _open_at(segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    """Open, or on, at an instant: opening hours of places, occurrences of what has dates."""
    if request.open_at is None:
        return None
    minute = int(request.open_at.timestamp() // 60)
    rows = segment.sittings.rows
    on = np.flatnonzero((rows["start"] <= minute) & (minute < rows["end"]))
    holiday = public_holidays(request.country, request.subdivision)
    found = segment.openings.open_at(
        segment.size, minute, request.zone, lambda day: holiday(day) is not None
    )
    found[np.searchsorted(segment.sittings.starts, on, side="right") - 1] = True
    return found if documents is None else np.asarray(found.take(documents))


def mask_of(name: str, segment: Segment, request: SearchRequest, documents: Some) -> Bools | None:
    """Which of some documents pass a filter; None when it is not asked for.

    What is asked of many documents is worked out for all and kept: filters are few, and whoever
    looks around one district asks for it again and again.
    """
    filter_ = FILTERS[name]
    asked = getattr(request, _ASKED.get(name, name))
    if asked in (None, ()) or segment.size < WORTH_KEEPING or name in _MOVING:
        return filter_(segment, request, documents)
    key = (name, asked)
    if not (is_wide(segment, documents) or segment.keeps("masks", key)):
        return filter_(segment, request, documents)
    mask = segment.kept("masks", key, lambda: filter_(segment, request, None), most=_MASKS)
    return mask if documents is None or mask is None else np.asarray(mask.take(documents))


def is_wide(segment: Segment, documents: Some) -> bool:
    """Whether so many documents are asked about that all may as well be."""
    return documents is None or _WIDE * len(documents) > segment.size


_WIDE = 4
# So many masks are kept of each large segment.
_MASKS = 16
# A smaller segment answers within two milliseconds anyway, and memory is worth more there.
WORTH_KEEPING = 150_000
# Filters whose part of the request is called otherwise, and what depends on more than that.
_ASKED = {"price": "price_max"}
_MOVING = frozenset({"open_at"})

# In the order in which a reader would drop them when nothing is found.
FILTERS: dict[str, Mask] = {
    "access": _coded("access", every=True),
    "level": _coded("level"),
    "commitment": _coded("commitment"),
    "setting": _coded("setting"),
    "format": _coded("format"),
    "kind": _coded("kind"),
    "district": _coded("district"),
    "near": _near,
    "price": _price,
    "language": _coded("language"),
    "age": _age,
    "ages": _coded("ages"),
    "topic": _coded("topic"),
    "series": _coded("series"),
    "provider": _provider,
    "type": _coded("type"),
    "open_at": _open_at,
}
