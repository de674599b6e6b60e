"""Segment: everything a search needs to know of some documents, as flat arrays.

It is compiled once from a Whoosh segment, which never changes, and stands in a file beside it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import orjson

from directory import languages
from directory.search import bands, store
from directory.search.analysis import fold, stop_words
from directory.search.coded import Coded
from directory.search.documents import Document, key
from directory.search.letters import (
    FAMILY,
    GRAM,
    WORDS,
    Letters,
    Written,
    compile_letters,
    family,
)
from directory.search.openings import OpeningColumns
from directory.search.postings import Frequencies, Postings, Statistics, compile_postings
from directory.search.sittings import Sittings
from directory.search.spelling import Vocabulary
from directory.search.store import Array, Arrays, Stamp

Facts = Mapping[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept:
    """What a Whoosh segment keeps of a document, beside its postings.

    Attributes:
        facts: see ``Document.facts``.
        streams: see ``Document.streams``.
        shown: JSON of what a row shows.
    """

    facts: Facts
    streams: Mapping[str, tuple[str, str]]
    about: tuple[str, ...]
    surface: str
    names: str
    shown: bytes

    def written(self) -> Written:
        """The words that close matches are made of."""
        stops = frozenset[str]().union(*(stop_words(language) for language in self.streams))
        texts = (line.split()[:WORDS] for line in self.surface.splitlines())
        return {
            GRAM: (
                [word for word in self.names.split() if word not in stops],
                [word for text in texts for word in text if word not in stops],
            ),
            FAMILY: (
                [family(w.split("|")) for title, _ in self.streams.values() for w in title.split()],
                [
                    family(word.split("|"))
                    for _, text in self.streams.values()
                    for word in text.split()[:WORDS]
                ],
            ),
        }

    @classmethod
    def of(cls, document: Document) -> "Kept":
        """What is kept of a document."""
        return cls(
            document.facts(),
            document.streams(),
            document.about,
            document.surface(),
            document.names(),
            orjson.dumps(document.shown),
        )


# Facet: the values a document has, from its facts.
FACETS: dict[str, Callable[[Facts], Sequence[str]]] = {
    "type": lambda f: (f["type"],),
    "kind": lambda f: _single(f["kind"]),
    "format": lambda f: _single(f["format"]),
    "setting": lambda f: _single(f["setting"]),
    "topic": lambda f: f["topics"],
    "level": lambda f: [str(n) for n in f["levels"]],
    "language": lambda f: f["languages"] or (),
    "district": lambda f: _single(f["district"]),
    "price": lambda f: bands.price(f["price"]),
    "ages": lambda f: bands.ages(f["age_min"], f["age_max"]),
    "access": lambda f: [fact for fact, true in f["access"].items() if true],
    "commitment": lambda f: [str(n) for n in f["commitments"]],
    "series": lambda f: _single(f["series"]),
}
UNKNOWN_PRICE = -1
ANYTIME, DATED = 1, 2


def _single(value: str | None) -> Sequence[str]:
    return () if value is None else (value,)


@dataclass
class Segment:
    """Some documents, numbered from 0.

    Attributes:
        facets: by name.
        numbers: arrays with one value a document: ``number``, ``provider``, ``price`` in hundredths
            (-1 unknown), ``age_min``, ``age_max``, ``flags``, ``overdue``, and the point's place on
            a sphere of radius 1, ``x``, ``y``, ``z`` (NaN without a place).
        ranks: interface language to each document's place in the alphabet.
        scratch: what was worked out of these and is worth keeping for a while.
    """

    size: int
    facets: dict[str, Coded]
    numbers: dict[str, Array]
    ranks: dict[str, Array]
    sittings: Sittings
    openings: OpeningColumns
    postings: Postings
    letters: Letters
    statistics: Statistics
    vocabulary: Vocabulary
    named: tuple[Array, Array]
    _shown: tuple[Array, Array]
    stamp: Stamp | None = None
    path: Path | None = None
    scratch: dict[str, Any] = field(default_factory=dict, repr=False)

    def keeps(self, kind: str, key: Hashable) -> bool:
        """Whether something is kept."""
        return key in self.scratch.get(kind, ())

    def kept(self, kind: str, key: Hashable, make: Callable[[], Made], *, most: int) -> Made:
        """Something worked out of the columns, kept with the last few of its kind."""
        known: dict[Hashable, Made] = self.scratch.get(kind, {})
        if key not in known:
            # Made anew, not changed: another thread may be reading it.
            last = list(known.items())[1 - most :]
            known = self.scratch[kind] = dict([*last, (key, make())])
        return known[key]

    def shown(self, document: int) -> dict[str, Any]:
        """What a row shows of a document."""
        starts, blob = self._shown
        found: dict[str, Any] = orjson.loads(
            blob[starts.item(document) : starts.item(document + 1)].data
        )
        return found

    def key(self, document: int) -> str:
        """The index's name for a document's listing."""
        return key(self.type(document), self.number(document))

    def number(self, document: int) -> int:
        """The id of a document's listing in the database."""
        return int(self.numbers["number"][document])

    def type(self, document: int) -> str:
        """``opportunity`` or ``space``."""
        return self.facets["type"].at(document)[0]

    def unchanged(self) -> bool:
        """Whether the file is still what was opened; a shortened one must not be touched again."""
        try:
            return self.path is None or Stamp.of(self.path) == self.stamp
        except FileNotFoundError:
            return True  # a later commit needs it no more; what is mapped stays until let go

    # Compiling and keeping

    @classmethod
    def compile(
        cls,
        kept: Sequence[Kept],
        *,
        others: Sequence["Segment"] = (),
    ) -> "Segment":
        """Columns of documents in the order given, weighed as part of a whole with others."""
        facts = [each.facts for each in kept]
        known = sum((s.statistics for s in others), Statistics(0, {}))
        postings, statistics = compile_postings(
            ((each.streams, each.about) for each in kept),
            others=known,
            frequency=_frequency([s.postings.frequency for s in others]),
        )
        letters = compile_letters(
            [each.written() for each in kept],
            others=[s.letters for s in others],
            documents=known.documents,
            frequency=_frequency([s.letters.frequency for s in others]),
        )
        vocabulary, named = _words(kept)
        return cls(
            size=len(kept),
            facets={name: Coded.compile(map(of, facts)) for name, of in FACETS.items()},
            numbers=_numbers(facts),
            ranks={lang: _rank(facts, lang) for lang in languages.INTERFACE},
            sittings=Sittings.compile([f["sittings"] for f in facts]),
            openings=OpeningColumns.compile(facts),
            postings=postings,
            letters=letters,
            statistics=statistics,
            vocabulary=vocabulary,
            named=named,
            _shown=_blob([each.shown for each in kept]),
        )

    def save(self, path: Path) -> None:
        """Write the columns into a file."""
        store.write(path, self._arrays(), self._meta())

    @classmethod
    def open(cls, path: Path) -> "Segment":
        """Map a file's columns.

        Raises:
            Damaged: the file is not as it was written.
            OSError: there is none.
        """
        arrays, meta, stamp = store.read(path)
        return cls(
            size=meta["size"],
            facets={
                name: Coded.of(arrays, f"facet.{name}", *of) for name, of in meta["facets"].items()
            },
            numbers=_under(arrays, "number"),
            ranks=_under(arrays, "rank"),
            sittings=Sittings.of(_under(arrays, "sitting"), meta["zones"]),
            openings=OpeningColumns(**_under(arrays, "opening")),
            postings=Postings.of(arrays),
            letters=Letters.of(arrays),
            statistics=Statistics(
                meta["size"], {lang: tuple(n) for lang, n in meta["lengths"].items()}
            ),
            vocabulary=Vocabulary.from_arrays(_under(arrays, "vocabulary")),
            named=(arrays["named.starts"], arrays["named.documents"]),
            _shown=(arrays["shown.starts"], arrays["shown.blob"]),
            stamp=stamp,
            path=path,
        )

    def _arrays(self) -> dict[str, Array]:
        arrays: dict[str, Array] = {}
        for name, facet in self.facets.items():
            arrays |= facet.arrays(f"facet.{name}")
        groups = {
            "number": self.numbers,
            "rank": self.ranks,
            "sitting": self.sittings.arrays(),
            "opening": vars(self.openings),
            "vocabulary": self.vocabulary.arrays(),
            "named": {"starts": self.named[0], "documents": self.named[1]},
            "shown": {"starts": self._shown[0], "blob": self._shown[1]},
        }
        for group, several in groups.items():
            arrays |= {f"{group}.{name}": array for name, array in several.items()}
        return arrays | self.postings.arrays() | self.letters.arrays()

    def _meta(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "facets": {name: (f.sets, f.values) for name, f in self.facets.items()},
            "zones": self.sittings.zones,
            "lengths": self.statistics.lengths,
        }


def _frequency(several: Sequence[Frequencies]) -> Frequencies:
    """In how many documents of several segments each of some terms stands."""

    def counted(hashes: Array) -> Array:
        found = np.zeros(len(hashes), dtype=np.int64)
        for frequency in several:
            found += frequency(hashes)
        return found

    return counted


def _under(arrays: Arrays, group: str) -> dict[str, Array]:
    return {
        name[len(group) + 1 :]: array
        for name, array in arrays.items()
        if name.startswith(f"{group}.")
    }


def _numbers(facts: Sequence[Facts]) -> dict[str, Array]:
    x, y, z = sphere(_floats(f["lat"] for f in facts), _floats(f["lon"] for f in facts))
    return {
        "number": np.array([f["number"] for f in facts], dtype=np.int64),
        "provider": np.array([f["provider"] or 0 for f in facts], dtype=np.int64),
        "price": np.array([_cents(f["price"]) for f in facts], dtype=np.int64),
        "age_min": np.array([f["age_min"] or 0 for f in facts], dtype=np.uint8),
        "age_max": np.array([_oldest(f["age_max"]) for f in facts], dtype=np.uint8),
        "flags": np.array([_flags(f) for f in facts], dtype=np.uint8),
        "overdue": np.array([f["overdue"] for f in facts], dtype=np.uint8),
        "x": x,
        "y": y,
        "z": z,
    }


def _cents(price: float | None) -> int:
    return UNKNOWN_PRICE if price is None else round(price * 100)


def _oldest(age: int | None) -> int:
    return 255 if age is None else age


def _flags(facts: Facts) -> int:
    return ANYTIME * bool(facts["anytime"]) + DATED * bool(facts["dated"])


def _floats(values: Iterable[float | None]) -> Array:
    return np.fromiter((np.nan if v is None else v for v in values), dtype=np.float64)


def sphere(lat: Array, lon: Array) -> tuple[Array, Array, Array]:
    """Points on a sphere of radius 1, whose straight distances are in the order of the curved."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)


def point(lat: float, lon: float) -> tuple[float, float, float]:
    """One point of that sphere."""
    phi, lam = radians(lat), radians(lon)
    return cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)


def shown_title(titles: Mapping[str, str], language: str, original: str) -> str:
    """The title a reader of a language sees."""
    tag = languages.chosen(titles, language, original)
    return titles[tag] if tag else ""


def _rank(facts: Sequence[Facts], language: str) -> Array:
    shown = [fold(shown_title(f["titles"], language, f["language"])) for f in facts]
    order = np.array(sorted(range(len(shown)), key=shown.__getitem__), dtype=np.int64)
    ranks = np.empty(len(shown), dtype=np.int32)
    ranks[order] = np.arange(len(shown))
    return ranks


def _words(kept: Sequence[Kept]) -> tuple[Vocabulary, tuple[Array, Array]]:
    """All written words with how many documents have them, and those whose title does."""
    counts: dict[str, int] = {}
    titled: dict[str, list[int]] = {}
    for number, each in enumerate(kept):
        for word in {*each.surface.split(), *each.names.split()}:
            counts[word] = counts.get(word, 0) + 1
        for word in dict.fromkeys(each.names.split()):
            titled.setdefault(word, []).append(number)
    ordered = sorted(counts, key=lambda word: word.encode())
    vocabulary = Vocabulary.compile(ordered, [counts[word] for word in ordered])
    lists = [titled.get(word, []) for word in ordered]
    starts = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    documents = np.array([n for each in lists for n in each], dtype=np.int32)
    return vocabulary, (starts, documents)


def _blob(pieces: Sequence[bytes]) -> tuple[Array, Array]:
    starts = np.cumsum([0, *map(len, pieces)], dtype=np.int64)
    return starts, np.frombuffer(b"".join(pieces), dtype=np.uint8)
