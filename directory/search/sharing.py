"""Sharing: one copy of a large file in memory, mapped by every worker that reads it.

The copies lie in the system's shared memory, where nobody shortens them, under names that say whose
they are, of which file and of which of its states.
"""

import atexit
import hashlib
import mmap
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a memory file system, and names only we may open
# Small files cost less to hold than to share.
SHARED_FROM = 8 * 1024 * 1024
_ROOM_LEFT = 64 * 1024 * 1024

_used: set[Path] = set()

Held = bytes | mmap.mmap


def mapped(path: Path, size: int, state: str) -> Held | None:
    """The copy of a file in a state, if there is one; it was whole when it was made."""
    if size < SHARED_FROM:
        return None
    copy = _copy(path, state)
    try:
        found = copy.stat()
        if found.st_uid != os.getuid() or found.st_size != size or found.st_mode & 0o077:
            return None
        with copy.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        return None
    _used.add(copy)
    return held


def share(path: Path, held: bytes, state: str) -> Held:
    """Copy a file for the other workers and map the copy; without room, what was read serves."""
    if len(held) < SHARED_FROM or not _has_room(len(held)):
        return held
    copy = _copy(path, state)
    fresh = copy.with_suffix(f".{os.getpid()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(held)
        fresh.replace(copy)
    except OSError:
        fresh.unlink(missing_ok=True)
        return held
    return mapped(path, len(held), state) or held


def forget(folder: Path, keep: Iterable[tuple[Path | None, str]]) -> None:
    """Let go of copies of files in a folder that are no more; who still maps one keeps it."""
    kept = {_copy(path, state) for path, state in keep if path is not None}
    for copy in _MEMORY.glob(f"{_prefix(folder)}*"):
        if copy not in kept:
            with suppress(OSError):
                copy.unlink()
                _used.discard(copy)


def _has_room(size: int) -> bool:
    try:
        found = os.statvfs(_MEMORY)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize > size + _ROOM_LEFT


def _copy(path: Path, state: str) -> Path:
    return _MEMORY / f"{_prefix(path.parent.parent)}{path.stem}-{state}"


def _prefix(folder: Path) -> str:
    whose = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return f"vereda-{os.getuid()}-{whose}-"


@atexit.register
def _let_go() -> None:
    for copy in _used:
        with suppress(OSError):
            copy.unlink()
