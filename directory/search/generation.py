"""Generation: one Whoosh index in a folder, with a file of columns beside each of its segments."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from directory.search.coded import Bools
from directory.search.documents import Document
from directory.search.postings import ABOUT
from directory.search.schema import schema
from directory.search.segment import Kept, Segment

_NAME = "MAIN"
# A commit merges at most so many documents, which takes a fraction of a second; what has grown
# larger stays as it is until the whole index is made anew.
MOST_MERGED = 400
MERGED_FROM = 8
MOST_SEGMENTS = 20
_FILES = {".seg", ".columns", ".toc"}
_CLOCKS_DIFFER = 2.0  # seconds; a file system keeps its own time


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


def create(folder: Path) -> None:
    """Make an empty index."""
    folder.mkdir(parents=True)
    TOC.create(FileStorage(str(folder)), schema(), _NAME)


def open_segments(folder: Path, known: Iterable[Segment] = ()) -> Opened:
    """The segments as they are now; those known and unchanged are not read again.

    Raises:
        Exception: of many kinds, when a file is missing or damaged.
    """
    held = {segment.path: segment for segment in known}
    found = []
    for segment in TOC.read(FileStorage(str(folder)), _NAME, schema=None).segments:
        path = _columns(folder, segment)
        columns = held.get(path)
        if columns is None or not columns.unchanged():
            columns = Segment.open(path)
        found.append((columns, _live(columns.size, segment)))
    return Opened(tuple(found))


def write(folder: Path, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
    """Put documents in, in place of older ones with their keys, and take others out."""
    fresh = {document.key: document for document in documents}
    begun = time.time()
    writer = _Writer(FileIndex(FileStorage(str(folder)), None, _NAME), limitmb=64)
    try:
        _delete(writer, folder, {*fresh, *gone})
        for document in fresh.values():
            writer.add_document(**_fields(document))
        writer.commit(mergetype=_merge_few)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    _settle(folder, begun)


def fill(folder: Path, documents: Iterable[Document]) -> None:
    """Put many documents into an empty index, as one segment."""
    begun = time.time()
    writer = _Writer(FileIndex(FileStorage(str(folder)), None, _NAME), limitmb=256)
    try:
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit(merge=False)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    _settle(folder, begun)


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, which compiles the columns of what it wrote before anyone can see it."""

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        folder = Path(self.storage.folder)
        there = [s for s in segments if _columns(folder, s).exists()]
        others = [Segment.open(_columns(folder, s)) for s in there]
        for segment in segments:
            if segment not in there:
                kept = _kept(self.storage, self.schema, segment)
                Segment.compile(kept, others=others).save(_columns(folder, segment))
        super()._commit_toc(segments)


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


def _delete(writer: _Writer, folder: Path, keys: set[str]) -> None:
    numbers = np.array([int(key.rsplit("-", 1)[1]) for key in keys], dtype=np.int64)
    offset = 0
    for segment in writer.segments:
        columns = Segment.open(_columns(folder, segment))
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
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [s for s in segments if s not in small and s not in gone]


def _settle(folder: Path, since: float) -> None:
    """Wait until what was written has reached the disk; Whoosh itself does not."""
    for path in folder.iterdir():
        if path.suffix in _FILES and path.stat().st_mtime > since - _CLOCKS_DIFFER:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    settle_folder(folder)


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
