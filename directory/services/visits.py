"""Visits: when one can drop in somewhere that has opening hours and no dates of its own."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from directory.models import Opportunity, Space
from directory.models.opening import Opening, Span
from directory.models.public_holidays import public_holidays
from directory.models.vocabulary import Format
from directory.settings import Settings
from recommender import Session as Meeting

Opened = Callable[[Space], Opening]
"""When a space is open."""

AHEAD = timedelta(weeks=4)
LONG = timedelta(hours=2)
SHORT = timedelta(hours=1)


def openings(settings: Settings) -> Opened:
    """When the spaces of a city are open, with its public holidays."""
    holiday = public_holidays(settings.country, settings.subdivision)
    return lambda space: Opening.of(space, settings.zone, holiday)


def drops_in(row: Opportunity) -> bool:
    """Whether one comes whenever its space is open."""
    return row.format == Format.DROP_IN and not row.schedules and row.space is not None


def visits(row: Opportunity, opening: Opening, *, now: datetime) -> tuple[Meeting, ...]:
    """The visits of the next weeks: each opening cut into two hours, the last at least one."""
    first = now.astimezone(opening.zone).date()
    spans = opening.intervals(first, first + AHEAD)
    cut = [piece for span in spans for piece in _pieces(span, now)]
    return tuple(
        Meeting(f"{row.id}@{start:%Y%m%dT%H%MZ}", start.astimezone(zone), end.astimezone(zone))
        for zone in (opening.zone,)
        for start, end in cut
    )


def _pieces(span: Span, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    start = span.start
    while start + SHORT <= span.end:
        end = min(start + LONG, span.end)
        if start > now:
            yield start, end
        start = end
