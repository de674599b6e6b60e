"""Likeness: how far two names, addresses or texts say the same, written by different hands."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from directory.exchange.folding import fold

# As short as this, two words are one only when they are equal, or one abbreviates the other.
_LONG_ENOUGH = 5
_SHORTEST_ABBREVIATION = 3
_SHORT_WORD = 3
_ALIKE = 0.6
# In a small city every word is rare; as many names more are imagined that have none of them.
_OTHER_NAMES = 50
_ROMAN = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})$")
_DIGITS = re.compile(r"\d+")


def tokens(text: str) -> frozenset[str]:
    """The words of a name, whatever their order, accents and case; single letters say little."""
    return frozenset(w for w in fold(text).split() if len(w) > 1 or w.isdigit())


def telling(name: str, district: str) -> frozenset[str]:
    """The words of a place's name without its district, which many names say at their end."""
    words = tokens(name)
    return words - tokens(district) or words


def numbers(text: str) -> frozenset[str]:
    """What tells members of a series apart: digits, and Roman numbers as whole words."""
    folded = fold(text).split()
    found = {str(int(d)) for w in folded for d in _DIGITS.findall(w)}
    return frozenset(found | {str(_roman(w)) for w in folded if _ROMAN.match(w)})


@lru_cache(maxsize=200_000)
def grams(word: str) -> frozenset[str]:
    """The three-letter pieces of a word, with its ends marked."""
    padded = f" {word} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2))


def dice(one: Collection[str], other: Collection[str]) -> float:
    """The share of what two sets have in common."""
    if not one or not other:
        return 0.0
    return 2 * len(set(one) & set(other)) / (len(one) + len(other))


class Rarity:
    """How much a word says: much where few names have it."""

    def __init__(self, names: Iterable[Collection[str]]) -> None:
        self._names = 0
        self._count: Counter[str] = Counter()
        for name in names:
            self._names += 1
            self._count.update(name)

    def __call__(self, word: str) -> float:
        """Of one word, at least a little."""
        others = self._names + _OTHER_NAMES
        return math.log((others + 1) / (self._count[word] + 0.5)) + 0.2

    def rarest(self, name: Collection[str], most: int) -> list[str]:
        """The words that say most, the first first; “de” and “the” last, however rare."""
        return sorted(name, key=lambda word: (len(word) <= _SHORT_WORD, self._count[word], word))[
            :most
        ]


def names_alike(one: frozenset[str], other: frozenset[str], rarity: Rarity) -> float:
    """How far two names have the words that say most in common, from 0 to 1.

    A word is met by its equal, by its abbreviation, and by one spelled nearly so.
    """
    if not one or not other:
        return 0.0
    weights = {word: rarity(word) for word in one | other}
    total = sum(weights[w] for w in one) + sum(weights[w] for w in other)
    shared = 2 * sum(weights[w] for w in one & other)
    left, right = one - other, other - one
    return min(1.0, (shared + _nearly(left, right, weights)) / total)


def _nearly(left: frozenset[str], right: frozenset[str], weights: Mapping[str, float]) -> float:
    """The weight of words that meet one they are not equal to, each at most once."""
    met, free = 0.0, set(right)
    for word in sorted(left):
        best = max(free, key=lambda each: (closeness(word, each), each), default="")
        close = closeness(word, best) if best else 0.0
        if close:
            free.remove(best)
            # The rarer spelling is a slip; what was meant says no more than the other.
            met += 2 * close * min(weights[word], weights[best])
            met += close * abs(weights[word] - weights[best])
    return met


@lru_cache(maxsize=200_000)
def closeness(one: str, other: str) -> float:
    """How far two different words are one: an abbreviation, or a slip of the keyboard."""
    short, long = sorted((one, other), key=len)
    if short.isdigit() or long.isdigit():
        return 0.0
    if len(short) >= _SHORTEST_ABBREVIATION and long.startswith(short):
        return 0.9
    if _contracts(short, long):
        return 0.8
    if len(short) < _LONG_ENOUGH:
        return 0.0
    if sorted(one) == sorted(other):
        return 0.85  # two letters changed places
    alike = dice(grams(one), grams(other))
    return alike if alike >= _ALIKE else 0.0


def _contracts(short: str, long: str) -> bool:
    """Whether one is the other with its middle left out, such as “mpal” for “municipal”."""
    if not _SHORTEST_ABBREVIATION <= len(short) <= len(long) // 2:
        return False
    if (short[0], short[-1]) != (long[0], long[-1]):
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)


def _roman(word: str) -> int:
    values = {"i": 1, "v": 5, "x": 10}
    total = 0
    for letter, after in zip(word, f"{word[1:]} ", strict=True):
        value = values[letter]
        total += -value if values.get(after, 0) > value else value
    return total
