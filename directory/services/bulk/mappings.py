"""Mappings: the shipped ones, those saved at the desk, and one made of chosen columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from directory.errors import Invalid, NotFound, Problem
from directory.exchange import mapping
from directory.exchange.mapping import Mapping
from directory.models import Account, SavedMapping, Source

# What a row may be read as, in the order in which people choose.
FIELDS = (
    "title", "summary", "description", "id", "type", "kind", "format", "setting", "topics", "level",
    "provider", "space_id", "address", "district", "postcode", "lat", "lon", "starts", "ends", "rrule",
    "exdates", "price", "age_min", "age_max", "languages", "access", "url", "email", "phone",
    "language", "booking", "capacity",
)  # fmt: skip
# What a place of its own is made of, where a row has no space_id.
_OF_PLACE = ("provider", "language", "kind", "address", "district", "postcode", "lat", "lon")
_PLACE_TITLE = ("provider", "address", "district", "title")
DATES: dict[str, tuple[str, ...]] = {
    "iso": (),
    "day-first": tuple(
        f"{day}{clock}"
        for day in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")
        for clock in (" %H:%M", "")
    ),
    "month-first": tuple(
        f"{day}{clock}" for day in ("%m/%d/%Y", "%Y-%m-%d") for clock in (" %H:%M", "")
    ),
}
LONGEST_NAME = 60


def names(db: Session) -> list[str]:
    """Every mapping that can be chosen: the shipped ones, then those saved here."""
    saved = db.exec(select(SavedMapping.name).order_by(col(SavedMapping.name))).all()
    return [*mapping.shipped(), *saved]


def named(db: Session, name: str) -> Mapping:
    """A mapping by its name; a path is none.

    Raises:
        NotFound: there is none of that name.
    """
    if name in mapping.shipped():
        return mapping.load(name)
    row = db.exec(select(SavedMapping).where(SavedMapping.name == name)).first()
    if row is None:
        raise NotFound("mapping", name)
    return Mapping.model_validate(row.said)


def of_source(wanted: Mapping, key: str) -> Mapping:
    """A mapping under which everything is of one source, whatever a file says of itself."""
    columns = {name: column for name, column in wanted.columns.items() if name != "source"}
    source = wanted.source.model_copy(update={"name": key})
    constants = {name: said for name, said in wanted.constants.items() if name != "source"}
    return wanted.model_copy(update={"source": source, "columns": columns, "constants": constants})


def chosen(fields: Sequence[tuple[str, str]], *, source: str, dates: str = "iso") -> dict[str, Any]:
    """A mapping of (header, field) as somebody chose them, as a mapping's file would say it.

    Raises:
        Invalid: no column is the title, or one is something it cannot be.
    """
    columns: dict[str, list[str]] = {}
    for header, field in fields:
        if field and field not in FIELDS:
            raise Invalid((Problem("field", "unknown-value", field, FIELDS),))
        if field:
            columns.setdefault(field, []).append(header)
    if "title" not in columns:
        raise Invalid((Problem("field", "mapping-no-title"),))
    place = {name: {"columns": columns[name]} for name in _OF_PLACE if name in columns}
    titles = [header for name in _PLACE_TITLE for header in columns.get(name, ())]
    said = {
        "source": {"name": source, "escaped": True, "optional": True},
        "columns": {name: {"columns": headers} for name, headers in columns.items()},
        "schedule": {"formats": DATES.get(dates, ())},
        "space": {
            "when": ["address", "lat", "district"],
            "id_from": ["title", "address"],
            "constants": {"kind": "community-centre"},
            "columns": {"title": {"columns": titles, "first": True}, **place},
        },
    }
    try:
        checked = Mapping.model_validate(said)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise Invalid((Problem("field", "mapping-refused", where),)) from error
    return checked.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def save(
    db: Session, by: Account, *, name: str, said: dict[str, Any], now: datetime
) -> SavedMapping:
    """Keep a mapping under a name; one saved here before under that name is replaced.

    Raises:
        Invalid: it has no name, or that of a shipped one.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid((Problem("name", "not-a-name-here", name, (str(LONGEST_NAME),)),))
    if name in mapping.shipped():
        raise Invalid((Problem("name", "mapping-shipped", name),))
    row = db.exec(select(SavedMapping).where(SavedMapping.name == name)).first()
    if row is None:
        row = SavedMapping(name=name, said=said, made=now, by_id=by.id)
    row.said, row.made, row.by_id = said, now, by.id
    db.add(row)
    db.flush()
    return row


def is_used(db: Session, name: str) -> bool:
    """Whether a source is read with a mapping."""
    return db.exec(select(Source.id).where(Source.mapping == name)).first() is not None
