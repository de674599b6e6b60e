"""Presenting: a listing as a row, with every fact as words in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import url_for

from directory.edge import formats, labels, locale
from directory.edge.speech import gettext
from directory.models import Occurrence, Opportunity, Space
from directory.models.vocabulary import Access
from directory.services.documents import is_anytime, known_access
from directory.services.finding import Item
from directory.services.texts import Words, words


@dataclass(frozen=True)
class Day:
    """The large date at the start of a row."""

    weekday: str
    number: str
    month: str
    iso: str


@dataclass(frozen=True)
class Row:
    """One listing in a list.

    Attributes:
        day: None for a space, or where there is no date.
        when: from when to when, "any time", or that the dates are not known.
        price: empty for a space.
        price_kind: ``free``, ``paid`` or ``unknown``.
        written_in: name of the listing's language where it is not the reader's.
    """

    type: str
    id: int
    slug: str
    url: str
    title: Words
    summary: Words
    icon: str
    label: str
    day: Day | None
    when: str
    place: str
    distance: str
    languages: str
    access: str
    price: str
    price_kind: str
    written_in: str
    lat: float | None
    lon: float | None


def row(item: Item) -> Row:
    """A row for a result of a search."""
    if isinstance(item.listing, Space):
        return space_row(item.listing, item.distance_km)
    return opportunity_row(item.listing, item.matched or item.upcoming, item.distance_km)


def space_row(space: Space, distance_km: float | None = None) -> Row:
    """A row for a place of learning."""
    title = words(space, "title", locale.tag())
    return Row(
        type="space",
        id=space.id or 0,
        slug=space.slug,
        url=url_for("spaces.show", lang=locale.tag(), slug=space.slug),
        title=title,
        summary=words(space, "summary", locale.tag()),
        icon=space.kind,
        label=str(labels.KINDS[space.kind]),
        day=None,
        when="",
        place=formats.joined(space.address, district_name(space)),
        distance=_distance(distance_km),
        languages="",
        access=access_words(space.access),
        price="",
        price_kind="",
        written_in=_foreign(title),
        lat=space.lat,
        lon=space.lon,
    )


def opportunity_row(
    opportunity: Opportunity, occurrence: Occurrence | None, distance_km: float | None = None
) -> Row:
    """A row for an opportunity, with the occurrence that matters here."""
    title = words(opportunity, "title", locale.tag())
    space = opportunity.space
    return Row(
        type="opportunity",
        id=opportunity.id or 0,
        slug=opportunity.slug,
        url=url_for("opportunities.show", lang=locale.tag(), slug=opportunity.slug),
        title=title,
        summary=words(opportunity, "summary", locale.tag()),
        icon=space.kind if space else opportunity.format,
        label=str(labels.FORMATS[opportunity.format]),
        day=day_of(occurrence) if occurrence else None,
        when=when(opportunity, occurrence),
        place=place_of(space),
        distance=_distance(distance_km),
        languages=language_names(opportunity.languages),
        access=access_words(known_access(opportunity)),
        price=formats.price(opportunity.price, opportunity.currency),
        price_kind=price_kind(opportunity.price),
        written_in=_foreign(title),
        lat=space.lat if space else None,
        lon=space.lon if space else None,
    )


def price_kind(price: Decimal | None) -> str:
    """``free``, ``paid`` or ``unknown``."""
    if price is None:
        return "unknown"
    return "paid" if price else "free"


def day_of(occurrence: Occurrence) -> Day:
    """The date of an occurrence where it takes place."""
    start: datetime = formats.local(occurrence.start, occurrence.timezone)
    return Day(
        formats.weekday_short(start),
        formats.day_number(start),
        formats.month_short(start),
        start.isoformat(timespec="minutes"),
    )


def when(opportunity: Opportunity, occurrence: Occurrence | None) -> str:
    """The hours of an occurrence, or what can be said without one."""
    if occurrence is None:
        return gettext("Any time") if is_anytime(opportunity) else gettext("Ask for dates")
    return formats.time_range(occurrence) or gettext("Time not stated")


def place_of(space: Space | None) -> str:
    """A space's name and its district."""
    if space is None:
        return ""
    return formats.joined(words(space, "title", locale.tag()).value, district_name(space))


def district_name(space: Space) -> str:
    """Name of a space's district in the reader's language."""
    return localized(space.district.names) if space.district else ""


def localized(names: dict[str, str]) -> str:
    """A name in the reader's language, else in whatever there is."""
    return names.get(locale.tag()) or next(iter(names.values()), "")


def language_names(tags: Iterable[str] | None) -> str:
    """Languages of instruction as a list of names; empty when unknown."""
    if tags is None:
        return ""
    names = [labels.language_name(tag) for tag in tags]
    return formats.listing(names) if names else gettext("No words needed")


def access_words(facts: dict[str, bool]) -> str:
    """The access facts that are true, as a list; empty when there is none."""
    true = [str(labels.ACCESS[fact]) for fact in Access if facts.get(fact)]
    return " · ".join(true[:2])


def _distance(km: float | None) -> str:
    return "" if km is None else formats.distance(km)


def _foreign(text: Words) -> str:
    return "" if text.language == locale.tag() else labels.language_name(text.language)
