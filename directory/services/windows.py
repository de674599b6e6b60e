"""Windows: days and parts of the day, said one after the other, as free time in a week."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.models.vocabulary import Day
from directory.services.profiles import Free
from directory.services.sentences import Hit

_DAY = 24 * 60
_EVERY = tuple(range(7))
_SEVERAL = {"weekend": (5, 6), "weekdays": (0, 1, 2, 3, 4), "all": _EVERY}
# Farther apart than this, a day and an hour do not speak of each other.
_NEAR_WORDS = 4

Said = tuple[tuple[Hit, ...], tuple[Free, ...]]
"""What was said of time, and the windows it means."""


@dataclass
class _Group:
    """Days and the times that hold for each of them."""

    days: list[Hit] = field(default_factory=list)
    times: list[Hit] = field(default_factory=list)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return (*self.days, *self.times)

    def takes(self, hit: Hit) -> bool:
        """Whether a hit speaks of the same time: “Tuesday and Thursday | evenings”."""
        if not self.hits:
            return True
        last = max(self.hits, key=lambda h: h.after)
        apart = hit.sentence != last.sentence or hit.first - last.after > _NEAR_WORDS
        if apart or hit.mode != last.mode:
            return False
        kind = "days" if hit.kind == "days" else "times"
        if kind == ("days" if last.kind == "days" else "times"):
            # A list goes on: of days before or after their times, of parts, but no third turn.
            return kind == "days" or hit.kind != "hours" or last.kind != "hours"
        turned = bool(self.days) and bool(self.times)
        return not turned and not hit.linked


def windows(hits: Sequence[Hit]) -> tuple[tuple[Free, ...], list[Said], list[Hit]]:
    """Free time, what each window was read from, and what was said of time in vain."""
    groups: list[_Group] = []
    for hit in hits:
        if hit.kind not in {"days", "parts", "hours"}:
            continue
        if not groups or not groups[-1].takes(hit):
            groups.append(_Group())
        (groups[-1].days if hit.kind == "days" else groups[-1].times).append(hit)
    ruled_out = [g for g in groups if g.hits[0].mode == "not"]
    wanted = [g for g in groups if g not in ruled_out]
    lost = [hit for group in ruled_out if group.times for hit in group.hits]
    closed = {day: g for g in ruled_out if not g.times for hit in g.days for day in _days(hit)}
    said: list[Said] = []
    for group in wanted:
        open_ = tuple(w for w in _windows(group) if w.day not in closed)
        said.append((group.hits, open_))
    if closed:
        others = tuple(Free(day, 0, _DAY) for day in _EVERY if day not in closed)
        said.extend((g.hits, () if wanted else others) for g in ruled_out if not g.times)
    every = sorted({w for _, each in said for w in each}, key=lambda w: (w.day, w.begin, w.end))
    return tuple(_joined(every)), said, lost


def _windows(group: _Group) -> list[Free]:
    days = [day for hit in group.days for day in _days(hit)] or list(_EVERY)
    parts = [_minutes(hit.value) for hit in group.times if hit.kind == "parts"]
    hours = [
        tuple(int(n) for n in hit.value.split("-")) for hit in group.times if hit.kind == "hours"
    ]
    times = [(low, high) for low, high in hours] or parts or [(0, _DAY)]
    return [Free(day, begin, end) for day in dict.fromkeys(days) for begin, end in times]


def _days(hit: Hit) -> tuple[int, ...]:
    return _SEVERAL.get(hit.value) or (Day(hit.value).number,)


def _minutes(part: str) -> tuple[int, int]:
    """Minutes of the day of ``17:00-22:00``."""
    first, last = (clock.split(":") for clock in part.split("-"))
    return int(first[0]) * 60 + int(first[1]), int(last[0]) * 60 + int(last[1])


def _joined(ordered: Sequence[Free]) -> list[Free]:
    """Windows that touch are one, so that a course across noon fits."""
    joined: list[Free] = []
    for window in ordered:
        last = joined[-1] if joined else None
        if last and last.day == window.day and window.begin <= last.end:
            joined[-1] = Free(last.day, last.begin, max(last.end, window.end))
        else:
            joined.append(window)
    return joined
