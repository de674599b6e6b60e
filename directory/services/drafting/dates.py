"""Dates: from what is typed about when something takes place to its schedule, and back."""

from datetime import date, datetime, time, timedelta

from directory.models.occurring import AHEAD, rule_parts
from directory.models.public_holidays import Holidays, no_holidays
from directory.models.records import ScheduleRecord
from directory.services.drafting.typed import Typed

ANYTIME, ONCE, WEEKLY, KEEP = "anytime", "once", "weekly", "keep"
WAYS = (WEEKLY, ONCE, ANYTIME, KEEP)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_WEEKS = 12
_UNKNOWN_MINUTES = 60
_DAY = timedelta(days=1)
_WEEKLY_PARTS = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "WKST"}


def schedules(
    typed: Typed,
    *,
    kept: tuple[ScheduleRecord, ...],
    timezone: str,
    holidays: Holidays = no_holidays,
) -> tuple[ScheduleRecord, ...]:
    """The schedules that were typed; those there were where they are to stay as they are."""
    way = typed.one_of("when", WAYS, needed=True)
    if way == KEEP:
        return kept
    if way not in {ONCE, WEEKLY}:
        return ()
    first, starts = typed.day("first", needed=True), typed.clock("starts", needed=True)
    minutes = _minutes(starts, typed.clock("ends"))
    if first is None or starts is None:
        return ()
    common = {"timezone": timezone, "minutes": minutes or _UNKNOWN_MINUTES}
    common |= {"minutes_known": minutes is not None}
    if way == ONCE:
        return (ScheduleRecord(start=datetime.combine(first, starts), **common),)
    return _weekly(typed, first, starts, common, holidays)


def content_of(kept: tuple[ScheduleRecord, ...]) -> dict[str, str]:
    """What would be typed for a schedule; ``keep`` for what the form cannot say."""
    if not kept:
        return {"when": ANYTIME}
    one = kept[0]
    if len(kept) > 1 or one.all_day or one.rdates or not _is_plain(one.rule):
        return {"when": KEEP}
    clock = {"first": f"{one.start:%Y-%m-%d}", "starts": f"{one.start:%H:%M}"}
    if one.minutes_known and one.length <= _DAY:
        clock["ends"] = f"{one.start + one.length:%H:%M}"
    elif one.minutes_known:
        return {"when": KEEP}
    if not one.rule:
        return {"when": KEEP} if one.exdates or one.cancelled else {"when": ONCE} | clock
    parts = rule_parts(one.rule)
    until = parts.get("UNTIL", "")
    return clock | {
        "when": WEEKLY,
        "weekdays": " ".join(parts.get("BYDAY", WEEKDAYS[one.start.weekday()]).split(",")),
        "every": parts.get("INTERVAL", "1"),
        "last": f"{until[:4]}-{until[4:6]}-{until[6:8]}" if until else "",
        "skip": _lines(one.exdates),
        "off": _lines(one.cancelled),
    }


def _weekly(
    typed: Typed, first: date, starts: time, common: dict[str, object], holidays: Holidays
) -> tuple[ScheduleRecord, ...]:
    weekdays = [day for day in WEEKDAYS if day in typed.content.get("weekdays", "").split()]
    every = typed.whole("every", 1, MOST_WEEKS) or 1
    last = typed.day("last")
    if not weekdays:
        weekdays = [WEEKDAYS[first.weekday()]]
    if last is not None and last < first:
        typed.wrong("last", "last-before-first", last.isoformat())
        return ()
    days = _days(first, last, weekdays, every)
    if not days:
        typed.wrong("last", "no-date-left")
        return ()
    skipped, off = typed.days("skip"), typed.days("off")
    for name, named in (("skip", skipped), ("off", off)):
        for stray in set(named) - set(days):
            typed.wrong(name, "none-of-the-dates", stray.isoformat())
    if typed.content.get("holidays"):
        skipped = sorted({*skipped, *(day for day in days if holidays(day) is not None)})
    until = f";UNTIL={last:%Y%m%d}T235959" if last else ""
    rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(weekdays)}{until}"

    def at(named: list[date]) -> tuple[datetime, ...]:
        return tuple(datetime.combine(day, starts) for day in sorted(set(named) & set(days)))

    if set(days) <= set(skipped):
        typed.wrong("skip", "no-date-left")
        return ()
    start = datetime.combine(days[0], starts)
    made = ScheduleRecord(start=start, rule=rule, exdates=at(skipped), cancelled=at(off), **common)
    return (made,)


def _days(first: date, last: date | None, weekdays: list[str], every: int) -> list[date]:
    """Its days; of an endless one as far ahead as they are ever dated."""
    end = min(last or date.max, first + AHEAD + timedelta(days=366))
    monday = first - timedelta(days=first.weekday())
    found: list[date] = []
    while monday <= end:
        week = (monday + timedelta(days=WEEKDAYS.index(day)) for day in weekdays)
        found.extend(day for day in week if first <= day <= end)
        monday += timedelta(weeks=every)
    return found


def _minutes(starts: time | None, ends: time | None) -> int | None:
    """How long it lasts; what ends before it begins ends on the next day."""
    if starts is None or ends is None:
        return None
    minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return minutes if minutes > 0 else minutes + 24 * 60


def _is_plain(rule: str) -> bool:
    """Whether the form can say a rule: none, or a weekly one of days of the week."""
    parts = rule_parts(rule)
    if not rule:
        return True
    days = parts.get("BYDAY", "MO").split(",")
    return (
        parts.get("FREQ") == "WEEKLY"
        and set(parts) <= _WEEKLY_PARTS
        and parts.get("WKST", "MO") == "MO"
        and set(days) <= set(WEEKDAYS)
        and parts.get("UNTIL", "T235959").endswith("T235959")
    )


def _lines(moments: tuple[datetime, ...]) -> str:
    return "\n".join(f"{moment:%Y-%m-%d}" for moment in moments)
