"""The iCalendar reader: events become the rows of a table that a mapping reads like any other."""

import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import nh3

from directory.errors import UnreadableFile
from directory.exchange import calendar_zones
from directory.exchange.calendar_lines import Block, Property, blocks
from directory.exchange.calendar_times import Times
from directory.exchange.cells import KEY
from directory.exchange.encodings import decode
from directory.exchange.messages import Notes, Refusal, Remark
from directory.exchange.tables import Row, Table

MOST_EVENTS = 20_000
HEADER = (
    "UID", "SUMMARY", "DESCRIPTION", "LANGUAGE", "PLACE", "ADDRESS", "LATITUDE", "LONGITUDE",
    "CATEGORIES", "ORGANIZER", "URL", "CLASS", "STATUS", "SCHEDULES",
)  # fmt: skip
_SEPARATOR = ";"
_BEGIN = re.compile(r"\s*BEGIN:\s*VCALENDAR\s*[\r\n]", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
_BREAKS = re.compile(r"<(br|/p|/div|/li|/h[1-6])\b[^>]{0,200}>", re.IGNORECASE)
_GEO = re.compile(r"(-?\d{1,3}(?:\.\d{1,12})?)[;,](-?\d{1,3}(?:\.\d{1,12})?)", re.ASCII)
_FOLD = re.compile(rb"\r?\n[ \t]")
_MANY_LINES = re.compile(r"\n{3,}")


@dataclass
class _Event:
    """What a file says under one UID."""

    uid: str
    master: Block | None = None
    changes: list[Block] = field(default_factory=list)

    @property
    def block(self) -> Block:
        """What the rest of the event is read from."""
        return self.master or self.changes[0]


def is_calendar(data: bytes) -> bool:
    """Whether a file begins as an iCalendar file does."""
    text, _encoding = decode(data[:400])
    return _BEGIN.match(text.removeprefix("\ufeff")) is not None


def read(data: bytes, name: str, *, timezone: str) -> Table:
    """The events of a calendar as rows.

    Args:
        data: the whole file.
        name: what to call it in an error.
        timezone: of times that name none.

    Raises:
        UnreadableFile: it is no calendar.
    """
    if not is_calendar(data):
        raise UnreadableFile(name, "it is no iCalendar file.", "no-calendar")
    text, encoding = _decoded(data)
    reader = _Reader(timezone)
    for block in blocks(text.removeprefix("\ufeff")):
        reader.take(block, name)
    if not reader.whole:
        raise UnreadableFile(name, "it breaks off before its end.", "cut-calendar")
    return reader.table(encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a file; its lines may have been folded in the middle of a character."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        try:
            return _FOLD.sub(b"", data).decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            return decode(data)


class _Reader:
    """Gathers the events of one file, then writes each as a row."""

    def __init__(self, timezone: str) -> None:
        self._city = timezone
        self._zones: list[Block] = []
        self._events: dict[str, _Event] = {}
        self._refused: list[Remark] = []
        self._warnings: list[Remark] = []
        self._seen = 0
        self.whole = False

    def take(self, block: Block, name: str) -> None:
        """One component of the file."""
        if block.name == "VTIMEZONE":
            self._zones.append(block)
        elif block.name == "VCALENDAR":
            self._end(block)
        elif block.name == "VEVENT":
            self._seen += 1
            if self._seen > MOST_EVENTS:
                raise UnreadableFile(
                    name,
                    f"it has more than {MOST_EVENTS} events.",
                    "too-many-rows",
                    str(MOST_EVENTS),
                )
            try:
                self._gather(block)
            except Refusal as refusal:
                self._refused.append(refusal.at(block.line))
            except ValueError as error:
                self._refused.append(Remark(block.line, "", "bad-property", str(error)))

    def _end(self, calendar: Block) -> None:
        self.whole = True
        try:
            said = calendar.first("X-WR-TIMEZONE")
        except ValueError:
            return
        if said and (zone := calendar_zones.known(said.value)):
            self._city = zone

    def _gather(self, block: Block) -> None:
        if block.is_huge:
            raise Refusal("", "huge-event")
        uid = _text(block.first("UID"))
        if not uid:
            raise Refusal("UID", "no-uid")
        if len(uid) > KEY:
            uid = hashlib.sha256(uid.encode()).hexdigest()
        event = self._events.setdefault(uid, _Event(uid))
        if block.first("RECURRENCE-ID"):
            event.changes.append(block)
        elif event.master is None or _revision(block) >= _revision(event.master):
            event.master = block

    def table(self, encoding: str) -> Table:
        """What was gathered."""
        times = Times(self._city, calendar_zones.named(self._zones))
        rows = []
        for event in self._events.values():
            notes = Notes(event.block.line)
            try:
                cells = self._cells(event, times, notes)
            except Refusal as refusal:
                self._refused.append(refusal.at(event.block.line))
                continue
            except ValueError as error:
                self._refused.append(Remark(event.block.line, "", "bad-property", str(error)))
                continue
            self._warnings.extend(notes.remarks)
            rows.append(Row(event.block.line, tuple(cells[name] for name in HEADER)))
        rows.sort(key=lambda row: row.line)
        return Table(
            HEADER, tuple(rows), tuple(self._refused), encoding, "iCalendar", tuple(self._warnings)
        )

    def _cells(self, event: _Event, times: Times, notes: Notes) -> dict[str, str]:
        block = event.block
        if event.master:
            changes = sorted(event.changes, key=_revision)
            schedules = times.schedules(event.master, changes, notes)
        else:
            schedules = tuple(times.alone(change, notes) for change in event.changes)
        place, street, online = _place(_text(block.first("LOCATION")))
        lat, lon = _point(_text(block.first("GEO")))
        summary = block.first("SUMMARY")
        return {
            "UID": event.uid,
            "SUMMARY": " ".join(_plain(_text(summary)).split()),
            "DESCRIPTION": _plain(_text(block.first("DESCRIPTION"))),
            "LANGUAGE": summary.params.get("LANGUAGE", "") if summary else "",
            "PLACE": place,
            "ADDRESS": street,
            "LATITUDE": lat,
            "LONGITUDE": lon,
            "CATEGORIES": _listed(block.all("CATEGORIES")),
            "ORGANIZER": _organizer(block.first("ORGANIZER")),
            "URL": _text(block.first("URL")) or online,
            "CLASS": _text(block.first("CLASS")),
            "STATUS": _text(block.first("STATUS")),
            "SCHEDULES": json.dumps(
                [each.model_dump(mode="json", exclude_defaults=True) for each in schedules]
            ),
        }


def _revision(block: Block) -> int:
    said = _text(block.first("SEQUENCE"))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < len("1000000000") else 0


def _text(said: Property | None) -> str:
    return said.value.strip() if said else ""


def _plain(text: str) -> str:
    """Text without markup, which many calendars put into what should be plain."""
    if _TAG.search(text):
        text = nh3.clean(_BREAKS.sub("\n", text), tags=set())
    text = html.unescape(text) if "&" in text else text
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _place(location: str) -> tuple[str, str, str]:
    """Name and address of a place, or the address on the web of what takes place there."""
    location = " ".join(_plain(location).split())
    if web := _ADDRESS.search(location):
        return "", "", web[0]
    name, _comma, street = location.partition(",")
    return name.strip(), street.strip(), ""


def _point(geo: str) -> tuple[str, str]:
    match = _GEO.fullmatch(geo.replace(" ", ""))
    return (match[1], match[2]) if match else ("", "")


def _listed(said: Sequence[Property]) -> str:
    parts = [part.strip() for each in said for part in each.value.split(",")]
    return _SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def _organizer(said: Property | None) -> str:
    """The name of who organises it; a mere mail address is nobody's to publish."""
    return (
        said.params.get("CN", "").strip() if said and "@" not in said.params.get("CN", "") else ""
    )
