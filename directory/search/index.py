"""The index: a disposable copy of the published listings, made for finding them."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from directory.search import generation, sharing, titles
from directory.search.answer import Found, answer
from directory.search.documents import Document
from directory.search.generation import Mark, Opened
from directory.search.lexicon import EMPTY, Lexicon
from directory.search.request import SearchRequest
from directory.search.segment import Kept, Segment
from directory.search.spelling import Correction
from directory.search.store import Stamp
from directory.search.titles import TitleHit

# Whoosh raises what it finds: of its own files it may meet any byte (five kinds were seen).
BROKEN = (Exception,)
_STATE = "state"
_JOURNAL = ".journal"
# Bringing in what was written meanwhile is repeated while writers go on; the rest waits for them.
_ROUNDS_BESIDE = 5
_LOOKS = 5
# Deleted documents still take room and time.
_MOST_DEAD = 1000

Result = TypeVar("Result")
# Listings by key: the documents of those that are published; the others are gone.
Documents = Callable[[Iterable[str]], Iterable[Document]]


class IndexUnavailable(Exception):
    """The index cannot answer now; the database can."""


class Index:
    """Generations of a Whoosh index in a folder, of which one serves.

    The file ``state`` names the one that serves, and the commit of it. It is replaced, never
    written to, so a reader sees that there is something new by asking for the file's stamp, and
    what a writer that was killed left beside it is nobody's.
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
        if self._lacks_files(opened):
            return True
        held = sum(segment.size for segment, _ in opened.segments)
        dead = held - opened.size
        return len(opened.segments) > generation.MOST_SEGMENTS or dead > _MOST_DEAD + held // 3

    def verify(self) -> None:
        """Read every byte again.

        Raises:
            IndexUnavailable: something is missing or damaged.
        """
        self._settled(generation.verify)

    def contents(self) -> dict[str, Kept]:
        """Every document by key, as it was put in.

        Raises:
            IndexUnavailable: something is missing or damaged.
        """
        return self._settled(lambda folder, mark: dict(generation.contents(folder, mark)))

    def is_sound(self) -> bool:
        """Whether every byte is as it was written; what is wrong, no reader here answers from."""
        try:
            self.verify()
        except IndexUnavailable:
            self.distrust()
            return False
        return True

    def distrust(self) -> None:
        """Forget what was opened: the next reader reads every byte, and finds what is wrong."""
        self._opened = None

    # Writing

    @contextmanager
    def writing(self, timeout: float = 0.05) -> Iterator["Writing | None"]:
        """The right to write, for one at a time; None when somebody else has it."""
        with self._locked("writer", timeout) as mine:
            yield Writing(self) if mine else None

    @contextmanager
    def rebuilding(self, timeout: float = 0) -> Iterator["Rebuilding | None"]:
        """A new generation beside the one that serves; None when one is being made already."""
        with self._locked("rebuild", timeout) as mine:
            if not mine:
                yield None
                return
            with closing(Rebuilding(self)) as new:
                yield new

    def tidy(self) -> None:
        """Remove what a killed rebuild left: it takes room, and every writer notes for it."""
        if not self.exists() or len([*self.folder.glob("g[0-9]*")]) < 2:  # noqa: PLR2004
            return
        with self._locked("rebuild", 0) as mine, self.writing() as right:
            if mine and right is not None:
                self._remove_leftovers()

    # Within

    @contextmanager
    def _locked(self, name: str, timeout: float) -> Iterator[bool]:
        """Whether a lock is one's own, which it is until the end of the block."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / f"{name}.lock", timeout=timeout)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _read(self, work: Callable[[Opened], Result]) -> Result:
        try:
            return work(self._fresh())
        except BROKEN as error:
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _settled(self, work: Callable[[Path, Mark], Result]) -> Result:
        """Something done with the files of a commit, again if the next one took them away."""
        stamp = None
        for look in range(_LOOKS):
            try:
                stamp = Stamp.of(self._state)
                return work(*self._serving())
            except BROKEN as error:
                if look == _LOOKS - 1 or self._stamp() == stamp:
                    raise IndexUnavailable(f"{type(error).__name__}: {error}") from error
        raise AssertionError

    def _fresh(self) -> Opened:
        known = self._opened
        if known is None or known[0] != Stamp.of(self._state):
            known = self._reopened(known)
        for segment, _ in known[1].segments:
            if not segment.unchanged():
                self._opened = None
                raise IndexUnavailable("a file was changed")
        return known[1]

    def _reopened(self, known: tuple[Stamp, Opened] | None) -> tuple[Stamp, Opened]:
        """The state as it is now; while one reads it, the others answer from what they have."""
        if not self._lock.acquire(blocking=known is None):
            assert known is not None  # noqa: S101 - or it would have waited
            return known
        try:
            opened = self._opened
            if opened is None or opened[0] != Stamp.of(self._state):
                held = [segment for segment, _ in opened[1].segments] if opened else []
                self._opened = opened = self._open(held)
        except BROKEN:
            self._opened = None
            raise
        else:
            return opened
        finally:
            self._lock.release()

    def _open(self, held: Iterable[Segment]) -> tuple[Stamp, Opened]:
        """The segments of the state; a commit in between is a reason to look again."""
        for look in range(_LOOKS):
            stamp = Stamp.of(self._state)
            try:
                opened = generation.open_segments(*self._serving(), held)
            except BROKEN:
                if look == _LOOKS - 1 or self._stamp() == stamp:
                    raise
            else:
                used = ((segment.path, str(segment.stamp)) for segment, _ in opened.segments)
                sharing.forget(self.folder, used)
                return stamp, opened
        raise AssertionError

    def _lacks_files(self, opened: Opened) -> bool:
        """Whether files were taken away that are still in memory here; no later commit did it."""
        before = self._opened
        lacking = any(s.path is not None and not s.path.exists() for s, _ in opened.segments)
        return lacking and before is not None and before[0] == self._stamp()

    def _stamp(self) -> Stamp | None:
        try:
            return Stamp.of(self._state)
        except OSError:
            return None

    def _serving(self) -> tuple[Path, Mark]:
        state = json.loads(self._state.read_bytes())
        return self.folder / str(state["generation"]), Mark(**state["mark"])

    def _current(self) -> Path:
        return self._serving()[0]

    def _serve(self, name: str, mark: Mark) -> None:
        """Let a commit of a generation serve."""
        fresh = self.folder / f"{_STATE}.{os.getpid()}.new"
        fresh.write_text(json.dumps({"generation": name, "mark": asdict(mark)}))
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(self._state)
        generation.settle_folder(self.folder)

    def _remove_leftovers(self) -> None:
        """Whatever does not serve; only for one who may write and rebuild."""
        try:
            keep = self._current().name
        except BROKEN:
            keep = ""
        for path in self.folder.glob("g[0-9]*"):
            if path.name != keep:
                _remove(path)
        for path in self.folder.glob(f"{_STATE}.*.new"):
            _remove(path)


def _remove(path: Path) -> None:
    """Remove a file or a folder; what a reader has open keeps its bytes until it lets go."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


class Writing:
    """The right to write into the generation that serves."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def apply(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> None:
        """Put documents in and take keys out; told to a generation that is being made."""
        documents, gone = list(documents), list(gone)
        current, mark = self.index._serving()  # noqa: SLF001 - one thing in two classes
        opened = self.index._opened  # noqa: SLF001
        known = [segment for segment, _ in opened[1].segments] if opened else []
        new = generation.write(current, mark, documents, gone, known)
        for journal in self.index.folder.glob(f"*{_JOURNAL}"):
            _note(journal, (*(d.key for d in documents), *gone))
        self.index._serve(current.name, new)  # noqa: SLF001
        generation.clean(current, new)


def _note(journal: Path, keys: Iterable[str]) -> None:
    with journal.open("a", encoding="ascii") as file:
        file.writelines(f"{key}\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())


class Rebuilding:
    """A generation in the making; what is written meanwhile is noted and brought in at the end."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._read = 0
        with index.writing(timeout=60) as right:
            if right is None:
                raise IndexUnavailable("another writer does not let go")
            index._remove_leftovers()  # noqa: SLF001 - one thing in two classes
            # Never the name of one that was there: a writer may still be at work in its folder.
            self.path = index.folder / f"g{self._next_number()}-{os.urandom(4).hex()}"
            self.journal = self.path.with_suffix(_JOURNAL)
            self._mark = generation.create(self.path)
            self.journal.touch()

    def fill(self, documents: Iterable[Document]) -> None:
        """Put all documents in."""
        self._mark = generation.fill(self.path, self._mark, documents)

    def take_over(self, documents_of: Documents) -> None:
        """Bring in what was written meanwhile, then serve."""
        for _ in range(_ROUNDS_BESIDE):
            if not self._catch_up(documents_of):
                break
        with self.index.writing(timeout=600) as right:
            if right is None:
                raise IndexUnavailable("another writer does not let go")
            self._catch_up(documents_of)
            self.index._serve(self.path.name, self._mark)  # noqa: SLF001
            self.index._remove_leftovers()  # noqa: SLF001

    def close(self) -> None:
        """Remove what nobody needs any more: all of it, if it did not come to serve."""
        _remove(self.journal)
        try:
            serving = self.index._current()  # noqa: SLF001
        except BROKEN:
            serving = None
        if serving != self.path:
            _remove(self.path)

    def _catch_up(self, documents_of: Documents) -> bool:
        keys = self._noted()
        if keys:
            documents = list(documents_of(keys))
            gone = keys - {document.key for document in documents}
            self._mark = generation.write(self.path, self._mark, documents, gone)
        return bool(keys)

    def _noted(self) -> set[str]:
        with self.journal.open(encoding="ascii") as journal:
            journal.seek(self._read)
            text = journal.read()
        whole = text[: text.rfind("\n") + 1]
        self._read += len(whole)
        return set(whole.split())

    def _next_number(self) -> int:
        try:
            return int(self.index._current().name[1:].partition("-")[0]) + 1  # noqa: SLF001
        except BROKEN:
            return 1
