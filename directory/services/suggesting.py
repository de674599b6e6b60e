"""Suggesting: what somebody who is still typing may mean: topics, places and things to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Protocol

from sqlmodel import Session, col, select

from directory import languages
from directory.models import Occurrence, Schedule, Text, Topic
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.search.analysis import folded_words
from directory.search.index import Index, IndexUnavailable
from directory.search.lexicon import Lexicon
from directory.search.request import SearchRequest
from directory.search.titles import TitleHit
from directory.services.texts import texted
from directory.services.topics import Tree

# While there is no index, so many titles are read: suggestions are a convenience, not worth more.
_MOST_TITLES = 2000
_ARTICLE_AND_LETTER = 3
# Titles that are looked at for each that is shown: some are over, some are called the same.
_LOOKED_AT = 5


class Titles(Protocol):
    """An index that finds listings by their titles."""

    def titles_beginning(self, q: str, language: str, *, type: str, most: int) -> list[TitleHit]:  # noqa: A002
        """Listings of a type with all words of ``q`` in the title, the last perhaps unfinished."""


@dataclass(frozen=True)
class Suggestion:
    """Something that may be meant.

    Attributes:
        type: ``topic``, ``space`` or ``opportunity``.
        name: a topic's key or a listing's slug.
        language: of the label.
        total: how many listings are on a topic; None where nobody counted.
    """

    type: str
    name: str
    label: str
    language: str
    total: int | None = None


@dataclass(frozen=True)
class Suggestions:
    """What may be meant, each kind with the best first."""

    topics: tuple[Suggestion, ...] = ()
    spaces: tuple[Suggestion, ...] = ()
    opportunities: tuple[Suggestion, ...] = ()

    @property
    def total(self) -> int:
        """How many there are of all kinds."""
        return len(self.topics) + len(self.spaces) + len(self.opportunities)


def suggest(
    db: Session,
    index: Titles,
    tree: Tree,
    q: str,
    language: str,
    *,
    now: datetime,
    counts: Mapping[str, int] | None = None,
    most: int = 4,
) -> Suggestions:
    """What the beginning of a question may lead to.

    Args:
        db: asked for titles while the index is not there, and for what is over.
        index: finds titles.
        tree: all topics.
        q: what has been typed so far.
        language: the reader's.
        now: what is over by then is left out.
        counts: topic to its listings; topics without one are left out.
        most: of each kind.
    """
    if not folded_words(q):
        return Suggestions()
    return Suggestions(
        tuple(_topics(tree, q, language, counts))[:most],
        _titled(_hits(db, index, q, language, "space", most), most),
        _titled(_still_on(db, _hits(db, index, q, language, "opportunity", most), now), most),
    )


def topic_counts(
    index: Index, request: SearchRequest, lexicon: Lexicon
) -> Mapping[str, int] | None:
    """How many listings are on each topic; None while the index cannot say."""
    try:
        return index.search(request, lexicon).facets["topic"]
    except IndexUnavailable:
        return None


def topics_called(tree: Tree, q: str, language: str, *, most: int) -> list[Suggestion]:
    """Topics by the beginning of any of their names, whether anything is on them or not."""
    return list(islice(_topics(tree, q, language, None), most)) if folded_words(q) else []


# Topics

_Rank = tuple[bool, bool, bool, bool, int]


def _topics(
    tree: Tree, q: str, language: str, counts: Mapping[str, int] | None
) -> Iterator[Suggestion]:
    """Topics that are called so, best first: the reader's language, exact, beginning, shorter."""
    asked = folded_words(q)
    ranked = [
        (rank, key)
        for key, topic in tree.topics.items()
        if counts is None or counts.get(key)
        if (rank := _rank(topic, asked, language))
    ]
    for _, key in sorted(ranked):
        label = tree.label(key, language)
        written = tree.topics[key].labels.get(language)
        said = language if written else languages.DEFAULT
        yield Suggestion("topic", key, label, said, counts[key] if counts else None)


def _rank(topic: Topic, asked: Sequence[str], language: str) -> _Rank | None:
    beginnings = [(f" {word}", f" {_bare(word)}") for word in asked]
    ranks = (
        (tag != language, *_distance(_words(name), asked), synonym, len(name))
        for tag, name, synonym in _names(topic)
        if _holds(_spelled(name), beginnings)
    )
    return min(ranks, default=None)


def _names(topic: Topic) -> Iterator[tuple[str, str, bool]]:
    """What a topic is called: in which language, how, and whether that is only a synonym."""
    for tag in languages.INTERFACE:
        if label := topic.labels.get(tag):
            yield tag, label, False
        for name in topic.called.get(tag, ()):
            yield tag, name, True


@lru_cache(maxsize=16384)
def _words(name: str) -> tuple[str, ...]:
    return tuple(folded_words(name))


@lru_cache(maxsize=16384)
def _spelled(name: str) -> str:
    """The words of a name, a space before each, with the Arabic article and without."""
    words = _words(name)
    return "".join(f" {word}" for word in (*words, *map(_bare, words)))


def _holds(spelled: str, beginnings: Iterable[tuple[str, str]]) -> bool:
    """Whether each asked word begins a word of a name."""
    return all(whole in spelled or bare in spelled for whole, bare in beginnings)


def _bare(word: str) -> str:
    """An Arabic word without its article, unless there is hardly a word left."""
    return word[2:] if word.startswith("ال") and len(word) > _ARTICLE_AND_LETTER else word


def _distance(words: Sequence[str], asked: Sequence[str]) -> tuple[bool, bool]:
    """Whether a name is not just what was asked, and whether it does not even begin so."""
    return tuple(words) != tuple(asked), not " ".join(words).startswith(" ".join(asked))


# Titles


def _hits(
    db: Session, index: Titles, q: str, language: str, type_: str, most: int
) -> list[TitleHit]:
    try:
        return index.titles_beginning(q, language, type=type_, most=most * _LOOKED_AT)
    except IndexUnavailable:
        return _from_database(db, q, language, type_)[: most * _LOOKED_AT]


def _from_database(db: Session, q: str, language: str, type_: str) -> list[TitleHit]:
    """What the index would say, from the newest titles."""
    *whole, last = folded_words(q)
    hits = [
        _hit(type_, titles, language)
        for titles in _titles(db, type_)
        if (words := {word for *_, text in titles for word in _words(text.value)}).issuperset(whole)
        and any(word.startswith(last) for word in words)
    ]
    return sorted(hits, key=lambda hit: (len(hit.title), hit.title, hit.number))


# Number, slug, original language, and a title.
_Title = tuple[int | None, str, str, Text]


def _titles(db: Session, type_: str) -> Iterator[list[_Title]]:
    """The titles of each published listing."""
    table, owner = texted(type_)
    rows = db.exec(
        select(table.id, table.slug, table.language, Text)
        .join(Text, owner == table.id)
        .where(col(table.state) == ListingState.PUBLISHED, Text.field == "title")
        .order_by(col(table.id).desc(), col(Text.id))
        .limit(_MOST_TITLES)
    ).all()
    for _, titles in groupby(rows, key=itemgetter(0)):
        yield list(titles)


def _hit(type_: str, titles: list[_Title], language: str) -> TitleHit:
    number, slug, original, _ = titles[0]
    there = {text.language: text.value for *_, text in titles}
    return TitleHit.of(type_, number or 0, slug, there, language, original)


def _still_on(db: Session, hits: list[TitleHit], now: datetime) -> list[TitleHit]:
    """Opportunities but those that are over or called off; what never had a date goes on."""
    numbers = [hit.number for hit in hits]
    if not numbers:
        return []
    coming = select(Occurrence.opportunity_id).where(
        col(Occurrence.opportunity_id).in_(numbers),
        col(Occurrence.end) > now,
        col(Occurrence.status) == OccurrenceStatus.SCHEDULED,
    )
    dated = select(Schedule.opportunity_id).where(col(Schedule.opportunity_id).in_(numbers))
    on = set(db.exec(coming.distinct()).all()) | (set(numbers) - set(db.exec(dated.distinct())))
    return [hit for hit in hits if hit.number in on]


def _titled(hits: Iterable[TitleHit], most: int) -> tuple[Suggestion, ...]:
    """The first few listings; of those that are called the same, one."""
    by_title: dict[tuple[str, ...], Suggestion] = {}
    for hit in hits:
        suggestion = Suggestion(hit.type, hit.slug, hit.title, hit.language)
        by_title.setdefault(_words(hit.title), suggestion)
    return tuple(by_title.values())[:most]
