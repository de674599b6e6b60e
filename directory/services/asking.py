"""Asking: the words of an address or a form become a request; what is wrong is named, not ignored."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, select

from directory import languages
from directory.errors import Problem
from directory.models import Provider
from directory.models.occurring import instant
from directory.models.vocabulary import (
    COMMITMENTS,
    LEVELS,
    Access,
    Day,
    Format,
    Setting,
    SpaceKind,
    Word,
    slugify,
)
from directory.search import bands
from directory.search.analysis import clean
from directory.search.grammar import LONGEST, parse
from directory.search.request import SORTS, Near, SearchRequest
from directory.services import places
from directory.services.known import City
from directory.settings import Settings

MOST_PER_PAGE = 100
LAST_PAGE = 10_000
FARTHEST_KM = 500.0
# Days outside these years are slips of the keyboard, and at the calendar's ends zones overflow.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

PARAMETERS = (
    "q", "lang", "type", "kind", "format", "setting", "topic", "level", "language", "district",
    "price_max", "age", "ages", "access", "commitment", "provider", "series", "near", "within", "from", "to",
    "day", "part", "after", "before", "open_at", "sort", "page", "per_page",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request, what was typed for it, and what could not be understood.

    Attributes:
        values: parameter to the values that were understood, normalised; for links and forms.
        place: the place ``near`` was understood as, in the reader's language, if the city knows it.
    """

    request: SearchRequest
    q: str
    values: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    place: str | None = None


class _Unfit(Exception):
    """A value that is not one of its parameter's."""

    def __init__(self, code: str, allowed: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code, self.allowed = code, tuple(allowed)


def read(
    db: Session,
    params: Mapping[str, Sequence[str]],
    *,
    city: City,
    settings: Settings,
    language: str | None = None,
    parameters: Sequence[str] = PARAMETERS,
    strict: bool = False,
) -> Asked:
    """Understand search parameters.

    Args:
        db: asked for places and organisations by name.
        params: parameter to its values; a value may itself be a list joined by commas.
        city: its topics and districts.
        settings: the city's clock and zone.
        language: the reader's, when it is not among the parameters.
        parameters: those that may be given; any other is a problem.
        strict: a parameter without a value is a problem; a form sends what was left empty too.
    """
    known = {name: values for name, values in params.items() if name in parameters}
    unknown = [
        Problem(name[:60], "unknown-parameter", "", tuple(parameters))
        for name in params
        if name not in known
    ]
    reader = _Reader(
        db, known, city, settings, language or next(iter(params.get("lang", ())), None)
    )
    if strict:
        reader.refuse_empty()
    fields = reader.fields()
    if language:
        fields["ui_language"] = language
    request = SearchRequest(
        now=settings.clock(),
        zone=settings.timezone,
        country=settings.country,
        subdivision=settings.subdivision,
        **fields,
    )
    return Asked(request, reader.q, reader.values, (*unknown, *reader.problems), reader.place)


class _Reader:
    """Reads one parameter after the other and remembers what did not fit."""

    def __init__(
        self,
        db: Session,
        params: Mapping[str, Sequence[str]],
        city: City,
        settings: Settings,
        language: str | None,
    ) -> None:
        self.language = language
        self.db, self.params, self.city, self.settings = db, params, city, settings
        self.problems: list[Problem] = []
        self.values: dict[str, tuple[str, ...]] = {}
        self.place: str | None = None
        self.q = clean(" ".join(params.get("q", ()))).strip()

    def refuse_empty(self) -> None:
        """Name every parameter that was given without a value, but for the words."""
        for name in PARAMETERS:
            values = self.params.get(name, ()) if name != "q" else ()
            parts = [part for value in values for part in value.split(",")]
            if not all(part.strip() for part in parts):
                self.problems.append(Problem(name, "empty"))

    def fields(self) -> dict[str, Any]:
        """The fields of the request that were asked for."""
        if len(self.q) > LONGEST:
            self.problems.append(Problem("q", "too-long", str(LONGEST)))
        found: dict[str, Any] = {"ask": parse(self.q)}
        if self.q:
            self.values["q"] = (self.q[:LONGEST],)
        for name, (attribute, several, understand) in _UNDERSTAND.items():
            values = self._several(name, understand) if several else self._single(name, understand)
            if values:
                found[attribute] = values if several else values[0]
        self._near(found)
        self._in_order(found)
        return found

    def _raw(self, name: str, *, split: bool = False) -> list[str]:
        given = [value.strip() for value in self.params.get(name, ())]
        parts = [p.strip() for v in given for p in v.split(",")] if split else given
        return [part for part in parts if part]

    def _several(self, name: str, understand: "_Understand") -> tuple[Any, ...]:
        return tuple(dict.fromkeys(self._each(name, self._raw(name, split=True), understand)))

    def _single(self, name: str, understand: "_Understand") -> tuple[Any, ...]:
        given = self._raw(name)
        if len(set(given)) > 1:
            self.problems.append(Problem(name, "given-twice", ", ".join(given)[:80]))
            return ()
        return tuple(self._each(name, given[:1], understand))

    def _each(self, name: str, given: list[str], understand: "_Understand") -> Iterable[Any]:
        for value in given:
            try:
                understood, written = understand(value, self)
            except _Unfit as unfit:
                self.problems.append(Problem(name, unfit.code, value[:80], unfit.allowed))
                continue
            known = self.values.get(name, ())
            if written not in known:
                self.values[name] = (*known, written)
            yield understood

    def _near(self, found: dict[str, Any]) -> None:
        within = found.pop("within", None)
        near = found.get("near")
        if near is not None:
            found["near"] = Near(near.lat, near.lon, within)
        elif within is not None and not self._raw("near"):
            self.problems.append(Problem("within", "needs-near", self.values["within"][0]))
        if found.get("sort") == "distance" and near is None:
            self.problems.append(Problem("sort", "needs-near", "distance"))
            found["sort"] = "relevance"

    def _in_order(self, found: dict[str, Any]) -> None:
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.problems.append(Problem("to", "before-from", last.isoformat()))
            del found["last"]
            self.values.pop("to", None)


_Understand = Callable[[str, _Reader], tuple[Any, str]]


def _word(words: type[Word]) -> _Understand:
    def understand(value: str, _reader: _Reader) -> tuple[str, str]:
        try:
            term = words.read(value).value
        except ValueError as error:
            raise _Unfit("unknown-value", words) from error
        return term, term

    return understand


def _of(*allowed: str) -> _Understand:
    def understand(value: str, _reader: _Reader) -> tuple[str, str]:
        if value not in allowed:
            raise _Unfit("unknown-value", allowed)
        return value, value

    return understand


def _whole(low: int, high: int) -> _Understand:
    def understand(value: str, _reader: _Reader) -> tuple[int, str]:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise _Unfit("not-a-whole-number", (f"{low}-{high}",))
        return int(value), str(int(value))

    return understand


def _number(low: float, high: float) -> _Understand:
    def understand(value: str, _reader: _Reader) -> tuple[float, str]:
        if not re.fullmatch(r"[0-9]{1,9}([.][0-9]{1,6})?", value):
            raise _Unfit("not-a-number", (f"{low:g}-{high:g}",))
        number = float(value)
        if not math.isfinite(number) or not low <= number <= high:
            raise _Unfit("not-a-number", (f"{low:g}-{high:g}",))
        return number, f"{number:g}"

    return understand


def _topic(value: str, reader: _Reader) -> tuple[str, str]:
    key = slugify(value)
    if key not in reader.city.tree.topics:
        raise _Unfit("unknown-topic")
    return key, key


def _district(value: str, reader: _Reader) -> tuple[str, str]:
    if value in reader.city.districts:
        return value, value
    asked = slugify(value)
    for key, district in reader.city.districts.items():
        if asked == key or asked in {slugify(name) for name in district.names.values()}:
            return key, key
    raise _Unfit("unknown-district", sorted(reader.city.districts))


def _language(value: str, _reader: _Reader) -> tuple[str, str]:
    try:
        tag = languages.standard(value)
    except ValueError as error:
        raise _Unfit("unknown-language") from error
    return tag, tag


def _interface(value: str, _reader: _Reader) -> tuple[str, str]:
    if value not in languages.INTERFACE:
        raise _Unfit("unknown-value", languages.INTERFACE)
    return value, value


def _provider(value: str, reader: _Reader) -> tuple[int, str]:
    number = reader.db.exec(select(Provider.id).where(Provider.slug == clean(value))).first()
    if number is None:
        raise _Unfit("unknown-provider")
    return number, value


def _date(value: str, _reader: _Reader) -> tuple[date, str]:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise _Unfit("not-a-date")
        day = date.fromisoformat(value)
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise _Unfit("not-a-date")
    except ValueError as error:
        raise _Unfit("not-a-date") from error
    return day, value


def _clock(value: str, _reader: _Reader) -> tuple[int, str]:
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", value)
    if not match:
        raise _Unfit("not-a-time")
    hour, minute = int(match[1]), int(match[2])
    return hour * 60 + minute, f"{hour:02d}:{minute:02d}"


def _instant(value: str, reader: _Reader) -> tuple[datetime, str]:
    try:
        # A plus sign in an address arrives as a space.
        moment = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", value))
    except ValueError as error:
        raise _Unfit("not-a-datetime") from error
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise _Unfit("not-a-datetime")
    try:
        if moment.tzinfo is None:
            moment = instant(moment, reader.settings.zone)
        return moment.astimezone(UTC), value
    except OverflowError as error:
        raise _Unfit("not-a-datetime") from error


def _near(value: str, reader: _Reader) -> tuple[Near, str]:
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,12})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)", value)
    if match:
        lat, lon = float(match[1]), float(match[2])
        if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 - the globe
            raise _Unfit("not-a-place")
        return Near(lat, lon), f"{lat:g},{lon:g}" if len(value) > 40 else f"{match[1]},{match[2]}"  # noqa: PLR2004
    districts = reader.city.districts.values()
    place = places.find(reader.db, value, districts, language=reader.language)
    if place is None:
        raise _Unfit("not-a-place")
    reader.place = place.name
    return Near(place.lat, place.lon), value


def _day(value: str, _reader: _Reader) -> tuple[int, str]:
    key = slugify(value)[:3]
    if key not in set(Day):
        raise _Unfit("unknown-value", Day)
    return Day(key).number, key


# Parameter: the request's field, whether several values may be given, how one is understood.
_UNDERSTAND: dict[str, tuple[str, bool, _Understand]] = {
    "lang": ("ui_language", False, _interface),
    "type": ("type", False, _of("opportunity", "space")),
    "kind": ("kind", True, _word(SpaceKind)),
    "format": ("format", True, _word(Format)),
    "setting": ("setting", True, _word(Setting)),
    "topic": ("topic", True, _topic),
    "level": ("level", True, _whole(LEVELS[0], LEVELS[-1])),
    "language": ("language", True, _language),
    "district": ("district", True, _district),
    "price_max": ("price_max", False, _number(0, 1_000_000)),
    "age": ("age", False, _whole(0, 120)),
    "ages": ("ages", True, _of(*(band.value for band in bands.AGES))),
    "access": ("access", True, _word(Access)),
    "commitment": ("commitment", True, _whole(COMMITMENTS[0], COMMITMENTS[-1])),
    "provider": ("provider", False, _provider),
    "series": ("series", False, lambda value, _reader: (value, value)),
    "within": ("within", False, _number(0, FARTHEST_KM)),
    "near": ("near", False, _near),
    "from": ("first", False, _date),
    "to": ("last", False, _date),
    "day": ("day", True, _day),
    "part": ("part", True, _of(*(band.value for band in bands.PARTS))),
    "after": ("after", False, _clock),
    "before": ("before", False, _clock),
    "open_at": ("open_at", False, _instant),
    "sort": ("sort", False, _of(*SORTS)),
    "page": ("page", False, _whole(1, LAST_PAGE)),
    "per_page": ("per_page", False, _whole(1, MOST_PER_PAGE)),
}
