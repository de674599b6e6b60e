"""What a listing means to a searcher: its document, made from the loaded rows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from directory.models import Occurrence, Opportunity, Space, Text
from directory.models.opening import Opening
from directory.models.vocabulary import OccurrenceStatus
from directory.search.documents import Document, Sitting
from directory.search.openings import opening_facts
from directory.services.shown import is_anytime, known_access, opportunity_shown, space_shown
from directory.services.topics import Tree


def space_document(space: Space, *, tree: Tree) -> Document:
    """A space as the index sees it; its texts are loaded."""
    assert space.id is not None  # noqa: S101 - it comes from the database
    return Document(
        type="space",
        number=space.id,
        language=space.language,
        titles=_field(space.texts, "title"),
        texts=_texts(space.texts, space.language, _place_words(space)),
        about=about(space.topics, tree, kind=space.kind),
        kind=space.kind,
        district=space.district_key,
        provider=space.provider_id,
        topics=_with_ancestors(space.topics, tree),
        access=space.access,
        commitments=tuple(space.commitments),
        lat=space.lat,
        lon=space.lon,
        opening=_opening(space),
        overdue=space.overdue is not None,
        shown=space_shown(space),
    )


def opportunity_document(opportunity: Opportunity, *, tree: Tree, currency: str) -> Document:
    """An opportunity as the index sees it; what it is made of is loaded."""
    assert opportunity.id is not None  # noqa: S101 - it comes from the database
    space = opportunity.space
    taught = [t.topic_key for t in opportunity.teaches]
    levels = {n for t in opportunity.teaches for n in range(t.level_from, t.level_to + 1)}
    place = [*_place_words(space), *_field(space.texts, "title").values()] if space else []
    return Document(
        type="opportunity",
        number=opportunity.id,
        language=opportunity.language,
        titles=_field(opportunity.texts, "title"),
        texts=_texts(opportunity.texts, opportunity.language, place),
        about=about(taught, tree, format=opportunity.format),
        kind=space.kind if space else None,
        format=opportunity.format,
        setting=opportunity.setting,
        district=space.district_key if space else None,
        provider=opportunity.provider_id,
        series=opportunity.series,
        topics=_with_ancestors(taught, tree),
        levels=tuple(sorted(levels)),
        languages=None if opportunity.languages is None else tuple(opportunity.languages),
        access=known_access(opportunity),
        commitments=tuple(opportunity.commitments),
        price=_comparable(opportunity, currency),
        age_min=opportunity.age_min,
        age_max=opportunity.age_max,
        lat=space.lat if space else None,
        lon=space.lon if space else None,
        anytime=is_anytime(opportunity),
        opening=_opening(space) if space and is_anytime(opportunity) else None,
        dated=bool(opportunity.occurrences),
        sittings=tuple(
            _sitting(o) for o in opportunity.occurrences if o.status == OccurrenceStatus.SCHEDULED
        ),
        overdue=opportunity.overdue is not None,
        shown=opportunity_shown(opportunity),
    )


def _comparable(opportunity: Opportunity, currency: str) -> float | None:
    """The price in the city's currency; another currency's is not comparable, unless it is 0."""
    if opportunity.price is None:
        return None
    comparable = opportunity.price == 0 or opportunity.currency == currency
    return float(opportunity.price) if comparable else None


def _field(texts: Iterable[Text], field: str) -> dict[str, str]:
    return {t.language: t.value for t in texts if t.field == field}


def _texts(texts: list[Text], original: str, place: list[str]) -> dict[str, str]:
    gathered: dict[str, list[str]] = {original: [word for word in place if word]}
    for text in texts:
        if text.field != "title":
            gathered.setdefault(text.language, []).append(text.value)
    return {language: "\n".join(parts) for language, parts in gathered.items() if parts}


def _place_words(space: Space) -> list[str]:
    names = list(space.district.names.values()) if space.district else []
    return [space.address, space.postcode, *names]


def about(topics: Iterable[str], tree: Tree, **terms: str) -> tuple[str, ...]:
    """Keys of the lexicon that a listing is found under.

    A topic is found by its labels and synonyms, what it belongs to by its labels alone.
    """
    own = list(dict.fromkeys(topics))
    above = {a for topic in own for a in tree.ancestors(topic)} - set(own)
    return (
        *(f"topic:{key}" for key in own if key in tree.topics),
        *(f"above:{key}" for key in sorted(above)),
        *(f"{list_}:{term}" for list_, term in terms.items()),
    )


def _with_ancestors(topics: Iterable[str], tree: Tree) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a for topic in topics for a in tree.ancestors(topic)))


def _sitting(occurrence: Occurrence) -> Sitting:
    local = occurrence.start.astimezone(ZoneInfo(occurrence.timezone))
    return Sitting(
        start=_minute(occurrence.start),
        end=_minute(occurrence.end),
        date=local.toordinal(),
        weekday=local.weekday(),
        minute=-1 if occurrence.all_day else local.hour * 60 + local.minute,
        zone=occurrence.timezone,
        end_known=occurrence.end_known,
    )


def _opening(space: Space) -> dict[str, Any] | None:
    # What is kept are wall clocks and rules, so the zone and the holidays may be the reader's to ask.
    return opening_facts(Opening.of(space, ZoneInfo("UTC")))


def _minute(instant: datetime) -> int:
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 60)
