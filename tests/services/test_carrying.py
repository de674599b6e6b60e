"""A link carries a route whole, briefly, and nothing that is not one."""

import base64
import zlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.services import carrying
from directory.services.carrying import Carried, Leg

_minutes = st.integers(0, 60 * 366 * 24 * 60)
_starts = st.lists(_minutes, max_size=12, unique=True).map(
    lambda minutes: tuple(
        datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=m) for m in sorted(minutes)
    )
)
_legs = st.builds(
    Leg,
    opportunity=st.integers(0, 2**53),
    space=st.none() | st.integers(0, 2**53),
    price=st.none() | st.decimals(0, 99_999_999, places=2),
    starts=_starts,
)
_carried = st.builds(
    Carried,
    made=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    legs=st.lists(_legs, min_size=1, max_size=carrying.MOST_LEGS).map(tuple),
)


@settings(max_examples=80)
@given(_carried)
def test_what_is_packed_is_unpacked(carried: Carried) -> None:
    packed = carrying.pack(carried)
    if len(packed) <= carrying.MOST_CHARACTERS:
        assert carrying.unpack(packed) == carried
        assert packed.replace("-", "").replace("_", "").isalnum()


def test_a_year_of_two_evenings_a_week_is_a_short_address() -> None:
    first = datetime(2026, 11, 24, 18, tzinfo=UTC)
    starts = tuple(first + timedelta(days=7 * (n // 2) + 2 * (n % 2)) for n in range(80))
    legs = tuple(Leg(n, n, Decimal(0), starts) for n in range(1, 5))
    assert len(carrying.pack(Carried(date(2026, 11, 23), legs))) < 200


def _packed(plain: object) -> str:
    return _squeezed(orjson.dumps(plain))


def _squeezed(plain: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(plain, wbits=-15)).rstrip(b"=").decode()


HOSTILE = {
    "nothing": "",
    "no base64": "%%%",
    "not compressed": base64.urlsafe_b64encode(b"hello, world").decode(),
    "too long": "A" * (carrying.MOST_CHARACTERS + 1),
    "a bomb": _squeezed(b"[" + b"0," * 400_000 + b"0]"),
    "deep brackets": _squeezed(b"[" * 9000 + b"]" * 9000),
    "another version": _packed([9, 1, [[1, 1, 0, []]]]),
    "no steps": _packed([1, 1, []]),
    "too many steps": _packed([1, 1, [[1, 1, 0, []]] * 25]),
    "too many dates": _packed([1, 1, [[1, 1, 0, [1] * 300]] * 2]),
    "an object": _packed({"legs": 1}),
    "a number": _packed(7),
    "text for a number": _packed([1, 1, [["1 OR 1=1", 1, 0, []]]]),
    "true for a number": _packed([1, 1, [[True, 1, 0, []]]]),
    "below zero": _packed([1, 1, [[-1, 1, 0, []]]]),
    "beyond any integer": _packed([1, 1, [[2**60, 1, 0, []]]]),
    "beyond any date": _packed([1, 10**9, [[1, 1, 0, []]]]),
    "beyond any meeting": _packed([1, 1, [[1, 1, 0, [52_000_000, 52_000_000]]]]),
    "a leg too short": _packed([1, 1, [[1]]]),
    "not of this alphabet": "é" * 8,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_route_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        carrying.unpack(text)


@settings(max_examples=150)
@given(st.text("ABCDEFghijk0123456789-_", max_size=60) | st.binary(max_size=60).map(_squeezed))
def test_noise_is_refused_and_breaks_nothing(text: str) -> None:
    try:
        carrying.unpack(text)
    except Invalid:
        return
