"""Documents: what the JSON interface says of a listing, an answer or an occurrence."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import request

from directory.edge import hours, locale
from directory.edge.addresses import public_url
from directory.edge.facets import Labeller
from directory.edge.formats import local, walking_minutes
from directory.edge.house import house
from directory.edge.truth import provenance
from directory.models import Occurrence, Opportunity, Provider, Schedule, Space
from directory.models.vocabulary import Access, Day
from directory.search.bands import AGES, PARTS, PRICE_STEPS
from directory.services import freshness, listings
from directory.services.asking import Asked
from directory.services.finding import Answer, Dated, Item
from directory.services.freshness import Terms
from directory.services.shown import ShownPlace, is_anytime, known_access, shown_value
from directory.services.texts import words
from directory.services.topics import Tree

Document = dict[str, Any]


def answer(found: Answer, asked: Asked, tree: Tree) -> Document:
    """The answer to a search."""
    suggestion = found.suggestion
    return {
        "total": found.total,
        "page": asked.request.page,
        "per_page": asked.request.per_page,
        "items": items(found.items),
        "also": items(found.also),
        "facets": facets(found, asked, tree),
        "suggestion": {"q": suggestion.q, "total": suggestion.total} if suggestion else None,
        "relax": [{"drop": name, "total": total} for name, total in found.relax],
        "near": near(asked),
        "nearest": nearest(found),
        "loosened": found.loosened,
        "from_database": found.from_database,
        "took_ms": found.took_ms,
    }


def near(asked: Asked) -> Document | None:
    """Where ``near`` was understood to be; the place's name, if it was one the city knows."""
    point = asked.request.near
    return None if point is None else {"lat": point.lat, "lon": point.lon, "place": asked.place}


def nearest(found: Answer) -> Document | None:
    """With no result: the nearest date and district that have one."""
    if found.nearest_date is None and found.nearest_district is None:
        return None
    district = found.nearest_district
    return {
        "date": found.nearest_date.isoformat() if found.nearest_date else None,
        "district": {"value": district[0], "total": district[1]} if district else None,
    }


def items(found: Sequence[Item]) -> list[Document]:
    """Some results."""
    language = locale.tag()
    site = (language, request.url_root, house().settings.public_url)
    pages = {type_: page_of(type_, site) for type_ in {item.type for item in found}}
    return [item(each, pages[each.type], language) for each in found]


@lru_cache(maxsize=64)
def page_of(type_: str, site: tuple[str, ...]) -> str:
    """The address of a listing's page, but for its slug; made once a language and host."""
    endpoint = {"opportunity": "opportunities", "space": "spaces"}[type_]
    return public_url(f"{endpoint}.show", lang=site[0], slug="-")[:-1]


def item(found: Item, page: str, language: str) -> Document:
    """One result."""
    shown = found.shown
    title, written_in = shown_value(shown, "title", language)
    upcoming = occurrence(found.upcoming)
    document: Document = {
        "id": shown["id"],
        "external_id": shown["external_id"],
        "type": found.type,
        "title": title,
        "summary": shown_value(shown, "summary", language)[0],
        "language": written_in,
        "url": page + shown["slug"],
        "score": found.score,
        "distance_km": found.distance_km,
        "walking_minutes": None
        if found.distance_km is None
        else walking_minutes(found.distance_km),
        "found_by": "about" if found.about else "text",
        "next_occurrence": upcoming,
        "matched_occurrence": (
            upcoming if found.matched is found.upcoming else occurrence(found.matched)
        ),
        "topics": shown["topics"],
        "access": access(shown["access"]),
        "not_confirmed_since": shown["unconfirmed"],
    }
    if found.type == "space":
        own = {name: shown.get(name) for name in ("id", "kind", "lat", "lon", "district")}
        return document | {"kind": shown["kind"], "space": own | {"title": title}}
    amount = shown["price"]
    return document | {
        "space": _space_in_few_words(shown["space"], language),
        "format": shown["format"],
        "setting": shown["setting"],
        "price": None
        if amount is None
        else {"amount": float(amount), "currency": shown["currency"] or None},
        "ages": {"min": shown["ages"][0], "max": shown["ages"][1]},
        "languages": shown["languages"],
        "residents_of": shown["residents_of"],
        "anytime": shown["anytime"],
    }


def _space_in_few_words(shown: ShownPlace | None, language: str) -> Document | None:
    if shown is None:
        return None
    return {
        "id": shown["id"],
        "title": shown_value(shown, "title", language)[0],
        "kind": shown["kind"],
        "lat": shown["lat"],
        "lon": shown["lon"],
        "district": shown["district"],
    }


def facets(found: Answer, asked: Asked, tree: Tree) -> Document:
    """Every facet, its values with label and count, most first (or in their own order)."""
    labeller = Labeller.of(tree)
    chosen = asked.values
    return {
        name: _values(
            name, counts, chosen.get(_PARAMETER.get(name, name), ()), labeller.of_facet(name)
        )
        for name, counts in found.facets.items()
    }


def _values(
    name: str, counts: dict[str, int], chosen: tuple[str, ...], label: Callable[[str], str]
) -> list[Document]:
    return [
        {
            "value": value,
            "label": label(value),
            "count": count,
            "selected": value in chosen,
        }
        for value, count in _ordered(name, counts)
    ]


_PARAMETER = {"price": "price_max"}
_ORDERS: dict[str, list[str]] = {
    "day": [day.value for day in Day],
    "price": [str(step) for step in PRICE_STEPS],
    "level": [str(n) for n in range(6)],
    "part": [band.value for band in PARTS],
    "ages": [band.value for band in AGES],
    "commitment": [str(n) for n in range(1, 13)],
}


def _ordered(name: str, counts: dict[str, int]) -> list[tuple[str, int]]:
    if name in _ORDERS:
        return [(value, counts[value]) for value in _ORDERS[name] if value in counts]
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def occurrence(row: Occurrence | Dated | None) -> Document | None:
    """When it takes place, as instants with the offset of its own zone."""
    if row is None:
        return None
    return {
        "start": _local_text(row.start, row.timezone),
        "end": _local_text(row.end, row.timezone),
        "end_known": row.end_known,
        "all_day": row.all_day,
        "status": row.status,
        "timezone": row.timezone,
    }


@lru_cache(maxsize=8192)
def _local_text(moment: datetime, zone: str) -> str:
    """An instant as its own zone writes it; what is found often is written once."""
    return local(moment, zone).isoformat()


def opportunity(row: Opportunity, *, now: datetime) -> Document:
    """An opportunity, whole."""
    return {
        "id": row.id,
        **_common(row),
        "format": row.format,
        "setting": row.setting,
        "teaches": [
            {"topic": t.topic_key, "from": t.level_from, "to": t.level_to} for t in row.teaches
        ],
        "requires": row.requires,
        "price": price(row),
        "price_note": row.price_note or None,
        "ages": {"min": row.age_min, "max": row.age_max},
        "languages": row.languages,
        "access": access(known_access(row)),
        "booking": row.booking,
        "capacity": row.capacity,
        "residents_of": row.residents_of,
        "commitments": row.commitments,
        "series": row.series,
        "notices": row.notices,
        "anytime": is_anytime(row),
        "schedules": [schedule(s) for s in row.schedules],
        "occurrences": [occurrence(o) for o in listings.coming(row, now=now)],
        "space": place(row.space),
        "provider": provider(row.provider),
    }


def space(row: Space, *, now: datetime) -> Document:
    """A space, whole."""
    return {
        "id": row.id,
        **_common(row),
        "kind": row.kind,
        "lat": row.lat,
        "lon": row.lon,
        "district": row.district_key,
        "address": row.address or None,
        "postcode": row.postcode or None,
        "topics": row.topics,
        "access": access(row.access),
        "opening_hours": row.hours,
        "special_days": row.special_days,
        "closures": row.closures,
        "holidays": row.holidays or None,
        "open": openness(row, now),
        "commitments": row.commitments,
        "provider": provider(row.provider),
    }


def openness(row: Space, now: datetime) -> Document:
    """Whether a space is open (null is unknown), until when, and when it opens next."""
    opening = hours.opening(row)
    state = opening.state(now)
    return {
        "open": state.open,
        "until": state.until and state.until.astimezone(opening.zone).isoformat(),
        "opens_next": state.opens_next and state.opens_next.astimezone(opening.zone).isoformat(),
        "service": state.service or None,
        "message": state.message,
    }


def schedule(row: Schedule) -> Document:
    """A rule in local time (RFC 5545), as its provider keeps it."""
    return {
        "timezone": row.timezone,
        "start": row.start.isoformat(),
        "minutes": row.minutes if row.minutes_known else None,
        "all_day": row.all_day,
        "rrule": row.rule or None,
        "exdates": row.exdates,
        "rdates": row.rdates,
        "cancelled": row.cancelled,
    }


_FACTS = tuple(fact.value for fact in Access)


def price(row: Opportunity) -> Document | None:
    """An amount and its currency; None is unknown, 0 is free."""
    if row.price is None:
        return None
    return {"amount": float(row.price), "currency": row.currency or None}


def access(facts: dict[str, bool]) -> Document:
    """Every access fact: true, false, or null for unknown."""
    return {fact: facts.get(fact) for fact in _FACTS}


def place(row: Space | None) -> Document | None:
    """A space in few words."""
    if row is None:
        return None
    return {
        "id": row.id,
        "title": words(row, "title", locale.tag()).value,
        "kind": row.kind,
        "lat": row.lat,
        "lon": row.lon,
        "district": row.district_key,
    }


def provider(row: Provider | None) -> Document | None:
    """A provider in few words."""
    if row is None:
        return None
    title = words(row, "title", locale.tag())
    return {"id": row.id, "slug": row.slug, "title": title.value, "url": address(row)}


def address(row: Opportunity | Space | Provider) -> str:
    """The listing's page, in the language of the request."""
    endpoint = {Opportunity: "opportunities", Space: "spaces", Provider: "providers"}[type(row)]
    return public_url(f"{endpoint}.show", lang=locale.tag(), slug=row.slug)


def _common(row: Opportunity | Space) -> Document:
    settings = house().settings
    terms = Terms.of(settings)
    texts: dict[str, Document] = {}
    for text in row.texts:
        texts.setdefault(text.field, {})[text.language] = {"value": text.value, "state": text.state}
    title = words(row, "title", locale.tag())
    return {
        "external_id": row.external_id,
        "source": row.source,
        "slug": row.slug,
        "url": address(row),
        "website": row.url or None,
        "title": title.value,
        "language": title.language,
        "summary": words(row, "summary", locale.tag()).value,
        "description": words(row, "description", locale.tag()).value,
        "texts": texts,
        "modified": row.modified.isoformat(),
        "confirmed": freshness.confirmed(row).isoformat(),
        "confirm_by": freshness.confirm_by(row, terms=terms).isoformat(),
        "freshness": freshness.state(row, terms=terms, now=settings.clock()),
        "provenance": provenance(row.said),
    }
