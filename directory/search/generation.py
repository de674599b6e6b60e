"""Generation: one Whoosh index in a folder, with a file of columns beside each of its segments."""

import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from directory.search import store
from directory.search.coded import Bools
from directory.search.documents import Document
from directory.search.postings import ABOUT
from directory.search.schema import schema
from directory.search.segment import Kept, Segment
from directory.search.store import Damaged

_NAME = "MAIN"
# A commit merges at most so many documents, which takes a fraction of a second; what has grown
# larger stays as it is until the whole index is made anew.
MOST_MERGED = 400
MERGED_FROM = 8
MOST_SEGMENTS = 20
# Columns are compiled in memory, about 20 kB a document; more documents make more segments.
MOST_AT_ONCE = 250_000
_CHUNK = 1 << 24


@dataclass(frozen=True)
class Mark:
    """One commit of a generation; what Whoosh wrote carries no sums of its own.

    Attributes:
        toc: number of Whoosh's table of contents.
        crc: CRC-32 of that table.
        segments: by name, the CRC-32 of each segment's file.
    """

    toc: int
    crc: int
    segments: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    """The segments of one state of an index, each with which of its documents are not deleted."""

    segments: tuple[tuple[Segment, Bools | None], ...]

    @property
    def size(self) -> int:
        """How many documents there are."""
        return sum(s.size if live is None else int(live.sum()) for s, live in self.segments)

    def keys(self) -> set[str]:
        """The listings, by key."""
        return {
            segment.key(n)
            for segment, live in self.segments
            for n in range(segment.size)
            if live is None or live[n]
        }


def create(folder: Path) -> Mark:
    """Make an empty index."""
    folder.mkdir(parents=True)
    TOC.create(_storage(folder), schema(), _NAME)
    toc = _toc_path(folder, 0)
    _settle(toc)
    return Mark(0, _crc(toc))


def open_segments(folder: Path, mark: Mark, known: Iterable[Segment] = ()) -> Opened:
    """The segments of a commit; those known and unchanged are not read again.

    Raises:
        Exception: of many kinds, when a file is missing or damaged.
    """
    held = {segment.path: segment for segment in known}
    found = []
    for segment in _toc(folder, mark).segments:
        path = _columns(folder, segment)
        columns = held.get(path)
        if columns is None or not columns.unchanged():
            columns = Segment.open(path)
        found.append((columns, _live(columns.size, segment)))
    return Opened(tuple(found))


def verify(folder: Path, mark: Mark) -> None:
    """Read every byte of a commit.

    Raises:
        Exception: of many kinds, when a file is missing or damaged.
    """
    for segment in _toc(folder, mark).segments:
        store.check(_columns(folder, segment))
    for name, crc in mark.segments.items():
        _check(folder / f"{name}.seg", crc)


def contents(folder: Path, mark: Mark) -> Iterator[tuple[str, Kept]]:
    """Every document with its key, as it was put in."""
    toc = _toc(folder, mark)
    for segment in toc.segments:
        columns = Segment.open(_columns(folder, segment))
        live = _live(columns.size, segment)
        for n, kept in enumerate(_kept(_storage(folder), toc.schema, segment)):
            if live is None or live[n]:
                yield columns.key(n), kept


def write(
    folder: Path,
    mark: Mark,
    documents: Iterable[Document],
    gone: Iterable[str] = (),
    known: Iterable[Segment] = (),
) -> Mark:
    """Put documents in, in place of older ones with their keys, and take others out.

    What the commit before needs stays until ``clean``: its readers look for it by its mark.
    """
    fresh = {document.key: document for document in documents}
    clean(folder, mark)
    with _writer(folder, mark, known, limitmb=64) as writer:
        _delete(writer, {*fresh, *gone})
        for document in fresh.values():
            writer.add_document(**_fields(document))
        writer.commit(mergetype=_merge_few)
    settle_folder(folder)
    return writer.mark


def fill(folder: Path, mark: Mark, documents: Iterable[Document]) -> Mark:
    """Put many documents into an empty index, in one segment or in a few large ones."""
    waiting = iter(documents)
    known: list[Segment] = []
    while some := next(waiting, None):
        with _writer(folder, mark, known, limitmb=256) as writer:
            for document in chain((some,), islice(waiting, MOST_AT_ONCE - 1)):
                writer.add_document(**_fields(document))
            writer.commit(merge=False)
        mark = writer.mark
        known = [segment for segment, _ in open_segments(folder, mark, known).segments]
    settle_folder(folder)
    return mark


def clean(folder: Path, mark: Mark) -> None:
    """Remove all that a commit does not need: older ones, and what a killed writer left."""
    clean_files(_storage(folder), _NAME, mark.toc, _toc(folder, mark).segments)
    for path in folder.glob(f"_{_NAME}_*.toc.*"):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / f"{_NAME}.tmp", ignore_errors=True)


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, which compiles the columns of what it wrote before anyone can see it.

    Attributes:
        mark: of the commit it begins from, and after its own, of that.
    """

    def __init__(
        self, folder: Path, mark: Mark, known: Iterable[Segment] = (), *, limitmb: int
    ) -> None:
        # Whoosh's own lock is not asked for: whoever is here has the index's.
        super().__init__(FileIndex(_storage(folder), None, _NAME), _lk=False, limitmb=limitmb)
        self.folder = folder
        self.mark = mark
        self._known = {segment.path: segment for segment in known if segment.unchanged()}

    def columns(self, segment: Any) -> Segment:
        """The columns of a segment that is there."""
        path = _columns(self.folder, segment)
        if path not in self._known:
            self._known[path] = Segment.open(path)
        return self._known[path]

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        there = [s for s in segments if s.segment_id() in self.mark.segments]
        others = [self.columns(s) for s in there]
        crcs = {s.segment_id(): self.mark.segments[s.segment_id()] for s in there}
        for segment in segments:
            if segment not in there:
                kept = _kept(self.storage, self.schema, segment)
                path, columns = _segment_path(self.folder, segment), _columns(self.folder, segment)
                Segment.compile(kept, others=others).save(columns)
                crcs[segment.segment_id()] = _crc(path)
                _settle(path, columns)
        TOC(self.schema, segments, self.generation).write(self.storage, _NAME)
        toc = _toc_path(self.folder, self.generation)
        _settle(toc)
        self.mark = Mark(self.generation, _crc(toc), crcs)


def _storage(folder: Path) -> FileStorage:
    """Without memory maps: a file cut short under one ends the process, not only the search."""
    return FileStorage(str(folder), supports_mmap=False)


def _toc(folder: Path, mark: Mark) -> Any:
    _check(_toc_path(folder, mark.toc), mark.crc)
    return TOC.read(_storage(folder), _NAME, gen=mark.toc)


def _toc_path(folder: Path, number: int) -> Path:
    return folder / f"_{_NAME}_{number}.toc"


def _segment_path(folder: Path, segment: Any) -> Path:
    return folder / f"{segment.segment_id()}.seg"


def _check(path: Path, crc: int) -> None:
    if _crc(path) != crc:
        raise Damaged(path.name)


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            crc = zlib.crc32(piece, crc)
    return crc


@contextmanager
def _writer(
    folder: Path, mark: Mark, known: Iterable[Segment], *, limitmb: int
) -> Iterator[_Writer]:
    """A writer that lets go of its files if it fails; why it did is what is told."""
    writer = _Writer(folder, mark, known, limitmb=limitmb)
    try:
        yield writer
    except BaseException:
        if not writer.is_closed:
            with suppress(Exception):
                writer.cancel()
        raise


def _kept(storage: FileStorage, fields: Any, segment: Any) -> list[Kept]:
    reader = SegmentReader(storage, fields, segment)
    try:
        return [Kept(*reader.stored_fields(n)["kept"]) for n in range(segment.doc_count_all())]
    finally:
        reader.close()


def _columns(folder: Path, segment: Any) -> Path:
    """The file of a segment's columns; Whoosh removes it together with the segment."""
    return folder / f"{segment.segment_id()}.columns"


def _live(size: int, segment: Any) -> Bools | None:
    deleted = [*segment.deleted_docs()]
    if not deleted:
        return None
    live = np.ones(size, dtype=np.bool_)
    live[deleted] = False
    return live


def _delete(writer: _Writer, keys: set[str]) -> None:
    numbers = np.array([int(key.rsplit("-", 1)[1]) for key in keys], dtype=np.int64)
    offset = 0
    for segment in writer.segments:
        columns = writer.columns(segment)
        for n in np.flatnonzero(np.isin(columns.numbers["number"], numbers)).tolist():
            if columns.key(n) in keys and not segment.is_deleted(n):
                writer.delete_document(offset + n)
        offset += segment.doc_count_all()


def _merge_few(writer: Any, segments: Sequence[Any]) -> list[Any]:
    """Merge the smallest segments when there are several, and never many documents at once."""
    ordered = sorted(segments, key=lambda s: s.doc_count())
    small, total = [], 0
    for segment in ordered:
        total += segment.doc_count()
        if total > MOST_MERGED:
            break
        small.append(segment)
    gone = [s for s in segments if not s.doc_count()]
    if len(small) < MERGED_FROM:
        return [s for s in segments if s not in gone]
    for segment in small:
        # A flipped bit would be merged into what is new, under a sum that says it is right.
        _check(_segment_path(writer.folder, segment), writer.mark.segments[segment.segment_id()])
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [s for s in segments if s not in small and s not in gone]


def _settle(*paths: Path) -> None:
    """Wait until what was written has reached the disk; Whoosh itself does not."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Wait until the names in a folder have reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fields(document: Document) -> dict[str, Any]:
    kept = Kept.of(document)
    fields: dict[str, Any] = {
        "key": document.key,
        "kept": (kept.facts, kept.streams, kept.about, kept.surface, kept.names, kept.shown),
        ABOUT: list(kept.about),
    }
    for language, streams in kept.streams.items():
        for part, stream in zip(("title", "text"), streams, strict=True):
            fields[f"{part}_{language}"] = [f for word in stream.split() for f in word.split("|")]
    return fields
