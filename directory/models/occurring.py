"""From a schedule to its occurrences: recurrence in local time, instants in UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from directory.models.records import ScheduleRecord

# Enough for three daily exhibitions in a row; a guard against FREQ=DAILY without end.
MOST_OCCURRENCES = 1200
AHEAD = timedelta(days=400)
LOCAL_ID = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Dated:
    """One occurrence of a schedule.

    Attributes:
        recurrence_id: its original local start; the same however often it is computed.
        start: instant in UTC.
        end: instant in UTC.
        cancelled: it was called off.
    """

    recurrence_id: str
    start: datetime
    end: datetime
    cancelled: bool


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a local wall time.

    A time that the clocks skip is read with the offset before the gap, one that comes twice is
    the first (RFC 5545, section 3.3.5).
    """
    # What fold=0 means to zoneinfo in both cases.
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def occurrences(schedule: ScheduleRecord, until: datetime) -> Iterator[Dated]:
    """The occurrences of a schedule in order, up to an instant.

    A rule that ends is given whole, whenever it ends; one without end up to ``until``.
    """
    zone = ZoneInfo(schedule.timezone)
    cancelled = set(schedule.cancelled)
    horizon = until.astimezone(zone).replace(tzinfo=None)
    for local in islice(_locals(schedule, horizon), MOST_OCCURRENCES):
        start = instant(local, zone)
        end = (
            instant(local + schedule.length, zone) if schedule.all_day else start + schedule.length
        )
        yield Dated(local.strftime(LOCAL_ID), start, end, local in cancelled)


def _locals(schedule: ScheduleRecord, horizon: datetime) -> Iterator[datetime]:
    if not schedule.rule and not schedule.rdates:
        if schedule.start not in schedule.exdates:
            yield schedule.start
        return
    rules = rruleset()
    endless = False
    if schedule.rule:
        rule = rrulestr(schedule.rule, dtstart=schedule.start)
        endless = not _ends(schedule.rule)
        rules.rrule(cast("rrule", rule))
    else:
        rules.rdate(schedule.start)
    for extra in schedule.rdates:
        rules.rdate(extra)
    for out in schedule.exdates:
        rules.exdate(out)
    for local in rules:
        if endless and local > horizon:
            return
        yield local


def _ends(rule: str) -> bool:
    upper = rule.upper()
    return "UNTIL=" in upper or "COUNT=" in upper
