"""Provenance: which facts of a listing a change touches, and who said them."""

from datetime import datetime
from typing import Any

from directory.models import Opportunity, Space
from directory.models.freshness import By, restated

Facts = dict[str, Any]

# What readers know as one fact, and the columns it is kept in.
_COMMON = {"access": ("access",), "commitments": ("commitments",)}
_COLUMNS: dict[type, dict[str, tuple[str, ...]]] = {
    Space: {
        **_COMMON,
        "kind": ("kind",),
        "provider": ("provider_id",),
        "place": ("address", "postcode", "district_key", "lat", "lon"),
        "contact": ("url", "email", "phone"),
        "hours": ("hours", "special_days", "closures", "holidays"),
        "topics": ("topics",),
    },
    Opportunity: {
        **_COMMON,
        "kind": ("format", "setting"),
        "provider": ("provider_id",),
        "place": ("space_id",),
        "contact": ("url",),
        "languages": ("languages",),
        "requires": ("requires",),
        "ages": ("age_min", "age_max"),
        "price": ("price", "currency", "price_note"),
        "booking": ("booking", "capacity"),
        "residents": ("residents_of",),
        "notices": ("notices",),
        "series": ("series",),
    },
}
_SCHEDULE = (
    "timezone", "start", "minutes", "minutes_known", "all_day", "rule",
    "exdates", "rdates", "cancelled",
)  # fmt: skip
FACTS = tuple(
    dict.fromkeys(
        ("title", "summary", "description", "dates", *_COLUMNS[Opportunity], *_COLUMNS[Space])
    )
)


def facts(row: Space | Opportunity) -> Facts:
    """What a listing says, fact by fact, to be compared with what it says later."""
    found: Facts = {
        fact: tuple(getattr(row, column) for column in columns)
        for fact, columns in _COLUMNS[type(row)].items()
    }
    for text in row.texts:
        found.setdefault(text.field, {})[text.language] = text.value
    if isinstance(row, Opportunity):
        found["topics"] = [(t.topic_key, t.level_from, t.level_to) for t in row.teaches]
        found["dates"] = [tuple(getattr(s, part) for part in _SCHEDULE) for s in row.schedules]
    return found


def note(row: Space | Opportunity, before: Facts, *, by: By, now: datetime) -> None:
    """Write down who said what is now otherwise than before."""
    after = facts(row)
    changed = {
        fact
        for fact in before.keys() | after.keys()
        if before.get(fact) != after.get(fact) and (fact in before or is_said(after[fact]))
    }
    if changed:
        row.said = restated(row.said, changed, by=by, now=now)


def columns(row: Space | Opportunity, fact: str) -> tuple[str, ...]:
    """The columns a fact is kept in; none where it is kept in tables of its own."""
    return _COLUMNS[type(row)].get(fact, ())


def is_said(value: Any) -> bool:
    """Whether there is anything; what nobody has said has no source."""
    parts = value if isinstance(value, tuple) else (value,)
    return any(part not in (None, "", [], {}) for part in parts)
