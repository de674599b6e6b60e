"""Spelling: the words that listings are written with, and which of them was probably meant."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA

from directory.search.store import Array, Arrays

SHORTEST = 4
# Letters are counted in so many classes; words a slip or two apart differ in few of them.
_CLASSES = 64


@dataclass(frozen=True)
class Correction:
    """A word of the index, and how sure it is that it was meant, from 0 to 1."""

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
        encoded = [word.encode() for word in words]
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
        return self._bytes(place).decode()

    def range(self, text: str, *, whole: bool = False) -> tuple[int, int]:
        """From which place to which other words begin with a text, or are it."""
        key = text.encode("utf-8", "replace")
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

        One slip is looked for first, and two only in long words: a word that needs fewer slips is
        the likelier one, however rare it is.
        """
        if not SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or self.frequency(word):
            return None
        for slips, longer in ((1, SHORTEST), (2, _TWO_SLIPS_FROM)):
            if len(word) >= longer and (close := self._close(word, slips)):
                return _surest(word, close)
        return None

    def _close(self, word: str, slips: int) -> list[tuple[str, int]]:
        """Words so many slips away, with their frequencies."""
        near = np.bitwise_count(self.bags ^ np.uint64(_bag(word))) <= 2 * slips
        near &= np.abs(self.lengths.astype(np.int16) - len(word)) <= slips
        near &= self.lengths >= SHORTEST
        return [
            (other, int(self.frequencies[place]))
            for place in np.flatnonzero(near).tolist()
            if OSA.distance(word, other := self.word(place), score_cutoff=slips) == slips
        ]

    @cached_property
    def _places(self) -> Sequence[int]:
        return range(len(self))

    def _bytes(self, place: int) -> bytes:
        return self.blob[int(self.starts[place]) : int(self.starts[place + 1])].tobytes()


# The likeliest word must have this share of the likelihood of all.
_SURE = 0.7
_LONGEST = 40
_TWO_SLIPS_FROM = 7
# The first letter is hardly ever wrong, and what sounds alike is mistaken most.
_OTHER_BEGINNING = 0.2
_SAME_SOUND = 4.0
_SOUNDS = str.maketrans({"v": "b", "z": "s", "c": "k", "q": "k", "y": "i", "j": "g", "w": "u"})


def _surest(word: str, close: Sequence[tuple[str, int]]) -> Correction | None:
    likely = sorted(((_likelihood(word, *each), each[0]) for each in close), reverse=True)
    share = likely[0][0] / sum(likelihood for likelihood, _ in likely[:3])
    return Correction(likely[0][1], share) if share >= _SURE else None


def _likelihood(word: str, other: str, frequency: int) -> float:
    beginning = 1.0 if word[0] == other[0] else _OTHER_BEGINNING
    sound = _SAME_SOUND if _sound(word) == _sound(other) else 1.0
    return beginning * sound * float(np.sqrt(frequency))


def _sound(word: str) -> str:
    """About how a word sounds: no letter doubled, no h, no difference between b and v and the like."""
    letters = word.replace("h", "").translate(_SOUNDS)
    return "".join(a for a, b in zip(letters, f" {letters}", strict=False) if a != b)


def _bag(word: str) -> int:
    bag = 0
    for letter in word:
        bag |= 1 << (ord(letter) % _CLASSES)
    return bag
