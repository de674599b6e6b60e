"""Traits: what of a listing is held against another one."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from directory.services.duplicates.likeness import numbers, telling, tokens

_EARTH = 6_371_000.0
# Of a text that much is read; what two copies share is at its beginning.
READ = 600
_LONG_WORD = 4


@dataclass
class When:
    """First and last date and how many: two rules for the same dates say the same here."""

    first: datetime
    last: datetime
    count: int
    all_day: bool

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.first.date(), self.last.date()


@dataclass
class Place:
    """Where something is: a space, as far as it is known."""

    number: int | None = None
    name: str = ""
    lat: float | None = None
    lon: float | None = None
    address: str = ""
    postcode: str = ""
    district: str = ""

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The words of its name, without its district."""
        return telling(self.name, self.district)

    @cached_property
    def address_tokens(self) -> frozenset[str]:
        """The words and numbers of its address."""
        return tokens(self.address)


@dataclass
class Traits:
    """A space or an opportunity, as far as another can be told from it."""

    number: int
    source: str
    title: str
    place: Place
    kind: str
    text: str = ""
    contacts: frozenset[str] = frozenset()
    when: When | None = None
    ages: tuple[int | None, int | None] = (None, None)
    levels: frozenset[tuple[str, int, int]] = frozenset()

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The words of its title; of a space, without its district."""
        is_space = self.number == self.place.number and self.title == self.place.name
        return self.place.tokens if is_space else tokens(self.title)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in its title."""
        return numbers(self.title)

    @cached_property
    def words(self) -> frozenset[str]:
        """The longer words of its text."""
        return frozenset(w for w in tokens(self.text[:READ]) if len(w) >= _LONG_WORD)


def metres(one: Place, other: Place) -> float | None:
    """How far apart two places are, if both are known."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    north = math.radians(other.lat - one.lat)
    east = math.radians(other.lon - one.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return _EARTH * math.hypot(north, east)
