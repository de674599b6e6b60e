"""Places: what somebody typed as where they are, found among the city's districts and spaces."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import District, Space, Text
from directory.models.vocabulary import ListingState, slugify
from directory.services.texts import words

# What folding may take from a name or add to it: accents as letters of their own, stops, hyphens.
_SLACK = 6
_PLACED = (
    col(Space.state) == ListingState.PUBLISHED,
    col(Space.lat).is_not(None),
    col(Space.lon).is_not(None),
)


@dataclass(frozen=True)
class Place:
    """A point, in degrees, and what it is called in the reader's language."""

    lat: float
    lon: float
    name: str


def find(
    db: Session, typed: str, districts: Iterable[District], *, language: str | None
) -> Place | None:
    """A district by key, name or postcode; else a space by name in any language, or a postcode.

    Case, accents and punctuation make no difference. A district without coordinates, and a
    postcode, lie in the middle of their spaces.
    """
    asked = slugify(typed)
    if not asked:
        return None
    return (
        _district(db, asked, districts, language)
        or _space(db, asked, typed, language)
        or _postcode(db, typed.strip().upper())
    )


def _district(
    db: Session, asked: str, districts: Iterable[District], language: str | None
) -> Place | None:
    for district in districts:
        names = {district.key, *map(slugify, (district.postcode, *district.names.values()))}
        if asked not in names:
            continue
        name = district.names.get(language or "") or next(iter(district.names.values()), "")
        if district.lat is not None and district.lon is not None:
            return Place(district.lat, district.lon, name or district.key)
        return _middle(db, col(Space.district_key) == district.key, name or district.key)
    return None


def _space(db: Session, asked: str, typed: str, language: str | None) -> Place | None:
    by_slug = select(Space.id).where(Space.slug == asked, *_PLACED)
    number = db.exec(by_slug).first() or _titled(db, asked, len(typed))
    space = db.get(Space, number) if number else None
    if space is None or space.lat is None or space.lon is None:
        return None
    return Place(space.lat, space.lon, words(space, "title", language or space.language).value)


def _titled(db: Session, asked: str, length: int) -> int | None:
    """The space with a title in any language that folds to the same letters."""
    titles = (
        select(Space.id, Text.value)
        .join(Text, col(Text.space_id) == Space.id)
        .where(
            Text.field == "title",
            sa.func.length(Text.value).between(length - _SLACK, length + _SLACK),
            *_PLACED,
        )
        .order_by(col(Space.id))
    )
    return next((number for number, title in db.exec(titles) if slugify(title) == asked), None)


def _postcode(db: Session, code: str) -> Place | None:
    return _middle(db, sa.func.upper(Space.postcode) == code, code)


def _middle(db: Session, chosen: sa.ColumnElement[bool], name: str) -> Place | None:
    """The middle of some spaces."""
    middle = select(sa.func.avg(Space.lat), sa.func.avg(Space.lon)).where(chosen, *_PLACED)
    lat, lon = db.exec(middle).one()
    return None if lat is None or lon is None else Place(float(lat), float(lon), name)
