"""The form of a route: what was typed, what of it was understood and how, a message for the rest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from directory.edge import formats, labels, locale
from directory.edge.messages import problem_message
from directory.edge.presenting import localized
from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l
from directory.edge.windows import clock, window_of
from directory.errors import Problem
from directory.models.vocabulary import Access, Day
from directory.services import homes
from directory.services.known import City
from directory.services.topics import Tree, resolve
from directory.web.route_acts import DECIDED

WANTS = 3
KNOWS = 3
MOST_ROWS = 12
HIGHEST = 5
MOST_WINDOWS = 60
# Nobody travels farther than this for a course in the city; whoever does has not said where from.
FAR_KM = 60
_ONCE = ("age", "budget", "hours_per_week", "max_travel_minutes", "from", "to", "home", "interests")
_SEVERAL = ("free", "languages", "access")
_NAMES = {
    "age": _l("Age"),
    "budget": _l("The money"),
    "hours_per_week": _l("Hours a week"),
    "max_travel_minutes": _l("The longest way"),
    "from": _l("The first day"),
    "to": _l("The last day"),
    "home": _l("Where from"),
}

Form = Mapping[str, Sequence[str]]


@dataclass
class ProfileForm:
    """A form as typed.

    Attributes:
        given: the body that ``POST /api/v1/routes`` would be sent.
        typed: field to what was typed, kept whatever was wrong with it.
        problems: field to a message: what was not understood, and left out.
        notes: field to a message: how something was understood.
    """

    given: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Put a message beside a field, unless it has one already."""
        name = problem.field.split(".")[0]
        called = str(_NAMES.get(name, name))
        self.problems.setdefault(name, problem_message(replace(problem, field=called)))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything that was said, as hidden fields of another form."""
        numbered = [
            name for name in self.typed if re.fullmatch(r"(want|know)(-level)?-\d{1,2}", name)
        ]
        fields = [(name, self.typed[name]) for name in (*numbered, *_ONCE) if self.typed.get(name)]
        return [*fields, *self.several(*_SEVERAL), *self.decided]

    @property
    def decided(self) -> list[tuple[str, str]]:
        """What was decided about listings, as hidden fields."""
        return self.several(*DECIDED)

    def several(self, *names: str) -> list[tuple[str, str]]:
        """Every value of some fields."""
        return [(name, value) for name in names for value in self.chosen.get(name, ())]

    def rows(self, name: str, least: int) -> range:
        """Numbers of the rows of topics to show: what there is, and room for one more."""
        used = [n for n in range(1, MOST_ROWS + 1) if self.typed.get(f"{name}-{n}")]
        return range(1, min(MOST_ROWS, max(least, *used, 0)) + 1)


def read(form: Form, db: Session, city: City, *, today: date) -> ProfileForm:
    """Understand a form; what cannot be understood is left out and said."""
    read_ = ProfileForm()
    read_.typed = {name: values[0] for name, values in form.items() if values}
    read_.chosen = {name: tuple(dict.fromkeys(values)) for name, values in form.items()}
    if district := _first(form, "district"):
        read_.typed.setdefault("home", district)
    wants = _topics(form, read_, city.tree, "want")
    knows = _topics(form, read_, city.tree, "know")
    given: dict[str, Any] = {
        "wants": _reachable(read_, wants, knows, city.tree),
        "knows": knows,
        "languages": list(form.get("languages", ())),
        "access": [a for a in form.get("access", ()) if a in set(Access)],
        "free": _free(form.get("free", ())),
        "age": _whole(form, read_, "age", 0, 120),
        "budget": _budget(form, read_),
        "hours_per_week": _hours(form, read_),
        "max_travel_minutes": _whole(form, read_, "max_travel_minutes", 0, 600),
        "from": _from(form, read_, today),
        "to": _to(form, read_, today),
        "home": _home(read_, db, city),
        "interests": _first(form, "interests")[:2000],
        **{name: list(read_.chosen.get(name, ()))[:50] for name in DECIDED},
    }
    read_.given = {name: value for name, value in given.items() if value not in (None, "", [], {})}
    return read_


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def _topics(form: Form, read_: ProfileForm, tree: Tree, name: str) -> dict[str, int]:
    """Topics with levels: from numbered fields, and from ``topic:level`` that a link brought.

    What was brought takes a row of its own, so that it can be seen, changed and taken out.
    """
    found: dict[str, int] = {}
    for n in range(1, MOST_ROWS + 1):
        typed = _first(form, f"{name}-{n}")
        if not typed:
            continue
        topic = resolve(tree, typed)
        if topic is None:
            read_.note(Problem(f"{name}-{n}", "unknown-topic", typed[:80]))
            continue
        found[topic] = max(_level(_first(form, f"{name}-level-{n}")), found.get(topic, 0))
    for brought in form.get(name, ()):
        key, _, level = brought.partition(":")
        if key in tree.topics:
            _bring(read_, name, tree.label(key, locale.tag()), _level(level), known=key in found)
            found[key] = max(_level(level), found.get(key, 0))
    return found


def _level(text: str) -> int:
    return int(text) if re.fullmatch("[0-5]", text) else 1


def _bring(read_: ProfileForm, name: str, label: str, level: int, *, known: bool) -> None:
    """Write a topic into the first row that is free, or raise the level of the one it has."""
    for n in range(1, MOST_ROWS + 1):
        typed = read_.typed.get(f"{name}-{n}", "").strip()
        if not typed or (known and typed.casefold() == label.casefold()):
            read_.typed[f"{name}-{n}"] = label
            read_.typed[f"{name}-level-{n}"] = str(level)
            return


def _reachable(
    read_: ProfileForm, wants: dict[str, int], knows: dict[str, int], tree: Tree
) -> dict[str, int]:
    """A wish for the level one has is a wish for the next one; that is said."""
    reachable = {}
    for n, (key, level) in enumerate(wants.items(), start=1):
        known = knows.get(key, -1)
        reachable[key] = level if level > known else min(HIGHEST, known + 1)
        if level <= known < HIGHEST:
            read_.notes.setdefault(
                f"want-{n}",
                gettext(
                    "You know %(topic)s up to “%(known)s” already; the route goes on to “%(next)s”.",
                    topic=tree.label(key, locale.tag()),
                    known=_level_name(known),
                    next=_level_name(known + 1),
                ),
            )
    return reachable


def _level_name(level: int) -> str:
    return str(labels.LEVELS[level]).lower()


def _free(values: Sequence[str]) -> list[dict[str, str]]:
    windows = [window for value in values[:MOST_WINDOWS] if (window := window_of(value))]
    return _joined(
        [
            {"day": list(Day)[w.day].value, "from": clock(w.begin), "to": clock(w.end)}
            for w in windows
        ]
    )


def _joined(windows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Morning and afternoon of one day are one stretch, so that a course across noon fits."""
    joined: list[dict[str, str]] = []
    for window in sorted(windows, key=lambda w: (list(Day).index(Day(w["day"])), w["from"])):
        last = joined[-1] if joined else None
        if last and last["day"] == window["day"] and window["from"] <= last["to"]:
            last["to"] = max(last["to"], window["to"])
        else:
            joined.append(dict(window))
    return joined


def _whole(form: Form, read_: ProfileForm, name: str, low: int, high: int) -> int | None:
    typed = _western(_first(form, name))
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,6}", typed) or not low <= int(typed) <= high:
        read_.note(Problem(name, "not-a-whole-number", typed[:40], (f"{low}-{high}",)))
        return None
    return int(typed)


def _amount(form: Form, read_: ProfileForm, name: str) -> float | None:
    typed = _western(_first(form, name)).replace(",", ".")
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", typed):
        read_.note(Problem(name, "not-a-number", typed[:40], ("0-999999",)))
        return None
    return float(typed)


def _budget(form: Form, read_: ProfileForm) -> float | None:
    amount = _amount(form, read_, "budget")
    if amount == 0:
        read_.notes["budget"] = gettext("Understood as: only what is free.")
    return amount


def _hours(form: Form, read_: ProfileForm) -> float | None:
    hours = _amount(form, read_, "hours_per_week")
    if hours == 0:
        read_.problems["hours_per_week"] = gettext(
            "With no hours a week there is no route; no limit was used."
        )
    return hours or None


def _western(text: str) -> str:
    """Digits of any script as 0 to 9, so that ٢٠ is a number too."""
    return "".join(str(int(c)) if c.isdecimal() else "." if c == "٫" else c for c in text)


def _home(read_: ProfileForm, db: Session, city: City) -> dict[str, Any] | None:
    typed = read_.typed.get("home", "").strip()
    if not typed:
        return None
    place = homes.find(db, typed[:200], city.districts, language=locale.tag())
    if place is None:
        known = formats.listing(sorted(labels_of(city)))
        read_.problems["home"] = gettext(
            "The city knows no place “%(value)s”; it was left out. Its districts are %(districts)s.",
            value=typed[:40], districts=known,
        )  # fmt: skip
        return None
    far = homes.km_outside(city.districts, place)
    if far > FAR_KM:
        read_.problems["home"] = gettext(
            "“%(value)s” is %(distance)s outside the city; the way there was left out.",
            value=typed[:40], distance=formats.distance(far),
        )  # fmt: skip
        return None
    read_.typed["home"] = place.name
    district = homes.district_called(typed, city.districts)
    return {"district": district} if district else {"lat": place.lat, "lon": place.lon}


def labels_of(city: City) -> list[str]:
    """Names of the districts in the reader's language."""
    return [localized(district.names) or key for key, district in city.districts.items()]


def _from(form: Form, read_: ProfileForm, today: date) -> str | None:
    day = _date(form, read_, "from")
    if day is None or day >= today:
        return day.isoformat() if day else None
    read_.notes["from"] = gettext(
        "%(date)s has passed; the route begins today at the earliest.",
        date=formats.short_date(day),
    )
    return None


def _to(form: Form, read_: ProfileForm, today: date) -> str | None:
    day = _date(form, read_, "to")
    if day is None or day >= today:
        return day.isoformat() if day else None
    read_.problems["to"] = gettext(
        "%(date)s has passed; no last day was used.", date=formats.short_date(day)
    )
    return None


def _date(form: Form, read_: ProfileForm, name: str) -> date | None:
    typed = _first(form, name)
    if not typed:
        return None
    try:
        return date.fromisoformat(_western(typed))
    except ValueError:
        read_.note(Problem(name, "not-a-date", typed[:40]))
        return None


def part_labels() -> dict[str, str]:
    """Parts of the day, with their hours."""
    return {
        "morning": gettext("Morning"),
        "afternoon": gettext("Afternoon"),
        "evening": gettext("Evening"),
    }
