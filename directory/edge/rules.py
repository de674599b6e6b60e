"""Rules: a schedule as a sentence, such as “Tuesdays and Thursdays, 18:00–19:30”.

Only what the words can say wholly is said. Of any other rule the dates speak for themselves.
"""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice

from babel.dates import format_date, format_time, get_day_names, get_month_names

from directory.edge import formats
from directory.edge.speech import get_locale, gettext, ngettext
from directory.models import Schedule
from directory.models.occurring import LOCAL_ID, occurrences, rule_parts
from directory.services.catalogue import schedule_record

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SAID = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "UNTIL", "COUNT", "WKST"}
_MONTHLY = {"BYMONTHDAY", "BYSETPOS"}
_NTH = re.compile(r"([+-]?\d{1,2})?([A-Z]{2})")
_NUMBERS = re.compile(r"\d{1,2}(,\d{1,2})*")
# Enough to meet every weekday of a rule; a page has no time to walk through decades.
LOOKED_AT = 120
_SHORTEST_MONTH = 28
_FOREVER = datetime(2200, 1, 1, tzinfo=UTC)


class _Unsayable(Exception):
    """A rule that has no plain words here."""


def rule_in_words(schedule: Schedule) -> str:
    """What repeats, in the reader's language; empty for a single date or a rule too odd to say."""
    parts = rule_parts(schedule.rule)
    freq = parts.get("FREQ")
    if not parts.keys() <= _SAID | (_MONTHLY if freq == "MONTHLY" else set()):
        return ""
    dates = _dates(schedule)
    if len(dates) < 2:  # noqa: PLR2004 - one date is no repetition
        return ""
    try:
        days = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly}[freq or ""](
            parts, schedule.start, dates
        )
        months = _months(parts, dates)
    except (_Unsayable, KeyError):
        return ""
    return formats.joined(*days, months, _hours(schedule), _end(schedule, parts, dates))


def _dates(schedule: Schedule) -> list[datetime]:
    """The first dates, called off ones left out; what the words say is held against them."""
    record = schedule_record(schedule).model_copy(update={"rdates": ()})
    return [
        datetime.strptime(dated.recurrence_id, LOCAL_ID)  # noqa: DTZ007 - local time
        for dated in islice(occurrences(record, _FOREVER), LOOKED_AT)
        if not dated.cancelled
    ]


def _daily(parts: dict[str, str], start: datetime, dates: list[datetime]) -> list[str]:
    interval = _interval(parts)
    if "BYDAY" not in parts:
        return [_every_days(interval)]
    if interval > 1:
        raise _Unsayable
    return _weekly(parts, start, dates)


def _weekly(parts: dict[str, str], start: datetime, dates: list[datetime]) -> list[str]:
    interval = _interval(parts)
    named = _weekdays(_codes(parts) or {start.weekday()}, dates)
    if len(named) == len(_DAYS) and interval == 1:
        return [_every_days(interval)]
    return [formats.listing(named), _every_weeks(interval)]


def _every_days(interval: int) -> str:
    return ngettext("every day", "every %(count)s days", interval, count=_number(interval))


def _every_weeks(interval: int) -> str:
    if interval == 1:
        return ""
    return ngettext("every week", "every %(count)s weeks", interval, count=_number(interval))


def _weekdays(codes: set[int], dates: list[datetime]) -> list[str]:
    """Names of the weekdays that a rule says and that come to pass."""
    names = get_day_names("wide", locale=get_locale())
    there = codes & {date.weekday() for date in dates}
    if not there:
        raise _Unsayable
    return [names[day] for day in sorted(there)]


def _monthly(parts: dict[str, str], start: datetime, dates: list[datetime]) -> list[str]:
    interval = _interval(parts)
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        raise _Unsayable
    if "BYDAY" in parts:
        if "BYSETPOS" not in parts and parts["BYDAY"].isalpha() and interval == 1:
            return _weekly(parts, start, dates)
        when = [_nth(*pair) for pair in _ranked(parts)]
    elif "BYSETPOS" in parts:
        raise _Unsayable
    else:
        when = [_day_of_month(parts.get("BYMONTHDAY", str(start.day)))]
    if interval > 1:
        every = ngettext("every month", "every %(count)s months", interval, count=_number(interval))
        return [formats.listing(when), every]
    return [formats.listing(when)]


def _ranked(parts: dict[str, str]) -> list[tuple[str, str]]:
    """Which of its weekdays in a month: (1, SA) for the first Saturday."""
    found = [_NTH.fullmatch(code) for code in parts["BYDAY"].split(",")]
    position = parts.get("BYSETPOS")
    if position is not None:
        # One of several weekdays, whichever comes first, is not the first of any of them.
        if len(found) != 1 or not found[0] or found[0][1]:
            raise _Unsayable
        return [(position.lstrip("+"), found[0][2])]
    if any(match is None or not match[1] for match in found):
        raise _Unsayable
    return [(match[1].lstrip("+"), match[2]) for match in found if match]


def _nth(which: str, code: str) -> str:
    if code not in _DAYS:
        raise _Unsayable
    day = get_day_names("wide", locale=get_locale())[_DAYS.index(code)]
    match which:
        case "1":
            return gettext("first %(day)s of the month", day=day)
        case "2":
            return gettext("second %(day)s of the month", day=day)
        case "3":
            return gettext("third %(day)s of the month", day=day)
        case "4":
            return gettext("fourth %(day)s of the month", day=day)
        case "-1":
            return gettext("last %(day)s of the month", day=day)
        case _:
            raise _Unsayable


def _day_of_month(day: str) -> str:
    if day == "-1":
        return gettext("last day of the month")
    if not _NUMBERS.fullmatch(day):
        raise _Unsayable
    numbers = formats.listing([_number(int(each)) for each in day.split(",")])
    return gettext("on day %(number)s of the month", number=numbers)


def _months(parts: dict[str, str], dates: list[datetime]) -> str:
    if "BYMONTH" not in parts:
        return ""
    if not _NUMBERS.fullmatch(parts["BYMONTH"]):
        raise _Unsayable
    months = {int(each) for each in parts["BYMONTH"].split(",")}
    if _is_whole(dates):
        months &= {date.month for date in dates}
    elif any(int(day) > _SHORTEST_MONTH for day in parts.get("BYMONTHDAY", "1").split(",")):
        raise _Unsayable
    names = get_month_names("wide", locale=get_locale())
    return gettext("in %(months)s", months=formats.listing([names[m] for m in sorted(months)]))


def _is_whole(dates: list[datetime]) -> bool:
    return len(dates) < LOOKED_AT


def _codes(parts: dict[str, str]) -> set[int]:
    """The weekdays a rule says, Monday first."""
    codes = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if any(code not in _DAYS for code in codes):
        raise _Unsayable
    return {_DAYS.index(code) for code in codes}


def _interval(parts: dict[str, str]) -> int:
    return int(parts.get("INTERVAL", "1"))


def _number(value: int) -> str:
    return formats.number(value)


def _hours(schedule: Schedule) -> str:
    if schedule.all_day:
        return ""
    begin = format_time(schedule.start, "HH:mm", locale=get_locale())
    if not schedule.minutes_known:
        return begin
    if formats.is_of_days(schedule.start, schedule.start + timedelta(minutes=schedule.minutes)):
        return gettext("from %(time)s", time=begin)
    end = schedule.start + timedelta(minutes=schedule.minutes)
    return f"{begin}–{format_time(end, 'HH:mm', locale=get_locale())}"


def _end(schedule: Schedule, parts: dict[str, str], dates: list[datetime]) -> str:
    """The last day, unless there are others after it or too many to come to it."""
    if not {"UNTIL", "COUNT"} & parts.keys() or schedule.rdates:
        return ""
    last = dates[-1]
    if not _is_whole(dates):
        if "UNTIL" not in parts:
            return ""
        last = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d")  # noqa: DTZ007 - a local date
    return gettext("until %(date)s", date=format_date(last, "long", locale=get_locale()))
