"""Spelling: the words that listings are written with, and which of them was probably meant."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA

from directory.search.analysis import spans
from directory.search.store import Array, Arrays

SHORTEST = 4
# Letters are counted in so many classes; words a slip or two apart differ in few of them.
_CLASSES = 64


@dataclass(frozen=True)
class Correction:
    """A word of the index, and how likely it is that it was meant, from 0 to 1."""

    word: str
    confidence: float


@dataclass
class Vocabulary:
    """Words in the order of their UTF-8 bytes, as flat arrays.

    Attributes:
        blob: all words, one after the other.
        starts: where each begins; one more than there are words.
        frequencies: in how many listings each stands.
        bags: for each word a bit for each class of letters it has.
        lengths: letters of each word, at most 255.
    """

    blob: Array
    starts: Array
    frequencies: Array
    bags: Array
    lengths: Array

    @classmethod
    def compile(cls, words: Sequence[str], frequencies: Sequence[int]) -> "Vocabulary":
        """A vocabulary of words, each given once, in the order of their UTF-8 bytes."""
        encoded = [_encoded(word) for word in words]
        return cls(
            np.frombuffer(b"".join(encoded), dtype=np.uint8),
            np.cumsum([0, *map(len, encoded)], dtype=np.int64),
            np.array(frequencies, dtype=np.int32),
            np.array([_bag(word) for word in words], dtype=np.uint64),
            np.array([min(len(word), 255) for word in words], dtype=np.uint8),
        )

    def arrays(self) -> dict[str, Array]:
        """What to store."""
        names = ("blob", "starts", "frequencies", "bags", "lengths")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Vocabulary":
        """A vocabulary as it was stored."""
        return cls(**arrays)

    def __len__(self) -> int:
        return len(self.frequencies)

    def word(self, place: int) -> str:
        """The word at a place."""
        return self._bytes(place).decode("utf-8", "surrogatepass")

    def range(self, text: str, *, whole: bool = False) -> tuple[int, int]:
        """From which place to which other words begin with a text, or are it."""
        key = _encoded(text)
        low = bisect_left(self._places, key, key=self._bytes)
        if whole:
            return low, low + int(low < len(self) and self._bytes(low) == key)
        return low, bisect_right(
            self._places, key, lo=low, key=lambda p: self._bytes(p)[: len(key)]
        )

    def frequency(self, word: str) -> int:
        """In how many listings a word stands."""
        low, high = self.range(word, whole=True)
        return int(self.frequencies[low]) if high > low else 0

    def prefixed(self, prefix: str, most: int) -> list[tuple[str, int]]:
        """Words that begin with a text, the most frequent first."""
        low, high = self.range(prefix)
        there = self.frequencies[low:high]
        order = np.lexsort((np.arange(len(there)), -there))[:most]
        return [(self.word(low + n), int(there[n])) for n in order.tolist()]

    def correction(self, word: str) -> Correction | None:
        """What was probably meant by a word that is not here; None when that is not clear.

        One slip is looked for first, and two only in longer words: a word that needs fewer slips
        is the likelier one, however rare it is.
        """
        if not SHORTEST <= len(word) <= _LONGEST or not _spelled(word) or self.frequency(word):
            return None
        for slips, longer in ((1, SHORTEST), (2, _TWO_SLIPS_FROM)):
            if len(word) >= longer and (close := self._close(word, slips)):
                return _likeliest(word, close, slips)
        return None

    def _close(self, word: str, slips: int) -> list[tuple[str, int]]:
        """Words so many slips away, with their frequencies.

        A slip changes at most two classes of letters, and one if it changes the length.
        """
        longer = np.abs(self.lengths.astype(np.int16) - len(word))
        apart = np.bitwise_count(self.bags ^ np.uint64(_bag(word))) + longer
        near = np.flatnonzero((apart <= 2 * slips) & (longer <= slips) & (self.lengths >= SHORTEST))
        return [
            (other, int(self.frequencies[place]))
            for place, other in zip(near.tolist(), self._words(near), strict=True)
            if OSA.distance(word, other, score_cutoff=slips) == slips and _spelled(other)
        ]

    def _words(self, places: Array) -> Iterator[str]:
        """The words at many places, in less time than one after the other."""
        ends = self.starts[places + 1].tolist()
        for start, end in zip(self.starts[places].tolist(), ends, strict=True):
            yield self.blob[start:end].tobytes().decode("utf-8", "surrogatepass")

    @cached_property
    def _places(self) -> Sequence[int]:
        return range(len(self))

    def _bytes(self, place: int) -> bytes:
        return self.blob[int(self.starts[place]) : int(self.starts[place + 1])].tobytes()


_LONGEST = 40
_TWO_SLIPS_FROM = 6
# Above this it speaks. Most words that are not here are spelled right, so that nothing was meant by
# them but themselves: the odds of each word are against that, and against the other words.
_SURE = 0.45

# The logarithms of these odds, learned from real misspellings and from words that are spelled right
# but not known, half of each, in English, Spanish, French, Portuguese and Arabic.
_OF_ANY = -5.1
_OF_LENGTH = 2.5
_OF_FREQUENCY = 0.2
_OF_SECOND_SLIP = -1.2

# What sounds alike is mistaken most. Accents are folded, so that “ç” is a “c”.
_SOFT = re.compile("c(?=[eiy])")
_LIP = re.compile("n(?=[bpmv])")
_SOUNDS = str.maketrans("vzqyjwc", "bskiguk")
_NEARLY = str.maketrans("kxzeioun", "sssaaaam")


def _likeliest(word: str, close: Sequence[tuple[str, int]], slips: int) -> Correction | None:
    odds = {other: math.exp(_evidence(word, other, count, slips)) for other, count in close}
    best = max(sorted(odds), key=odds.__getitem__)
    likely = odds[best] / (1 + sum(odds.values()))
    return Correction(best, likely) if likely >= _SURE else None


def _evidence(word: str, other: str, frequency: int, slips: int) -> float:
    """The logarithm of the odds that another word was meant, against the word itself."""
    general = _OF_ANY + _OF_LENGTH * math.log(len(word)) + _OF_SECOND_SLIP * (slips - 1)
    known = _OF_FREQUENCY * math.log(max(frequency, 1))
    return general + known + sum(weight for weight, holds in _SIGNS if holds(word, other))


def _other_beginning(word: str, other: str) -> bool:
    return word[0] != other[0]


def _other_ending(word: str, other: str) -> bool:
    """The last letter differs, as in another form of the same word."""
    return word[-1] != other[-1] and not _swapped(word, other)


def _plural(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return long in {f"{short}s", f"{short}es"}


def _swapped(word: str, other: str) -> bool:
    return sorted(word) == sorted(other)


def _letter_missing(word: str, other: str) -> bool:
    return len(other) > len(word)


def _same_sound(word: str, other: str) -> bool:
    return _sound(word) == _sound(other)


def _nearly_same_sound(word: str, other: str) -> bool:
    first, second = (_once(_sound(each).translate(_NEARLY)) for each in (word, other))
    return first == second


_SIGNS: Sequence[tuple[float, Callable[[str, str], bool]]] = (
    (-1.7, _other_beginning),
    (-2.0, _other_ending),
    (-1.2, _plural),
    (2.1, _swapped),
    (1.1, _letter_missing),
    (1.5, _same_sound),
    (1.3, _nearly_same_sound),
)


def _sound(word: str) -> str:
    """About how a word sounds: no letter doubled, no h, no difference between b and v and the like."""
    letters = _LIP.sub("m", _SOFT.sub("s", word.replace("ph", "f")))
    return _once(letters.replace("h", "").translate(_SOUNDS))


def _once(letters: str) -> str:
    """No letter twice in a row."""
    return "".join(a for a, b in zip(letters, f" {letters}", strict=False) if a != b)


def _spelled(word: str) -> bool:
    """Whether a text is one word of letters, in a script that is written with spaces."""
    whole = list(spans(word)) == [(word, 0, len(word))]
    return whole and "_" not in word and not any(map(str.isnumeric, word))


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _bag(word: str) -> int:
    bag = 0
    for letter in word:
        bag |= 1 << (ord(letter) % _CLASSES)
    return bag
