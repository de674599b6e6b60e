"""Rules: a schedule as a sentence, such as “Tuesdays and Thursdays, 18:00–19:30”."""

import re
from datetime import datetime, timedelta

from babel.dates import format_date, format_time, get_day_names

from directory.edge import formats
from directory.edge.speech import get_locale, gettext
from directory.models import Schedule

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_in_words(schedule: Schedule) -> str:
    """What repeats, in the reader's language; empty for a single date or a rule too odd to say."""
    parts = dict(p.split("=", 1) for p in schedule.rule.upper().split(";") if "=" in p)
    days = _days(parts, schedule)
    if not days:
        return ""
    said = [days, _hours(schedule)]
    if interval := int(parts.get("INTERVAL", "1")) - 1:
        said.append(gettext("every %(count)s weeks", count=formats.number(interval + 1)))
    said.append(_span(parts))
    return formats.joined(*said)


def _days(parts: dict[str, str], schedule: Schedule) -> str:
    if parts.get("FREQ") == "DAILY" and "BYDAY" not in parts:
        return gettext("every day")
    if parts.get("FREQ") == "WEEKLY":
        codes = parts["BYDAY"].split(",") if "BYDAY" in parts else [_DAYS[schedule.start.weekday()]]
        if len(codes) == len(_DAYS):
            return gettext("every day")
        names = get_day_names("wide", locale=get_locale())
        return formats.listing([names[_DAYS.index(c)] for c in codes if c in _DAYS])
    match = re.fullmatch(r"(-?\d)([A-Z]{2})", parts.get("BYDAY", ""))
    if parts.get("FREQ") == "MONTHLY" and match and match[2] in _DAYS:
        name = get_day_names("wide", locale=get_locale())[_DAYS.index(match[2])]
        which = {
            "1": gettext("first %(day)s of the month", day=name),
            "2": gettext("second %(day)s of the month", day=name),
            "3": gettext("third %(day)s of the month", day=name),
            "4": gettext("fourth %(day)s of the month", day=name),
            "-1": gettext("last %(day)s of the month", day=name),
        }
        return which.get(match[1], "")
    return ""


def _hours(schedule: Schedule) -> str:
    if schedule.all_day:
        return ""
    begin = format_time(schedule.start, "HH:mm", locale=get_locale())
    if not schedule.minutes_known:
        return begin
    end = schedule.start + timedelta(minutes=schedule.minutes)
    return f"{begin}–{format_time(end, 'HH:mm', locale=get_locale())}"


def _span(parts: dict[str, str]) -> str:
    until = parts.get("UNTIL", "")[:8]
    if re.fullmatch(r"\d{8}", until):
        last = datetime.strptime(until, "%Y%m%d")  # noqa: DTZ007 - a local date
        return gettext("until %(date)s", date=format_date(last, "long", locale=get_locale()))
    return ""
