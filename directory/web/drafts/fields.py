"""Fields: what each form field of a listing is called, and what can be chosen in it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from directory import languages
from directory.edge import formats, labels, locale
from directory.edge.house import city, db
from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l
from directory.models import Space
from directory.models.texts import FIELDS as TEXTS
from directory.models.vocabulary import Booking, ListingState
from directory.services.drafting.dates import ANYTIME, KEEP, ONCE, WEEKDAYS, WEEKLY
from directory.services.drafting.filling import (
    HELD,
    NONE_NEEDED,
    SEVERAL,
    THESE,
    TOPICS,
    UNKNOWN,
    Step,
)
from directory.services.texts import words

STEPS = {
    Step.WHAT: _l("What it is"),
    Step.WHOM: _l("Whom it is for"),
    Step.WHEN: _l("When it takes place"),
    Step.WHERE: _l("Where, and what it costs"),
    Step.WORDS: _l("In other languages"),
}
_NAMES = {
    "language": _l("Language you write in"),
    "title": _l("Title"),
    "summary": _l("In a sentence or two"),
    "description": _l("All there is to say"),
    "format": _l("Kind"),
    "setting": _l("Setting"),
    "url": _l("Web page"),
    "held_in": _l("Languages one needs"),
    "held": _l("These languages"),
    "age_min": _l("From age"),
    "age_max": _l("Up to age"),
    "when": _l("How it is repeated"),
    "first": _l("First day"),
    "starts": _l("Begins at"),
    "ends": _l("Ends at"),
    "weekdays": _l("Days of the week"),
    "every": _l("Every how many weeks"),
    "last": _l("Last day"),
    "skip": _l("Days without it"),
    "holidays": _l("Leave out public holidays"),
    "off": _l("Days that are called off"),
    "space": _l("Place"),
    "price": _l("Price"),
    "price_note": _l("About the price"),
    "booking": _l("How one comes in"),
    "capacity": _l("Places"),
}
_HELD = {
    UNKNOWN: _l("Not known yet"),
    NONE_NEEDED: _l("None: one can take part without words"),
    THESE: _l("These languages"),
}
_WAYS = {
    WEEKLY: _l("Every week, or every few weeks"),
    ONCE: _l("Once"),
    ANYTIME: _l("At any time; it has no dates"),
    KEEP: _l("As it is published now"),
}
# What many cities' residents speak at home; a listing's own are always among them.
_SPOKEN = ("en", "es", "ar", "fr", "pt", "ro", "uk", "zh", "ur", "bn", "wo", "it", "de", "ru")


def name(field: str) -> str:
    """What a field is called."""
    if field in _NAMES:
        return str(_NAMES[field])
    base, _, tag = field.rpartition("_")
    if base in TEXTS:
        return formats.joined(str(_NAMES[base]), labels.language_name(tag))
    number = formats.number(int(field[-1]))
    return {
        "topic": gettext("Topic %(number)s", number=number),
        "from": gettext("Topic %(number)s: from level", number=number),
        "to": gettext("Topic %(number)s: to level", number=number),
    }[field[:-1]]


def value(field: str, content: dict[str, str]) -> str:
    """What was typed or chosen in a field, in words."""
    typed = content.get(field, "").strip()
    if field in SEVERAL:
        told = {"weekdays": weekday_name, "held": labels.language_name}[field]
        return formats.listing([told(part) for part in typed.split()])
    found = {o["value"]: o["label"] for o in options(field, content)}
    return found.get(typed, typed)


def options(field: str, content: dict[str, str]) -> list[dict[str, str]]:
    """What can be chosen in a field; nothing where one types."""
    offered: dict[str, Callable[[dict[str, str]], list[dict[str, str]]]] = {
        "language": _languages,
        "format": lambda typed: _asked(typed, "format", labels.FORMATS),
        "setting": lambda typed: _asked(typed, "setting", labels.SETTINGS),
        "booking": _bookings,
        "held_in": lambda _: [_option(each, str(_HELD[each])) for each in HELD],
        "when": _ways,
        "space": lambda _: _spaces(),
        "holidays": lambda _: [_option("", gettext("No")), _option("yes", gettext("Yes"))],
    }
    return offered[field](content) if field in offered else _of_topics(field)


def held(content: dict[str, str]) -> list[dict[str, Any]]:
    """The languages one can tick."""
    chosen = content.get("held", "").split()
    every = dict.fromkeys([*_SPOKEN, *chosen])
    return [_option(tag, labels.language_name(tag)) | {"on": tag in chosen} for tag in every]


def weekdays(content: dict[str, str]) -> list[dict[str, Any]]:
    """The days of the week one can tick."""
    chosen = content.get("weekdays", "").split()
    return [_option(day, weekday_name(day)) | {"on": day in chosen} for day in WEEKDAYS]


def weekday_name(code: str) -> str:
    """A day of the week by its RFC 5545 code."""
    by_code = {day.value[:2].upper(): label for day, label in labels.DAYS.items()}
    return str(by_code.get(code, code))


def _asked(content: dict[str, str], field: str, named: dict[Any, Any]) -> list[dict[str, str]]:
    """Values of which nobody has chosen one yet: none of them is proposed."""
    every = [_option(each.value, str(label)) for each, label in named.items()]
    return every if content.get(field) else [_option("", gettext("Choose one")), *every]


def _languages(content: dict[str, str]) -> list[dict[str, str]]:
    known = dict.fromkeys([*languages.INTERFACE, content.get("language", "")])
    return [_option(tag, labels.language_name(tag)) for tag in known if tag]


def _bookings(_content: dict[str, str]) -> list[dict[str, str]]:
    every = [_option(each.value, str(labels.BOOKING[each])) for each in Booking]
    return [_option("", gettext("Not known yet")), *every]


def _ways(content: dict[str, str]) -> list[dict[str, str]]:
    kept = content.get("when") == KEEP
    return [_option(key, str(label)) for key, label in _WAYS.items() if key != KEEP or kept]


def _of_topics(field: str) -> list[dict[str, str]]:
    if field not in {
        f"{what}{n}" for n in range(1, TOPICS + 1) for what in ("topic", "from", "to")
    }:
        return []
    if field.startswith("topic"):
        names = city().tree.names(locale.tag())
        ordered = sorted(names.items(), key=lambda pair: pair[1].casefold())
        return [_option("", gettext("None")), *(_option(key, label) for key, label in ordered)]
    return [_option(str(level), str(label)) for level, label in labels.LEVELS.items()]


def _spaces() -> list[dict[str, str]]:
    wanted = select(Space).where(col(Space.state) == ListingState.PUBLISHED)
    rows = db().exec(wanted.options(selectinload(Space.texts))).all()  # type: ignore[arg-type]
    named = [(f"#{row.id}", words(row, "title", locale.tag()).value) for row in rows]
    ordered = sorted(named, key=lambda pair: pair[1].casefold())
    return [_option("", gettext("No place: online or not known yet"))] + [
        _option(*each) for each in ordered
    ]


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}
