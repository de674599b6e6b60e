"""Weeks: what a route fills of them; equal weeks that follow each other are told once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from directory.edge import formats, labels, presenting
from directory.edge.marking import Marked
from directory.edge.speech import gettext, ngettext
from directory.models import Occurrence, Opportunity
from directory.models.vocabulary import Day
from directory.services.itineraries import Itinerary
from directory.services.texts import Words

_DAYS = 7
_PART_ENDS = {"morning": 13 * 60, "afternoon": 17 * 60, "evening": 24 * 60}


@dataclass(frozen=True)
class Entry:
    """One meeting in a week."""

    number: int
    day: str
    time: str
    title: Words | Marked
    place: str


@dataclass(frozen=True)
class Part:
    """Mornings, afternoons or evenings of a week: one list of entries a day."""

    label: str
    days: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Week:
    """A week of a route, and the weeks after it that are just like it."""

    title: str
    count: str
    days: tuple[str, ...]
    parts: tuple[Part, ...]


def weeks(itinerary: Itinerary) -> list[Week]:
    """The weeks in which something takes place; equal weeks that follow each other are one."""
    numbers = {o.id: n for n, stop in enumerate(itinerary.stops, start=1) for o in stop.held}
    titles = {o.id: stop.listing for stop in itinerary.stops for o in stop.held}
    by_week: dict[date, list[_Met]] = {}
    for occurrence in itinerary.dates:
        met = _met(occurrence, numbers[occurrence.id], titles[occurrence.id])
        monday = met.start.date() - timedelta(days=met.start.weekday())
        by_week.setdefault(monday, []).append(met)
    runs: list[tuple[list[date], list[_Met]]] = []
    for monday, mets in sorted(by_week.items()):
        follows = runs and monday - runs[-1][0][-1] == timedelta(days=_DAYS)
        if follows and [m.pattern for m in runs[-1][1]] == [m.pattern for m in mets]:
            runs[-1][0].append(monday)
        else:
            runs.append(([monday], mets))
    return [_week(mondays, mets) for mondays, mets in runs]


@dataclass(frozen=True)
class _Met:
    start: datetime
    entry: Entry
    part: str
    pattern: tuple[int, int, str]


def _met(occurrence: Occurrence, number: int, listing: Opportunity) -> _Met:
    start = formats.local(occurrence.start, occurrence.timezone)
    row = presenting.opportunity_row(listing, occurrence)
    minute = start.hour * 60 + start.minute
    part = next(name for name, ends in _PART_ENDS.items() if minute < ends)
    entry = Entry(number, _weekday(start.weekday()), row.when, row.title, row.place)
    return _Met(start, entry, part, (number, start.weekday(), row.when))


def _week(mondays: list[date], mets: list[_Met]) -> Week:
    first, last = mondays[0], mondays[-1] + timedelta(days=_DAYS - 1)
    cells = {
        key: tuple(m.entry for m in group)
        for key, group in groupby(
            sorted(mets, key=lambda m: (m.part, m.start)), lambda m: (m.part, m.start.weekday())
        )
    }
    names = {"morning": gettext("Morning"), "afternoon": gettext("Afternoon")}
    names["evening"] = gettext("Evening")
    return Week(
        title=gettext(
            "%(first)s to %(last)s", first=formats.day_only(first), last=formats.day_only(last)
        ),
        count=ngettext(
            "only this week", "%(count)s weeks like this", len(mondays),
            count=formats.number(len(mondays)),
        ),
        days=tuple(_weekday(day) for day in range(_DAYS)),
        parts=tuple(
            Part(label, tuple(cells.get((part, day), ()) for day in range(_DAYS)))
            for part, label in names.items()
            if any(key[0] == part for key in cells)
        ),
    )  # fmt: skip


def _weekday(day: int) -> str:
    return str(labels.DAYS[list(Day)[day]])
