"""iCalendar: events as a file any calendar takes (RFC 5545), in an order it can keep (RFC 9253)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from icalendar import Calendar, Event, Todo

PRODUCT = "-//Vereda//Learning routes//EN"
# A revision counts up with time, so that a later file always replaces an earlier one.
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Meeting:
    """One dated occurrence, in the local time of where it happens.

    Attributes:
        uid: the same however often it is written, also once it is called off.
    """

    uid: str
    start: datetime
    end: datetime | None
    all_day: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class Stage:
    """One step of a route; without meetings it is a task to do at any time.

    Attributes:
        uid: of the task, where there is no meeting.
        modified: when the listing changed last.
    """

    uid: str
    title: str
    description: str
    location: str
    url: str
    modified: datetime
    meetings: tuple[Meeting, ...] = ()
    point: tuple[float, float] | None = None
    withdrawn: bool = False


def write(stages: Sequence[Stage], *, name: str, language: str, now: datetime) -> bytes:
    """A calendar of the stages in order.

    Each meeting names the next of its stage; the last of a stage has to end before the first of
    the next begins, which says that it depends on it.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name, {"LANGUAGE": language})
    calendar.add("x-wr-calname", name)
    parts = [_components(stage, language, now) for stage in stages]
    for one, following in pairwise(parts):
        one[-1].add("related-to", str(following[0]["uid"]), {"RELTYPE": "FINISHTOSTART"})
        following[0].add("related-to", str(one[-1]["uid"]), {"RELTYPE": "DEPENDS-ON"})
    for part in parts:
        for component in part:
            calendar.add_component(component)
    calendar.add_missing_timezones(*_years(stages, now))
    written: bytes = calendar.to_ical()
    return written


def _years(stages: Sequence[Stage], now: datetime) -> tuple[date, date]:
    """Whole years around every meeting: no more of a zone's history is written than is needed."""
    years = [m.start.year for stage in stages for m in stage.meetings] or [now.year]
    return date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)


def _components(stage: Stage, language: str, now: datetime) -> list[Event | Todo]:
    if not stage.meetings:
        return [_task(stage, language, now)]
    events = [_event(stage, meeting, language, now) for meeting in stage.meetings]
    for one, following in pairwise(events):
        one.add("related-to", str(following["uid"]), {"RELTYPE": "NEXT"})
    return list(events)


def _task(stage: Stage, language: str, now: datetime) -> Todo:
    task = Todo()
    _describe(task, stage, language, now)
    task.add("uid", stage.uid)
    task.add("status", "CANCELLED" if stage.withdrawn else "NEEDS-ACTION")
    return task


def _event(stage: Stage, meeting: Meeting, language: str, now: datetime) -> Event:
    event = Event()
    _describe(event, stage, language, now)
    event.add("uid", meeting.uid)
    event.add("dtstart", meeting.start.date() if meeting.all_day else meeting.start)
    if meeting.end is not None:
        event.add("dtend", meeting.end.date() if meeting.all_day else meeting.end)
    off = meeting.cancelled or stage.withdrawn
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off or meeting.all_day else "OPAQUE")
    return event


def _describe(component: Event | Todo, stage: Stage, language: str, now: datetime) -> None:
    worded = {"LANGUAGE": language}
    component.add("dtstamp", now.astimezone(UTC))
    component.add("summary", stage.title, worded)
    component.add("last-modified", stage.modified.astimezone(UTC))
    component.add("sequence", int((stage.modified - _FIRST).total_seconds() // 60))
    component.add("url", stage.url)
    if stage.description:
        component.add("description", stage.description, worded)
    if stage.location:
        component.add("location", stage.location, worded)
    if stage.point is not None:
        component.add("geo", stage.point)
