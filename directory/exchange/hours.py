"""Hours: the opening hours of one day, however people write them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from directory.models.opening import stretch

LONGEST = 200
MOST = 8
_HOUR = 60
_MIDNIGHT = 24
_DAY = _MIDNIGHT * _HOUR
_NOON = 12
_MORNING = 6

Opening = tuple[str, str]

_CLOSED = frozenset(
    ["closed", "shut", "none", "cerrado", "cerrada", "مغلق", "fermé", "geschlossen", "-", "–", "—"]
)
_ALWAYS = frozenset(
    [
        "24 hours",
        "24hours",
        "24 hrs",
        "24hrs",
        "24h",
        "24 h",
        "24/7",
        "open 24 hours",
        "all day",
        "24 horas",
        "todo el día",
        "24 ساعة",
        "طوال اليوم",
    ]
)
_BETWEEN = frozenset(
    ["to", "til", "till", "until", "a", "hasta", "al", "bis", "à", "إلى", "الى", "حتى"]
)
_NEXT = frozenset(["and", "then", "y", "e", "luego", "et", "und", "و", "ثم"])
_FILLING = frozenset(
    [
        "from",
        "open",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "o'clock",
        "de",
        "desde",
        "abierto",
        "abierta",
        "las",
        "la",
        "hora",
        "horas",
        "من",
        "الساعة",
    ]
)
_NAMED = {
    "noon": _NOON,
    "midday": _NOON,
    "mediodía": _NOON,
    "mediodia": _NOON,
    "الظهر": _NOON,
    "midnight": _MIDNIGHT,
    "medianoche": _MIDNIGHT,
}
# “12 noon” is one time, not two.
_TWELVE = re.compile("12 ?(?=noon|midday|midnight)")
_TOKEN = re.compile(
    r"""
    \s+
    | (?P<time> (?P<hour>\d{1,2}) (?:[:.h] (?P<minute>\d\d) (?::00)? | (?P<military>\d\d))? (?!\d)
        (?:\s? (?: (?P<half>[ap])\.?\s?m\b\.? | (?P<arabic>[صم])(?!\w) ))? )
    | (?P<dash> [-‐‑‒–—―−~] )
    | (?P<comma> [,;/&+|،؛] )
    | (?P<word> [^\W\d_]+(?:'[^\W\d_]+)? )
    """,
    re.VERBOSE,
)


class UnclearHours(ValueError):
    """A text that is not the opening hours of a day, or of more than one.

    Attributes:
        code: what is the matter: ``hours-unread``, ``hours-no-end``, ``hours-ambiguous``,
            ``hours-overlap`` or ``hours-too-many``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class _Time:
    """A time as written.

    Attributes:
        half: ``a`` or ``p`` where it is said, before or after noon.
        sure: written as a clock of 24 hours does it, or as a word.
    """

    hour: int
    minute: int
    half: str = ""
    sure: bool = False

    @property
    def minutes(self) -> int:
        """Since midnight, as its half of the day tells."""
        hour = self.hour
        if self.half and hour <= _NOON:
            hour = hour % _NOON + (_NOON if self.half == "p" else 0)
        return hour * _HOUR + self.minute

    @property
    def may_be_either(self) -> bool:
        """Whether nothing tells if it is before or after noon."""
        return not self.half and not self.sure and 1 <= self.hour <= _NOON

    def within(self, half: str) -> "_Time":
        """The same, in a half of the day."""
        return _Time(self.hour, self.minute, half)


def parse(text: str) -> tuple[Opening, ...]:
    """The openings of a day, in order; none if it is closed. Midnight at the end is 24:00.

    An opening that ends before it starts ends on the next day.

    Raises:
        UnclearHours: nobody could say for certain when it is open.
    """
    if len(text) > LONGEST:
        raise UnclearHours("hours-too-many")
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split()).strip(" .")
    if not plain or plain in _CLOSED:
        return ()
    if plain in _ALWAYS:
        return (("00:00", "24:00"),)
    runs = sorted(_runs(list(_tokens(_TWELVE.sub("", plain)))))
    if len(runs) > MOST:
        raise UnclearHours("hours-too-many")
    for (_, one_ends), (next_starts, _) in pairwise(runs):
        if next_starts < one_ends:
            raise UnclearHours("hours-overlap")
    return tuple((_clock(start), _clock(end, is_end=True)) for start, end in runs)


def length(opening: Opening) -> int:
    """How many minutes an opening lasts."""
    opens, closes = stretch(*opening)
    return closes - opens


def _tokens(text: str) -> Iterator[_Time | str]:
    """Times, ``-`` between two of them and ``,`` between openings."""
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise UnclearHours("hours-unread")
        place = match.end()
        token = _token(match)
        if token:
            yield token


def _token(match: re.Match[str]) -> _Time | str:
    if match["time"]:
        return _time(match)
    if match["dash"]:
        return "-"
    if match["comma"]:
        return ","
    return _word(match["word"]) if match["word"] else ""


def _word(word: str) -> _Time | str:
    if word in _NAMED:
        return _Time(_NAMED[word], 0, sure=True)
    if word in _BETWEEN:
        return "-"
    if word in _NEXT:
        return ","
    if word in _FILLING:
        return ""
    raise UnclearHours("hours-unread")


def _time(match: re.Match[str]) -> _Time:
    minutes = match["minute"] or match["military"]
    hour, minute = int(match["hour"]), int(minutes or 0)
    half = match["half"] or {"ص": "a", "م": "p"}.get(match["arabic"] or "", "")
    if minute >= _HOUR or hour * _HOUR + minute > _DAY:
        raise UnclearHours("hours-unread")
    # “13:00 pm” is said twice, “13:00 am” and “24:00 pm” contradict themselves.
    if half and (hour == _MIDNIGHT or (hour > _NOON and half == "a")):
        raise UnclearHours("hours-unread")
    sure = bool(minutes) and len(match["hour"]) > 1 and not half
    return _Time(hour, minute, half, sure)


def _runs(tokens: list[_Time | str]) -> Iterator[tuple[int, int]]:
    """Start and end of each opening, in minutes; the end may be on the next day."""
    place = 0
    while place < len(tokens):
        if tokens[place] == ",":
            place += 1
            continue
        yield _run(*(tokens[place : place + 3] + [","] * 2)[:3])
        place += 3


def _run(first: _Time | str, dash: _Time | str, last: _Time | str) -> tuple[int, int]:
    if not isinstance(first, _Time):
        raise UnclearHours("hours-unread")
    if dash != "-" or not isinstance(last, _Time):
        raise UnclearHours("hours-no-end")
    start, end = _halved(first, last)
    begins, ends = start.minutes % _DAY, end.minutes or _DAY
    if begins == ends:
        raise UnclearHours("hours-ambiguous")
    return begins, (ends if ends > begins else ends + _DAY)


def _halved(start: _Time, end: _Time) -> tuple[_Time, _Time]:
    """Both with the half of the day that one of them says, or that leaves no doubt.

    Raises:
        UnclearHours: “9-5” may be a morning and an afternoon, or a night.
    """
    if end.half and start.may_be_either:
        same = start.within(end.half)
        other = start.within("a" if end.half == "p" else "p")
        return (same if same.minutes < end.minutes else other), end
    if start.half and end.may_be_either:
        same = end.within(start.half)
        other = end.within("a" if start.half == "p" else "p")
        return start, (same if same.minutes > start.minutes else other)
    if end.may_be_either and start.hour <= _NOON and not start.half:
        is_backwards = end.minutes <= start.minutes
        if is_backwards or (start.may_be_either and start.hour < _MORNING):
            raise UnclearHours("hours-ambiguous")
    return start, end


def _clock(minutes: int, *, is_end: bool = False) -> str:
    if minutes > _DAY or (minutes == _DAY and not is_end):
        minutes -= _DAY
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"
