"""Joint: several facets of a segment as one number a document, so that one count serves them all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from directory.search.coded import Coded, Ints
from directory.search.store import Array

# A joint code has 16 bits, and half of them are soon added up.
MOST_SETS = 1 << 15


@dataclass(frozen=True)
class Joint:
    """Some facets in one.

    Attributes:
        names: of the facets, in the order in which their codes are put together.
        shape: how many sets each has.
        codes: each document's sets, as one number.
    """

    names: tuple[str, ...]
    shape: tuple[int, ...]
    codes: Array

    @classmethod
    def of(cls, names: Sequence[str], facets: Mapping[str, Coded]) -> "Joint":
        """Put the codes of some facets together."""
        shape = tuple(facets[name].sets for name in names)
        codes = np.ravel_multi_index(
            tuple(facets[name].codes.astype(np.intp) for name in names), shape
        )
        return cls(tuple(names), shape, codes.astype(np.uint16))

    def tallies(self, documents: Array) -> dict[str, Ints]:
        """For each facet, how many of some documents each of its sets has."""
        counts = np.bincount(self.codes.take(documents), minlength=int(np.prod(self.shape)))
        table = counts.reshape(self.shape)
        axes = range(len(self.shape))
        return {
            name: table.sum(axis=tuple(a for a in axes if a != axis))
            for axis, name in enumerate(self.names)
        }


def joined(facets: Mapping[str, Coded], names: Iterable[str]) -> Iterator[Joint]:
    """Facets put together, as many as go into one number each; those of many sets stay apart."""
    group: list[str] = []
    sets = 1
    for name in sorted(names, key=lambda name: facets[name].sets):
        if group and sets * facets[name].sets > MOST_SETS:
            yield Joint.of(group, facets)
            group, sets = [], 1
        if facets[name].sets <= MOST_SETS:
            group.append(name)
            sets *= facets[name].sets
    if group:
        yield Joint.of(group, facets)
