"""Runs: many lists in one flat array, each under the hash of a term or the number of a document."""

import numpy as np

from directory.search.store import Array


def find(ascending: Array, wanted: Array) -> tuple[Array, Array]:
    """Where each wanted value stands among ascending ones, and which of them stand there at all."""
    if not len(ascending):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return at, np.asarray(ascending[at] == wanted)


def held(ascending: Array, wanted: Array) -> Array:
    """Which of the wanted values stand among ascending ones."""
    return find(ascending, wanted)[1]


def frequency(hashes: Array, starts: Array, wanted: Array) -> Array:
    """How long the run of each wanted term is; 0 for one that is not there."""
    at, there = find(hashes, wanted)
    lengths = np.zeros(len(wanted), dtype=np.int64)
    lengths[there] = starts[at[there] + 1] - starts[at[there]]
    return lengths


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
