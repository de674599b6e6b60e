"""Homes: where somebody sets out from, as typed, and whether it is in the city at all."""

import math
import re
from collections.abc import Mapping

from sqlmodel import Session

from directory.models import District
from directory.models.vocabulary import slugify
from directory.services import places
from directory.services.places import Place

_EARTH_KM = 6371.0
_COORDINATES = re.compile(r"(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)")


def find(
    db: Session, typed: str, districts: Mapping[str, District], *, language: str
) -> Place | None:
    """The place of coordinates, a district, a postcode or a space; None if the city knows none."""
    match = _COORDINATES.fullmatch(typed.strip())
    if match is None:
        return places.find(db, typed, districts.values(), language=language)
    lat, lon = float(match[1]), float(match[2])
    return Place(lat, lon, typed.strip()) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - the globe


def district_called(typed: str, districts: Mapping[str, District]) -> str | None:
    """The key of the district of a name or postcode."""
    asked = slugify(typed)
    for key, district in districts.items():
        names = {key, *map(slugify, (district.postcode, *district.names.values()))}
        if asked and asked in names:
            return key
    return None


def km_outside(districts: Mapping[str, District], place: Place) -> float:
    """How far it is to the nearest district; 0 where the city has not said where they are."""
    ways = [
        _km((place.lat, place.lon), (d.lat, d.lon))
        for d in districts.values()
        if d.lat is not None and d.lon is not None
    ]
    return min(ways, default=0.0)


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    lat, lon, other_lat, other_lon = map(math.radians, (*here, *there))
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))
