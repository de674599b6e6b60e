"""Coded: a facet of many documents as one small number each, whether it has one value or ten.

Documents that share the same set of values share a code, so a facet is counted by one bincount
over codes and a filter is decided once a code, not once a document.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from directory.search.runs import within
from directory.search.store import Array, Arrays

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# With fewer documents than this share of a facet's pairs, each document's values are counted.
_FEW = 4


@dataclass
class Coded:
    """One facet over documents numbered from 0.

    Attributes:
        codes: each document's set, by number.
        owner: for each pair of a set and a value in it, the set.
        member: for the same pairs, the value's place in ``values``.
        sets: how many sets there are.
        values: what the facet may hold.
    """

    codes: Array
    owner: Array
    member: Array
    sets: int
    values: tuple[str, ...]
    _place: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._place = {value: n for n, value in enumerate(self.values)}

    @classmethod
    def compile(cls, sets: Iterable[Sequence[str]]) -> "Coded":
        """Code each document's values."""
        known: dict[tuple[str, ...], int] = {}
        codes = [known.setdefault(tuple(sorted(set(each))), len(known)) for each in sets]
        values = {value: 0 for each in known for value in each}
        place = {value: n for n, value in enumerate(values)}
        pairs = [(code, place[value]) for each, code in known.items() for value in each]
        table = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        kind = np.min_scalar_type(max(len(known) - 1, 0))
        return cls(
            np.array(codes, dtype=kind),
            np.ascontiguousarray(table[:, 0]),
            np.ascontiguousarray(table[:, 1]),
            len(known),
            tuple(values),
        )

    def arrays(self, name: str) -> dict[str, Array]:
        """What to store, under names that begin with the facet's."""
        return {
            f"{name}.codes": self.codes,
            f"{name}.owner": self.owner,
            f"{name}.member": self.member,
        }

    @classmethod
    def of(cls, arrays: Arrays, name: str, sets: int, values: Sequence[str]) -> "Coded":
        """A facet as it was stored."""
        return cls(
            arrays[f"{name}.codes"],
            arrays[f"{name}.owner"],
            arrays[f"{name}.member"],
            sets,
            tuple(values),
        )

    def tally(self, documents: Array | None) -> Ints:
        """How many of some documents (None: of all) each set has."""
        if documents is None:
            return self._all
        return np.bincount(self.codes.take(documents), minlength=self.sets)

    @cached_property
    def _all(self) -> Ints:
        return np.bincount(self.codes, minlength=self.sets)

    def count(self, documents: Array | None) -> dict[str, int]:
        """How many of some documents (None: of all) each value has."""
        if documents is None or _FEW * len(documents) > len(self.member):
            return self.counted(self.tally(documents))
        codes = self.codes.take(documents)
        begins = self._by_set.take(codes)
        lengths = self._by_set.take(codes + 1) - begins
        rows = np.repeat(begins, lengths) + within(lengths)
        return self._named(np.bincount(self.member.take(rows), minlength=len(self.values)))

    def counted(self, tally: Ints) -> dict[str, int]:
        """How many documents each value has, from how many each set has."""
        owners, begins = self._by_value
        return self._named(np.add.reduceat(tally.take(owners), begins)) if self.values else {}

    def _named(self, counts: Ints) -> dict[str, int]:
        return {value: n for value, n in zip(self.values, counts.tolist(), strict=True) if n}

    @cached_property
    def _by_set(self) -> Array:
        """Where each set's values begin; one more than there are sets."""
        return np.searchsorted(self.owner, np.arange(self.sets + 1))

    @cached_property
    def _by_value(self) -> tuple[Array, Array]:
        """The sets of each value, one value after the other, and where each value's begin."""
        order = np.argsort(self.member, kind="stable")
        begins = np.searchsorted(self.member.take(order), np.arange(len(self.values)))
        return self.owner.take(order).astype(np.intp), begins

    def allowed(self, wanted: Iterable[str], *, every: bool = False) -> Bools:
        """Which sets hold any of some values, or every one of them."""
        values = set(wanted)
        held = np.zeros(len(self.values), dtype=np.bool_)
        held[[self._place[value] for value in values if value in self._place]] = True
        found = np.bincount(self.owner[held[self.member]], minlength=self.sets)
        return np.asarray(found >= (len(values) if every else 1))

    def mask(self, allowed: Bools, documents: Array | None) -> Bools:
        """Which of some documents have an allowed set."""
        chosen = self.codes if documents is None else self.codes.take(documents)
        return np.asarray(allowed.take(chosen))

    def at(self, document: int) -> tuple[str, ...]:
        """One document's values."""
        return self._sets[int(self.codes[document])]

    @cached_property
    def _sets(self) -> list[tuple[str, ...]]:
        """The values of each set."""
        found: list[list[str]] = [[] for _ in range(self.sets)]
        for owner, member in zip(self.owner.tolist(), self.member.tolist(), strict=True):
            found[owner].append(self.values[member])
        return [tuple(values) for values in found]
