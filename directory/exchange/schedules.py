"""Schedules: when a row says something takes place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from directory.exchange.columns import Texts
from directory.exchange.dates import clock, day, moment
from directory.exchange.folding import fold
from directory.exchange.mapping import Schedule
from directory.exchange.messages import Notes, Refusal
from directory.exchange.values import split, structure
from directory.models.occurring import MOST_OCCURRENCES, occurrences
from directory.models.records import LONGEST_MINUTES, ScheduleRecord

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WHOLE_DAY = 24 * 60
ISO = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_LONGEST_RUN = timedelta(days=20 * 366)
_MANY = TypeAdapter(tuple[ScheduleRecord, ...])
_UTC_END = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.ASCII)
_FOREVER = datetime(2200, 1, 1)  # noqa: DTZ001 - local time


@dataclass(frozen=True)
class _Clocked:
    """A time of day and how long it lasts from then."""

    at: time
    minutes: int
    known: bool
    all_day: bool


class ScheduleReader:
    """Reads either way of saying when: a calendar's columns, or starts, ends and a rule."""

    def __init__(self, schedule: Schedule, timezone: str, columns: dict[str, str]) -> None:
        self._said = schedule
        self._timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._forever = _FOREVER.replace(tzinfo=self._zone)
        self._columns = columns
        self._days = {fold(code): code for code in CODES} | {
            fold(written): code for written, code in schedule.weekdays.items()
        }
        self._formats = schedule.formats

    def read(self, texts: Texts, notes: Notes) -> tuple[ScheduleRecord, ...]:
        """The schedules of a row; none where it says nothing of dates.

        Raises:
            Refusal: a date, time or rule cannot be read.
        """
        if texts.get("schedules"):
            return self._exported(texts["schedules"])
        if texts.get("first_day"):
            return tuple(self._calendar(texts, notes))
        if texts.get("starts"):
            return (self._plain(texts),)
        return ()

    def _exported(self, text: str) -> tuple[ScheduleRecord, ...]:
        column = self._column("schedules")
        try:
            found = _MANY.validate_python(structure(text, column), strict=False)
        except ValidationError:
            raise Refusal(column, "bad-json", text) from None
        if any(not 1900 <= each.start.year <= 2200 for each in found):  # noqa: PLR2004
            raise Refusal(column, "far-date", text)
        return found

    # A calendar: first day, last day, weekdays, excluded days, time.

    def _calendar(self, texts: Texts, notes: Notes) -> Iterator[ScheduleRecord]:
        first = self._day(texts, "first_day")
        last = self._day(texts, "last_day") if texts.get("last_day") else first
        if last < first:
            raise Refusal(self._column("last_day"), "ends-early", last.isoformat())
        if last - first > _LONGEST_RUN:
            raise Refusal(self._column("last_day"), "long-run", last.isoformat())
        clocked = self._clocked(texts)
        days = self._weekdays(texts)
        excluded = self._excluded(texts)
        dated = False
        for begin, end in _stretches(first, last):
            begin_on = _first_match(begin, end, days)
            if begin_on is None:
                continue
            record = self._run(begin_on, end, days, excluded, clocked)
            dated = dated or not excluded or any(occurrences(record, self._forever))
            yield record
        if not dated:
            notes.add(self._column("first_day"), "no-dates")

    def _run(
        self, begin: date, end: date, days: list[str], excluded: list[date], clocked: _Clocked
    ) -> ScheduleRecord:
        rule = ""
        if end > begin:
            until = f"UNTIL={end:%Y%m%d}T235959"
            rule = f"FREQ=WEEKLY;{until};BYDAY={','.join(days)}" if days else f"FREQ=DAILY;{until}"
        return ScheduleRecord(
            timezone=self._timezone,
            start=datetime.combine(begin, clocked.at),
            minutes=clocked.minutes,
            minutes_known=clocked.known,
            all_day=clocked.all_day,
            rule=rule,
            exdates=tuple(datetime.combine(d, clocked.at) for d in excluded if begin <= d <= end),
        )

    def _clocked(self, texts: Texts) -> _Clocked:
        if not texts.get("time"):
            return _Clocked(time(), WHOLE_DAY, known=True, all_day=True)
        at = clock(texts["time"], self._column("time"))
        if not texts.get("end_time"):
            return _Clocked(at, self._said.assume_minutes, known=False, all_day=False)
        until = clock(texts["end_time"], self._column("end_time"))
        minutes = (until.hour - at.hour) * 60 + until.minute - at.minute
        # An end before the start is past midnight.
        return _Clocked(
            at, minutes if minutes > 0 else minutes + WHOLE_DAY, known=True, all_day=False
        )

    def _weekdays(self, texts: Texts) -> list[str]:
        column = self._column("on_weekdays")
        found = set()
        for part in split(texts.get("on_weekdays", "")):
            if fold(part) not in self._days:
                raise Refusal(column, "bad-weekday", part, ", ".join(self._said.weekdays or CODES))
            found.add(self._days[fold(part)])
        return [code for code in CODES if code in found]

    def _excluded(self, texts: Texts) -> list[date]:
        column = self._column("excluded_days")
        parts = split(texts.get("excluded_days", ""))
        return sorted({day(part, self._formats, self._zone, column) for part in parts})

    def _day(self, texts: Texts, field: str) -> date:
        return day(texts[field], self._formats, self._zone, self._column(field))

    # Plain: starts, ends, rrule, exdates.

    def _plain(self, texts: Texts) -> ScheduleRecord:
        start, whole_day = self._moment(texts["starts"], "starts")
        minutes, known = self._length(texts, start, whole_day=whole_day)
        exdates = [self._moment(part, "exdates") for part in split(texts.get("exdates", ""))]
        rule = self._local_rule(texts.get("rrule", "").removeprefix("RRULE:"))
        try:
            return ScheduleRecord(
                timezone=self._timezone,
                start=start,
                minutes=minutes,
                minutes_known=known,
                all_day=whole_day,
                rule=rule,
                exdates=tuple(
                    datetime.combine(out, start.time()) if day_only else out
                    for out, day_only in exdates
                ),
            )
        except ValidationError as error:
            said = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise Refusal(self._column("rrule"), "bad-rule", rule, said) from None

    def _local_rule(self, rule: str) -> str:
        """The rule with its end in local time, as schedules have it."""

        def local(match: re.Match[str]) -> str:
            end = datetime.strptime(match[1] + "+0000", "%Y%m%dT%H%M%S%z").astimezone(self._zone)
            return f"UNTIL={end:%Y%m%dT%H%M%S}"

        try:
            return _UTC_END.sub(local, rule)
        except (ValueError, OverflowError):
            raise Refusal(self._column("rrule"), "bad-rule", rule, "it ends on no day") from None

    def _length(self, texts: Texts, start: datetime, *, whole_day: bool) -> tuple[int, bool]:
        if not texts.get("ends"):
            return (WHOLE_DAY, True) if whole_day else (self._said.assume_minutes, False)
        end, day_only = self._moment(texts["ends"], "ends")
        if day_only:
            # People write the last day, not the one after it.
            end += timedelta(days=1)
        minutes = int((end - start).total_seconds()) // 60
        if minutes < 1:
            raise Refusal(self._column("ends"), "ends-early", texts["ends"])
        if minutes > LONGEST_MINUTES:
            raise Refusal(self._column("ends"), "too-long-event", texts["ends"])
        return minutes, True

    def _moment(self, text: str, field: str) -> tuple[datetime, bool]:
        return moment(text, self._formats or ISO, self._zone, self._column(field))

    def _column(self, field: str) -> str:
        return self._columns.get(field, field)


def cancelled(record: ScheduleRecord) -> ScheduleRecord:
    """The same schedule with every occurrence called off; each keeps its identity."""
    until = _FOREVER.replace(tzinfo=ZoneInfo(record.timezone))
    locals_ = tuple(
        datetime.strptime(each.recurrence_id, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local time
        for each in occurrences(record, until)
    )
    return record.model_copy(update={"cancelled": locals_})


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    """A run in pieces none of which has more occurrences than a schedule may have."""
    piece = timedelta(days=MOST_OCCURRENCES - 1)
    while first <= last:
        yield first, min(last, first + piece)
        first += piece + timedelta(days=1)


def _first_match(begin: date, end: date, days: list[str]) -> date | None:
    """The first day of a run that falls on one of the weekdays."""
    for ahead in range(7):
        each = begin + timedelta(days=ahead)
        if each > end:
            return None
        if not days or CODES[each.weekday()] in days:
            return each
    return None
