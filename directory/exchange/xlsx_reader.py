"""The XLSX reader: from the bytes of a workbook to the same table a CSV file gives."""

import io
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from directory.errors import UnreadableFile
from directory.exchange import packed
from directory.exchange.folding import fold
from directory.exchange.messages import Remark
from directory.exchange.tables import Row, Table

MOST_ROWS = 50_000
MOST_COLUMNS = 300
MOST_SHEETS = 50
# Who numbers a row a million makes the reader count that far.
_BLANKS = 1000
_LONGEST_CELL = 100_000
_FORMULA, _ERROR = "f", "e"

Numbered = tuple[int, Sequence[Any]]


def read(data: bytes, name: str, *, known: Collection[str] = ()) -> Table:
    """The header and rows of the sheet that looks most like the one meant.

    Args:
        data: the whole file.
        name: what to call it in an error.
        known: headers to look for; the first sheet that shows most of them is the right one.

    Raises:
        UnreadableFile: it is no workbook, or has no such sheet.
    """
    packed.check(data, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which nobody reads here
        try:
            return _table(data, name, {fold(each) for each in known})
        except UnreadableFile:
            raise
        except Exception as error:
            # Of a file made to mislead it, openpyxl raises whatever comes.
            raise UnreadableFile(name, "the spreadsheet is broken.", "broken-workbook") from error


def _table(data: bytes, name: str, known: set[str]) -> Table:
    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    try:
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not sheets:
            raise UnreadableFile(name, "it has no sheet that can be seen.", "no-sheet")
        if len(sheets) > MOST_SHEETS:
            raise UnreadableFile(name, "the spreadsheet is broken.", "broken-workbook")
        best = max(sheets, key=lambda each: len(known & set(map(fold, _header_of(each)))))
        return _read(best, name)
    finally:
        book.close()


def _read(sheet: Any, name: str) -> Table:
    filled = _filled(sheet)
    _line, first = next(filled, (0, ()))
    header = _names(first)
    if not header:
        raise UnreadableFile(name, "it has no header line that can be read.", "no-header")
    rows: list[Row] = []
    refused: list[Remark] = []
    for line, cells in filled:
        if len(rows) + len(refused) >= MOST_ROWS:
            raise UnreadableFile(
                name, f"it has more than {MOST_ROWS} rows.", "too-many-rows", str(MOST_ROWS)
            )
        remark = _misfit(line, cells, header)
        if remark:
            refused.append(remark)
        else:
            rows.append(Row(line, _texts(cells, len(header))))
    return Table(header, tuple(rows), tuple(refused), "XLSX", str(sheet.title))


def _header_of(sheet: Any) -> tuple[str, ...]:
    _line, first = next(_filled(sheet), (0, ()))
    return _names(first)


def _filled(sheet: Any) -> Iterator[Numbered]:
    """Rows that are not empty, with their numbers; after very many empty ones there are no more."""
    sheet.reset_dimensions()  # which the file says, and may say wrongly
    blanks = 0
    for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if any(cell.value not in (None, "") for cell in cells):
            blanks = 0
            yield line, cells
            continue
        blanks += 1
        if blanks > _BLANKS:
            return


def _names(cells: Sequence[Any]) -> tuple[str, ...]:
    names = [" ".join(_text(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _misfit(line: int, cells: Sequence[Any], header: tuple[str, ...]) -> Remark | None:
    for cell, name in zip(cells, header, strict=False):
        if cell.data_type == _FORMULA:
            return Remark(line, name, "formula-cell", str(cell.value))
        if cell.data_type == _ERROR:
            return Remark(line, name, "error-cell", str(cell.value))
        if isinstance(cell.value, str) and len(cell.value) > _LONGEST_CELL:
            return Remark(line, name, "huge-cell")
    beyond = islice(cells, len(header), None)
    if any(cell.value not in (None, "") for cell in beyond):
        filled = max(i for i, cell in enumerate(cells, start=1) if cell.value not in (None, ""))
        return Remark(line, "", "too-many-cells", str(filled), str(len(header)))
    return None


def _texts(cells: Sequence[Any], width: int) -> tuple[str, ...]:
    texts = [_text(cell) for cell in islice(cells, width)]
    return tuple(texts + [""] * (width - len(texts)))


def _text(cell: Any) -> str:
    """What a cell would be in a CSV file: dates as ISO writes them, whole numbers without a point."""
    value = cell.value
    if isinstance(value, datetime):
        return _moment(value, cell.number_format)
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return "" if value is None else str(value)


def _moment(value: datetime, number_format: str) -> str:
    # Midnight is a day unless the sheet shows hours.
    if value.time() == time() and "h" not in number_format.lower():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="minutes")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def _length(value: timedelta) -> str:
    minutes = int(value.total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (float, _number),
    (date, date.isoformat),
    (time, lambda value: value.isoformat(timespec="minutes")),
    (timedelta, _length),
)
