"""Presenting: a listing as a row, with every fact as words in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from flask import url_for

from directory.edge import formats, labels, locale
from directory.edge.house import city
from directory.edge.marking import Marked, marked, passages
from directory.edge.speech import gettext, ngettext
from directory.edge.truth import Notice, notices, unconfirmed
from directory.models import Occurrence, Opportunity, Space
from directory.models.records import WHOLE_CITY
from directory.models.vocabulary import Access, Format, SpaceKind
from directory.search.grammar import Ask
from directory.services.finding import Item
from directory.services.shown import (
    Shown,
    ShownPlace,
    opportunity_shown,
    shown_words,
    space_shown,
)
from directory.services.texts import Words

LONGEST_WALK = 60
"""Minutes; nobody is told to walk farther."""


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
        found_by: why a search found it, where its own words do not show it.
        unconfirmed: since when nobody has said that it is so, where that is too long.
        notices: what to know at this moment.
    """

    type: str
    id: int
    slug: str
    url: str
    title: Words | Marked
    summary: Words | Marked
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
    residents: str = ""
    found_by: str = ""
    unconfirmed: str = ""
    notices: tuple[Notice, ...] = ()


def row(item: Item) -> Row:
    """A row for a result of a search."""
    if item.type == "space":
        made = _space_row(item.shown, item.distance_km)
    else:
        occurrence = item.matched or item.upcoming
        made = _opportunity_row(item.shown, occurrence, item.distance_km)
    return replace(made, found_by=gettext("Found by its topic or kind")) if item.about else made


def found_rows(items: Sequence[Item], ask: Ask) -> list[Row]:
    """Rows for the results of a search, with the words that were asked for set apart."""
    told = passages(items, ask) if ask.needed else {}
    return [
        replace(
            each,
            title=marked(each.title, ask),
            summary=told.get((each.type, each.id)) or marked(each.summary, ask),
        )
        for each in map(row, items)
    ]


def space_row(space: Space) -> Row:
    """A row for a place of learning at hand."""
    return _space_row(space_shown(space), None)


def opportunity_row(opportunity: Opportunity, occurrence: Occurrence | None) -> Row:
    """A row for an opportunity at hand, with the occurrence that matters here."""
    return _opportunity_row(opportunity_shown(opportunity), occurrence, None)


def _space_row(shown: Shown, distance_km: float | None) -> Row:
    title = shown_words(shown, "title", locale.tag())
    return Row(
        type="space",
        id=shown["id"],
        slug=shown["slug"],
        url=url_for("spaces.show", lang=locale.tag(), slug=shown["slug"]),
        title=title,
        summary=shown_words(shown, "summary", locale.tag()),
        icon=shown["kind"],
        label=str(labels.KINDS[SpaceKind(shown["kind"])]),
        day=None,
        when="",
        place=formats.joined(shown["address"], district_called(shown["district"])),
        distance=_distance(distance_km),
        languages="",
        access=access_words(shown["access"]),
        price="",
        price_kind="",
        written_in=_foreign(title),
        lat=shown["lat"],
        lon=shown["lon"],
        unconfirmed=unconfirmed(shown["unconfirmed"]),
    )


def _opportunity_row(
    shown: Shown, occurrence: formats.Dated | None, distance_km: float | None
) -> Row:
    title = shown_words(shown, "title", locale.tag())
    space = shown["space"]
    price = None if shown["price"] is None else Decimal(shown["price"])
    return Row(
        type="opportunity",
        id=shown["id"],
        slug=shown["slug"],
        url=url_for("opportunities.show", lang=locale.tag(), slug=shown["slug"]),
        title=title,
        summary=shown_words(shown, "summary", locale.tag()),
        icon=space["kind"] if space else shown["format"],
        label=str(labels.FORMATS[Format(shown["format"])]),
        day=day_of(occurrence) if occurrence else None,
        when=when(occurrence, anytime=shown["anytime"]),
        place=_place(space),
        distance=_distance(distance_km),
        languages=language_names(shown["languages"]),
        access=access_words(shown["access"]),
        price=formats.price(price, shown["currency"]),
        price_kind=price_kind(price),
        written_in=_foreign(title),
        lat=space["lat"] if space else None,
        lon=space["lon"] if space else None,
        residents=_for_residents(shown["residents_of"]),
        unconfirmed=unconfirmed(shown["unconfirmed"]),
        notices=tuple(notices(shown["notices"], shown["language"])),
    )


def price_kind(price: Decimal | None) -> str:
    """``free``, ``paid`` or ``unknown``."""
    if price is None:
        return "unknown"
    return "paid" if price else "free"


def day_of(occurrence: formats.Dated) -> Day:
    """The date of an occurrence where it takes place."""
    start: datetime = formats.local(occurrence.start, occurrence.timezone)
    return Day(
        formats.weekday_short(start),
        formats.day_number(start),
        formats.month_short(start),
        start.isoformat(timespec="minutes"),
    )


def when(occurrence: formats.Dated | None, *, anytime: bool) -> str:
    """The hours of an occurrence, or what can be said without one."""
    if occurrence is None:
        return gettext("Any time") if anytime else gettext("Ask for dates")
    return formats.time_range(occurrence) or gettext("Time not stated")


def _place(space: ShownPlace | None) -> str:
    """A space's name and its district."""
    if space is None:
        return ""
    title = shown_words(space, "title", locale.tag())
    return formats.joined(title.value, district_called(space["district"]))


def district_name(space: Space) -> str:
    """Name of a space's district in the reader's language."""
    return localized(space.district.names) if space.district else ""


def district_called(key: str | None) -> str:
    """Name of a district in the reader's language."""
    district = city().districts.get(key) if key else None
    return localized(district.names) if district else ""


def localized(names: dict[str, str], language: str = "") -> str:
    """A name in the reader's language, or in one asked for, else in whatever there is."""
    return names.get(language or locale.tag()) or next(iter(names.values()), "")


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


def areas(keys: Iterable[str]) -> str:
    """Names of the areas one has to live in to take part; empty when anybody may."""
    return formats.alternatives(
        [gettext("the city") if key == WHOLE_CITY else district_called(key) or key for key in keys]
    )


def _for_residents(keys: Iterable[str]) -> str:
    names = areas(keys)
    return gettext("For residents of %(areas)s", areas=names) if names else ""


def _distance(km: float | None) -> str:
    """How far it is and, where one would walk, how long that takes."""
    if km is None:
        return ""
    minutes = formats.walking_minutes(km)
    if minutes > LONGEST_WALK:
        return formats.distance(km)
    walk = ngettext(
        "%(count)s minute on foot", "%(count)s minutes on foot", minutes,
        count=formats.number(minutes),
    )  # fmt: skip
    return formats.joined(formats.distance(km), walk)


def _foreign(text: Words) -> str:
    return "" if text.language == locale.tag() else labels.language_name(text.language)
