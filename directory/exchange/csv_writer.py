"""The CSV writer: records become rows in Vereda's own columns, which read back unchanged."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from directory.exchange.csv_records import NO_LANGUAGE
from directory.exchange.mapping import Schedule
from directory.exchange.schedules import WHOLE_DAY
from directory.models.records import (
    OpportunityRecord,
    ProviderRecord,
    ScheduleRecord,
    SpaceRecord,
)
from directory.models.vocabulary import TextState

COLUMNS = (
    "id", "type", "title", "summary", "description", "language", "kind", "format", "setting",
    "topics", "level", "space_id", "provider", "address", "district", "postcode", "lat", "lon",
    "starts", "ends", "rrule", "exdates", "price", "age_min", "age_max", "languages", "access",
    "url",
    # What the columns above cannot say.
    "source", "timezone", "schedules", "currency", "price_note", "booking", "capacity",
    "residents_of", "commitments", "requires", "series", "hours", "special_days", "closures", "holidays", "notices",
    "email", "phone", "translation_state",
)  # fmt: skip
_TEXTS = ("title", "summary", "description")
_ASSUMED = Schedule().assume_minutes
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
_SEPARATOR = ";"

Cells = dict[str, str]


def write(records: Iterable[ProviderRecord | SpaceRecord | OpportunityRecord]) -> bytes:
    """A CSV file of records, in UTF-8, safe to open in a spreadsheet."""
    rows = [_cells(record) for record in records]
    translated = sorted({name for row in rows for name in row if name.endswith("]")})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*COLUMNS, *translated], restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(text) for name, text in row.items()})
    return out.getvalue().encode()


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file of anything else, in UTF-8, safe to open in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _cells(record: ProviderRecord | SpaceRecord | OpportunityRecord) -> Cells:
    cells = _common(record)
    match record:
        case ProviderRecord():
            cells |= {"type": "provider", "kind": record.kind or "", "email": record.email}
        case SpaceRecord():
            cells |= _space(record)
        case OpportunityRecord():
            cells |= _opportunity(record)
    return {name: text for name, text in cells.items() if text}


def _common(record: ProviderRecord | SpaceRecord | OpportunityRecord) -> Cells:
    cells = {
        "source": record.source,
        "id": record.external_id,
        "language": record.language,
        "url": record.url,
    }
    for field in _TEXTS:
        for tag, text in getattr(record, field).items():
            cells[field if tag == record.language else f"{field}[{tag}]"] = text
    if record.translation_state is not TextState.HUMAN:
        cells["translation_state"] = record.translation_state
    return cells


def _space(record: SpaceRecord) -> Cells:
    return {
        "type": "space",
        "kind": record.kind,
        "provider": record.provider or "",
        "district": record.district or "",
        "address": record.address,
        "postcode": record.postcode,
        "lat": _text(record.lat),
        "lon": _text(record.lon),
        "email": record.email,
        "phone": record.phone,
        "access": _facts(record.access),
        "hours": "" if record.hours is None else _json(record.hours),
        "special_days": _json(record.special_days) if record.special_days else "",
        "closures": _json(record.closures) if record.closures else "",
        "holidays": record.holidays,
        "topics": _SEPARATOR.join(record.topics),
        "commitments": _SEPARATOR.join(map(str, record.commitments)),
    }


def _opportunity(record: OpportunityRecord) -> Cells:
    return {
        "type": "opportunity",
        "provider": record.provider or "",
        "space_id": record.space or "",
        "format": record.format,
        "setting": record.setting,
        "languages": _languages(record.languages),
        "topics": _SEPARATOR.join(f"{t.topic}:{t.level_from}-{t.level_to}" for t in record.teaches),
        "requires": "" if record.requires is None else _json(record.requires),
        "age_min": _text(record.age_min),
        "age_max": _text(record.age_max),
        "price": _text(record.price),
        "currency": record.currency,
        "price_note": record.price_note,
        "booking": record.booking or "",
        "capacity": _text(record.capacity),
        "residents_of": _SEPARATOR.join(record.residents_of),
        "access": _facts(record.access),
        "commitments": _SEPARATOR.join(map(str, record.commitments)),
        "series": record.series or "",
        "notices": _json(record.notices) if record.notices else "",
        **_when(record.schedules),
    }


def _when(schedules: tuple[ScheduleRecord, ...]) -> Cells:
    if not schedules:
        return {}
    if len(schedules) > 1 or not _is_plain(schedules[0]):
        return {"schedules": _json(schedules)}
    one = schedules[0]
    shown = _day if one.all_day else _moment
    end = one.start + one.length - (timedelta(days=1) if one.all_day else timedelta())
    return {
        "timezone": one.timezone,
        "starts": shown(one.start),
        "ends": shown(end) if one.minutes_known else "",
        "rrule": one.rule,
        "exdates": _SEPARATOR.join(map(shown, one.exdates)),
    }


def _is_plain(one: ScheduleRecord) -> bool:
    """Whether start, end, rule and exceptions say everything."""
    if one.rdates or one.cancelled:
        return False
    if not one.all_day:
        return one.minutes_known or one.minutes == _ASSUMED
    midnights = all(each.time() == time() for each in (one.start, *one.exdates))
    return midnights and one.minutes_known and one.minutes % WHOLE_DAY == 0


def _moment(local: datetime) -> str:
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def _day(local: datetime) -> str:
    return local.date().isoformat()


def _languages(tags: tuple[str, ...] | None) -> str:
    if tags is None:
        return ""
    return _SEPARATOR.join(tags) or NO_LANGUAGE


def _facts(facts: Any) -> str:
    return _SEPARATOR.join(f"{fact}={'yes' if known else 'no'}" for fact, known in facts.items())


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _json(value: Any) -> str:
    """JSON of a record or a tuple of records."""
    plain = (
        [each.model_dump(mode="json", exclude_defaults=True) for each in value]
        if isinstance(value, tuple)
        else value.model_dump(mode="json")
    )
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
