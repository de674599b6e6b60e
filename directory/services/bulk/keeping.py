"""Keeping: uploaded files between being tried and being brought, and who works on which."""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from directory.errors import NotFound
from directory.settings import Settings

KEPT_FOR = timedelta(hours=1)
MOST_BYTES = 10 * 1024 * 1024
_NAME = re.compile(r"[\w-]{43}", re.ASCII)


def folder(settings: Settings) -> Path:
    """Where they are, readable by nobody else."""
    path = settings.data_dir / "transfers"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(settings: Settings, data: bytes) -> str:
    """Keep a file; the name to ask for it by, which tells nothing of it."""
    name = secrets.token_urlsafe(32)
    descriptor = os.open(folder(settings) / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return name


def kept(settings: Settings, name: str) -> bytes:
    """A file that was kept.

    Raises:
        NotFound: it is no longer, or never was.
    """
    if not _NAME.fullmatch(name):
        raise NotFound("file", name)
    try:
        return (folder(settings) / name).read_bytes()
    except FileNotFoundError:
        raise NotFound("file", name) from None


def forget(settings: Settings, name: str) -> None:
    """Remove a file, if it is still there."""
    if _NAME.fullmatch(name):
        (folder(settings) / name).unlink(missing_ok=True)


def hold(settings: Settings, number: int) -> FileLock | None:
    """Take a transfer as one's own until released or gone with one's process; none: another has it."""
    lock = FileLock(folder(settings) / f"{number}.lock", timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def let_go(settings: Settings, number: int, lock: FileLock) -> None:
    """Give a transfer back."""
    lock.release()
    (folder(settings) / f"{number}.lock").unlink(missing_ok=True)


def is_held(settings: Settings, number: int) -> bool:
    """Whether somebody works on a transfer at this moment."""
    if not (folder(settings) / f"{number}.lock").exists():
        return False
    lock = hold(settings, number)
    if lock is None:
        return True
    lock.release()
    return False
