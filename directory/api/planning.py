"""Planning: learning routes as a document."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from directory.api.documents import Document, access, address, occurrence, place, price
from directory.edge import locale
from directory.edge.reasons import (
    change_in_words,
    note_in_words,
    other_in_words,
    reason_in_words,
)
from directory.models import Occurrence
from directory.services.guidance import Planned
from directory.services.shown import is_anytime, known_access
from directory.services.texts import words
from directory.services.topics import Tree


def document(planned: Planned, tree: Tree) -> Document:
    """A plan: routes, or what stands in their way, and what else to know."""
    made = planned.plan
    titles = planned.titles(locale.tag())
    return {
        "routes": [_route(route, planned, tree) for route in made.routes],
        "blocked": _blocked(made.blocked),
        "shaped_by": [
            {"code": n.code, "values": _plain(n.values), "text": note_in_words(n, tree, titles)}
            for n in made.shaped_by
        ],
        "notes": [
            {"code": n.code, "values": _plain(n.values), "text": note_in_words(n, tree, titles)}
            for n in made.notes
        ],
    }


def _route(route: Any, planned: Planned, tree: Tree) -> Document:
    return {
        "label": route.label,
        "score": route.score,
        "reasons": _reasons(route.reasons, tree),
        "cost": route.cost,
        "cost_known": route.cost_known,
        "travel_minutes": route.travel_minutes,
        "weeks": route.weeks,
        "hours_per_week": route.hours_per_week,
        "steps": [_step(step, planned, tree) for step in route.steps],
    }


def _step(step: Any, planned: Planned, tree: Tree) -> Document:
    listing = planned.listings[step.item_id]
    title = words(listing, "title", locale.tag())
    return {
        "opportunity": {
            "id": listing.id,
            "external_id": listing.external_id,
            "title": title.value,
            "language": title.language,
            "url": address(listing),
            "price": price(listing),
            "languages": listing.languages,
            "access": access(known_access(listing)),
            "anytime": is_anytime(listing),
            "space": place(listing.space),
        },
        "occurrences": [_dated(each) for each in planned.dates(step)],
        "visits": [
            {"start": each.start.isoformat(), "end": each.end.isoformat()}
            for each in planned.visits(step)
        ],
        "gains": dict(step.gains),
        "requires": step.requires,
        "others": [_other(each, planned) for each in step.others],
        "score": step.score,
        "reasons": _reasons(step.reasons, tree),
    }


def _dated(row: Occurrence) -> Document:
    """An occurrence with the number to book or to miss it by."""
    return {"id": row.id, **(occurrence(row) or {})}


def _other(other: Any, planned: Planned) -> Document:
    title = planned.titles(locale.tag()).get(other.item_id, "")
    return {
        "opportunity": {"id": int(other.item_id), "title": title},
        "code": other.code,
        "values": _plain(other.values),
        "text": other_in_words(other),
    }


def _reasons(reasons: Iterable[Any], tree: Tree) -> list[Document]:
    return [
        {
            "code": reason.code,
            "share": reason.share,
            "values": _plain(reason.values),
            "text": reason_in_words(reason, tree),
        }
        for reason in reasons
    ]


def _blocked(blocked: Any) -> Document | None:
    if blocked is None:
        return None
    change = blocked.smallest_change
    return {
        "constraint": blocked.constraint,
        "smallest_change": (
            {"code": change.code, "values": _plain(change.values), "text": change_in_words(change)}
            if change
            else None
        ),
    }


def _plain(value: Any) -> Any:
    """Values as JSON says them; instants as ISO 8601."""
    match value:
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case object(code=code, values=values):
            return {"code": code, "values": _plain(values)}
    return value
