"""Records: validated values on their way in or out. Nothing enters a table but through one."""

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from directory import languages
from directory.models.requirements import Requirement
from directory.models.vocabulary import (
    Access,
    Booking,
    Format,
    ListingState,
    ProviderKind,
    Setting,
    SpaceKind,
    TextState,
    slugify,
)

Tag = Annotated[str, AfterValidator(languages.standard)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"]+)?$", max_length=2000)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
OpeningDay = Annotated[str, StringConstraints(pattern="^(MO|TU|WE|TH|FR|SA|SU|PH)$")]


def _day_of_year(value: str) -> str:
    try:
        date.fromisoformat(f"2000-{value}")  # a leap year: 29 February is a day to begin on
    except ValueError as error:
        raise ValueError(f"“{value}” is no day of the year; write one like 06-15") from error
    return value


def _area(value: str) -> str:
    key = slugify(value)
    if not key:
        raise ValueError(f"“{value}” names no district")
    return key


MonthDay = Annotated[str, AfterValidator(_day_of_year)]

# A district by its key, whatever spelling of its name it came in.
Area = Annotated[str, StringConstraints(max_length=200), AfterValidator(_area)]
WHOLE_CITY = "whole-city"

# Longest stretch of a single occurrence: a month-long exhibition is a rule, not one occurrence.
LONGEST_MINUTES = 31 * 24 * 60
MOST_RULES = 60
MOST_SPECIAL_DAYS = 200
MOST_CLOSURES = 50
MOST_AREAS = 50
# A day outside these years is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1970, 2200
_NO_STEP = re.compile(r"INTERVAL=\s*0+\s*(;|$)", re.IGNORECASE)


class Record(BaseModel):
    """A frozen value with a fingerprint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def fingerprint(self) -> str:
        """A digest that differs when anything in the record does."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]


class HoursRecord(Record):
    """Weekly opening hours in local time; closing at or before opening is on the next day.

    Attributes:
        days: RFC 5545 day codes, and ``PH`` for public holidays.
        service: whether somebody is there to help; empty where that is not told apart.
        season: first and last day of the year on which it holds, both included; the last may be
            in the next year. In its season it replaces what else is said of the same service.
    """

    days: tuple[OpeningDay, ...] = Field(min_length=1)
    opens: Clock
    closes: Clock
    service: Literal["", "staffed", "unstaffed"] = ""
    season: tuple[MonthDay, MonthDay] | None = None


class OpenRecord(Record):
    """From when to when a special day is open."""

    opens: Clock
    closes: Clock


class SpecialDayRecord(Record):
    """Days that are not as usual, both included; without openings they are closed."""

    first: date
    last: date
    openings: tuple[OpenRecord, ...] = Field(default=(), max_length=MOST_RULES)
    message: dict[Tag, Line] = {}

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}, the first of the special days")
        _in_reach(self.first, self.last)
        return self


class ClosureRecord(Record):
    """Closed from one local time to another; without an end, until further notice."""

    start: datetime
    end: datetime | None = None
    message: dict[Tag, Line] = {}

    @field_validator("start", "end")
    @classmethod
    def _local_minute(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is not None:
            raise ValueError("it begins and ends in local time, without an offset")
        if value.second or value.microsecond:
            raise ValueError("it begins and ends on a whole minute")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"it ends at {self.end}, which is not after it begins")
        _in_reach(self.start, self.end or self.start)
        return self


def _in_reach(first: date, last: date) -> None:
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise ValueError(f"the year has to be one from {FIRST_YEAR} to {LAST_YEAR}")


class NoticeRecord(ClosureRecord):
    """Something to know from one local time to another; without an end, until further notice."""

    message: dict[Tag, Line] = Field(min_length=1)


class TeachesRecord(Record):
    """From a level to a level of one topic."""

    topic: Key
    level_from: int = Field(default=0, ge=0, le=5)
    level_to: int = Field(default=1, ge=0, le=5)

    @model_validator(mode="after")
    def _upwards(self) -> Self:
        if self.level_to < self.level_from:
            raise ValueError("the level it leads to is below the one it starts from")
        return self


class ScheduleRecord(Record):
    """A rule in local time; see ``models.schedules.Schedule`` for what each part means."""

    timezone: str
    start: datetime
    minutes: int = Field(ge=1, le=LONGEST_MINUTES)
    minutes_known: bool = True
    all_day: bool = False
    rule: str = ""
    exdates: tuple[datetime, ...] = ()
    rdates: tuple[datetime, ...] = ()
    cancelled: tuple[datetime, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"“{value}” is no IANA time zone; use one like Europe/Madrid"
            ) from error
        return value

    @field_validator("start", "exdates", "rdates", "cancelled")
    @classmethod
    def _local(cls, value: Any) -> Any:
        for instant in value if isinstance(value, tuple) else (value,):
            if instant.tzinfo is not None:
                raise ValueError("schedule times are local, without an offset")
        return value

    @model_validator(mode="after")
    def _readable_rule(self) -> Self:
        if not self.rule:
            return self
        if any(
            part in self.rule.upper()
            for part in ("SECONDLY", "MINUTELY", "HOURLY", "BYSECOND", "BYMINUTE")
        ):
            raise ValueError("a rule repeats by the day, week, month or year")
        if _NO_STEP.search(self.rule):
            raise ValueError("a rule with INTERVAL=0 never gets beyond its first day")
        try:
            rrulestr(self.rule, dtstart=self.start)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise ValueError(f"“{self.rule}” is no RFC 5545 recurrence rule: {error}") from error
        return self

    @property
    def length(self) -> timedelta:
        """How long one occurrence lasts."""
        return timedelta(minutes=self.minutes)


class _ListingRecord(Record):
    source: Key
    external_id: Key
    language: Tag
    title: dict[Tag, Line]
    summary: dict[Tag, Prose] = {}
    description: dict[Tag, Prose] = {}
    translation_state: TextState = TextState.HUMAN
    url: Url = ""
    state: ListingState = ListingState.PUBLISHED
    replaced_by: str | None = None

    @model_validator(mode="after")
    def _titled(self) -> Self:
        if not self.title.get(self.language):
            raise ValueError(f"the title in its own language ({self.language}) is missing")
        return self


class ProviderRecord(_ListingRecord):
    """An organisation on its way in."""

    kind: ProviderKind | None = None
    email: Line = ""


class SpaceRecord(_ListingRecord):
    """A place of learning on its way in; ``provider`` is an external id of the same source."""

    kind: SpaceKind
    provider: Key | None = None
    district: Key | None = None
    address: Line = ""
    postcode: Line = ""
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    email: Line = ""
    phone: Line = ""
    access: dict[Access, bool] = {}
    hours: Annotated[tuple[HoursRecord, ...], Field(max_length=MOST_RULES)] | None = None
    special_days: tuple[SpecialDayRecord, ...] = Field(default=(), max_length=MOST_SPECIAL_DAYS)
    closures: tuple[ClosureRecord, ...] = Field(default=(), max_length=MOST_CLOSURES)
    holidays: Literal["", "closed", "usual"] = ""
    topics: tuple[Key, ...] = ()
    commitments: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("a place needs both coordinates, or neither")
        return self

    @model_validator(mode="after")
    def _each_day_special_once(self) -> Self:
        days = sorted(self.special_days, key=lambda special: special.first)
        for one, next_ in pairwise(days):
            if next_.first <= one.last:
                raise ValueError(f"{next_.first} is among the special days twice")
        return self


class OpportunityRecord(_ListingRecord):
    """An opportunity on its way in; ``space`` and ``provider`` are external ids of the same source."""

    provider: Key | None = None
    space: Key | None = None
    format: Format
    setting: Setting
    languages: tuple[Tag, ...] | None = None
    teaches: tuple[TeachesRecord, ...] = ()
    requires: Requirement | None = None
    age_min: int | None = Field(default=None, ge=0, le=120)
    age_max: int | None = Field(default=None, ge=0, le=120)
    price: Decimal | None = Field(default=None, ge=0, le=1_000_000, decimal_places=2)
    currency: Annotated[str, StringConstraints(pattern="^([A-Z]{3})?$")] = ""
    price_note: Line = ""
    booking: Booking | None = None
    capacity: int | None = Field(default=None, ge=0)
    residents_of: Annotated[tuple[Area, ...], Field(max_length=MOST_AREAS)] = ()
    access: dict[Access, bool] = {}
    commitments: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    notices: tuple[NoticeRecord, ...] = Field(default=(), max_length=MOST_CLOSURES)
    series: Key | None = None
    schedules: tuple[ScheduleRecord, ...] = ()

    @field_validator("price")
    @classmethod
    def _to_the_cent(cls, value: Decimal | None) -> Decimal | None:
        # As the database gives it back: 0 and 0.00 are one price, so they make one fingerprint.
        return None if value is None else value.quantize(Decimal("0.01"))

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValueError(f"nobody is at least {self.age_min} and at most {self.age_max}")
        return self

    @model_validator(mode="after")
    def _currency_said(self) -> Self:
        if self.price and not self.currency:
            raise ValueError("a price needs a currency, such as EUR")
        return self
