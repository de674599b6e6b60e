"""What a listing means to a searcher: its document, made from the loaded rows."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from directory import languages
from directory.models import Occurrence, Opportunity, Space, Text
from directory.models.opening import Opening
from directory.models.vocabulary import Format, OccurrenceStatus, SpaceKind
from directory.search.documents import Document, Sitting
from directory.search.openings import opening_facts
from directory.services.topics import Tree

# These need no date: one starts when one likes.
_ANYTIME = {Format.SELF_GUIDED_TRAIL, Format.ONLINE_COURSE}


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


def space_document(space: Space, *, tree: Tree) -> Document:
    """A space as the index sees it; its texts are loaded."""
    assert space.id is not None  # noqa: S101 - it comes from the database
    return Document(
        type="space",
        number=space.id,
        language=space.language,
        titles=_field(space.texts, "title"),
        texts=_texts(space.texts, space.language, _place_words(space)),
        topic_words=_found_by(space.topics, tree, kind=space.kind),
        kind=space.kind,
        district=space.district_key,
        provider=space.provider_id,
        topics=_with_ancestors(space.topics, tree),
        access=space.access,
        commitments=tuple(space.commitments),
        lat=space.lat,
        lon=space.lon,
        opening=_opening(space),
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
        topic_words=_found_by(taught, tree, format=opportunity.format),
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


def _topic_words(topics: Iterable[str], tree: Tree) -> dict[str, str]:
    """Labels and synonyms of the topics, and labels of what they belong to, in each language."""
    words: dict[str, list[str]] = {}
    for topic in topics:
        for step, each in enumerate(tree.ancestors(topic)):
            for language in languages.INTERFACE:
                label = tree.topics[each].labels.get(language, "")
                synonyms = tree.topics[each].synonyms.get(language, []) if step == 0 else []
                words.setdefault(language, []).extend((label, *synonyms))
    return {language: "\n".join(dict.fromkeys(found)) for language, found in words.items()}


def _found_by(topics: Iterable[str], tree: Tree, **terms: str) -> dict[str, str]:
    """Words of the topics, and what people call its format or its kind of place."""
    found = _topic_words(topics, tree)
    for list_, term in terms.items():
        for language, words in _called()[list_].get(term, {}).items():
            found[language] = f"{found.get(language, '')}\n{words}".strip()
    return found


@lru_cache(maxsize=1)
def _called() -> dict[str, dict[str, dict[str, str]]]:
    path = resources.files("directory") / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _with_ancestors(topics: Iterable[str], tree: Tree) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a for topic in topics for a in tree.ancestors(topic)))


def _sitting(occurrence: Occurrence) -> Sitting:
    local = occurrence.start.astimezone(ZoneInfo(occurrence.timezone))
    assert occurrence.id is not None  # noqa: S101 - it comes from the database
    return Sitting(
        number=occurrence.id,
        start=_minute(occurrence.start),
        end=_minute(occurrence.end),
        date=local.toordinal(),
        weekday=local.weekday(),
        minute=-1 if occurrence.all_day else local.hour * 60 + local.minute,
    )


def _minute(instant: datetime) -> int:
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 60)


def _opening(space: Space) -> dict[str, Any] | None:
    # What is kept are wall clocks and rules, so the zone and the holidays may be the reader's to ask.
    return opening_facts(Opening.of(space, ZoneInfo("UTC")))
