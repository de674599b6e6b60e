"""Store: many flat arrays in one file, checked when opened.

The file: eight bytes of magic, the header's length, a JSON header, then each array aligned to 64
bytes, then a CRC-32 of everything before it. Nothing in it is ever executed or unpickled. The file
itself is not mapped into memory: one that is cut short under a map ends the process of whoever reads
it. A large one is copied into shared memory once, and that is what all workers map.
"""

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from directory.search import sharing

Array = NDArray[Any]
Arrays = Mapping[str, Array]

_MAGIC = b"vereda\x00\x02"
_ALIGN = 64
_CHUNK = 1 << 24


class Damaged(Exception):
    """A file is not what was once written."""


@dataclass(frozen=True)
class Stamp:
    """What tells a file from the same file changed: its number, size and time of change."""

    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> "Stamp":
        """The stamp of a file as it is now."""
        found = os.stat(path)  # noqa: PTH116 - asked on every search; Path.stat costs more
        return cls(found.st_ino, found.st_size, found.st_mtime_ns)

    def __str__(self) -> str:
        return f"{self.inode}-{self.changed}"


def write(path: Path, arrays: Arrays, meta: Mapping[str, Any]) -> None:
    """Write arrays and what they mean, whole or not at all."""
    header, offsets = _header(arrays, meta)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with fresh.open("wb") as file:
        crc = 0
        for piece in _pieces(header, arrays, offsets):
            crc = zlib.crc32(piece, crc)
            file.write(piece)
        file.write(struct.pack("<I", crc))
    fresh.replace(path)


def read(path: Path) -> tuple[dict[str, Array], dict[str, Any], Stamp]:
    """Read a file's arrays.

    Raises:
        Damaged: it is cut short, or a bit has changed.
        OSError: there is none, or it cannot be read.
    """
    stamp = Stamp.of(path)
    held = sharing.mapped(path, stamp.size, str(stamp))
    if held is None:
        held = sharing.share(path, check(path), str(stamp))
    begin = len(_MAGIC) + 8
    length = struct.unpack("<Q", held[len(_MAGIC) : begin])[0]
    header = json.loads(held[begin : begin + length])
    first = _first(length)
    arrays = {
        name: np.frombuffer(held, dtype=kind, count=count, offset=first + offset)
        for name, (kind, count, offset) in header["arrays"].items()
    }
    return arrays, header["meta"], stamp


def check(path: Path) -> bytes:
    """Every byte of a file, as it was written.

    Raises:
        Damaged: it is cut short, or a bit has changed.
        OSError: there is none, or it cannot be read.
    """
    held = path.read_bytes()
    if len(held) < len(_MAGIC) + 12:
        raise Damaged(path.name)
    if held[: len(_MAGIC)] != _MAGIC:
        raise Damaged(path.name)
    with memoryview(held) as view:
        crc, end = 0, len(view) - 4
        for at in range(0, end, _CHUNK):
            crc = zlib.crc32(view[at : min(at + _CHUNK, end)], crc)
        if struct.unpack("<I", view[end:])[0] != crc:
            raise Damaged(path.name)
    return held


def _header(arrays: Arrays, meta: Mapping[str, Any]) -> tuple[bytes, dict[str, int]]:
    """The header, and where each array begins, counted from the first one's beginning."""
    at, listed = 0, {}
    for name, array in arrays.items():
        listed[name] = (array.dtype.str, int(array.size), at)
        at = _aligned(at + array.nbytes)
    header = json.dumps({"arrays": listed, "meta": meta}, ensure_ascii=False).encode()
    first = _first(len(header))
    return header, {name: first + offset for name, (_, _, offset) in listed.items()}


def _first(length: int) -> int:
    """Where the first array begins, after a header of a length."""
    return _aligned(len(_MAGIC) + 8 + length)


def _pieces(
    header: bytes, arrays: Arrays, offsets: Mapping[str, int]
) -> Iterator[bytes | memoryview]:
    head = _MAGIC + struct.pack("<Q", len(header)) + header
    yield head
    at = len(head)
    for name, array in arrays.items():
        yield b"\0" * (offsets[name] - at)
        yield np.ascontiguousarray(array).view(np.uint8).data if array.size else b""
        at = offsets[name] + array.nbytes


def _aligned(at: int) -> int:
    return -(-at // _ALIGN) * _ALIGN
