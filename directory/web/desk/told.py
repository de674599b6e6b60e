"""Told: what a listing says in one field, line by line, for somebody who compares two."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from babel.dates import get_day_names

from directory import languages
from directory.edge import formats, labels, locale, presenting, requirements
from directory.edge.house import city
from directory.edge.rules import rule_in_words
from directory.edge.speech import get_locale, gettext
from directory.models import Opportunity, Schedule, Space
from directory.models.texts import FIELDS as TEXTS
from directory.models.vocabulary import TextState
from directory.services.texts import Words, words
from directory.web.opportunities import ages

Listing = Space | Opportunity
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FOREIGN = "und"


def told(row: Listing, field: str) -> list[Words]:
    """What a listing says in a field; nothing where it says nothing."""
    if field in TEXTS:
        return _texts(row, field)
    lines = _OF[field](row)
    return [Words(line, locale.tag(), TextState.ORIGINAL) for line in lines if line]


def _texts(row: Listing, field: str) -> list[Words]:
    mine = [text for text in row.texts if text.field == field and text.value]
    mine.sort(key=lambda text: (text.language != row.language, text.language))
    return [Words(text.value, text.language, text.state) for text in mine]


def _kind(row: Listing) -> list[str]:
    if isinstance(row, Space):
        return [str(labels.KINDS[row.kind])]
    return [str(labels.FORMATS[row.format]), str(labels.SETTINGS[row.setting])]


def _provider(row: Listing) -> list[str]:
    return [words(row.provider, "title", locale.tag()).value] if row.provider else []


def _place(row: Listing) -> list[str]:
    if isinstance(row, Opportunity):
        if row.space is None:
            return []
        return [words(row.space, "title", locale.tag()).value, *_address(row.space)]
    point = [] if row.lat is None else [f"\u2066{row.lat:.5f}, {row.lon:.5f}\u2069"]
    return [*_address(row), *point]


def _address(space: Space) -> list[str]:
    return [formats.joined(space.address, space.postcode, presenting.district_name(space))]


def _contact(row: Listing) -> list[str]:
    return [row.url, row.email, row.phone] if isinstance(row, Space) else [row.url]


def _hours(row: Any) -> list[str]:
    names = get_day_names("abbreviated", locale=get_locale())
    said = []
    for each in row.hours or ():
        days = [
            names[_DAYS.index(d)] if d in _DAYS else gettext("public holidays")
            for d in each["days"]
        ]
        said.append(formats.joined(*days, f"{each['opens']}–{each['closes']}"))
    if row.hours == []:
        said.append(gettext("never open"))
    if row.special_days or row.closures:
        said.append(
            gettext(
                "special days and closures: %(count)s",
                count=formats.number(len(row.special_days) + len(row.closures)),
            )
        )
    return said


def _topics(row: Listing) -> list[str]:
    tree = city().tree
    if isinstance(row, Space):
        return [tree.label(key, locale.tag()) for key in row.topics]
    return [
        gettext(
            "%(topic)s: from “%(low)s” to “%(high)s”",
            topic=tree.label(each.topic_key, locale.tag()),
            low=str(labels.LEVELS[each.level_from]),
            high=str(labels.LEVELS[each.level_to]),
        )
        for each in row.teaches
    ]


def _dates(row: Any) -> list[str]:
    return [rule_in_words(each) or _single(each) for each in row.schedules]


def _single(schedule: Schedule) -> str:
    more = [datetime.strptime(each, "%Y%m%dT%H%M%S") for each in schedule.rdates]  # noqa: DTZ007
    days = [formats.short_date(each) for each in (schedule.start, *more)]
    hour = "" if schedule.all_day else formats.clock(schedule.start)
    rule = f"\u2066{schedule.rule}\u2069" if schedule.rule else ""
    return formats.joined(*days, hour, rule)


def _requires(row: Any) -> list[str]:
    if not row.requires:
        return []
    return [requirements.in_words(row.requires, city().tree, locale.tag())]


def _ages(row: Any) -> list[str]:
    return [] if row.age_min is None and row.age_max is None else [ages(row)]


def _price(row: Any) -> list[str]:
    price = [] if row.price is None else [formats.price(row.price, row.currency)]
    return [*price, row.price_note]


def _booking(row: Any) -> list[str]:
    booking = [str(labels.BOOKING[row.booking])] if row.booking else []
    if row.capacity is not None:
        booking.append(gettext("Places: %(count)s", count=formats.number(row.capacity)))
    return booking


def _access(row: Listing) -> list[str]:
    yes, no = gettext("yes"), gettext("no")
    return [
        f"{labels.ACCESS[fact]}: {yes if row.access[fact] else no}"
        for fact in labels.ACCESS
        if fact in row.access
    ]


def _notices(row: Any) -> list[str]:
    return [presenting.localized(each["message"]) for each in row.notices]


_OF: dict[str, Callable[[Any], list[str]]] = {
    "kind": _kind,
    "provider": _provider,
    "place": _place,
    "contact": _contact,
    "hours": _hours,
    "topics": _topics,
    "dates": _dates,
    "languages": lambda row: [presenting.language_names(row.languages)],
    "requires": _requires,
    "ages": _ages,
    "price": _price,
    "booking": _booking,
    "residents": lambda row: [presenting.areas(row.residents_of)],
    "access": _access,
    "notices": _notices,
    "series": lambda row: [row.series or ""],
    "commitments": lambda row: [str(labels.COMMITMENTS[each]) for each in row.commitments],
}


def language_name(said: Words) -> str:
    """In which language a line is, where that is not the reader's."""
    if said.language in (locale.tag(), _FOREIGN):
        return ""
    return (
        labels.language_name(said.language)
        if said.language in languages.INTERFACE
        else said.language
    )
