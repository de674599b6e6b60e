"""Reasons in words: what the recommender says with codes and values, as sentences."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from directory.edge import formats, labels, locale
from directory.edge.house import house
from directory.edge.speech import gettext, ngettext
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

# Why something stands before what has a higher score.
_PLACES = {
    "for-variety": _l("Further up so that there is something different"),
    "for-newcomers": _l("Further up because it is new, or from a small organisation"),
}

_ROUTE_LABELS = {
    "steady": _l("Like before"),
    "soonest": _l("Soonest"),
    "cheapest": _l("Cheapest"),
    "nearest": _l("Nearest"),
    "varied": _l("Most varied"),
}

_CONSTRAINTS = {
    "budget": _l("It costs more than you said."),
    "travel": _l("It is farther than you said."),
    "hours": _l("It takes more hours a week than you said."),
    "free": _l("It takes place when you are not free."),
    "latest": _l("It takes longer than until the day you said."),
    "booked": _l("What you booked does not fit together with the rest."),
    "keep": _l("What you chose does not fit together with the rest."),
    "skip": _l("What you left out would have been needed."),
    "several": _l("Several of your limits stand in the way together."),
    "nothing-teaches": _l("Nothing listed here leads there."),
}


def reason_in_words(reason: Any, tree: Tree) -> str:
    """A reason as a short sentence; with its values where it has them."""
    values: Values = reason.values
    detailed = _DETAILED.get(reason.code)
    if detailed and _has_values(values):
        return detailed(values, tree)
    return str(_ABOUT.get(reason.code, reason.code.replace("-", " ")))


def place_in_words(note: str | None) -> list[str]:
    """Why something stands further up than its score alone would put it; nothing if it does not."""
    return [str(_PLACES[note])] if note in _PLACES else []


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
    return said(change.values) if said else str(change.code).replace("-", " ")


def other_in_words(other: Any) -> str:
    """Why another listing was not taken in a step's place."""
    said = _OTHERS.get(other.code)
    return said(other.values) if said else str(other.code).replace("-", " ")


def what_if_in_words(tried: Any) -> str:
    """A small change, and what it would do."""
    if tried.change is None:
        return str(_NO_CHANGE.get(tried.limit, tried.limit))
    return f"{_IF[tried.change.code](tried.change.values)} {_effect(tried)}"


def note_in_words(note: Any, tree: Tree, titles: Mapping[str, str]) -> str:
    """Something to know about a plan; ``titles`` are those of its items."""
    said = _NOTES.get(note.code)
    return said(note.values, tree, titles) if said else str(note.code).replace("-", " ")


def notes_in_words(notes: Iterable[Any], tree: Tree, titles: Mapping[str, str]) -> list[str]:
    """Everything to know about a plan, what is said of several items said once."""
    items: dict[str, list[str]] = {}
    sentences = []
    for note in notes:
        if note.code in _UNKNOWN and "item" in note.values:
            items.setdefault(note.code, []).append(titles.get(note.values["item"], ""))
        else:
            sentences.append(note_in_words(note, tree, titles))
    for code, named in items.items():
        listed = formats.listing([f"“{title}”" for title in dict.fromkeys(named) if title])
        sentences.append(f"{_UNKNOWN[code]} {listed}")
    return list(dict.fromkeys(sentences))


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

_LIMITS = {
    "language": _l("the languages you follow"),
    "age": _l("your age"),
    "access": _l("the access you need"),
    "area": _l("where you live"),
    "budget": _l("what you want to spend"),
    "travel": _l("how far you go"),
    "free": _l("when you are free"),
    "hours": _l("your hours a week"),
    "dates": _l("the last day you named"),
    "skip": _l("what you left out"),
}

_UNKNOWN = {
    "unknown-price": _l("The price is not stated of:"),
    "unknown-language": _l("The language it is held in is not stated of:"),
    "unknown-age": _l("Look whether it is for your age:"),
    "unknown-place": _l("The place is not known of:"),
    "unknown-hours": _l("How long it takes is not stated of:"),
    "unknown-access": _l("Whether it has the access you need is not known of:"),
    "unknown-area": _l("It is for residents of some districts only; look whether of yours:"),
    "already-begun": _l("It has begun already, and you are in it:"),
}

_DAYS = list(labels.DAYS.values())
_PARTS = {
    "morning": _l("in the morning"),
    "afternoon": _l("in the afternoon"),
    "evening": _l("in the evening"),
}


def _window(window: Mapping[str, Any]) -> str:
    part = _PARTS.get(window["part"])
    begin, end = (f"{m // 60:02d}:{m % 60:02d}" for m in (window["from"], window["to"]))
    return f"{_DAYS[window['day']]} {part or f'{begin}–{end}'}"


def _several(values: Values) -> str:
    said = [change_in_words(each) for each in values["changes"]]
    return gettext("It would take all of this: %(changes)s", changes=" ".join(said))


_CHANGES: dict[str, Callable[[Values], str]] = {
    "more-budget": lambda v: gettext(
        "With %(price)s more there would be a route.", price=_price(float(v["by"]))
    ),
    "more-travel": lambda v: gettext(
        "With %(time)s more on the way there would be a route.",
        time=formats.duration(int(v["by"])),
    ),
    "more-hours": lambda v: gettext(
        "With %(time)s more a week there would be a route.",
        time=formats.duration(round(float(v["by"]) * 60)),
    ),
    "later": lambda v: gettext(
        "Until %(date)s there would be a route.", date=formats.day_only(v["latest"].date())
    ),
    "more-free-time": lambda v: gettext(
        "If you could also come on %(times)s, there would be a route.",
        times=formats.listing([_window(w) for w in v["windows"]]),
    ),
    "drop-kept": lambda _v: gettext("Without one of the things you chose there would be a route."),
    "drop-booked": lambda _v: gettext(
        "Without one of the things you booked there would be a route."
    ),
    "use-skipped": lambda _v: gettext("With what you left out there would be a route."),
    "several": _several,
}

_OTHERS: dict[str, Callable[[Values], str]] = {
    "other-does-not-fit": lambda _v: gettext("does not fit with the rest of the route"),
    "other-later": lambda v: ngettext(
        "the route would end %(count)s day later", "the route would end %(count)s days later",
        v["days"], count=formats.number(v["days"]),
    ),
    "other-dearer": lambda v: gettext("%(price)s more", price=_price(v["by"])),
    "other-price-unknown": lambda _v: gettext("its price is not stated"),
    "other-farther": lambda v: gettext(
        "%(time)s more on the way", time=formats.duration(int(v["minutes"]))
    ),
    "other-fits-less": lambda _v: gettext("fits you a little less"),
}  # fmt: skip

_IF: dict[str, Callable[[Values], str]] = {
    "more-budget": lambda v: gettext("With %(price)s more:", price=_price(float(v["by"]))),
    "more-travel": lambda v: gettext(
        "With %(time)s more on the way:", time=formats.duration(int(v["by"]))
    ),
    "more-hours": lambda v: gettext(
        "With %(time)s more a week:", time=formats.duration(round(float(v["by"]) * 60))
    ),
    "later": lambda v: gettext("Until %(date)s:", date=formats.day_only(v["latest"].date())),
    "more-free-time": lambda v: gettext(
        "Also on %(times)s:", times=formats.listing([_window(w) for w in v["windows"]])
    ),
    "start-later": lambda v: gettext(
        "Beginning on %(date)s or later:", date=formats.day_only(v["from"].date())
    ),
}

_NO_CHANGE = {
    "budget": _l("With more money nothing gets better."),
    "travel": _l("With a longer way nothing gets better."),
    "hours": _l("With more hours a week nothing gets better."),
    "free": _l("With more free time nothing gets better."),
    "latest": _l("With more weeks nothing gets better."),
}


def _effect(tried: Any) -> str:
    days = max(1, round(tried.by))
    match tried.effect:
        case "sooner":
            return ngettext(
                "done %(count)s day sooner", "done %(count)s days sooner", days,
                count=formats.number(days),
            )  # fmt: skip
        case "later":
            return ngettext(
                "done %(count)s day later", "done %(count)s days later", days,
                count=formats.number(days),
            )  # fmt: skip
        case "cheaper":
            return gettext("%(price)s less to pay", price=_price(round(tried.by, 2)))
        case "nearer":
            return gettext("%(time)s less on the way", time=formats.duration(round(tried.by)))
        case "impossible":
            return gettext("there would be no route")
    return gettext("nothing changes")


_Note = Callable[[Values, Tree, Mapping[str, str]], str]


def _of_item(message: object) -> _Note:
    def said(values: Values, _tree: Tree, titles: Mapping[str, str]) -> str:
        return f"{message} “{titles.get(values['item'], values['item'])}”"

    return said


def _day(value: str) -> str:
    return formats.day_only(date.fromisoformat(value))


def _level(values: Values, name: str) -> str:
    return str(labels.LEVELS[values[name]]).lower()


_NOTES: dict[str, _Note] = {
    "already-known": lambda v, t, _n: gettext(
        "You know this already: %(topic)s", topic=_topics([v["topic"]], t)
    ) if v.get("known", v["level"]) == v["level"] else gettext(
        "You know more of this than you want to reach: %(topic)s", topic=_topics([v["topic"]], t)
    ),
    "nothing-teaches": lambda v, t, _n: gettext(
        "Nothing listed here now leads there: %(topic)s", topic=_topics([v["topic"]], t)
    ),
    "goes-only-to": lambda v, t, _n: gettext(
        "%(topic)s goes only as far as “%(level)s” here.",
        topic=_topics([v["topic"]], t), level=_level(v, "level"),
    ),
    "ruled-out": lambda v, t, _n: ngettext(
        "%(topic)s: one listing was left out because of %(limit)s.",
        "%(topic)s: %(count)s listings were left out because of %(limit)s.",
        v["items"],
        topic=_topics([v["topic"]], t), count=formats.number(v["items"]),
        limit=str(_LIMITS.get(v["limit"], v["limit"])),
    ),
    "kept-and-skipped": _of_item(_l("You chose it and left it out; it was kept:")),
    "kept-and-done": _of_item(_l("You chose it and have done it; it is not planned again:")),
    "booked-over": _of_item(
        _l("Its booked dates are over; say whether you have done it or missed them:")
    ),
    "home-outside": lambda v, _t, _n: gettext(
        "Your home is %(time)s away from everything listed here, so ways were not looked at.",
        time=formats.duration(round(v["minutes"])),
    ),
    "only-free": lambda _v, _t, _n: gettext(
        "Your budget is zero: only what is free was looked for, or has no price stated."
    ),
    "from-past": lambda v, _t, _n: gettext(
        "%(date)s is over; planning begins today.", date=_day(v["date"])
    ),
    "to-past": lambda v, _t, _n: gettext(
        "%(date)s is over, so it was planned without a last day.", date=_day(v["date"])
    ),
    "to-before-from": lambda v, _t, _n: gettext(
        "%(last)s comes before %(first)s, so it was planned without a last day.",
        last=_day(v["to"]), first=_day(v["from"]),
    ),
    "nothing-wanted": lambda _v, _t, _n: gettext("Say what you would like to learn."),
    "booked-not-found": lambda _v, _t, _n: gettext("A date you have booked was called off."),
    "left-out": lambda v, _t, n: ngettext(
        "Because of %(limit)s, “%(title)s” was left out.",
        "Because of %(limit)s, %(count)s listings were left out, among them “%(title)s”.",
        v["items"],
        limit=str(_LIMITS.get(v["limit"], v["limit"])), count=formats.number(v["items"]),
        title=n.get(v["item"], ""),
    ),
    "keep-not-found": lambda v, _t, n: gettext(
        "“%(name)s”, which you chose, is no longer offered.", name=n.get(v["item"]) or v["item"]
    ),
    **{code: _of_item(message) for code, message in _UNKNOWN.items()},
}  # fmt: skip
