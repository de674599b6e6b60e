"""What every engine must do, and what the engines that are not Vereda share."""

import importlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from listings import topic_words

from directory.search.documents import Document, key
from directory.search.request import Near, SearchRequest

FACETS = ("format", "district", "language", "level", "topic")
LANGUAGES = ("es", "en", "ar")
TOP = 20
TITLE_WEIGHT = 4.0
KM_A_DEGREE = 111.195
# Slowest first, so that a run that is interrupted has shown what takes long.
ENGINES: dict[str, tuple[str, str]] = {
    "vereda": ("engines.vereda", "Vereda"),
    "tantivy": ("engines.tantivy_", "Tantivy"),
    "fts5": ("engines.fts5", "FTS5"),
    "whoosh": ("engines.whoosh_plain", "PlainWhoosh"),
}

Counts = dict[str, dict[str, int]]


class Answer(NamedTuple):
    """How many were found, the first of them, and each facet's counts under the other filters."""

    total: int
    keys: list[str]
    facets: Counts


class Engine(Protocol):
    """A search engine over a folder of its own."""

    # Above so many listings only a part of the searches is asked, once; above the second, none.
    patient_until: int
    able_until: int

    def __init__(self, folder: Path) -> None: ...

    def build(self, documents: Iterable[Document]) -> None:
        """Index these and nothing else, and be ready to search."""

    def search(self, request: SearchRequest) -> Answer:
        """Total, first page by relevance, facets."""

    def save(self, document: Document) -> None:
        """Put one listing in, or in place of its older self."""

    def size(self) -> int:
        """Bytes on disk."""

    def close(self) -> None:
        """Let go of files and memory."""


def load(name: str, folder: Path) -> Engine:
    """An engine by name; only its own libraries are imported, so that memory can be compared."""
    module, class_ = ENGINES[name]
    engine: Engine = getattr(importlib.import_module(module), class_)(folder)
    return engine


def folder_size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Words(NamedTuple):
    """The words of a listing in one language: those of its title, and all others."""

    title: str
    body: str


def words(document: Document) -> dict[str, Words]:
    """The words of a listing by language; what its topics are called is found like its text."""
    called = topic_words(document)
    tags = dict.fromkeys((*document.titles, *document.texts, *called))
    return {
        tag: Words(
            document.titles.get(tag, ""),
            "\n".join(t for t in (document.texts.get(tag), called.get(tag)) if t),
        )
        for tag in tags
    }


def slots(document: Document) -> list[int]:
    """The minutes of the week in which it starts: what a weekday and an hour are looked up by."""
    return sorted({s.weekday * 1440 + s.minute for s in document.sittings if s.minute >= 0})


def asked_slots(request: SearchRequest) -> Iterator[tuple[int, int]]:
    """First and last minute of the week, for each day asked for."""
    after = request.after or 0
    last = (request.before if request.before is not None else 1440) - 1
    yield from ((day * 1440 + after, day * 1440 + last) for day in request.day)


class Box(NamedTuple):
    """The rectangle around a circle on the map, in degrees."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True)
class Sets:
    """The distinct sets of filters one search needs: all of them, and for a facet all others.

    Attributes:
        requests: each distinct set of filters; the first has all of them.
        facets: for each of those, the facets that are counted under it.
    """

    requests: list[SearchRequest]
    facets: list[list[str]]


def filter_sets(request: SearchRequest) -> Sets:
    """Group facets by the filters they are counted under."""
    shared = [name for name in FACETS if not getattr(request, name)]
    own = [name for name in FACETS if getattr(request, name)]
    without = [replace(request, **{name: ()}) for name in own]  # type: ignore[arg-type]
    return Sets([request, *without], [shared, *([name] for name in own)])


def box(near: Near) -> Box:
    """The rectangle around a point and a distance."""
    north = (near.within or 0.0) / KM_A_DEGREE
    east = north / math.cos(math.radians(near.lat))
    return Box(near.lat - north, near.lat + north, near.lon - east, near.lon + east)


def ident(document: Document) -> int:
    """The whole number a listing is known by where a key may be none."""
    return document.number * 2 + (document.type == "space")


def key_of(number: int) -> str:
    """The key of the listing with a number made by ``ident``."""
    return key("space" if number % 2 else "opportunity", number // 2)


class Codes:
    """A small number for each value of each facet, kept beside the index."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "codes.json"
        there = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
        self._codes: dict[str, dict[str, int]] = {name: there.get(name, {}) for name in FACETS}
        self._values = {name: list(codes) for name, codes in self._codes.items()}

    def code(self, facet: str, value: str) -> int:
        """The code of a value, given out on first sight."""
        codes = self._codes[facet]
        if value not in codes:
            codes[value] = len(codes)
            self._values[facet].append(value)
        return codes[value]

    def asked(self, facet: str, values: Iterable[object]) -> list[int]:
        """The codes of the values asked for that any listing has."""
        codes = self._codes[facet]
        return [codes[str(value)] for value in values if str(value) in codes]

    def named(self, facet: str, counts: Iterable[tuple[int | None, int]]) -> dict[str, int]:
        """Counts by code as counts by value."""
        values = self._values[facet]
        return {values[code]: count for code, count in counts if code is not None}

    def keep(self) -> None:
        """Write them down."""
        self._path.write_text(json.dumps(self._codes), "utf-8")


def coded(document: Document, codes: Codes) -> dict[str, list[int]]:
    """The codes of a listing in each facet."""
    values: dict[str, tuple[object, ...]] = {
        "format": (document.format,) if document.format else (),
        "district": (document.district,) if document.district else (),
        "language": document.languages or (),
        "level": document.levels,
        "topic": document.topics,
    }
    return {name: [codes.code(name, str(v)) for v in found] for name, found in values.items()}
