"""Carrying: a route inside a link. Numbers of listings and instants, nothing about who goes."""

import base64
import binascii
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise

import orjson

from directory.errors import Invalid, Problem

VERSION = 1
MOST_LEGS = 24
MOST_STARTS = 500
MOST_CHARACTERS = 3000
_MOST_BYTES = 20_000
_MOST_NUMBER = 2**53
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
# A century of minutes: no date of a route lies farther from the first.
_MOST_DAYS = 100 * 366
_MOST_MINUTES = _MOST_DAYS * 24 * 60


@dataclass(frozen=True)
class Leg:
    """One step as it was when the link was made.

    Attributes:
        price: None is unknown, 0 is free.
        starts: when the meetings to attend begin.
    """

    opportunity: int
    space: int | None
    price: Decimal | None
    starts: tuple[datetime, ...]


@dataclass(frozen=True)
class Carried:
    """What a link carries: the steps in order, and the day they were true."""

    made: date
    legs: tuple[Leg, ...]


def pack(carried: Carried) -> str:
    """The part of an address that carries a route."""
    made = (carried.made - _FIRST.date()).days
    plain = orjson.dumps([VERSION, made, [_packed(leg) for leg in carried.legs]])
    squeezed = zlib.compress(plain, level=9, wbits=-15)
    return base64.urlsafe_b64encode(squeezed).rstrip(b"=").decode()


def unpack(text: str) -> Carried:
    """What ``pack`` packed.

    Raises:
        Invalid: it is no such thing, or more than a route would need.
    """
    try:
        carried = _carried(*_plain(text))
    except (ValueError, TypeError, binascii.Error, zlib.error) as error:
        raise Invalid((Problem("route", "no-route", text[:20]),)) from error
    return carried


def _carried(version: object, made: object, legs: object) -> Carried:
    if version != VERSION or not isinstance(legs, list) or not 0 < len(legs) <= MOST_LEGS:
        raise ValueError(version)
    day = _FIRST.date() + timedelta(days=_number(made, _MOST_DAYS))
    carried = Carried(day, tuple(_leg(*leg) for leg in legs))
    if sum(len(leg.starts) for leg in carried.legs) > MOST_STARTS:
        raise ValueError(MOST_STARTS)
    return carried


def _plain(text: str) -> list[object]:
    if len(text) > MOST_CHARACTERS or not text.isascii():
        raise ValueError(len(text))
    squeezed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    expander = zlib.decompressobj(wbits=-15)
    plain = expander.decompress(squeezed, _MOST_BYTES)
    if not expander.eof:
        raise ValueError(len(plain))
    read = orjson.loads(plain)
    if not isinstance(read, list):
        raise TypeError(read)
    return read


def _packed(leg: Leg) -> list[object]:
    cents = None if leg.price is None else int((leg.price * 100).to_integral_value())
    return [leg.opportunity, leg.space, cents, _apart(leg.starts)]


def _apart(starts: Iterable[datetime]) -> list[int]:
    """The first in minutes, each other by its distance: a weekly course is one number repeated."""
    minutes = [(start.astimezone(UTC) - _FIRST) // _MINUTE for start in starts]
    return minutes[:1] + [after - before for before, after in pairwise(minutes)]


def _leg(opportunity: object, space: object, cents: object, apart: object) -> Leg:
    if not isinstance(apart, list):
        raise TypeError(apart)
    minutes = list(accumulate(_number(each, _MOST_MINUTES) for each in apart))
    return Leg(
        _number(opportunity),
        None if space is None else _number(space),
        None if cents is None else Decimal(_number(cents)) / 100,
        tuple(_FIRST + _number(each, _MOST_MINUTES) * _MINUTE for each in minutes),
    )


def _number(value: object, most: int = _MOST_NUMBER) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(value)
    return value
