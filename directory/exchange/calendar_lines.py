"""Calendar lines: the text of an iCalendar file as its events, one after the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

MOST_CHARACTERS = 200_000
_BEGIN = re.compile(r"BEGIN:\s*([\w-]+)\s*$", re.IGNORECASE | re.ASCII)
_END = re.compile(r"END:\s*([\w-]+)\s*$", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"([\w-]+)[:;]", re.ASCII)
_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Property:
    """One line of an event: its name in capitals, its parameters, what it says."""

    name: str
    params: dict[str, str]
    value: str


@dataclass
class Block:
    """One component, as written.

    Attributes:
        line: where it begins in the file.
        lines: its own lines, unfolded; those of what is nested in it are not among them.
        within: components of which it has to know, such as the halves of a time zone.
    """

    name: str
    line: int
    lines: list[str] = field(default_factory=list)
    within: list["Block"] = field(default_factory=list)

    @property
    def is_huge(self) -> bool:
        """Whether no real event is like that."""
        return sum(map(len, self.lines)) > MOST_CHARACTERS

    def all(self, name: str) -> list[Property]:
        """Every line of a name.

        Raises:
            ValueError: one of them is not as iCalendar writes it; it is the message.
        """
        return [_property(line) for line in self.lines if _name(line) == name]

    def first(self, name: str) -> Property | None:
        """The first line of a name.

        Raises:
            ValueError: it is not as iCalendar writes it; it is the message.
        """
        found = self.all(name)
        return found[0] if found else None


def blocks(text: str) -> Iterator[Block]:
    """The components of a file in order, each when it ends; the calendar itself comes last.

    Of a file that breaks off, what was not ended is not given.
    """
    open_: list[Block] = []
    for number, line in _unfolded(text):
        if begun := _BEGIN.match(line):
            open_.append(Block(begun[1].upper(), number))
        elif ended := _END.match(line):
            yield from _close(open_, ended[1].upper())
        elif open_:
            open_[-1].lines.append(line)


def _close(open_: list[Block], name: str) -> Iterator[Block]:
    if name not in {block.name for block in open_}:
        return
    while open_:
        block = open_.pop()
        if open_ and open_[-1].name == "VTIMEZONE":
            open_[-1].within.append(block)
        if block.name == name:
            yield block
            return


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Whole lines with the number of their first; a line that begins with a blank goes on."""
    parts: list[str] = []
    begun = 0
    for number, line in enumerate(_BREAK.split(text), start=1):
        if line[:1] in {" ", "\t"} and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        begun, parts = number, [line] if line.strip() else []
    if parts:
        yield begun, "".join(parts)


def _name(line: str) -> str:
    match = _NAME.match(line)
    return match[1].upper() if match else ""


def _property(line: str) -> Property:
    try:
        name, params, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise ValueError(line) from error
    flat = {str(k).upper(): v if isinstance(v, str) else ",".join(v) for k, v in params.items()}
    return Property(name.upper(), flat, value)
