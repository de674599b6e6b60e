"""Matching: which documents of a segment answer the words of a question, and how well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce

import numpy as np

from directory.search import runs
from directory.search.analysis import OTHER, folded_words, forms, positions, spans
from directory.search.grammar import Ask, Piece
from directory.search.letters import FAMILY, GRAM, WEIGHTS, family, grams
from directory.search.lexicon import Lexicon
from directory.search.postings import ABOUT, Postings, term_hash
from directory.search.segment import Segment
from directory.search.store import Array

# What a listing is about says more than a word of its text, and less than one of its title.
ABOUT_WEIGHT = 1.5
# Close matches score at least this share of the best, and of what all letters asked for would give.
CLOSE_TO_BEST = 0.3
CLOSE_TO_ASKED = 0.1
# Two hundred letters of a script without spaces are as many pairs; so many of them are looked up.
MOST_IN_A_ROW = 16
MOST_WORDS = 24
# Of names that are close to a question, so many are looked up.
MOST_NAMES = 50
# A reader who adds up few long lists does so faster by document than by sorting them.
_DENSE = 16
# So many numbers are looked up faster in a table of all documents than in a sorted list.
_MANY = 1500


@dataclass(frozen=True)
class Matched:
    """Documents in ascending order, and their scores."""

    documents: Array
    scores: Array


@dataclass(frozen=True)
class Alternative:
    """One way a piece of a question may be met: a term, or several in a row."""

    hashes: tuple[tuple[int, ...], ...]
    weight: float = 1.0
    about: bool = False


Group = tuple[Alternative, ...]


@dataclass(frozen=True)
class Plan:
    """A question in terms of a segment's postings.

    Attributes:
        needed: groups of alternatives; every group must be met (or one, when not ``every``).
        excluded: none may be met.
        empty: there were words, but none that can be looked up.
    """

    needed: tuple[Group, ...]
    excluded: Group
    every: bool = True
    empty: bool = False

    @property
    def asks_about(self) -> bool:
        """Whether anything may be met by what a listing is about."""
        return any(way.about for group in self.needed for way in group)

    def own_words(self) -> "Plan":
        """Any of the words, looked for in the listings' own texts alone."""
        ways = tuple(way for group in self.needed for way in group if not way.about)
        return Plan((ways,) if ways else (), (), every=False, empty=not ways)


def plan(ask: Ask, languages: Sequence[str], preferred: str, lexicon: Lexicon) -> Plan:
    """Look up a question's words in every language there is.

    Args:
        ask: the question.
        languages: of analysis, in which there are texts.
        preferred: the reader's; a piece that is only stop words there is not asked for.
        lexicon: names of topics, formats and kinds.
    """
    needed = []
    for pieces in ask.needed:
        meant = [p for p in pieces if p.phrase or positions(p.text, preferred)]
        ways = [way for piece in meant for way in _ways(piece, languages, lexicon)]
        if ways:
            needed.append(tuple(ways))
    excluded = [way for piece in ask.excluded for way in _ways(piece, languages, lexicon)]
    empty = not needed and (bool(ask.needed) or not excluded)
    return Plan(tuple(needed), tuple(excluded), empty=empty)


def _ways(piece: Piece, languages: Sequence[str], lexicon: Lexicon) -> list[Alternative]:
    ways: list[Alternative] = []
    about: set[str] = set()
    for language in languages:
        run = positions(piece.text, language)[:MOST_IN_A_ROW]
        if run:
            hashes = tuple(tuple(term_hash(language, f) for f in forms) for forms in run)
            ways.append(Alternative(hashes))
        if len(run) == 1:
            about |= lexicon.named(run[0], language)
        elif run:
            about |= lexicon.phrased(tuple(run), language)
    ways.extend(
        Alternative(((term_hash(ABOUT, key),),), ABOUT_WEIGHT, about=True) for key in sorted(about)
    )
    return ways


def match_close(
    segment: Segment,
    ask: Ask,
    plan: Plan,
    *,
    preferred: str,
    about: Mapping[str, float],
) -> Matched:
    """Documents whose words are like those asked for, though not all of them are there.

    Stems of any of the words, letters alike, and what listings are about, added up. What is far
    from the best, or has little of what was asked, is left out.

    Args:
        segment: the documents.
        ask: the question.
        plan: the question in terms of the segment's postings.
        preferred: the reader's language, whose stop words are not asked for.
        about: what is called something close to the question, and how close.
    """
    postings, size = segment.postings, segment.size
    words = asked_words(ask, preferred)
    families = asked_families(ask, preferred, segment.statistics.languages)
    asked = {GRAM: words, FAMILY: families}
    scores = segment.letters.scores(asked, size)
    some = match(postings, size, plan.own_words())
    scores[some.documents] += some.scores
    places = postings.find([term_hash(ABOUT, key) for key in about])
    for place, score in zip(places, about.values(), strict=True):
        if place >= 0:
            scores[postings.term(place)[0]] += score
    look = _Look(postings, plan)
    for way in plan.excluded:
        scores[look.alternative(way).documents] = 0
    least = max(CLOSE_TO_BEST * float(scores.max(initial=0)), CLOSE_TO_ASKED * _whole(asked, size))
    documents = np.flatnonzero(scores >= max(least, 1e-6)).astype(np.int32)
    return Matched(documents, scores[documents])


def close_names(lexicon: Lexicon, ask: Ask, preferred: str) -> dict[str, float]:
    """What is called something close to the question in any language, and how close it is."""
    names = lexicon.names
    planned = plan(replace(ask, excluded=()), names.statistics.languages, OTHER, lexicon)
    found = match_close(names, ask, planned, preferred=preferred, about={})
    best: dict[str, float] = {}
    for document, score in zip(found.documents.tolist(), found.scores.tolist(), strict=True):
        key = lexicon.named_keys[document]
        best[key] = max(best.get(key, 0.0), score)
    most = sorted(best.items(), key=lambda pair: -pair[1])[:MOST_NAMES]
    return dict(most)


def asked_words(ask: Ask, preferred: str) -> list[str]:
    """The words of a question as they are written, folded; no stop words, and none it excludes."""
    meant = [
        folded
        for text in _texts(ask)
        for word, folded in zip(spans(text), folded_words(text), strict=True)
        if forms(word[0], preferred)
    ]
    return (meant or [w for text in _texts(ask) for w in folded_words(text)])[:MOST_WORDS]


def asked_families(ask: Ask, preferred: str, languages: Sequence[str]) -> list[str]:
    """The families of a question's words, in each language there is."""
    words = [word for text in _texts(ask) for word, _, _ in spans(text) if forms(word, preferred)]
    kept = [
        found
        for word in words[:MOST_WORDS]
        for language in languages
        if (found := forms(word, language))
    ]
    return list(dict.fromkeys(map(family, kept)))


def _texts(ask: Ask) -> Iterable[str]:
    return (piece.text for group in ask.needed for piece in group)


def _whole(asked: Mapping[str, Sequence[str]], size: int) -> float:
    """About what a document would score that has every letter asked for, each being rare."""
    grams_ = len({gram for word in asked[GRAM] for gram in grams(word)})
    terms = WEIGHTS[GRAM] * grams_ + WEIGHTS[FAMILY] * len(asked[GRAM])
    return float(terms * np.log1p(size))


def match(postings: Postings, size: int, plan: Plan) -> Matched:
    """The documents that meet a plan, of ``size`` documents."""
    look = _Look(postings, plan)
    if plan.empty:
        found = _NOTHING
    elif not plan.needed:
        found = Matched(np.arange(size, dtype=np.int32), np.zeros(size, dtype=np.float32))
    elif plan.every:
        fewest, *others = sorted(plan.needed, key=look.most)
        found = reduce(partial(look.narrowed, size=size), others, look.group(fewest, size))
    else:
        found = _either([look.group(group, size) for group in plan.needed], size)
    for way in plan.excluded:
        found = _without(found, look.alternative(way).documents)
    return found


def holding(postings: Postings, plan: Plan, documents: Array) -> Array:
    """Which of a few ascending documents any needed way of a plan is met in."""
    look = _Look(postings, plan)
    found = np.zeros(len(documents), dtype=np.bool_)
    for way in (way for group in plan.needed for way in group):
        found |= runs.held(look.alternative(way).documents, documents)
    return found


class _Look:
    """Finds all terms of a plan at once."""

    def __init__(self, postings: Postings, plan: Plan) -> None:
        self.postings = postings
        wanted = dict.fromkeys(
            number
            for group in (*plan.needed, plan.excluded)
            for way in group
            for forms in way.hashes
            for number in forms
        )
        self.places = dict(zip(wanted, postings.find(list(wanted)), strict=True))

    def group(self, ways: Group, size: int) -> Matched:
        found = [m for way in ways if len((m := self.alternative(way)).documents)]
        return _either(found, size)

    def most(self, group: Group) -> int:
        """How many documents may meet a group, counting some twice."""
        return sum(
            min(
                sum(
                    self.postings.size(place) for form in forms if (place := self.places[form]) >= 0
                )
                for forms in way.hashes
            )
            for way in group
        )

    def narrowed(self, found: Matched, group: Group, *, size: int) -> Matched:
        """Of the documents found, those that meet a group too, with the sum of the scores."""
        if not len(found.documents):
            return found
        at_of = np.full(size, -1, dtype=np.int32)
        at_of[found.documents.astype(np.intp)] = np.arange(len(found.documents), dtype=np.int32)
        scores = np.zeros(len(found.documents), dtype=np.float32)
        for way in group:
            other = self.alternative(way)
            at = at_of.take(other.documents)
            kept = np.flatnonzero(at >= 0)
            at = at.take(kept)
            scores[at] = scores.take(at) + other.scores.take(kept)
        kept = np.flatnonzero(scores > 0)
        return Matched(found.documents.take(kept), found.scores.take(kept) + scores.take(kept))

    def alternative(self, way: Alternative) -> Matched:
        if len(way.hashes) > 1:
            return self._phrase(way)
        places = [place for form in way.hashes[0] if (place := self.places[form]) >= 0]
        if not places:
            return _NOTHING
        found = self._any(places)
        return found if way.weight == 1 else Matched(found.documents, found.scores * way.weight)

    def _phrase(self, way: Alternative) -> Matched:
        """Documents where the words stand one after the other; the score is that of the words."""
        words = [
            [found for form in forms if (found := self.places[form]) >= 0] for forms in way.hashes
        ]
        if not all(words):
            return _NOTHING
        if all(len(places) == 1 for places in words):
            return Matched(*self.postings.in_a_row([places[0] for places in words]))
        with_all = reduce(_both, sorted(map(self._any, words), key=lambda m: len(m.documents)))
        ends: Array | None = None
        for step, places in enumerate(words):
            here = self._positions(places, with_all.documents) - step
            ends = here if ends is None else ends[runs.held(here, ends)]
        assert ends is not None  # noqa: S101 - a phrase has words
        documents = ends >> _PLACE_BITS
        documents = documents[runs.firsts(documents)]
        return _only(with_all, documents)

    def _any(self, places: Sequence[int]) -> Matched:
        """Documents with any of a word's terms; of two spellings of it the better counts."""
        if len(places) == 1:
            return Matched(*self.postings.term(places[0]))
        several = [self.postings.term(place) for place in places]
        documents = np.concatenate([each for each, _ in several])
        order = np.argsort(documents, kind="stable")
        documents = documents.take(order)
        first = np.flatnonzero(runs.firsts(documents))
        scores = np.concatenate([impacts for _, impacts in several]).take(order)
        return Matched(documents.take(first), np.maximum.reduceat(scores, first))

    def _positions(self, places: Sequence[int], documents: Array) -> Array:
        """Document and place of each occurrence of a word as one ascending number."""
        found = []
        for place in places:
            of, _ = self.postings.term(place)
            where, at = self.postings.where(place, documents[runs.held(of, documents)])
            found.append((where.astype(np.int64) << _PLACE_BITS) + at)
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


# A place has 16 bits; one bit more keeps a phrase's earlier words from reaching the document before.
_PLACE_BITS = 20
_NOTHING = Matched(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


def _only(found: Matched, documents: Array) -> Matched:
    """Some of the documents found; all of them are among those."""
    at = np.searchsorted(found.documents, documents)
    return Matched(found.documents.take(at), found.scores.take(at))


def _both(a: Matched, b: Matched) -> Matched:
    """Documents in both, the fewer first, with the sum of their scores."""
    if not len(a.documents) or not len(b.documents):
        return _NOTHING
    if len(a.documents) > _MANY:
        # Every score is above nothing, so one that is there is told from one that is not.
        spread = np.zeros(int(max(a.documents[-1], b.documents[-1])) + 1, dtype=np.float32)
        spread[b.documents.astype(np.intp)] = b.scores
        other = spread.take(a.documents)
        kept = np.flatnonzero(other > 0)
        return Matched(a.documents.take(kept), a.scores.take(kept) + other.take(kept))
    at, there = runs.find(b.documents, a.documents)
    kept = np.flatnonzero(there)
    return Matched(a.documents.take(kept), a.scores.take(kept) + b.scores.take(at.take(kept)))


def _either(several: Sequence[Matched], size: int) -> Matched:
    """Documents in any, with the sum of their scores."""
    several = [each for each in several if len(each.documents)]
    if len(several) <= 1:
        return several[0] if several else _NOTHING
    total = sum(len(m.documents) for m in several)
    if total * _DENSE > size:
        return _by_document(several, size)
    documents = np.concatenate([m.documents for m in several])
    scores = np.concatenate([m.scores for m in several])
    order = np.argsort(documents, kind="stable")
    documents = documents.take(order)
    first = np.flatnonzero(runs.firsts(documents))
    return Matched(documents.take(first), np.add.reduceat(scores.take(order), first))


def _by_document(several: Sequence[Matched], size: int) -> Matched:
    most, *others = sorted(several, key=lambda each: -len(each.documents))
    scores = np.zeros(size, dtype=np.float32)
    scores[most.documents.astype(np.intp)] = most.scores
    for each in others:
        at = each.documents.astype(np.intp)
        scores[at] = scores.take(at) + each.scores
    documents = np.flatnonzero(scores > 0)
    return Matched(documents.astype(np.int32), scores.take(documents))


def _without(found: Matched, documents: Array) -> Matched:
    if len(found.documents) > _MANY:
        there = np.zeros(
            int(max(found.documents[-1], documents.max(initial=0))) + 1, dtype=np.bool_
        )
        there[documents.astype(np.intp)] = True
        kept = np.flatnonzero(~there.take(found.documents))
    else:
        kept = np.flatnonzero(~runs.held(documents, found.documents))
    return Matched(found.documents.take(kept), found.scores.take(kept))
