"""Columns: the texts of one row, by field, as a mapping finds them under a header."""

import html
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from directory.exchange.folding import fold
from directory.exchange.mapping import Column, Columns, Source, Values

LISTS = frozenset({"topics", "access", "languages", "residents_of"})
SEPARATORS = re.compile(r"[,;|]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

Texts = dict[str, str]
Getter = Callable[[Sequence[str]], str]


class Cleaner:
    """Makes a cell a text: no stray spaces, entities read, "nothing" empty."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._missing = {each.strip().casefold() for each in source.missing}
        self._small = {each.casefold() for each in source.small_words}

    def clean(self, cell: str) -> str:
        """The text of a cell."""
        if self._source.escaped and _ESCAPED.match(cell):
            cell = cell[1:]
        if self._source.entities and "&" in cell:
            cell = html.unescape(cell)
        text = _UNPRINTABLE.sub(" ", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return "" if text.casefold() in self._missing else text

    def soften(self, text: str) -> str:
        """What stands in capitals only, with capital initials."""
        if not text.isupper():
            return text

        def lower(match: re.Match[str]) -> str:
            word = match[0].lower()
            return word if word in self._small and match.start() else word[:1].upper() + word[1:]

        return _LETTERS.sub(lower, text)


@dataclass(frozen=True)
class Bound:
    """A part of a mapping bound to the columns of one file.

    Attributes:
        getters: how to get the text of each field.
        constants: fields every row has.
        values: the tables of values by folded word.
        headers: field to the header it is read from, for remarks.
    """

    getters: Dictionary[str, Getter]
    constants: Dictionary[str, str]
    values: Dictionary[str, Dictionary[str, str]]
    headers: Dictionary[str, str]

    def texts(self, cells: Sequence[str]) -> Texts:
        """The filled fields of a row, constants not among them."""
        found: Texts = {}
        for field, get in self.getters.items():
            text = get(cells)
            if text and field in self.values:
                text = _look_up(text, self.values[field], is_list=field in LISTS)
            if text:
                found[field] = text
        return found


def bind(
    columns: Columns,
    header: Sequence[str],
    cleaner: Cleaner,
    *,
    constants: Dictionary[str, str],
    values: Values,
) -> Bound:
    """Find a mapping's columns in a header; spelling of case, accents and spaces is forgiven."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(name.strip(), place)
        places.setdefault(_key(name), place)
    getters: dict[str, Getter] = {}
    headers: dict[str, str] = {}
    for field, column in columns.items():
        headers[field] = column.columns[0]
        getter = _getter(column, places, cleaner)
        if getter:
            getters[field] = getter
        for tag, translated in _translations(column, header).items():
            getters[f"{field}[{tag}]"] = _single(translated, cleaner)
            headers[f"{field}[{tag}]"] = header[translated]
    tables = {
        field: {fold(written) or written: meant for written, meant in table.items()}
        for field, table in values.items()
    }
    return Bound(getters, constants, tables, headers)


def missing(read: Collection[str], header: Sequence[str]) -> list[str]:
    """Headers a mapping reads and a file has not."""
    there = {_key(name) for name in header}
    return sorted(name for name in read if _key(name) not in there)


def unread(header: Sequence[str], read: Collection[str]) -> list[str]:
    """Headers of a file that a mapping does not read, translations of those it reads excepted."""
    known = {_key(name) for name in read}
    return [
        name
        for name in header
        if name and _key(name) not in known and _key(name.partition("[")[0]) not in known
    ]


def doubled(header: Sequence[str], read: Collection[str]) -> list[str]:
    """Headers that several columns share and a mapping reads."""
    known = {_key(name) for name in read}
    counts = Counter(_key(name) for name in header if name)
    return [name for name, number in counts.items() if number > 1 and name in known]


def same(one: str, other: str) -> bool:
    """Whether two headers are the same but for case, accents and spaces."""
    return _key(one) == _key(other)


def _key(name: str) -> str:
    bracket = name.find("[")
    if bracket > 0:
        return fold(name[:bracket]) + name[bracket:].strip().casefold()
    return fold(name) or name.strip()


def _translations(column: Column, header: Sequence[str]) -> dict[str, int]:
    """``title[ar]`` beside ``title``: the language and the place of each."""
    base = _key(column.columns[0]) + "["
    return {
        name[name.find("[") + 1 : -1].strip(): place
        for place, name in enumerate(header)
        if name.endswith("]") and _key(name).startswith(base)
    }


def _getter(column: Column, places: Dictionary[str, int], cleaner: Cleaner) -> Getter | None:
    found = [place for name in column.columns if (place := _place(name, places)) is not None]
    if not found:
        return None
    needed = _place(column.needs, places) if column.needs else None
    if len(found) == 1 and needed is None and not column.soften and not column.before:
        return _single(found[0], cleaner)

    def get(cells: Sequence[str]) -> str:
        if needed is not None and not cleaner.clean(cells[needed]):
            return ""
        texts = [text for place in found if (text := cleaner.clean(cells[place]))]
        text = texts[0] if texts and column.first else column.between.join(texts)
        text = cleaner.soften(text) if column.soften else text
        return column.before + text if text else ""

    return get


def _single(place: int, cleaner: Cleaner) -> Getter:
    def get(cells: Sequence[str]) -> str:
        return cleaner.clean(cells[place])

    return get


def _place(name: str, places: Dictionary[str, int]) -> int | None:
    return places.get(name.strip(), places.get(_key(name)))


def _look_up(text: str, table: Dictionary[str, str], *, is_list: bool) -> str:
    if not is_list:
        return table.get(fold(text) or text, text)
    parts = [part.strip() for part in SEPARATORS.split(text)]
    meant = [table.get(fold(part) or part, part) for part in parts if part]
    return ";".join(part for part in meant if part)
