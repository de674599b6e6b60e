"""Titles: listings by the beginning of their title, and the word that was probably meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from directory import languages
from directory.search.analysis import folded_words
from directory.search.answer import Live
from directory.search.segment import Segment
from directory.search.spelling import Correction
from directory.search.store import Array

# An unfinished word may begin thousands of words; the first so many titles are enough to choose from.
_MOST_LOOKED_AT = 2000


@dataclass(frozen=True)
class TitleHit:
    """A listing whose title was found."""

    type: str
    number: int
    slug: str
    title: str
    language: str

    @classmethod
    def of(
        cls,
        type_: str,
        number: int,
        slug: str,
        titles: Mapping[str, str],
        language: str,
        original: str,
    ) -> "TitleHit":
        """A hit with the title a reader of a language sees."""
        tag = languages.chosen(titles, language, original) or original
        return cls(type_, number, slug, titles.get(tag, ""), tag)


def beginning(
    segments: Sequence[Live], q: str, language: str, *, type_: str, most: int
) -> list[TitleHit]:
    """Listings of a type with all words of ``q`` in the title; the last may be unfinished.

    Shorter titles come first: they say more of what was typed.
    """
    words = list(folded_words(q))
    if not words:
        return []
    found = [
        _hit(segment, n, language, type_)
        for segment, live in segments
        for n in _titled(segment, words).tolist()
        if (live is None or live[n]) and segment.type(n) == type_
    ]
    return sorted(found, key=lambda hit: (len(hit.title), hit.title, hit.number))[:most]


def correction(segments: Sequence[Live], word: str) -> Correction | None:
    """What was probably meant by a word that no segment holds; the surest of all segments."""
    asked = "".join(folded_words(word))
    if not asked or any(segment.vocabulary.frequency(asked) for segment, _ in segments):
        return None
    found = [c for segment, _ in segments if (c := segment.vocabulary.correction(asked))]
    return max(found, key=lambda c: c.confidence, default=None)


def _titled(segment: Segment, words: Sequence[str]) -> Array:
    """Documents whose title has all words, the last as a beginning."""
    starts, documents = segment.named
    low, high = segment.vocabulary.range(words[-1])
    found = np.unique(documents[starts[low] : starts[high]])
    for word in words[:-1]:
        low, high = segment.vocabulary.range(word, whole=True)
        found = np.intersect1d(found, documents[starts[low] : starts[high]], assume_unique=True)
    return found[:_MOST_LOOKED_AT]


def _hit(segment: Segment, document: int, language: str, type_: str) -> TitleHit:
    shown = segment.shown(document)
    return TitleHit.of(
        type_, segment.number(document), shown["slug"], shown["title"], language, shown["language"]
    )
