"""The questions of the routes page: what may be answered, and what was, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from directory.edge import formats, labels, locale
from directory.edge.house import city, house
from directory.edge.searching import find, request_for
from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l
from directory.edge.windows import IN_PARTS, PARTS, window_in_words, window_of
from directory.models import Opportunity
from directory.models.vocabulary import Access, Day
from directory.services.texts import Words, words
from directory.web import profile_form
from directory.web.profile_form import ProfileForm
from directory.web.route_acts import DECIDED, slug_of

_TRAVEL = (15, 30, 45, 60, 90)
_MOST_LANGUAGES = 8
_MOST_TIMES = 3
_DECIDED = {
    "keep": _l("You chose"),
    "booked": _l("You have booked"),
    "done": _l("You have done"),
    "missed": _l("You missed"),
    "skip": _l("You left out"),
}


@dataclass(frozen=True)
class Option:
    """One value of a field."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class Questions:
    """What each question offers, and what was answered; an empty answer is none."""

    topics: tuple[str, ...]
    levels: tuple[Option, ...]
    days: tuple[Option, ...]
    parts: tuple[Option, ...]
    windows: tuple[Option, ...]
    places: tuple[str, ...]
    travel: tuple[Option, ...]
    languages: tuple[Option, ...]
    access: tuple[Option, ...]
    currency: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Decided:
    """A listing about which something was decided, and how to take that back."""

    how: str
    title: Words
    url: str
    undo: str


def questions(form: ProfileForm) -> Questions:
    """Everything the form asks."""
    here, lang = city(), locale.tag()
    return Questions(
        topics=tuple(sorted({here.tree.label(key, lang) for key in here.tree.topics})),
        levels=tuple(Option(str(n), str(label)) for n, label in labels.LEVELS.items() if n),
        days=tuple(Option(d.value, str(labels.DAYS[d])) for d in Day),
        parts=tuple(Option(k, v) for k, v in profile_form.part_labels().items()),
        windows=tuple(_windows(form.chosen.get("free", ()))),
        places=tuple(sorted(profile_form.labels_of(here))),
        travel=_travel(form.typed.get("max_travel_minutes", "")),
        languages=tuple(_languages(form)),
        access=tuple(
            Option(a.value, str(labels.ACCESS[a]), a.value in form.chosen.get("access", ()))
            for a in Access
        ),
        currency=house().settings.currency,
        answers={name: formats.joined(*said) for name, said in _answers(form).items()},
    )


def understood(form: ProfileForm) -> list[str]:
    """Everything that was answered and understood, shortest first to read."""
    answers = _answers(form)
    if answers["knows"]:
        answers["knows"] = [
            gettext("known already: %(levels)s", levels=formats.listing(answers["knows"]))
        ]
    return [formats.joined(*said) for said in answers.values() if any(said)]


def decided(form: ProfileForm, rows: Mapping[str, Opportunity]) -> list[Decided]:
    """What was decided about listings that are still there, by slug."""
    found = []
    for name in DECIDED:
        for value in form.chosen.get(name, ()):
            if row := rows.get(slug_of(value)):
                url = url_for("opportunities.show", lang=locale.tag(), slug=row.slug)
                title = words(row, "title", locale.tag())
                found.append(Decided(str(_DECIDED[name]), title, url, f"undo:{name}:{value}"))
    return found


def _travel(typed: str) -> tuple[Option, ...]:
    offered = sorted({*_TRAVEL, *([int(typed)] if typed.isdecimal() and len(typed) < 4 else [])})  # noqa: PLR2004 - minutes
    return (
        Option("", gettext("Any way is fine")),
        *(Option(str(n), formats.duration(n), str(n) == typed) for n in offered),
    )


def _languages(form: ProfileForm) -> Iterable[Option]:
    counts = find(request_for(per_page=0, facets=("language",))).facets["language"]
    spoken = sorted(counts, key=lambda tag: -counts[tag])[:_MOST_LANGUAGES]
    chosen = form.chosen.get("languages", ())
    for tag in dict.fromkeys((*spoken, *chosen)):
        yield Option(tag, labels.language_name(tag), tag in chosen)


def _answers(form: ProfileForm) -> dict[str, list[str]]:
    given = form.given
    return {
        "wants": _levels(given.get("wants", {})),
        "knows": _levels(given.get("knows", {})),
        "when": list(_when(form)),
        "where": list(_where(form)),
        "languages": [labels.language_name(tag) for tag in given.get("languages", ())],
        "about": list(_about(given)),
    }


def _levels(levels: Mapping[str, int]) -> list[str]:
    return [
        gettext(
            "%(topic)s: %(level)s",
            topic=city().tree.label(key, locale.tag()), level=str(labels.LEVELS[level]).lower(),
        )
        for key, level in levels.items()
    ]  # fmt: skip


def _when(form: ProfileForm) -> Iterable[str]:
    times = list(_times(form.chosen.get("free", ())))
    yield from times[:_MOST_TIMES]
    if len(times) > _MOST_TIMES:
        yield "…"
    given = form.given
    if "from" in given:
        yield gettext("from %(date)s on", date=_day(given["from"]))
    if "to" in given:
        yield gettext("until %(date)s", date=_day(given["to"]))
    if "hours_per_week" in given:
        hours = formats.duration(round(given["hours_per_week"] * 60))
        yield gettext("%(time)s a week, at most", time=hours)


def _times(free: Sequence[str]) -> Iterable[str]:
    """Parts of the day with their days: Monday and Tuesday in the evening."""
    for part, said in IN_PARTS.items():
        days = [str(labels.DAYS[day]) for day in Day if f"{day.value}-{part}" in free]
        if days:
            yield f"{formats.listing(days)} {said}"
    yield from (option.label for option in _windows(free))


def _windows(free: Sequence[str]) -> Iterable[Option]:
    """Times that are no whole part of a day."""
    for value in free:
        window = window_of(value)
        if window is not None and value.partition("-")[2] not in PARTS:
            yield Option(value, window_in_words(window), selected=True)


def _where(form: ProfileForm) -> Iterable[str]:
    if "home" in form.given:
        yield gettext("from %(place)s", place=form.typed["home"].strip())
    if minutes := form.given.get("max_travel_minutes"):
        yield gettext("%(time)s on the way, at most", time=formats.duration(minutes))


def _about(given: Mapping[str, Any]) -> Iterable[str]:
    if "budget" in given:
        amount = given["budget"]
        price = formats.price(amount, house().settings.currency)
        yield gettext("%(price)s, at most", price=price) if amount else gettext("only what is free")
    if "age" in given:
        yield gettext("%(age)s years old", age=formats.number(given["age"]))
    for fact in given.get("access", ()):
        yield str(labels.ACCESS[Access(fact)])


def _day(iso: str) -> str:
    return formats.short_date(date.fromisoformat(iso))
