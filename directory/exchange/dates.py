"""Dates: local days and times in the formats a mapping names."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from directory.exchange.messages import Refusal

EARLIEST, LATEST = 1900, 2200
_EXAMPLE = datetime(2022, 12, 24, 18, 30)  # noqa: DTZ001 - local time, like all in a schedule
_TIME = re.compile(
    r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})(?::\d{2})?)?\s*h?s?\.?\s*([ap])?\.?\s*m?\.?", re.IGNORECASE
)
_NOON, _DAY = 12, 24
_LONGEST = 40


def moment(text: str, formats: Sequence[str], zone: ZoneInfo, column: str) -> tuple[datetime, bool]:
    """A local time, and whether only its day was written.

    Raises:
        Refusal: it is no date in these formats or in ISO 8601, or in no likely year.
    """
    found = _parse(text, tuple(formats), zone) if len(text) <= _LONGEST else None
    if found is None:
        examples = [_EXAMPLE.strftime(each) for each in formats]
        raise Refusal(column, "bad-date", text, " or ".join(examples or ["2022-12-24 18:30"]))
    if not EARLIEST <= found[0].year <= LATEST:
        raise Refusal(column, "far-date", text)
    return found


def day(text: str, formats: Sequence[str], zone: ZoneInfo, column: str) -> date:
    """A day.

    Raises:
        Refusal: as of ``moment``.
    """
    return moment(text, formats, zone, column)[0].date()


def clock(text: str, column: str) -> time:
    """A time of day: ``18:30``, ``18.30``, ``18 h``, ``6:30 pm``.

    Raises:
        Refusal: it is none.
    """
    match = _TIME.fullmatch(text.strip()) if len(text) <= _LONGEST and text.isascii() else None
    if match is None:
        raise Refusal(column, "bad-time", text)
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    if hour >= _DAY or minute >= 60:  # noqa: PLR2004 - minutes of an hour
        raise Refusal(column, "bad-time", text)
    return time(hour, minute)


@lru_cache(maxsize=4096)
def _parse(text: str, formats: tuple[str, ...], zone: ZoneInfo) -> tuple[datetime, bool] | None:
    for each in formats:
        try:
            found = datetime.strptime(text, each)  # noqa: DTZ007 - local time
        except ValueError:
            continue
        return _local(found, zone), not _has_time(each)
    try:
        return _local(datetime.fromisoformat(text), zone), "T" not in text and ":" not in text
    except (ValueError, OverflowError):
        return None


def _has_time(form: str) -> bool:
    return any(part in form for part in ("%H", "%I", "%X", "%c"))


def _local(found: datetime, zone: ZoneInfo) -> datetime:
    return found if found.tzinfo is None else found.astimezone(zone).replace(tzinfo=None)
