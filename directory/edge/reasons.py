"""Reasons in words: what the recommender says with codes and values, as sentences."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from directory.edge import formats, labels, locale
from directory.edge.house import house
from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l
from directory.models.vocabulary import Access, Format, Setting, SpaceKind
from directory.services.topics import Tree

Values = Mapping[str, Any]
_SLIGHT = 0.01

# What a reason is about, without its values: for a whole route, and where values are missing.
_ABOUT = {
    "topic-wanted": _l("The topic you want"),
    "topic-near": _l("Close to the topic you want"),
    "topic-other": _l("Another topic"),
    "topic-unknown": _l("No topic was asked for"),
    "interest-words": _l("Words you used"),
    "interest-other": _l("Other words than yours"),
    "interest-unknown": _l("No interests were told"),
    "level-fits": _l("The right level"),
    "level-reached": _l("A level you have"),
    "level-too-high": _l("A level above yours"),
    "level-unknown": _l("Level not stated"),
    "language-shared": _l("In a language you follow"),
    "language-not-needed": _l("No words needed"),
    "language-other": _l("In another language"),
    "language-unknown": _l("Language not stated, or not asked for"),
    "price-free": _l("Free"),
    "price-is": _l("Its price"),
    "price-within": _l("Within your budget"),
    "price-over": _l("Above your budget"),
    "price-unknown": _l("Price not stated"),
    "distance-none": _l("No way to go"),
    "distance-is": _l("The way there"),
    "distance-over": _l("Farther than you said"),
    "distance-unknown": _l("The way is not known"),
    "time-any": _l("At any time"),
    "time-soon": _l("How soon it begins"),
    "time-unknown": _l("Dates not stated"),
    "time-never": _l("No dates to come"),
    "access-met": _l("The access you need"),
    "access-not-needed": _l("No access needs were told"),
    "access-not-met": _l("Not the access you need"),
    "access-unknown": _l("Access not known"),
    "same-topics": _l("The same topics"),
    "same-words": _l("The same words"),
    "same-kind": _l("The same kind of place"),
    "same-format": _l("The same form"),
    "same-setting": _l("The same setting"),
}

_ROUTE_LABELS = {
    "soonest": _l("Soonest"),
    "cheapest": _l("Cheapest"),
    "nearest": _l("Nearest"),
    "varied": _l("Most varied"),
}

_CONSTRAINTS = {
    "language": _l("The languages you follow leave nothing."),
    "age": _l("Nothing that leads there is for your age."),
    "access": _l("What leads there is known not to have the access you need."),
    "budget": _l("It costs more than you said."),
    "travel": _l("It is farther than you said."),
    "hours": _l("It takes more hours a week than you said."),
    "free": _l("It takes place when you are not free."),
    "dates": _l("It does not fit between your dates."),
    "keep": _l("What you chose does not fit together with the rest."),
    "skip": _l("What you left out would have been needed."),
    "requires": _l("It needs something before that cannot be learned here now."),
    "nothing-teaches": _l("Nothing listed here leads there."),
}


def reason_in_words(reason: Any, tree: Tree) -> str:
    """A reason as a short sentence; with its values where it has them."""
    values: Values = reason.values
    detailed = _DETAILED.get(reason.code)
    if detailed and _has_values(values):
        return detailed(values, tree)
    return str(_ABOUT.get(reason.code, reason.code.replace("-", " ")))


def telling(reasons: Iterable[Any], most: int = 3) -> list[Any]:
    """The reasons that carry weight and know what they speak of."""
    return [r for r in reasons if r.share > _SLIGHT and None not in r.values.values()][:most]


def label_in_words(label: str) -> str:
    """The name of a route among its alternatives."""
    return str(_ROUTE_LABELS.get(label, label))


def constraint_in_words(constraint: str) -> str:
    """Which limit stands in the way."""
    return str(_CONSTRAINTS.get(constraint, constraint.replace("-", " ")))


def change_in_words(change: Any) -> str:
    """The smallest change that would allow a route."""
    said = _CHANGES.get(change.code)
    return said(change.values) if said else change.code.replace("-", " ")


def note_in_words(note: Any, tree: Tree) -> str:
    """Something to know about a plan."""
    said = _NOTES.get(note.code)
    return said(note.values, tree) if said else note.code.replace("-", " ")


def _has_values(values: Values) -> bool:
    return bool(values) and set(values) != {"steps", "of"}


def _topics(keys: list[str], tree: Tree) -> str:
    return formats.listing([tree.label(key, locale.tag()) for key in keys[:3]])


def _price(amount: float) -> str:
    return formats.price(amount, house().settings.currency)


def _facts(facts: list[str]) -> str:
    return formats.listing([str(labels.ACCESS[Access(fact)]) for fact in facts])


def _word(value: str) -> str:
    for words, names in (
        (SpaceKind, labels.KINDS),
        (Format, labels.FORMATS),
        (Setting, labels.SETTINGS),
    ):
        if value in set(words):
            return str(names[words(value)])  # type: ignore[index]
    return value


def _soon(values: Values) -> str:
    start: datetime = values["start"]
    return gettext("Begins on %(date)s", date=formats.day_only(start.date()))


_DETAILED: dict[str, Callable[[Values, Tree], str]] = {
    "topic-wanted": lambda v, t: gettext(
        "What you want: %(topics)s", topics=_topics(v["topics"], t)
    ),
    "topic-near": lambda v, t: gettext(
        "Close to what you want: %(topics)s", topics=_topics(v["topics"], t)
    ),
    "interest-words": lambda v, _t: gettext(
        "Words you used: %(words)s", words=formats.listing(list(v["words"])[:3])
    ),
    "language-shared": lambda v, _t: gettext(
        "In %(languages)s",
        languages=formats.listing([labels.language_name(x) for x in v["languages"]]),
    ),
    "price-is": lambda v, _t: gettext("Costs %(price)s", price=_price(v["price"])),
    "price-within": lambda v, _t: gettext(
        "Costs %(price)s of your %(budget)s", price=_price(v["price"]), budget=_price(v["budget"])
    ),
    "distance-is": lambda v, _t: gettext(
        "%(time)s on the way", time=formats.duration(max(1, round(v["minutes"])))
    ),
    "time-soon": lambda v, _t: _soon(v),
    "access-met": lambda v, _t: _facts(v["facts"]),
    "access-unknown": lambda v, _t: gettext("Not known: %(facts)s", facts=_facts(v["facts"])),
    "same-topics": lambda v, t: gettext(
        "The same topics: %(topics)s", topics=_topics(list(v["topics"]), t)
    ),
    "same-words": lambda v, _t: gettext(
        "The same words: %(words)s", words=formats.listing(list(v["words"])[:3])
    ),
    "same-kind": lambda v, _t: gettext(
        "The same kind of place: %(kind)s", kind=_word(str(v["kind"]))
    ),
    "same-format": lambda v, _t: gettext("The same form: %(form)s", form=_word(str(v["format"]))),
}

_CHANGES: dict[str, Callable[[Values], str]] = {}
_NOTES: dict[str, Callable[[Values, Tree], str]] = {}
