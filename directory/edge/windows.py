"""Windows: free time in a week, as people say it."""

from directory.edge import labels
from directory.edge.speech import lazy_gettext as _l
from directory.models.vocabulary import Day
from directory.services.profiles import Free

# As the form's own words for the parts of a day have it.
PARTS = {
    "morning": (8 * 60, 14 * 60),
    "afternoon": (13 * 60, 18 * 60),
    "evening": (17 * 60, 22 * 60),
}
IN_PARTS = {
    "morning": _l("in the morning"),
    "afternoon": _l("in the afternoon"),
    "evening": _l("in the evening"),
}


def window_in_words(window: Free) -> str:
    """Tuesday in the evening; Tuesday 18:30–21:00."""
    day = labels.DAYS[list(Day)[window.day]]
    for part, hours in PARTS.items():
        if hours == (window.begin, window.end):
            return f"{day} {IN_PARTS[part]}"
    return f"{day} {clock(window.begin)}–{clock(window.end)}"


def window_value(window: Free) -> str:
    """A stretch of a weekday as the form writes it: ``tue-evening``, ``tue-18:00-21:30``."""
    day = list(Day)[window.day].value
    for part, hours in PARTS.items():
        if hours == (window.begin, window.end):
            return f"{day}-{part}"
    return f"{day}-{clock(window.begin)}-{clock(window.end)}"


def window_of(value: str) -> Free | None:
    """What ``window_value`` wrote; None for anything else."""
    day, _, rest = value.partition("-")
    if day not in set(Day):
        return None
    if rest in PARTS:
        return Free(Day(day).number, *PARTS[rest])
    begin, _, end = rest.partition("-")
    minutes = [_minutes(begin), _minutes(end)]
    if None in minutes or minutes[0] == minutes[1]:
        return None
    return Free(Day(day).number, minutes[0] or 0, minutes[1] or 0)


def clock(minutes: int) -> str:
    """A minute of the day as a clock shows it."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(text: str) -> int | None:
    hours, _, minutes = text.partition(":")
    if len(text) != len("18:30") or not (hours + minutes).isdecimal():
        return None
    total = int(hours) * 60 + int(minutes)
    return total if int(minutes) < 60 and total <= 24 * 60 else None  # noqa: PLR2004 - of an hour
