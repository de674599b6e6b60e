"""Opening: the cells of a week of opening hours become rules, a service at a time."""

from collections.abc import Iterator

from directory.exchange import hours
from directory.exchange.cells import Cells
from directory.exchange.hours import Opening
from directory.exchange.mapping import DAYS, HOURS_SERVICES, hours_field
from directory.models.opening import DAY
from directory.models.records import MOST_RULES, HoursRecord

# Few places are open so long, and not around the clock: a slip such as 00:00 for 10:00 is likelier.
_LONG = 16 * 60


def read(cells: Cells) -> tuple[HoursRecord, ...] | None:
    """The opening hours of a row; None where no cell tells any, empty where all say closed.

    A cell that is not understood is left out with a warning.
    """
    found: list[HoursRecord] = []
    is_known = False
    for service, word in HOURS_SERVICES.items():
        week = dict(_week(cells, service))
        is_known = is_known or bool(week)
        found += [
            HoursRecord(days=days, opens=opens, closes=closes, service=word)
            for (opens, closes), days in _joined(week).items()
        ]
    if len(found) > MOST_RULES:
        cells.notes.add("", "hours-too-many", str(len(found)))
        return None
    return tuple(found) if is_known else None


def _week(cells: Cells, service: str) -> Iterator[tuple[str, tuple[Opening, ...]]]:
    """The days of which something is known."""
    for day in DAYS:
        name = hours_field(service, day)
        text = cells.get(name)
        if not text:
            continue
        try:
            openings = hours.parse(text)
        except hours.UnclearHours as error:
            cells.notes.add(cells.column(name), error.code, text)
            continue
        for each in openings:
            if _LONG < hours.length(each) < DAY:
                cells.notes.add(cells.column(name), "hours-long", text, "-".join(each))
        yield day, openings


def _joined(week: dict[str, tuple[Opening, ...]]) -> dict[Opening, tuple[str, ...]]:
    """Each opening with all the days that have it."""
    days: dict[Opening, tuple[str, ...]] = {}
    for day, openings in week.items():
        for each in openings:
            days[each] = (*days.get(each, ()), day)
    return days
