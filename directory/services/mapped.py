"""Mapped: an object with large arrays in a file, whose arrays stay in the file until they are used.

Processes that open the same file share its pages in memory. The file is ours alone: it holds a
pickle, so it is readable and writable by the owner only, and never restored or taken from anybody.
"""

import mmap
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import numpy as np

_HEAD = 8
"""Bytes of a number: a checksum, how many parts there are, and how long each is."""
_ALIGNED = 64


def write(path: Path, thing: object) -> None:
    """Write an object beside its place and move it there when it is whole."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(thing, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    sizes = np.array([len(parts), *(part.nbytes for part in parts)], dtype="<u8").tobytes()
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    checksum = zlib.crc32(sizes)
    with open(fresh, "wb", opener=_private) as file:
        file.write(bytes(_HEAD))
        file.write(sizes)
        for part in parts:
            padding = bytes(-file.tell() % _ALIGNED)
            checksum = zlib.crc32(part, zlib.crc32(padding, checksum))
            file.write(padding)
            file.write(part)
        file.seek(0)
        file.write(np.array([checksum], dtype="<u8").tobytes())
    fresh.replace(path)


def read(path: Path) -> Any:
    """Read what was written; arrays cannot be changed.

    Raises:
        ValueError: the file is not whole.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    if len(whole) < 2 * _HEAD or zlib.crc32(whole[_HEAD:]) != _number(whole, 0):
        raise ValueError(f"{path.name} is not whole")
    count = _number(whole, 1)
    at, parts = _HEAD * (2 + count), []
    for size in (_number(whole, 2 + n) for n in range(count)):
        at += -at % _ALIGNED
        parts.append(whole[at : at + size])
        at += size
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - our own file, see above


def _number(whole: memoryview, n: int) -> int:
    return int.from_bytes(whole[_HEAD * n : _HEAD * (n + 1)], "little")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
