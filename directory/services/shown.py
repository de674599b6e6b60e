"""Shown: what a row of a list shows of a listing, as plain values that the index keeps with it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from directory import languages
from directory.models import Opportunity, Space, Text
from directory.models.vocabulary import Format, SpaceKind, TextState
from directory.services.freshness import confirmed
from directory.services.texts import NOTHING, Words

_USUAL = {TextState.ORIGINAL, TextState.HUMAN}
# These need no date: one starts when one likes.
_ANYTIME = {Format.SELF_GUIDED_TRAIL, Format.ONLINE_COURSE}


class ShownPlace(TypedDict):
    """A space in few words; districts by key."""

    id: int
    language: str
    title: dict[str, str]
    kind: str
    district: str | None
    lat: float | None
    lon: float | None


class Shown(TypedDict, total=False):
    """A listing in a list.

    Attributes:
        title: language to text; so is ``summary``.
        states: ``field.language`` to the state of a translation that needs to be told.
        price: amount as decimal text; None is unknown, ``0`` is free.
        access: facts that are known, either way.
        unconfirmed: the instant since when nobody has confirmed it, if readers are to be told.
        notices: what its provider has readers told for a while; see ``NoticeRecord``.
    """

    id: int
    external_id: str
    slug: str
    language: str
    title: dict[str, str]
    summary: dict[str, str]
    states: dict[str, str]
    provider: int | None
    topics: list[str]
    access: dict[str, bool]
    unconfirmed: str | None
    notices: list[dict[str, Any]]
    format: str
    setting: str
    price: str | None
    currency: str
    ages: list[int | None]
    languages: list[str] | None
    residents_of: list[str]
    anytime: bool
    space: ShownPlace | None
    kind: str
    address: str
    district: str | None
    lat: float | None
    lon: float | None


def is_anytime(opportunity: Opportunity) -> bool:
    """Whether it has no dates because it needs none; a course without dates has unknown ones."""
    if opportunity.schedules:
        return False
    online = opportunity.space is not None and opportunity.space.kind == SpaceKind.ONLINE
    return online or opportunity.format in _ANYTIME


def known_access(opportunity: Opportunity) -> dict[str, bool]:
    """Access facts of an opportunity: what it says of itself goes before what its space says."""
    of_space = opportunity.space.access if opportunity.space else {}
    return {**of_space, **opportunity.access}


def opportunity_shown(opportunity: Opportunity) -> Shown:
    """What a row shows of an opportunity; its texts, space, topics and schedules are loaded."""
    price = opportunity.price
    return {
        **_common(opportunity),
        "topics": [t.topic_key for t in opportunity.teaches],
        "access": known_access(opportunity),
        "format": opportunity.format.value,
        "setting": opportunity.setting.value,
        "price": None if price is None else str(price),
        "currency": opportunity.currency,
        "ages": [opportunity.age_min, opportunity.age_max],
        "languages": opportunity.languages,
        "residents_of": opportunity.residents_of,
        "anytime": is_anytime(opportunity),
        "notices": opportunity.notices,
        "space": place_shown(opportunity.space) if opportunity.space else None,
    }


def space_shown(space: Space) -> Shown:
    """What a row shows of a space; its texts are loaded."""
    return {
        **_common(space),
        "topics": list(space.topics),
        "access": dict(space.access),
        "kind": space.kind.value,
        "address": space.address,
        "district": space.district_key,
        "lat": space.lat,
        "lon": space.lon,
    }


def place_shown(space: Space) -> ShownPlace:
    """A space in few words."""
    return {
        "id": space.id or 0,
        "language": space.language,
        "title": _values(space.texts, "title"),
        "kind": space.kind.value,
        "district": space.district_key,
        "lat": space.lat,
        "lon": space.lon,
    }


def shown_words(shown: Mapping[str, object], field: str, language: str) -> Words:
    """A field in the language asked for, else in its original, else in whatever there is."""
    values: dict[str, str] = shown.get(field) or {}  # type: ignore[assignment]
    original = str(shown["language"])
    tag = languages.chosen(values, language, original)
    if tag is None:
        return NOTHING
    return Words(values[tag], tag, _state(shown, f"{field}.{tag}", own=tag == original))


def shown_value(shown: Mapping[str, object], field: str, language: str) -> tuple[str, str]:
    """A field's text and the language it is in, as ``shown_words`` chooses it, and no more."""
    values: dict[str, str] = shown.get(field) or {}  # type: ignore[assignment]
    if own := values.get(language):
        return own, language
    words = shown_words(shown, field, language)
    return words.value, words.language


def _state(shown: Mapping[str, object], name: str, *, own: bool) -> TextState:
    states: dict[str, str] = shown.get("states") or {}  # type: ignore[assignment]
    if name in states:
        return TextState(states[name])
    return TextState.ORIGINAL if own else TextState.HUMAN


def _common(listing: Opportunity | Space) -> Shown:
    return {
        "id": listing.id or 0,
        "external_id": listing.external_id,
        "slug": listing.slug,
        "language": listing.language,
        "title": _values(listing.texts, "title"),
        "summary": _values(listing.texts, "summary"),
        "states": {
            f"{t.field}.{t.language}": t.state.value
            for t in listing.texts
            if t.field in {"title", "summary"} and t.state not in _USUAL
        },
        "provider": listing.provider_id,
        "unconfirmed": confirmed(listing).isoformat() if listing.overdue else None,
    }


def _values(texts: Iterable[Text], field: str) -> dict[str, str]:
    return {t.language: t.value for t in texts if t.field == field and t.value}
