"""What if: small changes of what was said, each with its effect, as buttons that make them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from directory.edge.house import house
from directory.edge.reasons import change_in_words, what_if_in_words
from directory.edge.windows import window_value
from directory.services.profiles import Free

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """A change to try: what it would do, and what the button sends; without change no button."""

    text: str
    value: str


def tries(tried: tuple[Any, ...]) -> list[Try]:
    """Every what-if of a profile."""
    return [Try(what_if_in_words(each), _value(each)) for each in tried]


def ways_out(blocked: Any) -> list[Try]:
    """The smallest change that allows a route, and others that do."""
    changes = [blocked.smallest_change, *blocked.other_changes]
    return [Try(change_in_words(each), _sent(each)) for each in changes if each is not None]


def _value(tried: Any) -> str:
    if tried.change is None or tried.effect == "impossible":
        return ""
    return _sent(tried.change)


def _sent(change: Any) -> str:
    """What a button sends to make a change; empty where it is for the learner to make."""
    if change.code == "several":
        return ";".join(filter(None, map(_sent, change.values["changes"])))
    made = _VALUES.get(change.code)
    return made(change.values) if made else ""


def _windows(values: Values) -> str:
    windows = [Free(w["day"], w["from"], w["to"]) for w in values["windows"]]
    return ";".join(f"free:{window_value(window)}" for window in windows)


def _day(name: str, moment: datetime) -> str:
    return f"{name}:{moment.astimezone(house().settings.zone).date().isoformat()}"


def _last_day(latest: datetime) -> str:
    """The day that ends with this instant, if it is a midnight."""
    return _day("to", latest - timedelta(seconds=1))


_VALUES: dict[str, Callable[[Values], str]] = {
    "more-budget": lambda v: f"budget:{ceil(v['budget'])}",
    "more-travel": lambda v: f"max_travel_minutes:{ceil(v['minutes'])}",
    "more-hours": lambda v: f"hours_per_week:{v['hours']:g}",
    "more-free-time": _windows,
    "later": lambda v: _last_day(v["latest"]),
    "start-later": lambda v: _day("from", v["from"]),
}
