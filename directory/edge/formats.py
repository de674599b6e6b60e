"""Formats: instants, prices and distances as CLDR writes them in the reader's language."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from directory.edge.speech import get_locale, gettext

_METRES = 1.0
_ONE_EVENING = timedelta(hours=12)
WALKING_KM_PER_HOUR = 4.5
DETOUR = 1.3  # streets against the straight line


class Dated(Protocol):
    """An occurrence, as far as its time goes."""

    @property
    def start(self) -> datetime: ...  # noqa: D102
    @property
    def end(self) -> datetime: ...  # noqa: D102
    @property
    def timezone(self) -> str: ...  # noqa: D102
    @property
    def all_day(self) -> bool: ...  # noqa: D102
    @property
    def end_known(self) -> bool: ...  # noqa: D102


def local(instant: datetime, zone: str) -> datetime:
    """An instant on the wall clock of a zone."""
    return instant.astimezone(ZoneInfo(zone))


def time_range(occurrence: Dated) -> str:
    """From when to when, with the last day where that is another; nothing for one whole day.

    Only the beginning where the end is not known.
    """
    start = local(occurrence.start, occurrence.timezone)
    end = local(occurrence.end, occurrence.timezone)
    if occurrence.all_day:
        last = end - timedelta(minutes=1)
        if last.date() <= start.date():
            return ""
        return gettext("until %(date)s", date=_other_day(last, start))
    if not occurrence.end_known:
        return clock(start)
    if is_of_days(start, end):
        until = gettext("until %(date)s", date=joined(_other_day(end, start), clock(end)))
        return joined(clock(start), until)
    return f"{clock(start)}–{clock(end)}"


def is_of_days(start: datetime, end: datetime) -> bool:
    """Whether it is more than one day, or one evening that ends past midnight."""
    return end.date() > start.date() and end - start > _ONE_EVENING


def _other_day(day: datetime, start: datetime) -> str:
    """The weekday and date of the last day, with its year where that is another."""
    skeleton = "MMMEd" if day.year == start.year else "yMMMEd"
    return format_skeleton(skeleton, day, locale=get_locale())


def clock(moment: datetime) -> str:
    """18:30 on the wall clock of the place."""
    return format_time(moment, "HH:mm", locale=get_locale())


def weekday_short(moment: datetime) -> str:
    """Tue, mar, الثلاثاء."""
    return format_date(moment, "ccc", locale=get_locale())


def day_number(moment: datetime) -> str:
    """The day of the month in the reader's digits."""
    return format_date(moment, "d", locale=get_locale())


def month_short(moment: datetime) -> str:
    """Nov, nov, نوفمبر."""
    return format_date(moment, "LLL", locale=get_locale())


def long_date(moment: datetime) -> str:
    """Tuesday 24 November 2026, in the order of the language."""
    return format_date(moment, "full", locale=get_locale())


def short_date(moment: date) -> str:
    """24 Nov 2026, in the order of the language."""
    return format_date(moment, "medium", locale=get_locale())


def moment(instant: datetime) -> str:
    """24 Nov 2026, 18:05, in the order of the language."""
    return joined(short_date(instant), clock(instant))


def isolated(text: str) -> str:
    """Somebody's words inside a sentence, whichever way either is written."""
    return f"\u2068{text}\u2069"


def joined(*parts: str) -> str:
    """Parts that are there, with the language's own comma between them."""
    return gettext(", ").join(part for part in parts if part)


def number(value: float) -> str:
    """A number with the language's separators."""
    return format_decimal(value, locale=get_locale())


def price(amount: Decimal | float | None, currency: str) -> str:
    """Free, an amount, or that it is not known."""
    if amount is None:
        return gettext("Price not stated")
    if amount == 0:
        return gettext("Free")
    pattern = None if amount % 1 else _whole_pattern()
    return format_currency(
        amount, currency, pattern, locale=get_locale(), currency_digits=pattern is None
    )


def _whole_pattern() -> str:
    """The language's own pattern for money, without the decimals: €12, 12 €."""
    return re.sub(r"0\.0+", "0", get_locale().currency_formats["standard"].pattern)


def distance(km: float) -> str:
    """A distance one can walk in metres, a longer one in kilometres."""
    if km < _METRES:
        metres = max(50, round(km * 1000 / 50) * 50)
        return format_unit(metres, "length-meter", "short", locale=get_locale())
    rounded = round(km, 1) if km < 10 else round(km)  # noqa: PLR2004 - tenths matter near by
    return format_unit(rounded, "length-kilometer", "short", locale=get_locale())


def walking_minutes(km: float) -> int:
    """How long the way takes on foot, in minutes, with the usual detour of streets."""
    return max(1, round(km * DETOUR / WALKING_KM_PER_HOUR * 60))


def duration(minutes: int) -> str:
    """1 hour, 90 minutes as the language says it."""
    return format_timedelta(
        timedelta(minutes=minutes), granularity="minute", threshold=2, locale=get_locale()
    )


def listing(names: list[str]) -> str:
    """Names joined as the language joins a list."""
    return format_list(names, style="standard", locale=get_locale())


def day_only(day: date) -> str:
    """28 Nov, in the order of the language."""
    return format_skeleton("MMMd", day, locale=get_locale())


def alternatives(names: list[str]) -> str:
    """Names of which one is enough, joined as the language joins them."""
    return format_list(names, style="or", locale=get_locale())


def percent(share: float) -> str:
    """A share of one in whole per cent."""
    return format_percent(round(share, 2), locale=get_locale())
