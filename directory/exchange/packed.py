"""Packed: whether a file is a spreadsheet and nothing else, before anything in it is unpacked."""

import io
import re
import struct
import zipfile

from directory.errors import UnreadableFile

MOST_PARTS = 500
MOST_BYTES = 80 * 1024 * 1024
# Real workbooks shrink to a tenth or so; a bomb to a thousandth.
MOST_RATIO = 150
_SMALL = 1024 * 1024
_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_BEGIN, _END = b"PK\x03\x04", b"PK\x05\x06"
_END_LENGTH = 22
_ENCRYPTED = 0x1
_MACROS = re.compile(r"vbaProject|activeX|embeddings/|\.bin$", re.IGNORECASE)
# Entities grow without end; no program writes a spreadsheet with them.
_DECLARED = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def check(data: bytes, name: str) -> None:
    """Make sure of a workbook before it is opened.

    Raises:
        UnreadableFile: it is another packed file, hides something, or swells past all measure.
    """
    if not data.startswith(_BEGIN) or not _ends_there(data):
        raise _refusal(name, "is-two")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_parts(packed, name, len(data))
            _check_contents(packed, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        raise _refusal(name, "broken-workbook") from None


def _ends_there(data: bytes) -> bool:
    """Whether the directory of a packed file ends with the file, and begins where it says."""
    tail = data[-_END_LENGTH:]
    if len(tail) < _END_LENGTH or not tail.startswith(_END):
        return False
    size, offset, comment = struct.unpack("<IIH", tail[12:22])
    return comment == 0 and int(offset) + int(size) + _END_LENGTH == len(data)


def _check_parts(packed: zipfile.ZipFile, name: str, weight: int) -> None:
    parts = packed.infolist()
    names = [part.filename for part in parts]
    if not set(names) >= _NEEDED:
        raise _refusal(name, "no-workbook")
    if len(parts) > MOST_PARTS or len(set(names)) < len(names) or any(map(_is_odd, names)):
        raise _refusal(name, "broken-workbook")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _refusal(name, "locked-workbook")
    if any(_MACROS.search(each) and not _is_printing(each) for each in names):
        raise _refusal(name, "macros")
    swollen = sum(part.file_size for part in parts)
    if swollen > MOST_BYTES or (swollen > _SMALL and swollen > MOST_RATIO * weight):
        raise _refusal(name, "bomb")


def _check_contents(packed: zipfile.ZipFile, name: str) -> None:
    for part in packed.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            # Reading ends where the directory says, so it cannot be more than was added up.
            content = packed.read(part)
            if any(mark in content for mark in _DECLARED):
                raise _refusal(name, "entities")


def _is_odd(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name or "\\" in name or "\0" in name


def _is_printing(name: str) -> bool:
    """How a sheet is to be printed, which most programs keep in a part of its own."""
    return name.startswith("xl/printerSettings/")


_REASONS = {
    "is-two": "something else stands before or after the spreadsheet in it.",
    "no-workbook": "it is a packed file, but no XLSX spreadsheet.",
    "broken-workbook": "the spreadsheet is broken.",
    "locked-workbook": "the spreadsheet is locked with a password.",
    "macros": "there are programs (macros) in it. Save it as XLSX without them.",
    "bomb": "unpacked, it would be far larger than any spreadsheet.",
    "entities": "it declares entities, which no spreadsheet needs.",
}


def _refusal(name: str, code: str) -> UnreadableFile:
    return UnreadableFile(name, _REASONS[code], code)
