"""Filters: the facets of an answer as groups of boxes, and what is on as chips to take off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from directory.edge import formats
from directory.edge.facets import Labeller
from directory.edge.speech import gettext
from directory.models.vocabulary import COMMITMENTS, LEVELS, Access, Day
from directory.search.bands import AGES, PARTS, PRICE_STEPS
from directory.services.asking import Asked
from directory.web.page import Link

if TYPE_CHECKING:
    from directory.web.search import Addresses

SHOWN = 6
_EVERY = 12


@dataclass(frozen=True)
class Option:
    """One value of a filter."""

    value: str
    label: str
    count: str | None = None
    selected: bool = False
    below: bool = False


@dataclass(frozen=True)
class Group:
    """One filter: what is seen at once, and what unfolds."""

    name: str
    label: str
    control: str
    options: tuple[Option, ...]
    more: tuple[Option, ...] = ()

    @property
    def more_open(self) -> bool:
        """Whether something chosen is among what unfolds."""
        return any(option.selected for option in self.more)


class Filters:
    """The groups beside a page of results."""

    def __init__(
        self,
        facets: dict[str, dict[str, int]],
        values: dict[str, tuple[str, ...]],
        labeller: Labeller,
    ) -> None:
        self.facets, self.values, self.labeller = facets, values, labeller
        self.tree = labeller.tree

    def groups(self) -> list[Group]:
        """Every group with something to choose, in a steady order."""
        groups = [
            self._listed("day", gettext("Day of the week"), list(Day), len(Day)),
            self._listed("part", gettext("Time of day"), [b.value for b in PARTS], len(PARTS)),
            self._topics(),
            self._group("format", gettext("What")),
            self._prices(),
            self._group("district", gettext("District")),
            self._group("language", gettext("Language it is held in")),
            self._group("kind", gettext("Kind of place")),
            self._listed("ages", gettext("For whom"), [b.value for b in AGES], len(AGES)),
            self._listed("level", gettext("Level"), [str(n) for n in LEVELS], len(LEVELS)),
            self._listed("access", gettext("Getting in and taking part"), list(Access)),
            self._group("setting", gettext("Setting")),
            self._listed(
                "commitment", gettext("What it contributes to"), [str(n) for n in COMMITMENTS], 0
            ),
        ]
        return [group for group in groups if group.options]

    def _option(self, name: str, value: str, *, below: bool = False) -> Option:
        count = self.facets.get(_FACET.get(name, name), {}).get(value, 0)
        chosen = value in self.values.get(name, ())
        label = self.labeller.label(name, value)
        return Option(value, label, formats.number(count), chosen, below)

    def _group(self, name: str, label: str) -> Group:
        """What is chosen first, then the most frequent."""
        counts = self.facets.get(name, {})
        chosen = set(self.values.get(name, ()))
        ordered = sorted({*counts, *chosen}, key=lambda v: (v not in chosen, -counts.get(v, 0), v))
        return _cut(name, label, [self._option(name, v) for v in ordered])

    def _listed(self, name: str, label: str, order: Sequence[str], shown: int = SHOWN) -> Group:
        """What is there, in an order of its own."""
        there = {*self.facets.get(name, {}), *self.values.get(name, ())}
        return _cut(name, label, [self._option(name, v) for v in order if v in there], shown)

    def _prices(self) -> Group:
        chosen = self.values.get("price_max", ())
        if not chosen and not self.facets.get("price"):
            return Group("price_max", gettext("Price"), "radio", ())
        steps = sorted({*map(str, PRICE_STEPS), *chosen}, key=float)
        anything = Option("", gettext("Any price"), None, not chosen)
        options = (anything, *(self._option("price_max", step) for step in steps))
        return Group("price_max", gettext("Price"), "radio", options)

    def _topics(self) -> Group:
        """The top of the tree, and what lies below whatever is chosen."""
        counts = self.facets.get("topic", {})
        chosen = set(self.values.get("topic", ()))
        open_ = {a for key in chosen for a in self.tree.ancestors(key)}
        top = [k for k in self.tree.children.get(None, ()) if counts.get(k) or k in open_]
        top.sort(key=lambda k: (k not in open_, -counts.get(k, 0)))
        options: list[Option] = []
        for key in top:
            options.append(self._option("topic", key))
            if key in open_:
                below = [c for c in self.tree.children.get(key, ()) if counts.get(c) or c in chosen]
                options += [self._option("topic", c, below=True) for c in below]
        return _cut("topic", gettext("Topic"), options)


_FACET = {"price_max": "price"}


def _cut(name: str, label: str, options: list[Option], shown: int = SHOWN) -> Group:
    """The chosen and the most frequent at once, the rest to unfold, the rare left to other words."""
    at_once = max(shown, sum(option.selected for option in options))
    if len(options) <= at_once + 1:
        at_once = len(options)
    return Group(
        name,
        label,
        "checkbox",
        tuple(options[:at_once]),
        tuple(options[at_once : at_once + _EVERY]),
    )


def active_chips(asked: Asked, labeller: Labeller, links: "Addresses") -> list[Link]:
    """What is on, each with the address without it."""
    return [
        Link(links.without(name, value), label)
        for name, values in asked.values.items()
        for value in values
        if (label := _chip(name, value, asked, labeller))
    ]


_LABELLED = {
    "type", "kind", "format", "setting", "access", "ages", "day", "part", "topic", "level", "commitment",
    "language", "district", "price_max",
}  # fmt: skip


def _chip(name: str, value: str, asked: Asked, labeller: Labeller) -> str:  # noqa: C901, PLR0911 - a table of parameters
    if name in _LABELLED:
        return labeller.label(name, value)
    match name:
        case "age":
            return gettext("Age %(age)s", age=formats.number(int(value)))
        case "after":
            return gettext("After %(time)s", time=value)
        case "before":
            return gettext("Before %(time)s", time=value)
        case "from" if asked.request.first:
            return gettext("From %(date)s", date=formats.day_only(asked.request.first))
        case "to" if asked.request.last:
            return gettext("Until %(date)s", date=formats.day_only(asked.request.last))
        case "near":
            return _near(asked)
        case "series":
            return gettext("In the programme")
        case "provider":
            return gettext("From one organisation")
        case "open_at":
            return gettext("Open at %(moment)s", moment=_moment(asked, value))
        case _:
            return ""


def _moment(asked: Asked, value: str) -> str:
    """A day and an hour, in the city's own time."""
    if asked.request.open_at is None:
        return value
    here = formats.local(asked.request.open_at, asked.request.zone)
    return formats.joined(formats.short_date(here), formats.clock(here))


def _near(asked: Asked) -> str:
    place = asked.place or gettext("the point you chose")
    if within := asked.values.get("within"):
        distance = formats.distance(float(within[0]))
        return gettext("Within %(distance)s of %(place)s", distance=distance, place=place)
    return gettext("Near %(place)s", place=place)
