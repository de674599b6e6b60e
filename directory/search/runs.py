"""Runs: many lists in one flat array, each under the hash of a term."""

import numpy as np

from directory.search.store import Array


def frequency(hashes: Array, starts: Array, wanted: Array) -> Array:
    """How long the run of each wanted term is; 0 for one that is not there."""
    if not len(hashes):
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    return np.where(hashes[at] == wanted, starts[at + 1] - starts[at], 0)


def in_order(lengths: Array, order: Array) -> Array:
    """Where the values of runs of these lengths lie, when the runs are put in another order."""
    begins = (np.cumsum(lengths) - lengths)[order]
    moved = lengths[order]
    nth = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(moved) - moved, moved)
    return np.asarray(np.repeat(begins, moved) + nth)
