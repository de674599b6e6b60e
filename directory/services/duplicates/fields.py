"""Fields: what of two listings can be chosen one by one, and which is the likelier choice."""

from collections.abc import Mapping
from typing import Any

from directory.models import Opportunity, Space
from directory.models.records import OpportunityRecord, SpaceRecord
from directory.models.texts import FIELDS as TEXTS

Listing = Space | Opportunity
ListingRecord = SpaceRecord | OpportunityRecord
FIRST, SECOND = "first", "second"

_TEXTS = {name: (name,) for name in TEXTS}
# What an editor chooses as one, as readers know it, and the fields of a record it is made of.
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "space": {
        **_TEXTS,
        "kind": ("kind",),
        "provider": ("provider",),
        "place": ("address", "postcode", "district", "lat", "lon"),
        "contact": ("url", "email", "phone"),
        "hours": ("hours", "special_days", "closures", "holidays"),
        "topics": ("topics",),
        "access": ("access",),
        "commitments": ("commitments",),
    },
    "opportunity": {
        **_TEXTS,
        "kind": ("format", "setting"),
        "dates": ("schedules",),
        "place": ("space",),
        "provider": ("provider",),
        "contact": ("url",),
        "topics": ("teaches",),
        "languages": ("languages",),
        "requires": ("requires",),
        "ages": ("age_min", "age_max"),
        "price": ("price", "currency", "price_note"),
        "booking": ("booking", "capacity"),
        "residents": ("residents_of",),
        "access": ("access",),
        "notices": ("notices",),
        "series": ("series",),
        "commitments": ("commitments",),
    },
}


def values(record: ListingRecord, parts: tuple[str, ...]) -> dict[str, Any]:
    """What a record says in one field."""
    return {part: getattr(record, part) for part in parts}


def defaults(listing: str, records: Mapping[str, ListingRecord], newer: str) -> dict[str, str]:
    """Of each field the fuller side; of equally full ones the newer."""
    older = SECOND if newer == FIRST else FIRST
    chosen = {}
    for name, parts in FIELDS[listing].items():
        full = {side: _fullness(values(records[side], parts)) for side in (FIRST, SECOND)}
        chosen[name] = older if full[older] > full[newer] else newer
    return chosen


def combined(
    listing: str, keep: str, records: Mapping[str, ListingRecord], choices: Mapping[str, str]
) -> ListingRecord:
    """The record of the kept side with each field from the side that was chosen for it.

    A translation that only the other side has stays; where both have one, the choice counts.
    """
    fields: dict[str, Any] = {}
    for name, parts in FIELDS[listing].items():
        side = choices.get(name, keep)
        other = SECOND if side == FIRST else FIRST
        taken = values(records[side], parts)
        if name in TEXTS:
            taken[name] = {**getattr(records[other], name), **taken[name]}
        fields |= taken
    # The title is in the listing's own language, so that comes with it.
    fields["language"] = records[choices.get("title", keep)].language
    return records[keep].model_copy(update=fields)


def _fullness(said: Mapping[str, Any]) -> tuple[int, int]:
    """How much is said: parts that are known, then how long they are."""
    known = [value for value in said.values() if value not in (None, "", (), {})]
    return len(known), sum(_length(value) for value in known)


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(v) if isinstance(v, str) else 1 for v in value.values())
    return len(value) if isinstance(value, tuple) else 0
