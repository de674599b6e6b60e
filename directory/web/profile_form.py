"""The form of a route: what was typed, what of it was understood, and a message beside the rest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directory.edge import labels, locale
from directory.edge.messages import problem_message
from directory.edge.speech import gettext
from directory.errors import Problem
from directory.models.vocabulary import Access, Day
from directory.services.topics import Tree, resolve

WANTS = 3
KNOWS = 3
PARTS = {
    "morning": ("08:00", "14:00"),
    "afternoon": ("13:00", "18:00"),
    "evening": ("17:00", "22:00"),
}

Form = Mapping[str, Sequence[str]]


@dataclass
class ProfileForm:
    """A form as typed.

    Attributes:
        given: the body that ``POST /api/v1/routes`` would be sent.
        typed: field to what was typed, kept whatever was wrong with it.
        problems: field to a message.
    """

    given: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Put a message beside a field, unless it has one already."""
        name = problem.field.split(".")[0]
        self.problems.setdefault(name, problem_message(problem))


def read(form: Form, tree: Tree) -> ProfileForm:
    """Understand a form; what cannot be understood is left out and said."""
    read_ = ProfileForm()
    read_.typed = {name: values[0] for name, values in form.items() if values}
    read_.chosen = {name: tuple(values) for name, values in form.items()}
    wants = _topics(form, read_, tree, "want", WANTS, 1)
    knows = _topics(form, read_, tree, "know", KNOWS, 1)
    given: dict[str, Any] = {
        "wants": _reachable(wants, knows),
        "knows": knows,
        "languages": list(form.get("languages", ())),
        "access": [a for a in form.get("access", ()) if a in set(Access)],
        "free": _free(form.get("free", ())),
        "age": _whole(form, read_, "age", 0, 120),
        "budget": _amount(form, read_, "budget"),
        "hours_per_week": _amount(form, read_, "hours_per_week") or None,
        "max_travel_minutes": _whole(form, read_, "max_travel_minutes", 0, 600),
        "from": _date(form, read_, "from"),
        "to": _date(form, read_, "to"),
        "interests": _first(form, "interests")[:2000],
        "keep": kept(form),
        "skip": list(form.get("skip", ())),
    }
    if district := _first(form, "district"):
        given["home"] = {"district": district}
    read_.given = {name: value for name, value in given.items() if value not in (None, "", [], {})}
    return read_


def kept(form: Form) -> list[str]:
    """Listings the learner chose, without those just taken out."""
    out = set(form.get("drop", ()))
    return [slug for slug in dict.fromkeys(form.get("keep", ())) if slug not in out]


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def _topics(
    form: Form, read_: ProfileForm, tree: Tree, name: str, rows: int, default: int
) -> dict[str, int]:
    """Topics with levels: from numbered fields, and from ``topic:level`` that a link brought."""
    found: dict[str, int] = {}
    for brought in form.get(name, ()):
        key, _, level = brought.partition(":")
        if key in tree.topics:
            found[key] = int(level) if re.fullmatch("[0-5]", level) else default
    for n in range(1, rows + 1):
        typed = _first(form, f"{name}-{n}")
        if not typed:
            continue
        topic = resolve(tree, typed)
        if topic is None:
            read_.note(Problem(f"{name}-{n}", "unknown-topic", typed[:80]))
            continue
        level = _first(form, f"{name}-level-{n}")
        found[topic] = int(level) if re.fullmatch("[0-5]", level) else default
    for n, (key, reached) in enumerate(found.items(), start=1):
        read_.typed.setdefault(f"{name}-{n}", tree.label(key, locale.tag()))
        read_.typed.setdefault(f"{name}-level-{n}", str(reached))
    return found


def _reachable(wants: dict[str, int], knows: dict[str, int]) -> dict[str, int]:
    """A wish for the level one has is a wish for the next one."""
    return {
        key: max(level, min(5, knows[key] + 1)) if key in knows and level <= knows[key] else level
        for key, level in wants.items()
    }


def _free(values: Sequence[str]) -> list[dict[str, str]]:
    windows = []
    for value in values:
        day, _, part = value.partition("-")
        if day in set(Day) and part in PARTS:
            begin, end = PARTS[part]
            windows.append({"day": day, "from": begin, "to": end})
    return _joined(windows)


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


def _western(text: str) -> str:
    """Digits of any script as 0 to 9, so that ٢٠ is a number too."""
    return "".join(str(int(c)) if c.isdecimal() else "." if c == "٫" else c for c in text)


def _date(form: Form, read_: ProfileForm, name: str) -> str | None:
    typed = _first(form, name)
    if not typed:
        return None
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        read_.note(Problem(name, "not-a-date", typed[:40]))
        return None


def level_options() -> list[dict[str, str]]:
    """Levels one may want or have."""
    return [{"value": str(n), "label": str(label)} for n, label in labels.LEVELS.items() if n]


def part_labels() -> dict[str, str]:
    """Parts of the day, with their hours."""
    return {
        "morning": gettext("Morning"),
        "afternoon": gettext("Afternoon"),
        "evening": gettext("Evening"),
    }
