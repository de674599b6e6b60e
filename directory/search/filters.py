"""Filters: each turns one part of a request into a mask over all documents."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from directory.models.public_holidays import public_holidays
from directory.search.columns import Bools, Columns, Floats, access_mask
from directory.search.request import Near, SearchRequest

EARTH_KM = 6371.0088  # mean radius, IUGG

Mask = Callable[[Columns, SearchRequest], Bools | None]


def minutes(instant: datetime) -> int:
    """Minutes since 1970 UTC."""
    return int(instant.timestamp() // 60)


def distance_km(columns: Columns, near: Near) -> Floats:
    """Great-circle distance of each document in km (haversine); NaN where it has no place."""
    lat, lon = np.radians(columns.lat), np.radians(columns.lon)
    lat0, lon0 = np.radians(near.lat), np.radians(near.lon)
    half = np.sin((lat - lat0) / 2) ** 2
    half += np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=np.float64)


def _one(name: str) -> Mask:
    def mask(columns: Columns, request: SearchRequest) -> Bools | None:
        wanted = getattr(request, name)
        if not wanted:
            return None
        values = (wanted,) if isinstance(wanted, str) else wanted
        numbers = [n for v in values if (n := columns.codes[name].number.get(v)) is not None]
        return np.isin(columns.one[name], numbers)

    return mask


def _many(column: str, attribute: str) -> Mask:
    def mask(columns: Columns, request: SearchRequest) -> Bools | None:
        wanted = getattr(request, attribute)
        if not wanted:
            return None
        numbers = [n for v in wanted if (n := columns.codes[column].number.get(v)) is not None]
        many = columns.many[column]
        found = np.zeros(columns.size, dtype=np.bool_)
        found[many.document[np.isin(many.code, numbers)]] = True
        return found

    return mask


def _bits(column: str, attribute: str) -> Mask:
    def mask(columns: Columns, request: SearchRequest) -> Bools | None:
        wanted = getattr(request, attribute)
        if not wanted:
            return None
        bits = sum(1 << n for n in wanted)
        return np.asarray((getattr(columns, column) & bits) != 0, dtype=np.bool_)

    return mask


def _access(columns: Columns, request: SearchRequest) -> Bools | None:
    if not request.access:
        return None
    bits = access_mask(request.access)
    return np.asarray((columns.access_true & bits) == bits, dtype=np.bool_)


def _price(columns: Columns, request: SearchRequest) -> Bools | None:
    if request.price_max is None:
        return None
    with np.errstate(invalid="ignore"):
        return np.asarray(columns.price <= request.price_max + 1e-9, dtype=np.bool_)


def _age(columns: Columns, request: SearchRequest) -> Bools | None:
    if request.age is None:
        return None
    return np.asarray(
        (columns.age_min <= request.age) & (request.age <= columns.age_max), dtype=np.bool_
    )


def _provider(columns: Columns, request: SearchRequest) -> Bools | None:
    return None if request.provider is None else np.asarray(columns.provider == request.provider)


def _near(columns: Columns, request: SearchRequest) -> Bools | None:
    if request.near is None or request.near.within is None:
        return None
    with np.errstate(invalid="ignore"):
        return np.asarray(distance_km(columns, request.near) <= request.near.within + 1e-9)


def _open_at(columns: Columns, request: SearchRequest) -> Bools | None:
    """Open, or on, at an instant: opening hours, or occurrences."""
    if request.open_at is None:
        return None
    at = minutes(request.open_at)
    on = (columns.sitting_start <= at) & (at < columns.sitting_end)
    found = np.zeros(columns.size, dtype=np.bool_)
    found[columns.sitting_document[on]] = True
    holiday = public_holidays(request.country, request.subdivision)
    opened = columns.opening.open_at(
        columns.size, at, request.zone, lambda day: holiday(day) is not None
    )
    return np.asarray(found | opened, dtype=np.bool_)


# In the order in which a reader would drop them when nothing is found.
FILTERS: dict[str, Mask] = {
    "access": _access,
    "level": _bits("levels", "level"),
    "commitment": _bits("commitments", "commitment"),
    "setting": _one("setting"),
    "format": _one("format"),
    "kind": _one("kind"),
    "district": _one("district"),
    "near": _near,
    "price": _price,
    "language": _many("languages", "language"),
    "age": _age,
    "topic": _many("topics", "topic"),
    "series": _one("series"),
    "provider": _provider,
    "type": _one("type"),
    "open_at": _open_at,
}


def sitting_masks(columns: Columns, request: SearchRequest) -> dict[str, Bools]:
    """Which occurrences satisfy each part of the time asked for, and ``coming``.

    Whoever names a first date means it, even a past one; otherwise what is over is left out.
    """
    masks: dict[str, Bools] = {}
    if request.first is None:
        masks["coming"] = np.asarray(columns.sitting_end > minutes(request.now))
    else:
        masks["from"] = np.asarray(columns.sitting_date >= request.first.toordinal())
    if request.last is not None:
        masks["to"] = np.asarray(columns.sitting_date <= request.last.toordinal())
    if request.day:
        masks["day"] = np.isin(columns.sitting_weekday, request.day)
    known = columns.sitting_minute >= 0
    if request.after is not None:
        masks["after"] = np.asarray(known & (columns.sitting_minute >= request.after))
    if request.before is not None:
        masks["before"] = np.asarray(known & (columns.sitting_minute < request.before))
    return masks


def today(request: SearchRequest) -> int:
    """Ordinal of the local date of now."""
    return request.now.astimezone(ZoneInfo(request.zone)).date().toordinal()


def epoch(minute: int) -> datetime:
    """The instant of a minute since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(minute))
