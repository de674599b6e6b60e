"""Mappings: a TOML file that says, in a clerk's words, which column means what."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from directory.errors import UnreadableFile
from directory.models import opening
from directory.models.records import Tag
from directory.models.vocabulary import Access, Booking, Format, Setting, SpaceKind

DAYS = (*opening.DAYS, opening.HOLIDAY)
HOURS_SERVICES: dict[str, Literal["", "staffed", "unstaffed"]] = {
    "open": "",
    "staffed": "staffed",
    "unstaffed": "unstaffed",
}
SHIPPED = resources.files("directory") / "data" / "mappings"

Words = tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...]
Values = dict[str, dict[str, str]]


class _Section(BaseModel):
    """A part of the file; a key it does not know is a mistake, not a wish."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Column(_Section):
    """Where the value of a field comes from.

    Attributes:
        columns: headers, in order.
        first: take the first that is filled instead of joining all.
        between: what stands between joined values.
        needs: no value at all unless this column is filled.
        soften: write what stands in capitals in small letters with capital initials.
        before: what to write before the value, where there is one.
    """

    columns: Words = Field(min_length=1)
    first: bool = False
    between: str = ", "
    needs: str = ""
    soften: bool = False
    before: str = ""


def _column(value: Any) -> Any:
    if isinstance(value, str):
        return {"columns": (value,)}
    if isinstance(value, list):
        return {"columns": tuple(value)}
    if isinstance(value, dict) and isinstance(value.get("columns"), str):
        return {**value, "columns": (value["columns"],)}
    return value


Columns = dict[str, Annotated[Column, BeforeValidator(_column)]]


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        raise ValueError(f"“{name}” is no time zone; use one like Europe/Madrid") from None


class Source(_Section):
    """Who published the file, and how it is written.

    Attributes:
        name: kept with each listing; together with the id it finds the listing again.
        language: of the texts; empty: that of the city's country.
        timezone: of the dates; empty: the city's.
        currency: of the prices; empty: the city's.
        encoding: if the file is not UTF-8 and detection fails.
        missing: what stands for "nothing" in any cell.
        entities: texts contain HTML entities such as ``&amp;``.
        escaped: an apostrophe protects cells that a spreadsheet would take for a formula.
        optional: the file need not have all the columns the mapping reads.
        small_words: words that softened capitals leave small ("de", "la").
        shared_ids: several rows may have one id, such as that of a building.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
    language: Tag | Literal[""] = ""
    timezone: Annotated[str, AfterValidator(_zone)] = ""
    currency: Annotated[str, StringConstraints(pattern="^([A-Z]{3})?$")] = ""
    encoding: str = ""
    missing: tuple[str, ...] = ()
    entities: bool = False
    escaped: bool = False
    optional: bool = False
    small_words: tuple[str, ...] = ()
    shared_ids: bool = False


class Then(_Section):
    """What a rule sets, where the row itself says nothing."""

    kind: SpaceKind | None = None
    format: Format | None = None
    setting: Setting | None = None
    topics: Words = ()
    languages: tuple[Tag, ...] | None = None
    age_min: int | None = Field(default=None, ge=0, le=120)
    age_max: int | None = Field(default=None, ge=0, le=120)
    booking: Booking | None = None
    access: dict[Access, bool] = {}
    commitments: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    cancelled: bool | None = None


class Rule(_Section):
    """If one of the words stands in one of the fields, this follows.

    Attributes:
        words: whole words or phrases, accents and case ignored; ``dibuj*`` is any ending.
        unless: words that forbid it.
        where: fields or headers to look in.
        then: what follows; of several rules the first to set something wins, topics add up.
    """

    words: Words = Field(min_length=1)
    unless: Words = ()
    where: Words = Field(default=("title",), alias="in", min_length=1)
    then: Then


class Schedule(_Section):
    """Columns of a calendar that says from which to which day, on which weekdays, at what time.

    Attributes:
        assume_minutes: length of an occurrence whose end is not said.
        formats: of dates, as Python's strptime writes them.
        weekdays: how the file writes the days, to MO TU WE TH FR SA SU.
    """

    first_day: str = ""
    last_day: str = ""
    time: str = ""
    end_time: str = ""
    on_weekdays: str = ""
    excluded_days: str = ""
    assume_minutes: int = Field(default=90, ge=1, le=1440)
    formats: tuple[str, ...] = ()
    weekdays: dict[str, Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]] = {}

    def columns(self) -> Columns:
        """The columns it names, by the names of their fields."""
        names = ("first_day", "last_day", "time", "end_time", "on_weekdays", "excluded_days")
        said = {name: getattr(self, name) for name in names}
        return {name: Column(columns=(header,)) for name, header in said.items() if header}


class Prices(_Section):
    """Words that tell what a price text means.

    Attributes:
        free: words that mean there is nothing to pay.
        extras: words before an amount that is not the price itself (fees, rented skates).
        currency: words and signs that make a number an amount.
        decimal: the mark before decimals, where all amounts have the same; else 1.200 is a
            thousand and two hundred, 1.20 and 0.500 are not.
    """

    free: Words = ("free", "gratis", "gratuit*")
    extras: Words = ()
    currency: Words = ("€", "euro*", "eur")
    decimal: Literal["", ".", ","] = ""


class Ages(_Section):
    """Phrases that tell for whom something is, with {min} and {max} for the years."""

    where: Words = Field(default=("title",), alias="in")
    phrases: Words = ()


def _week(value: Any) -> Any:
    for day in value if isinstance(value, dict) else ():
        if day not in DAYS:
            raise ValueError(f"“{day}” is no day; use one of {', '.join(DAYS)} (public holidays)")
    return value


Week = Annotated[Columns, BeforeValidator(_week)]


class Hours(_Section):
    """Columns of opening hours: by service, by day (MO to SU, PH).

    Attributes:
        open: where it is not said whether somebody is there to help.
        staffed: somebody is.
        unstaffed: nobody is; one gets in with a card, say.
    """

    open: Week = {}
    staffed: Week = {}
    unstaffed: Week = {}

    def columns(self) -> Columns:
        """The columns it names, as ``hours.staffed.MO``."""
        weeks = {name: getattr(self, name) for name in HOURS_SERVICES}
        return {
            hours_field(name, day): column
            for name, week in weeks.items()
            for day, column in week.items()
        }


def hours_field(service: str, day: str) -> str:
    """The name under which a cell of opening hours is read."""
    return f"hours.{service}.{day}"


class Part(_Section):
    """What a row is read with: columns, opening hours, constants, tables of values, rules.

    Attributes:
        id_from: fields an id is made of, where no column has it.
    """

    columns: Columns = {}
    hours: Hours = Hours()
    id_from: Words = ("title",)
    constants: dict[str, str] = {}
    values: Values = {}
    rules: tuple[Rule, ...] = ()


class SpacePart(Part):
    """The place a row of an opportunity names.

    Attributes:
        when: fields of which one must be filled for the row to name a place.
    """

    when: Words = ("title",)


class Mapping(Part):
    """A whole mapping, checked.

    Attributes:
        skip_when: headers, and what in them keeps a row out: ``filled``, ``empty`` or words.
    """

    source: Source
    skip_when: dict[str, Literal["filled", "empty"] | Words] = {}
    schedule: Schedule = Schedule()
    prices: Prices = Prices()
    ages: Ages = Ages()
    space: SpacePart | None = None

    def headers(self) -> frozenset[str]:
        """Every header it reads."""
        parts = [part.columns | part.hours.columns() for part in (self, self.space) if part]
        named = {
            header
            for part in (*parts, self.schedule.columns())
            for column in part.values()
            for header in column.columns
        }
        return frozenset(named | self.skip_when.keys())


def shipped() -> list[str]:
    """Names of the mappings that come with Vereda."""
    return sorted(
        f.name.removesuffix(".toml") for f in SHIPPED.iterdir() if f.name.endswith(".toml")
    )


def load(name_or_path: str) -> Mapping:
    """A shipped mapping by its name, or one's own by its path.

    Raises:
        UnreadableFile: there is none, or it has a mistake; the key and the remedy are named.
    """
    if name_or_path in shipped():
        return parse((SHIPPED / f"{name_or_path}.toml").read_text(encoding="utf-8"), name_or_path)
    try:
        text = Path(name_or_path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableFile(
            name_or_path,
            "there is no such mapping. Give the path of a TOML file in UTF-8, or one of: "
            + ", ".join(shipped())
            + ".",
        ) from error
    return parse(text, name_or_path)


def parse(text: str, name: str) -> Mapping:
    """A mapping from its TOML text.

    Raises:
        UnreadableFile: it has a mistake; the key and the remedy are named.
    """
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(name, f"the mapping is no TOML: {error}.") from error
    except ValidationError as error:
        raise UnreadableFile(name, _complaint(error)) from error


def _complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        return f"the mapping has a key “{key}” that means nothing. Remove it, or correct its name."
    if first["type"] == "missing":
        return f"the mapping lacks “{key}”. Add it."
    said = first["msg"].removeprefix("Value error, ")
    return f"the mapping's “{key}” is wrong: {said}."
