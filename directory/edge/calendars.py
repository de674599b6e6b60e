"""Calendars: an itinerary as a file, in the reader's language."""

from urllib.parse import urlsplit

from flask import request

from directory.edge import formats, itineraries, locale
from directory.edge.addresses import public_url
from directory.edge.house import house
from directory.edge.itineraries import Station
from directory.edge.speech import gettext
from directory.exchange.icalendar import Meeting, Stage, write
from directory.models import Occurrence
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services.itineraries import Itinerary, Stop
from directory.services.topics import Tree


def calendar(itinerary: Itinerary, tree: Tree, *, name: str) -> bytes:
    """An iCalendar file with every date of an itinerary, the cancelled ones marked."""
    shown = itineraries.stations(itinerary, tree)
    stages = [
        _stage(stop, station, len(shown))
        for stop, station in zip(itinerary.stops, shown, strict=True)
    ]
    return write(stages, name=name, language=locale.tag(), now=house().settings.clock())


def _stage(stop: Stop, station: Station, steps: int) -> Stage:
    listing, row = stop.listing, station.row
    has_point = row.lat is not None and row.lon is not None
    return Stage(
        uid=f"{listing.slug}@{_domain()}",
        title=row.title.value,
        description=_description(station, steps),
        location=station.address,
        url=public_url("opportunities.show", lang=locale.tag(), slug=listing.slug),
        modified=listing.modified,
        meetings=tuple(_meeting(stop, occurrence) for occurrence in stop.dates),
        point=(row.lat or 0.0, row.lon or 0.0) if has_point else None,
        withdrawn=listing.state == ListingState.WITHDRAWN,
    )


def _description(station: Station, steps: int) -> str:
    lines = [
        gettext(
            "Step %(number)s of %(steps)s",
            number=formats.number(station.number), steps=formats.number(steps),
        ),
        *station.needs,
        station.row.languages,
        formats.joined(station.provider, station.contact),
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def _meeting(stop: Stop, occurrence: Occurrence) -> Meeting:
    positions = {s.id: s.position for s in stop.listing.schedules}
    position = positions.get(occurrence.schedule_id, 0)
    name = f"{stop.listing.slug}.{position}.{occurrence.recurrence_id}"
    return Meeting(
        uid=f"{name}@{_domain()}",
        start=formats.local(occurrence.start, occurrence.timezone),
        end=formats.local(occurrence.end, occurrence.timezone) if occurrence.end_known else None,
        all_day=occurrence.all_day,
        cancelled=occurrence.status == OccurrenceStatus.CANCELLED,
    )


def _domain() -> str:
    """Whose name an event's identity ends in."""
    return urlsplit(house().settings.public_url).hostname or request.host.partition(":")[0]
