"""Comparing: routes side by side, one line for each thing that may decide between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.edge import formats, labels, locale, presenting
from directory.edge.itineraries import cost
from directory.edge.speech import gettext
from directory.services.itineraries import Itinerary, Stop
from directory.services.texts import words


@dataclass(frozen=True)
class Line:
    """One line of a comparison: what is compared, and each route's answer."""

    label: str
    cells: tuple[tuple[str, ...], ...]
    listed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Routes side by side."""

    names: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Compared:
    """A route to be compared, and what its itinerary cannot know.

    Attributes:
        way: minutes of the longest way from the learner's home; None is unknown.
        hours: of the fullest week, with what is done at home; None is counted from the dates.
        leaves_out: what was wanted and is not reached, as sentences.
    """

    name: str
    itinerary: Itinerary
    way: float | None = None
    hours: float | None = None
    leaves_out: tuple[str, ...] = ()


def comparison(routes: Sequence[Compared]) -> Comparison:
    """Routes side by side, one line for each thing that may decide between them."""
    return Comparison(
        tuple(route.name for route in routes),
        (
            Line(gettext("Begins"), tuple((_begins(r.itinerary),) for r in routes)),
            Line(gettext("Ends"), tuple((_ends(r.itinerary),) for r in routes)),
            Line(gettext("In all"), tuple((cost(r.itinerary),) for r in routes)),
            Line(gettext("Fullest week"), tuple((_load(r),) for r in routes)),
            Line(gettext("Times to go"), tuple((_meetings(r.itinerary),) for r in routes)),
            Line(gettext("Longest way"), tuple((_way(r),) for r in routes)),
            Line(gettext("Kinds"), tuple((_kinds(r.itinerary),) for r in routes)),
            Line(gettext("Held in"), tuple((_languages(r.itinerary),) for r in routes)),
            Line(gettext("Steps"), tuple(_steps(r, routes) for r in routes), listed=True),
            Line(
                gettext("Leaves out"),
                tuple(r.leaves_out or (gettext("Nothing you asked for"),) for r in routes),
                listed=True,
            ),
        ),
    )


def _begins(itinerary: Itinerary) -> str:
    return _end_of(itinerary, 0)


def _ends(itinerary: Itinerary) -> str:
    return _end_of(itinerary, -1)


def _end_of(itinerary: Itinerary, which: int) -> str:
    dates = itinerary.dates
    if not dates:
        return gettext("Any time")
    return formats.short_date(formats.local(dates[which].start, dates[which].timezone))


def _load(route: Compared) -> str:
    hours = _fullest_week(route.itinerary) if route.hours is None else route.hours
    return formats.duration(round(hours * 60)) if hours else gettext("As you like")


def _fullest_week(itinerary: Itinerary) -> float:
    load: dict[tuple[int, int], float] = {}
    for occurrence in itinerary.dates:
        week = formats.local(occurrence.start, occurrence.timezone).isocalendar()[:2]
        length = (occurrence.end - occurrence.start).total_seconds() / 3600
        load[week] = load.get(week, 0) + (0 if occurrence.all_day else length)
    return max(load.values(), default=0)


def _meetings(itinerary: Itinerary) -> str:
    return formats.number(len(itinerary.dates))


def _way(route: Compared) -> str:
    if route.way is None:
        return gettext("Not known")
    return formats.duration(round(route.way)) if route.way else gettext("No way to go")


def _kinds(itinerary: Itinerary) -> str:
    kinds = [presenting.opportunity_row(s.listing, None).label for s in itinerary.stops]
    return formats.listing(list(dict.fromkeys(kinds)))


def _languages(itinerary: Itinerary) -> str:
    told = [set(s.listing.languages) for s in itinerary.stops if s.listing.languages]
    shared = sorted(set.intersection(*told)) if told else []
    if shared:
        return formats.listing([labels.language_name(tag) for tag in shared])
    every = sorted(set().union(*told))
    return formats.listing([labels.language_name(tag) for tag in every]) or gettext("Not stated")


def _steps(route: Compared, routes: Sequence[Compared]) -> tuple[str, ...]:
    others = {s.listing.id for r in routes if r is not route for s in r.itinerary.stops}
    return tuple(_step_name(s, only=s.listing.id not in others) for s in route.itinerary.stops)


def _step_name(stop: Stop, *, only: bool) -> str:
    title = words(stop.listing, "title", locale.tag()).value
    return gettext("%(title)s (only here)", title=title) if only else title
