"""Runs: many lists in one flat array, each under the hash of a term or the number of a document."""

from dataclasses import dataclass, fields
from typing import ClassVar, Self

import numpy as np

from directory.search.store import Array, Arrays


@dataclass(frozen=True)
class Terms:
    """The terms of one segment, and of each the documents it stands in.

    Attributes:
        GROUP: what the names of its stored arrays begin with.
        hashes: sorted hash of each term.
        starts: where each term's documents begin; one more than there are terms.
        documents: ascending within a term.
        impacts: how much the term says of the document.
    """

    GROUP: ClassVar[str]

    hashes: Array
    starts: Array
    documents: Array
    impacts: Array

    def arrays(self) -> dict[str, Array]:
        """What to store."""
        return {f"{self.GROUP}.{f.name}": getattr(self, f.name) for f in fields(self)}

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The terms as they were stored."""
        return cls(*(arrays[f"{cls.GROUP}.{f.name}"] for f in fields(cls)))

    def frequency(self, hashes: Array) -> Array:
        """In how many documents each of many terms stands; 0 for one that is not here."""
        at, there = find(self.hashes, hashes)
        counts = np.zeros(len(hashes), dtype=np.int64)
        counts[there] = self.starts[at[there] + 1] - self.starts[at[there]]
        return counts

    def size(self, place: int) -> int:
        """In how many documents a term stands."""
        return int(self.starts[place + 1] - self.starts[place])

    def term(self, place: int) -> tuple[Array, Array]:
        """A term's documents and impacts."""
        begin, end = self.starts[place], self.starts[place + 1]
        return self.documents[begin:end], self.impacts[begin:end]


def find(ascending: Array, wanted: Array) -> tuple[Array, Array]:
    """Where each wanted value stands among ascending ones, and which of them stand there at all."""
    if not len(ascending):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return at, np.asarray(ascending.take(at) == wanted)


def held(ascending: Array, wanted: Array) -> Array:
    """Which of the wanted values stand among ascending ones."""
    return find(ascending, wanted)[1]


def within(lengths: Array) -> Array:
    """For runs of these lengths, one after the other, each value's place within its own run."""
    begins = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(int(lengths.sum())) - np.repeat(begins, lengths))


def in_order(lengths: Array, order: Array) -> Array:
    """Where the values of runs of these lengths lie, when the runs are put in another order."""
    begins = (np.cumsum(lengths) - lengths)[order]
    moved = lengths[order]
    return np.asarray(np.repeat(begins, moved) + within(moved))


def firsts(ascending: Array) -> Array:
    """Which of ascending numbers are not equal to the one before."""
    first = np.ones(len(ascending), dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first
