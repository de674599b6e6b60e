"""The index: a disposable copy of the published listings, made for finding them."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from directory.search import generation, titles
from directory.search.answer import Found, answer
from directory.search.documents import Document
from directory.search.generation import Opened
from directory.search.lexicon import EMPTY, Lexicon
from directory.search.request import SearchRequest
from directory.search.spelling import Correction
from directory.search.store import Stamp
from directory.search.titles import TitleHit

# Whoosh raises what it finds: of its own files it may meet any byte (five kinds were seen).
BROKEN = (Exception,)
_STATE = "state"
_BUILDING = "building"
# Deleted documents still take room and time.
_MOST_DEAD = 1000

Result = TypeVar("Result")
# Listings by key: the documents of those that are published; the others are gone.
Documents = Callable[[Iterable[str]], Iterable[Document]]


class IndexUnavailable(Exception):
    """The index cannot answer now; the database can."""


class Index:
    """Generations of a Whoosh index in a folder, of which one serves.

    The file ``state`` names the one that serves and counts its commits. It is replaced, never
    written to, so a reader sees that there is something new by asking for the file's stamp.
    """

    def __init__(self, folder: Path) -> None:
        """An index in a folder, which is made when something is first written."""
        self.folder = folder
        self._state = folder / _STATE
        self._lock = threading.Lock()
        self._opened: tuple[Stamp, Opened] | None = None

    # Reading

    def search(self, request: SearchRequest, lexicon: Lexicon = EMPTY) -> Found:
        """Answer a request.

        Raises:
            IndexUnavailable: there is no index, or it cannot be read.
        """
        return self._read(lambda opened: answer(opened.segments, request, lexicon))

    def correction(self, word: str) -> Correction | None:
        """A word of the index that was probably meant by one it does not hold."""
        return self._read(lambda opened: titles.correction(opened.segments, word))

    def titles_beginning(self, q: str, language: str, *, type: str, most: int) -> list[TitleHit]:  # noqa: A002
        """Listings whose title has the words of ``q``, the last of which may be unfinished."""
        return self._read(
            lambda opened: titles.beginning(opened.segments, q, language, type_=type, most=most)
        )

    def size(self) -> int:
        """How many listings the index holds."""
        return self._read(lambda opened: opened.size)

    def keys(self) -> set[str]:
        """The listings the index holds, by key."""
        return self._read(lambda opened: opened.keys())

    def exists(self) -> bool:
        """Whether there is an index to read."""
        return self._state.exists()

    def wants_rebuild(self) -> bool:
        """Whether it cannot be read, or is in so many pieces that it is better made anew."""
        try:
            opened = self._read(lambda opened: opened)
        except IndexUnavailable:
            return True
        held = sum(segment.size for segment, _ in opened.segments)
        dead = held - opened.size
        return len(opened.segments) > generation.MOST_SEGMENTS or dead > _MOST_DEAD + held // 3

    def verify(self) -> None:
        """Read every byte of the columns again.

        Raises:
            IndexUnavailable: something is missing or damaged.
        """
        try:
            generation.open_segments(self._current())
        except BROKEN as error:
            raise IndexUnavailable(str(error)) from error

    def distrust(self) -> None:
        """Forget what was opened: the next reader reads every byte, and finds what is wrong."""
        self._opened = None

    # Writing

    @contextmanager
    def writing(self, timeout: float = 0.05) -> Iterator["Writing | None"]:
        """The right to write, for one at a time; None when somebody else has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "writer.lock", timeout=timeout)
        try:
            lock.acquire()
        except Timeout:
            yield None
            return
        try:
            yield Writing(self)
        finally:
            lock.release()

    @contextmanager
    def rebuilding(self, timeout: float = 0) -> Iterator["Rebuilding | None"]:
        """A new generation beside the one that serves; None when one is being made already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "rebuild.lock", timeout=timeout)
        try:
            lock.acquire()
        except Timeout:
            yield None
            return
        try:
            yield Rebuilding(self)
        finally:
            with suppress(OSError):
                (self.folder / _BUILDING).unlink(missing_ok=True)
            lock.release()

    # Within

    def _read(self, work: Callable[[Opened], Result]) -> Result:
        try:
            return work(self._fresh())
        except BROKEN as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _fresh(self) -> Opened:
        stamp = Stamp.of(self._state)
        known = self._opened
        if known is None or known[0] != stamp:
            with self._lock:
                known = self._reopened()
        for segment, _ in known[1].segments:
            if not segment.unchanged():
                self._opened = None
                raise IndexUnavailable("a file was changed")
        return known[1]

    def _reopened(self) -> tuple[Stamp, Opened]:
        """The state as it is now; a commit in between is a reason to look again."""
        for attempt in range(5):
            stamp = Stamp.of(self._state)
            if self._opened is not None and self._opened[0] == stamp:
                return self._opened
            held = [s for s, _ in self._opened[1].segments] if self._opened else []
            try:
                opened = generation.open_segments(self._current(), held)
            except BROKEN:
                if attempt == 4 or Stamp.of(self._state) == stamp:  # noqa: PLR2004 - of five
                    self._opened = None
                    raise
                continue
            self._opened = (stamp, opened)
            return self._opened
        raise IndexUnavailable("the index changes too fast")

    def _current(self) -> Path:
        return self.folder / str(json.loads(self._state.read_bytes())["generation"])

    def _serve(self, name: str) -> None:
        """Let a generation serve, as it is now."""
        fresh = self.folder / f"{_STATE}.{os.getpid()}.new"
        fresh.write_text(json.dumps({"generation": name, "commit": os.urandom(8).hex()}))
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(self._state)
        generation.settle_folder(self.folder)


class Writing:
    """The right to write into the generation that serves."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def apply(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
        """Put documents in and take keys out; told to a generation that is being made."""
        documents, gone = list(documents), list(gone)
        current = self.index._current()  # noqa: SLF001 - one thing in two classes
        generation.write(current, documents, gone)
        building = self.index.folder / _BUILDING
        if building.exists():
            with building.open("a", encoding="ascii") as journal:
                journal.writelines(f"{key}\n" for key in (*(d.key for d in documents), *gone))
                journal.flush()
                os.fsync(journal.fileno())
        self.index._serve(current.name)  # noqa: SLF001


class Rebuilding:
    """A generation in the making; what is written meanwhile is noted and brought in at the end."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.journal = index.folder / _BUILDING
        self._read = 0
        with index.writing(timeout=60) as right:
            if right is None:
                raise IndexUnavailable("another writer does not let go")
            self._remove_leftovers()
            self.path = index.folder / f"g{self._next_number()}"
            generation.create(self.path)
            self.journal.write_text("", encoding="ascii")

    def fill(self, documents: Iterable[Document]) -> None:
        """Put all documents in."""
        generation.fill(self.path, documents)

    def take_over(self, documents_of: Documents) -> None:
        """Bring in what was written meanwhile, then serve."""
        self._catch_up(documents_of)
        with self.index.writing(timeout=600) as right:
            if right is None:
                raise IndexUnavailable("another writer does not let go")
            self._catch_up(documents_of)
            self.index._serve(self.path.name)  # noqa: SLF001
            self.journal.unlink()
            self._remove_leftovers()

    def _catch_up(self, documents_of: Documents) -> None:
        while keys := self._noted():
            documents = list(documents_of(keys))
            gone = keys - {document.key for document in documents}
            generation.write(self.path, documents, gone)

    def _noted(self) -> set[str]:
        with self.journal.open(encoding="ascii") as journal:
            journal.seek(self._read)
            text = journal.read()
        whole = text[: text.rfind("\n") + 1]
        self._read += len(whole)
        return set(whole.split())

    def _next_number(self) -> int:
        folders = self.index.folder.glob("g[0-9]*")
        return max((int(p.name[1:]) for p in folders if p.name[1:].isdigit()), default=0) + 1

    def _remove_leftovers(self) -> None:
        """Older generations; one that a reader still has open keeps its bytes until it lets go."""
        try:
            keep = self.index._current().name  # noqa: SLF001
        except BROKEN:
            keep = ""
        for path in self.index.folder.glob("g[0-9]*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)
