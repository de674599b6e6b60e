"""From a schedule to its occurrences: recurrence in local time, instants in UTC."""

from collections.abc import Callable, Iterator
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
# Of a schedule with more than that, what is longer past is not dated any more.
BEHIND = timedelta(days=31)
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


def occurrences(
    schedule: ScheduleRecord, until: datetime, since: datetime | None = None
) -> Iterator[Dated]:
    """The occurrences of a schedule in order, at most ``MOST_OCCURRENCES``.

    A rule that ends is given whole, whenever it ends; one without end up to ``until``. Where
    there are more than may be, the first are given, or with ``since`` the first from then on.
    """
    zone = ZoneInfo(schedule.timezone)
    horizon = _wall(until, zone)
    if since is not None and is_cut(schedule, until):
        found = _locals(schedule, horizon, _wall(since, zone))
    else:
        found = _locals(schedule, horizon)
    is_off = _cancellation(schedule)
    for local in islice(found, MOST_OCCURRENCES):
        start = instant(local, zone)
        end = (
            instant(local + schedule.length, zone) if schedule.all_day else start + schedule.length
        )
        yield Dated(local.strftime(LOCAL_ID), start, end, is_off(local))


def is_cut(schedule: ScheduleRecord, until: datetime) -> bool:
    """Whether a schedule has more occurrences up to an instant than are ever given of it."""
    horizon = _wall(until, ZoneInfo(schedule.timezone))
    return any(True for _ in islice(_locals(schedule, horizon), MOST_OCCURRENCES, None))


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _cancellation(schedule: ScheduleRecord) -> Callable[[datetime], bool]:
    cancelled = set(schedule.cancelled)
    # Of an endless rule no more can be listed: it is off altogether.
    last = max(cancelled) if len(cancelled) >= MOST_OCCURRENCES else None
    return lambda local: local in cancelled or (last is not None and local > last)


def _locals(
    schedule: ScheduleRecord, horizon: datetime, since: datetime | None = None
) -> Iterator[datetime]:
    if not schedule.rule and not schedule.rdates:
        if schedule.start not in schedule.exdates:
            yield schedule.start
        return
    rules = rruleset()
    endless = False
    if schedule.rule:
        begin = _ahead(schedule.rule, schedule.start, since or schedule.start)
        rules.rrule(cast("rrule", rrulestr(schedule.rule, dtstart=begin)))
        endless = not _ends(schedule.rule)
    else:
        rules.rdate(schedule.start)
    for extra in schedule.rdates:
        rules.rdate(extra)
    for out in schedule.exdates:
        rules.exdate(out)
    for local in rules:
        if endless and local > horizon:
            return
        if since is None or local >= since:
            yield local


def _ahead(rule: str, start: datetime, since: datetime) -> datetime:
    """A later start of the same recurrences, so that decades need not be walked day by day."""
    parts = rule_parts(rule)
    step = {"DAILY": 1, "WEEKLY": 7}.get(parts.get("FREQ", ""))
    if step is None or "COUNT" in parts or since <= start:
        return start
    period = timedelta(days=step * int(parts.get("INTERVAL", "1")))
    # The first period of a rule may be a part of one, so it is not the one that is asked for.
    return start + max(0, (since - start) // period - 1) * period


def rule_parts(rule: str) -> dict[str, str]:
    """The parts of an RFC 5545 rule, names and values in capitals."""
    bare = rule.upper().removeprefix("RRULE:")
    return dict(part.strip().split("=", 1) for part in bare.split(";") if "=" in part)


def _ends(rule: str) -> bool:
    return not {"UNTIL", "COUNT"}.isdisjoint(rule_parts(rule))
