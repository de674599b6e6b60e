"""Itineraries in the reader's words: stations, their dates and what to know before one goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from directory.edge import formats, labels, locale, presenting
from directory.edge.house import house
from directory.edge.presenting import Row
from directory.edge.speech import gettext, ngettext
from directory.models import Occurrence, Opportunity
from directory.models.vocabulary import Day, ListingState, OccurrenceStatus
from directory.services.itineraries import Itinerary, Stop
from directory.services.texts import words
from directory.services.topics import Tree

# More patterns of a day and an hour than these are no pattern: the dates are told one by one.
_MOST_PATTERNS = 3
_MOST_LEFT_OUT = 4
MOST_TICKS = 48


@dataclass(frozen=True)
class DateLine:
    """One date of a station."""

    iso: str
    label: str
    off: bool


@dataclass(frozen=True)
class Station:
    """One step as it is shown, on a page, on paper or beside a map.

    Attributes:
        when: the dates in a sentence or two.
        needs: what to know before one goes: price, booking, who may come.
        withdrawn: it is no longer offered.
    """

    number: int
    row: Row
    when: tuple[str, ...]
    dates: tuple[DateLine, ...]
    address: str
    gains: tuple[str, ...]
    needs: tuple[str, ...]
    provider: str
    contact: str
    withdrawn: bool = False


def stations(itinerary: Itinerary, tree: Tree) -> list[Station]:
    """Every stop of an itinerary, numbered as on the map."""
    return [_station(n, stop, tree) for n, stop in enumerate(itinerary.stops, start=1)]


def cost(itinerary: Itinerary) -> str:
    """What all of it costs; at least, where a price is not stated."""
    known = [s.listing.price for s in itinerary.stops if s.listing.price is not None]
    total = formats.price(sum(known), house().settings.currency)
    if len(known) == len(itinerary.stops):
        return total
    return gettext("%(cost)s or more", cost=total) if known else gettext("Price not stated")


def span(itinerary: Itinerary) -> str:
    """From its first date to its last."""
    dates = itinerary.dates
    if not dates:
        return gettext("Any time")
    first, last = (formats.local(o.start, o.timezone) for o in (dates[0], dates[-1]))
    if first.date() == last.date():
        return formats.short_date(first)
    return gettext(
        "%(first)s to %(last)s",
        first=formats.short_date(first),
        last=formats.short_date(last),
    )


def ticks(itinerary: Itinerary) -> list[str]:
    """Every date in short, to be ticked off on paper; none where they would fill it."""
    dates = itinerary.dates
    if len(dates) > MOST_TICKS:
        return []
    numbers = {o.id: n for n, stop in enumerate(itinerary.stops, start=1) for o in stop.held}
    return [f"{numbers[o.id]}. {_in_short(o)}" for o in dates]


def _in_short(occurrence: Occurrence) -> str:
    start = formats.local(occurrence.start, occurrence.timezone)
    hours = formats.time_range(occurrence).partition("–")[0]
    return formats.joined(f"{formats.weekday_short(start)} {formats.day_only(start)}", hours)


def when_in_words(dates: Sequence[Occurrence], listing: Opportunity) -> tuple[str, ...]:
    """Dates as one would say them: a pattern where there is one, else one by one."""
    if not dates:
        return (presenting.opportunity_row(listing, None).when,)
    patterns = _patterns(dates)
    if len(dates) <= _MOST_PATTERNS or len(patterns) > _MOST_PATTERNS:
        said = tuple(date_line(o).label for o in dates[:_MOST_PATTERNS])
        more = len(dates) - len(said)
        if more:
            said += (ngettext("%(num)s more date", "%(num)s more dates", more),)
        return said
    return _pattern_in_words(dates, patterns)


def gain_in_words(topic: str, level: int, tree: Tree) -> str:
    """What one leaves with."""
    return gettext(
        "%(topic)s: %(level)s",
        topic=tree.label(topic, locale.tag()),
        level=str(labels.LEVELS[level]).lower(),
    )


def date_line(occurrence: Occurrence) -> DateLine:
    """One date, as long as it is."""
    start = formats.local(occurrence.start, occurrence.timezone)
    return DateLine(
        start.isoformat(timespec="minutes"),
        formats.joined(formats.long_date(start), formats.time_range(occurrence)),
        occurrence.status == OccurrenceStatus.CANCELLED,
    )


def _patterns(dates: Sequence[Occurrence]) -> dict[str, list[int]]:
    """Hours of the day to the weekdays on which they are."""
    patterns: dict[str, list[int]] = {}
    for occurrence in dates:
        start = formats.local(occurrence.start, occurrence.timezone)
        days = patterns.setdefault(formats.time_range(occurrence), [])
        if start.weekday() not in days:
            days.append(start.weekday())
    return patterns


def _pattern_in_words(
    dates: Sequence[Occurrence], patterns: dict[str, list[int]]
) -> tuple[str, ...]:
    first, last = (formats.local(o.start, o.timezone) for o in (dates[0], dates[-1]))
    lines = [
        formats.joined(formats.listing([_weekday(day) for day in sorted(days)]), hours)
        for hours, days in patterns.items()
    ]
    count = ngettext(
        "%(count)s time", "%(count)s times", len(dates), count=formats.number(len(dates))
    )
    lines.append(
        gettext(
            "%(count)s, from %(first)s to %(last)s", count=count,
            first=formats.short_date(first), last=formats.short_date(last),
        )
    )  # fmt: skip
    if left := _left_out(dates):
        lines.append(gettext("not on %(days)s", days=formats.listing(left)))
    return tuple(lines)


def _left_out(dates: Sequence[Occurrence]) -> list[str]:
    """Days between the first and the last on which a weekly pattern pauses."""
    days = {formats.local(o.start, o.timezone).date() for o in dates}
    weekdays = {day.weekday() for day in days}
    day, last, left = min(days), max(days), []
    while day < last:
        if day.weekday() in weekdays and day not in days:
            left.append(day)
        day += timedelta(days=1)
    return [formats.day_only(each) for each in left] if len(left) <= _MOST_LEFT_OUT else []


def _weekday(day: int) -> str:
    return str(labels.DAYS[list(Day)[day]])


def _station(number: int, stop: Stop, tree: Tree) -> Station:
    listing = stop.listing
    space, provider = listing.space, listing.provider
    address = ""
    if space is not None:
        place = words(space, "title", locale.tag()).value
        address = formats.joined(
            place, space.address, space.postcode, presenting.district_name(space)
        )
    return Station(
        number=number,
        row=presenting.opportunity_row(listing, stop.held[0] if stop.held else None),
        when=when_in_words(stop.held, listing),
        dates=tuple(date_line(o) for o in stop.dates),
        address=address,
        gains=tuple(gain_in_words(key, level, tree) for key, level in stop.gains.items()),
        needs=tuple(_needs(listing)),
        provider=words(provider, "title", locale.tag()).value if provider else "",
        contact=(provider.email if provider else "") or (space.phone if space else ""),
        withdrawn=listing.state == ListingState.WITHDRAWN,
    )


def _needs(listing: Opportunity) -> Iterable[str]:
    yield formats.price(listing.price, listing.currency)
    if listing.price_note:
        yield listing.price_note
    if listing.booking:
        yield str(labels.BOOKING[listing.booking])
