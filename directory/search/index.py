"""The index: Whoosh's segments on disk, their columns in memory, one writer at a time."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from whoosh import index as whoosh_index
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from directory.search.analysis import field_language, fold
from directory.search.columns import Bools, Columns, compile_columns
from directory.search.documents import Document
from directory.search.evaluation import Found, Matched, evaluate
from directory.search.query import build, held
from directory.search.request import SearchRequest
from directory.search.schema import schema

# Whoosh raises what it finds: of its own files it may meet any byte (five kinds were seen).
BROKEN = (Exception,)
_GENERATION = "generation"
_SHORTEST_CORRECTED = 4
_TWO_SLIPS_FROM = 6


class IndexUnavailable(Exception):
    """The index cannot answer now; the database can."""


@dataclass(frozen=True)
class _Opened:
    """One state of the index: a searcher, and the columns of its documents in its order."""

    searcher: Searcher
    columns: Columns
    live: Bools
    languages: tuple[str, ...]


class Index:
    """A disposable copy of the published listings, made for finding them."""

    def __init__(self, folder: Path) -> None:
        """An index in a folder, which is made when something is first written."""
        self.folder = folder
        self._lock = threading.Lock()
        # Whoosh promises nothing about one searcher in two threads, and the GIL is held anyway.
        self._matching = threading.Lock()
        self._opened: _Opened | None = None
        self._seen: tuple[str, int] | None = None

    # Reading

    def search(self, request: SearchRequest, *, most_places: int = 0) -> Found:
        """Answer a request.

        Raises:
            IndexUnavailable: there is no index, or it cannot be read.
        """
        with self._reading() as opened:
            with self._matching:
                matched = _match(opened, request)
            return evaluate(opened.columns, opened.live, request, matched, most_places)

    def corrections(self, word: str, *, most: int = 3) -> list[str]:
        """Words of the index close to one it does not hold, likeliest first; none if it does."""
        asked = fold(word)
        with self._reading() as opened, self._matching:
            reader = opened.searcher.reader()
            if reader.doc_frequency("spelling", asked) or len(asked) < _SHORTEST_CORRECTED:
                return []
            corrector = reader.corrector("spelling")
            for distance in (1, 2) if len(asked) >= _TWO_SLIPS_FROM else (1,):
                close = corrector.suggest(asked, limit=20, maxdist=distance)
                if close:
                    ranked = sorted(close, key=lambda w: -reader.doc_frequency("spelling", w))
                    return list(ranked[:most])
        return []

    def size(self) -> int:
        """How many listings the index holds."""
        with self._reading() as opened:
            return int(np.count_nonzero(opened.live))

    def keys(self) -> set[str]:
        """The listings the index holds, by key."""
        with self._reading() as opened:
            return {k for k, alive in zip(opened.columns.keys, opened.live, strict=True) if alive}

    # Writing

    def write(self, documents: Iterable[Document], *, gone: Iterable[str] = ()) -> bool:
        """Put documents in, take keys out; False when another writer is at work just now."""
        try:
            with self._writing(timeout=0.05):
                self._apply(documents, gone)
        except Timeout:
            return False
        return True

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Make the whole index anew beside the old one, which serves until the new one is whole."""
        with self._writing(timeout=600):
            self._remove_leftovers()
            name = f"g{self._next_generation()}"
            fresh = self.folder / name
            fresh.mkdir(parents=True)
            index = whoosh_index.create_in(str(fresh), schema())
            writer = index.writer(limitmb=256)
            for document in documents:
                writer.add_document(**_fields(document))
            writer.commit(optimize=True)
            index.close()
            pointer = self.folder / f"{_GENERATION}.new"
            pointer.write_text(name, encoding="ascii")
            pointer.replace(self.folder / _GENERATION)

    def exists(self) -> bool:
        """Whether there is an index to read."""
        return (self.folder / _GENERATION).exists()

    # Within

    def _apply(self, documents: Iterable[Document], gone: Iterable[str]) -> None:
        index = whoosh_index.open_dir(str(self._current()))
        writer = index.writer(limitmb=64)
        try:
            for key in gone:
                writer.delete_by_term("key", key)
            for document in documents:
                writer.update_document(**_fields(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        index.close()

    @contextmanager
    def _writing(self, timeout: float) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "writer.lock", timeout=timeout):
            yield

    @contextmanager
    def _reading(self) -> Iterator[_Opened]:
        try:
            opened = self._fresh()
        except BROKEN as error:
            raise IndexUnavailable(str(error)) from error
        try:
            yield opened
        except BROKEN as error:
            raise IndexUnavailable(str(error)) from error

    def _fresh(self) -> _Opened:
        current = self._current()
        state = (current.name, whoosh_index.open_dir(str(current)).latest_generation())
        if self._opened is not None and self._seen == state:
            return self._opened
        with self._lock:
            if self._opened is None or self._seen != state:
                self._opened, self._seen = _open(current), state
        return self._opened

    def _current(self) -> Path:
        return self.folder / (self.folder / _GENERATION).read_text(encoding="ascii").strip()

    def _next_generation(self) -> int:
        numbers = [int(p.name[1:]) for p in self.folder.glob("g[0-9]*") if p.name[1:].isdigit()]
        return max(numbers, default=0) + 1

    def _remove_leftovers(self) -> None:
        """Older generations; one that a reader still has open keeps its bytes until it lets go."""
        with suppress(OSError):
            keep = self._current().name
            for path in self.folder.glob("g[0-9]*"):
                if path.name != keep:
                    shutil.rmtree(path, ignore_errors=True)


def _open(folder: Path) -> _Opened:
    index = whoosh_index.open_dir(str(folder))
    searcher = index.searcher(weighting=BM25F())
    reader = searcher.reader()
    total = reader.doc_count_all()
    live = np.array([not reader.is_deleted(n) for n in range(total)], dtype=np.bool_)
    facts = [reader.stored_fields(n)["facts"] for n in range(total)]
    return _Opened(searcher, compile_columns(facts), live, held(reader.indexed_field_names()))


def _match(opened: _Opened, request: SearchRequest) -> Matched | None:
    if not request.ask:
        return None
    preferred = field_language(request.ui_language)
    query = build(request.ask, opened.languages, preferred, every=request.every)
    if query is None:
        return Matched(np.empty(0, dtype=np.int64), np.empty(0))
    return _run(opened.searcher, query)


def _run(searcher: Searcher, query: Any) -> Matched:
    """All matching documents with their scores, segment by segment."""
    documents: list[int] = []
    scores: list[float] = []
    normal = query.normalize()
    for sub, offset in searcher.leaf_searchers():
        matcher = normal.matcher(sub)
        while matcher.is_active():
            documents.append(matcher.id() + offset)
            scores.append(matcher.score())
            matcher.next()
    return Matched(np.array(documents, dtype=np.int64), np.array(scores, dtype=np.float64))


def _fields(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = {"key": document.key, "facts": document.facts()}
    gathered: dict[str, list[str]] = {}
    parts: tuple[tuple[str, Callable[[Document], Any]], ...] = (
        ("title", lambda d: d.titles),
        ("text", lambda d: d.texts),
        ("topics", lambda d: d.topic_words),
    )
    for part, texts in parts:
        for tag, text in texts(document).items():
            gathered.setdefault(f"{part}_{field_language(tag)}", []).append(text)
    fields |= {name: "\n".join(texts) for name, texts in gathered.items()}
    fields["spelling"] = "\n".join(t for texts in gathered.values() for t in texts)
    return fields
