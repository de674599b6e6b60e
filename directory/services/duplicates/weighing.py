"""Weighing: what speaks for one listing told twice and what against, added up to a score.

The score is logistic: each sign adds its weight to a sum that begins at ``*_START``. The weights
were set by hand on Madrid's agenda written differently with the generator's seed 1, and not
touched when other seeds and other files were looked at: ``benchmarks/duplicates.py``.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from directory.services.duplicates.likeness import Rarity, dice, names_alike
from directory.services.duplicates.traits import Place, Traits, When, metres

# From here on a pair is shown to an editor.
OFFERED = 0.5

OPPORTUNITY_START = -8.0
SPACE_START = -8.5
TITLE = 8.0
NEAR, FAR = 75.0, 300.0
_ALIKE, _UNLIKE = 0.6, 0.3
# A clerk's quarter of an hour; a second performance is later than that.
_SAME_TIME = timedelta(minutes=15)
_ENOUGH_WORDS = 4
_DEFAULT = (0, 1)


@dataclass(frozen=True)
class Sign:
    """One thing that speaks for or against.

    Attributes:
        code: what it is; a sentence is made of it at the edge.
        weight: what it adds to the sum.
        value: a share from 0 to 1, or metres.
    """

    code: str
    weight: float
    value: float | None = None

    def kept(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self) | {"weight": round(self.weight, 2)}


@dataclass(frozen=True)
class Weighed:
    """A pair with all that was found."""

    score: float
    signs: tuple[Sign, ...]


def opportunities(one: Traits, other: Traits, rarity: Rarity) -> Weighed | None:
    """Weigh two opportunities; none where they are surely two, such as a play on two evenings."""
    if _for_others(one, other) or (one.numbers and other.numbers and one.numbers != other.numbers):
        return None
    dates = _dates(one.when, other.when)
    place = _place(one.place, other.place, rarity)
    if dates is None or place is None:
        return None
    return _sum(OPPORTUNITY_START, [_title(one, other, rarity), *dates, *place, *_rest(one, other)])


def spaces(one: Traits, other: Traits, rarity: Rarity) -> Weighed | None:
    """Weigh two spaces; none where they are surely two, such as rooms 1 and 2 of a house."""
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return None
    apart = metres(one.place, other.place)
    signs = [_title(one, other, rarity), *_distance(apart), *_address(one.place, other.place)]
    if one.kind != other.kind:  # a library and a theatre may share a house and a name
        signs.append(Sign("kind", -1.0))
    return _sum(SPACE_START, [*signs, *_rest(one, other)])


def _sum(start: float, signs: list[Sign]) -> Weighed:
    total = start + sum(sign.weight for sign in signs)
    ordered = sorted(signs, key=lambda sign: -abs(sign.weight))
    return Weighed(round(1 / (1 + math.exp(-total)), 4), tuple(ordered))


def _title(one: Traits, other: Traits, rarity: Rarity) -> Sign:
    alike = names_alike(one.tokens, other.tokens, rarity)
    return Sign("title", TITLE * alike, round(alike, 2))


def _for_others(one: Traits, other: Traits) -> bool:
    """Whether the same is for other ages or at other levels: two courses, not one."""
    ages = [
        mine is not None and its is not None and mine != its
        for mine, its in zip(one.ages, other.ages, strict=True)
    ]
    taught = {topic: (low, high) for topic, low, high in one.levels}
    levels = [(taught[topic], (low, high)) for topic, low, high in other.levels if topic in taught]
    # What another source says by default may only mean that it does not say levels.
    told = [two for two in levels if one.source == other.source or _DEFAULT not in two]
    return any(ages) or any(mine != its for mine, its in told)


def _dates(one: When | None, other: When | None) -> list[Sign] | None:
    if one is None or other is None:
        return []
    if one.days != other.days:
        return None
    timed = not one.all_day and not other.all_day
    if timed and abs(one.first - other.first) >= _SAME_TIME:
        return None
    if one.count != other.count:
        return [Sign("dates-nearly", -1.0)]
    return [Sign("dates-times", 3.0) if timed else Sign("dates", 2.0)]


def _place(one: Place, other: Place, rarity: Rarity) -> list[Sign] | None:
    """What two venues say; none where they are two."""
    if one.number is not None and one.number == other.number:
        return [Sign("venue", 2.5)]
    apart = metres(one, other)
    if not one.tokens or not other.tokens:
        return []
    alike = round(names_alike(one.tokens, other.tokens, rarity), 2)
    if apart is None:
        return None if alike < _UNLIKE else [Sign("venue-name", 4 * alike - 2, alike)]
    if apart > FAR:
        return None
    if apart > NEAR:
        return [Sign("venue-apart", 1.0 if alike >= _ALIKE else -2.0, round(apart))]
    return [Sign("venue-near", 2.5 if alike >= _ALIKE else 1.0, round(apart))]


def _distance(apart: float | None) -> Iterator[Sign]:
    if apart is None:
        return
    if apart <= NEAR:
        yield Sign("near", 3.0, round(apart))
    elif apart <= FAR:
        yield Sign("apart", -1.5, round(apart))
    else:
        yield Sign("far", -6.0, round(apart))


def _address(one: Place, other: Place) -> Iterator[Sign]:
    if one.address_tokens and other.address_tokens:
        alike = dice(one.address_tokens, other.address_tokens)
        yield Sign("address", 3 * alike - 1.5, round(alike, 2))
    if one.postcode and other.postcode and one.postcode != other.postcode:
        yield Sign("postcode", -0.5)


def _rest(one: Traits, other: Traits) -> Iterator[Sign]:
    if one.contacts & other.contacts:
        yield Sign("contact", 2.0)
    if min(len(one.words), len(other.words)) >= _ENOUGH_WORDS:
        alike = dice(one.words, other.words)
        yield Sign("text", 3 * alike - 1, round(alike, 2))
    if one.source != other.source:
        yield Sign("sources", 0.5)
