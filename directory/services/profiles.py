"""Profile: what a learner tells for one answer. It is read, used and forgotten, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlmodel import Session, col, select

from directory import languages
from directory.errors import Invalid, Problem
from directory.models import District, Opportunity
from directory.models.vocabulary import Access, Day, ListingState, slugify
from directory.search.analysis import clean
from directory.services.listings import is_number
from directory.services.topics import Tree

MOST_TOPICS = 12
LONGEST_NAME = 200
_YEARS = (1900, 2200)


@dataclass(frozen=True)
class Free:
    """A stretch of one weekday (0 Monday) in local minutes of the day."""

    day: int
    begin: int
    end: int


@dataclass(frozen=True)
class Profile:
    """A learner, for the length of one answer; see design of ``POST /api/v1/routes``."""

    knows: Mapping[str, int] = field(default_factory=dict)
    wants: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    age: int | None = None
    access: tuple[str, ...] = ()
    budget: float | None = None
    hours_per_week: float | None = None
    free: tuple[Free, ...] = ()
    home: tuple[float, float] | None = None
    max_travel_minutes: int | None = None
    first: date | None = None
    last: date | None = None
    interests: str = ""
    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    prefer_dates: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    district: str | None = None


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Window(_Given):
    day: str
    begin: str = Field(alias="from", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    end: str = Field(alias="to", pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")

    @field_validator("day")
    @classmethod
    def _known(cls, value: str) -> str:
        return Day(slugify(value)[:3]).value


_Number = Annotated[int, Field(ge=1, lt=2**63)]


class _Home(_Given):
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    district: str | None = None


class RouteRequest(_Given):
    """The body of ``POST /api/v1/routes``."""

    knows: dict[str, int] = Field(default={}, max_length=200)
    wants: dict[str, int] = Field(default={}, max_length=MOST_TOPICS)
    languages: list[str] = Field(default=[], max_length=30)
    age: int | None = Field(default=None, ge=0, le=120)
    access: list[str] = Field(default=[], max_length=len(Access))
    budget: float | None = Field(default=None, ge=0, le=1_000_000)
    hours_per_week: float | None = Field(default=None, gt=0, le=168)
    free: list[_Window] = Field(default=[], max_length=100)
    home: _Home | None = None
    max_travel_minutes: int | None = Field(default=None, ge=0, le=600)
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    interests: str = Field(default="", max_length=2000)
    keep: list[str | int] = Field(default=[], max_length=50)
    skip: list[str | int] = Field(default=[], max_length=500)
    done: list[str | int] = Field(default=[], max_length=500)
    prefer: list[str | int] = Field(default=[], max_length=50)
    prefer_dates: list[_Number] = Field(default=[], max_length=500)
    booked: list[_Number] = Field(default=[], max_length=500)
    missed: list[_Number] = Field(default=[], max_length=500)


def read(db: Session, given: object, *, tree: Tree) -> Profile:
    """Understand the body of a request for routes.

    Raises:
        Invalid: with every part that is malformed or names what is not known here.
    """
    try:
        request = RouteRequest.model_validate(given)
    except ValidationError as error:
        problems_ = dict.fromkeys(_problem(each) for each in error.errors())
        raise Invalid(tuple(problems_)) from error
    problems: list[Problem] = []
    profile = Profile(
        knows=_levels("knows", request.knows, tree, problems),
        wants=_levels("wants", request.wants, tree, problems),
        languages=_languages(request.languages, problems),
        age=request.age,
        access=_access(request.access, problems),
        budget=request.budget,
        hours_per_week=request.hours_per_week,
        free=tuple(
            Free(Day(w.day).number, _minutes(w.begin), _minutes(w.end)) for w in request.free
        ),
        home=_home(db, request.home, problems),
        max_travel_minutes=request.max_travel_minutes,
        first=request.first,
        last=request.last,
        interests=clean(request.interests),
        keep=numbers_of(db, request.keep),
        skip=numbers_of(db, request.skip),
        done=numbers_of(db, request.done),
        prefer=numbers_of(db, request.prefer),
        prefer_dates=tuple(map(str, request.prefer_dates)),
        booked=tuple(map(str, request.booked)),
        missed=tuple(map(str, request.missed)),
        district=slugify(request.home.district or "") or None if request.home else None,
    )
    for name, day in (("from", profile.first), ("to", profile.last)):
        if day and not _YEARS[0] <= day.year <= _YEARS[1]:
            problems.append(Problem(name, "not-a-date", day.isoformat()))
    if profile.first and profile.last and profile.last < profile.first:
        problems.append(Problem("to", "before-from", profile.last.isoformat()))
    if problems:
        raise Invalid(tuple(problems))
    return profile


def numbers_of(db: Session, names: Sequence[str | int]) -> tuple[str, ...]:
    """Numbers of opportunities given by number or slug, as the recommender knows them.

    What is not offered any more stays as it was named: it matches nothing, and a note says so.
    """
    asked = [clean(str(name))[:LONGEST_NAME] for name in names]
    if not asked:
        return ()
    slugs = [name for name in asked if not is_number(name)]
    numbers = [int(name) for name in asked if is_number(name)]
    rows = db.exec(
        select(Opportunity.id, Opportunity.slug).where(
            col(Opportunity.slug).in_(slugs) | col(Opportunity.id).in_(numbers),
            col(Opportunity.state) == ListingState.PUBLISHED,
        )
    ).all()
    known = {slug: str(number) for number, slug in rows} | {str(n): str(n) for n, _ in rows}
    return tuple(dict.fromkeys(known.get(name, name) for name in asked))


_KINDS_OF_ERROR = {
    "extra_forbidden": "unknown-parameter",
    "missing": "missing",
    "int_type": "not-whole",
    "int_parsing": "not-whole",
    "int_parsing_size": "not-whole",
    "int_from_float": "not-whole",
    "float_type": "no-number",
    "float_parsing": "no-number",
    "finite_number": "no-number",
    "string_type": "no-text",
    "list_type": "no-list",
    "dict_type": "no-object",
    "model_type": "no-object",
    "model_attributes_type": "no-object",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-large",
    "greater_than": "not-above",
    "too_long": "too-many",
    "string_too_long": "too-many",
    "string_pattern_mismatch": "not-a-time",
    "date_type": "not-a-date",
    "date_parsing": "not-a-date",
    "date_from_datetime_parsing": "not-a-date",
    "date_from_datetime_inexact": "not-a-date",
    "value_error": "unknown-value",
}
_LIMITS = ("ge", "gt", "le", "max_length")


def _problem(error: Any) -> Problem:
    """What pydantic says of a part, in our own words."""
    path = [str(part) for part in error["loc"]]
    code = _KINDS_OF_ERROR.get(error["type"], "malformed")
    if path[:1] in (["keep"], ["skip"]) and len(path) > 1:
        # A name is a slug or a number; what follows tells which of the two was tried.
        path, code = path[:2], "no-text"
    value = "" if isinstance(error["input"], dict | list) else str(error["input"])[:80]
    context = error.get("ctx", {})
    allowed = tuple(f"{context[limit]:g}" for limit in _LIMITS if limit in context)
    if code == "unknown-value":
        allowed = tuple(Day)
    return Problem(".".join(path) or "body", code, value, allowed)


def _levels(
    where: str, given: dict[str, int], tree: Tree, problems: list[Problem]
) -> dict[str, int]:
    understood = {}
    for name, level in given.items():
        key = slugify(name)
        if key not in tree.topics:
            problems.append(Problem(where, "unknown-topic", name[:80]))
        elif level not in range(6):
            problems.append(Problem(f"{where}.{key}", "not-a-whole-number", str(level), ("0-5",)))
        else:
            understood[key] = level
    return understood


def _languages(given: list[str], problems: list[Problem]) -> tuple[str, ...]:
    tags = []
    for tag in given:
        try:
            tags.append(languages.standard(tag))
        except ValueError:
            problems.append(Problem("languages", "unknown-language", tag[:80]))
    return tuple(tags)


def _access(given: list[str], problems: list[Problem]) -> tuple[str, ...]:
    facts = []
    for fact in given:
        try:
            facts.append(Access.read(fact).value)
        except ValueError:
            problems.append(Problem("access", "unknown-value", fact[:80], tuple(Access)))
    return tuple(facts)


def _home(db: Session, given: _Home | None, problems: list[Problem]) -> tuple[float, float] | None:
    if given is None:
        return None
    if given.district is not None and (given.lat, given.lon) != (None, None):
        problems.append(Problem("home", "place-twice"))
        return None
    if given.lat is not None and given.lon is not None:
        return given.lat, given.lon
    if given.district is None:
        problems.append(Problem("home", "half-a-place"))
        return None
    return _middle_of(db, given.district, problems)


def _middle_of(db: Session, name: str, problems: list[Problem]) -> tuple[float, float] | None:
    district = db.get(District, slugify(name))
    if district is None:
        known = tuple(sorted(db.exec(select(District.key)).all()))
        problems.append(Problem("home", "unknown-district", name[:80], known))
        return None
    if district.lat is None or district.lon is None:
        problems.append(Problem("home", "district-without-place", district.key))
        return None
    return district.lat, district.lon


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
