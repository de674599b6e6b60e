"""Tables: from the bytes of a CSV file to its header and numbered rows."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from directory.errors import UnreadableFile
from directory.exchange.encodings import decode
from directory.exchange.folding import fold
from directory.exchange.messages import Remark

DELIMITERS = ",;\t|"
_BINARY = (
    (b"%PDF", "a PDF document", "is-pdf"),
    (b"PK\x03\x04", "a spreadsheet or another packed file", "is-packed"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or document", "is-old-office"),
    (b"\x1f\x8b", "a compressed file", "is-packed"),
    (b"\x89PNG", "a picture", "is-picture"),
    (b"\xff\xd8\xff", "a picture", "is-picture"),
    (b"GIF8", "a picture", "is-picture"),
    (b"SQLite format 3", "a database", "is-database"),
    (b"MZ\x90\x00", "a program", "is-program"),
    (b"\x7fELF", "a program", "is-program"),
)
# What other programs look for anywhere in a file: there it would be two things at once.
_HIDDEN = (b"PK\x03\x04", b"PK\x05\x06", b"%PDF-")
_MARKUP = re.compile(r"\s*<[!?a-z]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 60
_MOST_CONTROL = 0.02
_SAVE_AS = "In a spreadsheet program, save it as CSV (UTF-8)"


@dataclass(frozen=True)
class Row:
    """The cells of one row, as many as the header has, and the line it begins on."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A file read.

    Attributes:
        header: names of the columns, without stray spaces; trailing empty ones are cut.
        rows: rows that are not empty.
        refused: rows that could not be told apart.
        encoding: what the file was in.
        delimiter: what stood between its cells.
        warnings: what was left out of rows.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: tuple[Remark, ...]
    encoding: str
    delimiter: str
    warnings: tuple[Remark, ...] = ()


def read(
    data: bytes, name: str, *, known: Collection[str] = (), said: str = "", language: str = ""
) -> Table:
    """The header and rows of a CSV file.

    Args:
        data: the whole file.
        name: what to call it in an error.
        known: headers to look for; the delimiter that shows most of them is the right one.
        said: the encoding the mapping names, if it does.
        language: the language the text is expected in.

    Raises:
        UnreadableFile: it is no table.
    """
    _refuse_binary(data, name)
    text, encoding = decode(data, said=said, language=language)
    text = text.removeprefix("\ufeff")
    _refuse_other_text(text, name)
    delimiter = _delimiter(text, {fold(each) for each in known})
    records = _records(text, delimiter)
    _line, first = next(records, (0, []))
    header = _header(first)
    if not header:
        raise UnreadableFile(name, "it has no header line that can be read.", "no-header")
    if len(header) < 2 and not {fold(each) for each in known} & set(map(fold, header)):  # noqa: PLR2004 - one column is no table
        raise UnreadableFile(
            name,
            f"it is no CSV table: no commas, semicolons, tabs or bars part it. {_SAVE_AS}.",
            "no-table",
        )
    rows, refused = _rows(records, header)
    return Table(header, tuple(rows), tuple(refused), encoding, delimiter)


def _refuse_binary(data: bytes, name: str) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile(name, "it is empty.", "is-empty")
    for mark, what, code in _BINARY:
        if data.startswith(mark):
            raise UnreadableFile(name, f"it is {what}, not a CSV file. {_SAVE_AS}.", code)
    if any(mark in data for mark in _HIDDEN):
        raise UnreadableFile(name, f"another file is hidden in it. {_SAVE_AS}.", "is-two")


def _refuse_other_text(text: str, name: str) -> None:
    sample = text[:_SAMPLE_CHARACTERS]
    if not sample.strip():
        raise UnreadableFile(name, "it is empty.", "is-empty")
    if len(_CONTROL.findall(sample)) > _MOST_CONTROL * len(sample):
        raise UnreadableFile(name, f"it is no text. {_SAVE_AS}.", "no-text")
    if _MARKUP.match(sample):
        raise UnreadableFile(
            name,
            "it is a web page or XML, not a CSV file. Download the data, not the page.",
            "is-markup",
        )
    if sample.lstrip()[:1] in {"{", "["} and sample.rstrip()[-1:] in {"}", "]"}:
        raise UnreadableFile(name, "it is JSON, not a CSV file.", "is-json")


def _delimiter(text: str, known: set[str]) -> str:
    sample = text[:_SAMPLE_CHARACTERS]
    return max(DELIMITERS, key=lambda each: _fit(sample, each, known))


def _fit(sample: str, delimiter: str, known: set[str]) -> tuple[int, float, int]:
    """How well a delimiter fits: known headers, share of rows as wide as the header, width."""
    rows = [row for _line, row in islice(_records(sample, delimiter), _SAMPLE_ROWS) if row]
    if not rows:
        return 0, 0.0, 0
    width = len(rows[0])
    alike = sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0
    return len(known & set(map(fold, rows[0]))), alike, width


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the line each begins on; no cells where a quote never ends.

    After a quote that is never closed, reading goes on with the next line.
    """
    lines = list(io.StringIO(text, newline=""))
    begin = 0
    while begin < len(lines):
        reader = csv.reader(islice(lines, begin, None), delimiter=delimiter)
        for at, cells in _located(reader, begin):
            if cells is None or _ran_out(at, begin + reader.line_num, lines):
                yield at + 1, []
                begin = at + 1
                break
            if any(cell.strip() for cell in cells):
                yield at + 1, cells
        else:
            return


def _located(reader: Any, begin: int) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the index of its first line; None for one that grew past all measure."""
    at = begin
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield at, None
            return
        yield at, cells
        at = begin + reader.line_num


def _ran_out(at: int, after: int, lines: list[str]) -> bool:
    """Whether a row over several lines is only over because the file is."""
    if after < len(lines) or after - at < 2:  # noqa: PLR2004 - several
        return False
    return "".join(lines[at:after]).count('"') % 2 == 1


def _header(cells: list[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _rows(
    records: Iterator[tuple[int, list[str]]], header: tuple[str, ...]
) -> tuple[list[Row], list[Remark]]:
    rows: list[Row] = []
    refused: list[Remark] = []
    width = len(header)
    for line, cells in records:
        remark = _misfit(line, cells, width)
        if remark:
            refused.append(remark)
        else:
            rows.append(Row(line, tuple(cells[:width] + [""] * (width - len(cells)))))
    return rows, refused


def _misfit(line: int, cells: list[str], width: int) -> Remark | None:
    if not cells:
        return Remark(line, "", "huge-cell")
    if any("\0" in cell for cell in cells):
        return Remark(line, "", "nul")
    if any(cell.strip() for cell in cells[width:]):
        return Remark(line, "", "too-many-cells", str(len(cells)), str(width))
    return None
