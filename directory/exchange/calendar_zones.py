"""Calendar zones: which IANA zone a calendar means, and what a time in none of them is worth."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from directory.exchange.calendar_lines import Block

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?", re.ASCII)


def known(name: str) -> str:
    """The IANA zone of a name, that of Windows, or the end of a longer one; empty if there is none."""
    name = WINDOWS_TO_OLSON.get(name, name)
    parts = name.strip().strip("/").split("/")
    for begin in range(len(parts)):
        if found := _zone("/".join(parts[begin:])):
            return found
    return ""


def explained(block: Block) -> str:
    """The IANA zone a VTIMEZONE says it is; empty if it does not say."""
    for name in ("X-LIC-LOCATION", "TZID"):
        said = block.first(name)
        if said and (found := known(said.value)):
            return found
    return ""


def offset(block: Block) -> timedelta | None:
    """How far a VTIMEZONE without change of clocks is from UTC; none where it changes or is unclear.

    Raises:
        ValueError: a line of it is not as iCalendar writes it.
    """
    said = {found.value for half in block.within for found in half.all("TZOFFSETTO")}
    return _length(said.pop()) if len(said) == 1 else None


def named(blocks: Iterable[Block]) -> dict[str, Block]:
    """The time zones of a file by their names; what cannot be read explains nothing."""
    found = {}
    for block in blocks:
        try:
            tzid = block.first("TZID")
        except ValueError:
            continue
        if tzid:
            found[tzid.value] = block
    return found


def moved(local: datetime, behind: timedelta, zone: ZoneInfo) -> datetime:
    """A local time at a fixed distance from UTC, as the clocks of a zone show it."""
    utc = (local - behind).replace(tzinfo=ZoneInfo("UTC"))
    return utc.astimezone(zone).replace(tzinfo=None)


def _length(text: str) -> timedelta | None:
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    length = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return -length if match[1] == "-" else length


def _zone(name: str) -> str:
    if not name or name.startswith(".") or "\0" in name:
        return ""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        return ""
