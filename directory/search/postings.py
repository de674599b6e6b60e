"""Postings: for each term the documents it stands in, how much that says, and where it stands.

Terms are known by a 64-bit hash of language and term, so one ``searchsorted`` looks up a whole
question. Two terms of a million share a hash with a chance below one in ten million.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from directory.search import runs
from directory.search.store import Array

# BM25F (Robertson and Zaragoza, 2009): how soon repetition stops to matter, and how much length does.
K1, B = 1.2, 0.75
# A word in the title says what a listing is, and counts the more for the title being short.
TITLE = 1.25
ABOUT = "about"
# Titles stand before place 512, texts behind it, so that no phrase runs from one into the other.
_TEXT_PLACE = 512
# A place has 16 bits; the bits above keep one document's places apart from the next one's.
_PLACE_BITS = 20
# So many documents are looked up faster in a table of all than in a sorted list.
_MANY = 1500
# A word that stands in a document at most so often is compared place by place.
_SELDOM = 8
_LAST_PLACE = 65_535

Frequencies = Callable[[Array], Array]


def term_hash(language: str, term: str) -> int:
    """The number a term of a language is known by."""
    return int.from_bytes(blake2b(f"{language}\0{term}".encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Statistics:
    """What is known of a collection, to weigh a term by.

    Attributes:
        documents: how many there are.
        lengths: language to how many documents have it, and the words of their titles and texts.
    """

    documents: int
    lengths: Mapping[str, tuple[int, int, int]]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of analysis in which there are texts, sorted."""
        return tuple(sorted(self.lengths.keys() - {ABOUT}))

    def __add__(self, other: "Statistics") -> "Statistics":
        """Two collections as one."""
        lengths = {
            language: tuple(
                a + b
                for a, b in zip(
                    self.lengths.get(language, (0, 0, 0)),
                    other.lengths.get(language, (0, 0, 0)),
                    strict=True,
                )
            )
            for language in {*self.lengths, *other.lengths}
        }
        return Statistics(self.documents + other.documents, lengths)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Postings(runs.Terms):
    """All terms of one segment; impacts are BM25 with the weights of title and text in it.

    Attributes:
        times: how often the term stands there, at most 255.
        place_starts: where each term's places begin.
        places: where it stands, title first, for each document one after the other.
    """

    GROUP = "postings"

    times: Array
    place_starts: Array
    places: Array

    def find(self, hashes: Sequence[int]) -> list[int]:
        """The place of each term, -1 for one that is not here."""
        wanted = np.array(hashes, dtype=np.uint64)
        at, there = runs.find(self.hashes, wanted)
        found: list[int] = np.where(there, at, -1).tolist()
        return found

    def where(self, place: int, documents: Array) -> tuple[Array, Array]:
        """A term's places in some of its documents: for each, the document, and the place."""
        begin, end = self.starts[place], self.starts[place + 1]
        at = np.searchsorted(self.documents[begin:end], documents)
        times = self.times[begin:end]
        ends = np.cumsum(times, dtype=np.int64)
        counts = times[at].astype(np.int64)
        owner = np.repeat(np.arange(len(documents)), counts)
        first = self.place_starts[place] + (ends[at] - counts)[owner]
        return documents[owner], self.places[first + runs.within(counts)]

    def in_a_row(self, terms: Sequence[int]) -> tuple[Array, Array]:
        """Documents in which some terms stand one after the other, and the terms' summed impacts."""
        documents, ranks = self._in_all(terms)
        begins, counts = zip(
            *(self._runs(term, rank) for term, rank in zip(terms, ranks, strict=True)), strict=True
        )
        seldom = np.logical_and.reduce([each <= _SELDOM for each in counts])
        found = np.zeros(len(documents), dtype=np.bool_)
        for some, meet in ((seldom, self._meet_seldom), (~seldom, self._meet_often)):
            at = np.flatnonzero(some)
            found[at] = meet([b.take(at) for b in begins], [c.take(at) for c in counts])
        kept = np.flatnonzero(found)
        impacts = [
            self.impacts[self.starts[term] :].take(rank.take(kept))
            for term, rank in zip(terms, ranks, strict=True)
        ]
        return documents.take(kept), np.asarray(sum(impacts[1:], impacts[0]))

    def _in_all(self, terms: Sequence[int]) -> tuple[Array, list[Array]]:
        """Documents in which all terms stand, and each term's rank of them among its own."""
        several = [self.term(term)[0] for term in terms]
        order = sorted(range(len(terms)), key=lambda n: len(several[n]))
        documents = several[order[0]]
        ranks = {order[0]: np.arange(len(documents))}
        for n in order[1:]:
            rank, there = _ranks(several[n], documents)
            kept = np.flatnonzero(there)
            documents = documents.take(kept)
            ranks = {each: old.take(kept) for each, old in ranks.items()}
            ranks[n] = rank.take(kept)
        return documents, [ranks[n] for n in range(len(terms))]

    def _runs(self, term: int, ranks: Array) -> tuple[Array, Array]:
        """Where a term's places begin for some of its documents, and how many there are of each."""
        times = self.times[self.starts[term] : self.starts[term + 1]]
        counts = times.take(ranks).astype(np.int64)
        ends = np.cumsum(times, dtype=np.int64).take(ranks)
        return self.place_starts[term] + ends - counts, counts

    def _meet_seldom(self, begins: Sequence[Array], counts: Sequence[Array]) -> Array:
        """For some documents, whether each word has a place right after one of the word before.

        Each place of the first word is compared with each of the others: of few there are few.
        """
        met = np.zeros(len(begins[0]), dtype=np.bool_)
        left = np.arange(len(met))
        for turn in range(_SELDOM):
            first = self.places.take(begins[0].take(left) + turn)
            hit = np.ones(len(left), dtype=np.bool_)
            for step, (begin, count) in enumerate(zip(begins[1:], counts[1:], strict=True), 1):
                hit &= self._stands(first + step, begin.take(left), count.take(left))
            met[left.take(np.flatnonzero(hit))] = True
            left = left.take(np.flatnonzero(~hit & (counts[0].take(left) > turn + 1)))
            if not len(left):
                break
        return met

    def _stands(self, wanted: Array, begins: Array, counts: Array) -> Array:
        """For some documents, whether one of few places is the wanted one."""
        found = np.asarray(self.places.take(begins) == wanted)
        for turn in range(1, int(counts.max(initial=0))):
            at = np.flatnonzero((counts > turn) & ~found)
            found[at] = self.places.take(begins.take(at) + turn) == wanted.take(at)
        return found

    def _meet_often(self, begins: Sequence[Array], counts: Sequence[Array]) -> Array:
        """The same, for words with many places: all of them are looked up at once."""
        ends: Array | None = None
        for step, (begin, count) in enumerate(zip(begins, counts, strict=True)):
            owner = np.repeat(np.arange(len(begin)), count)
            places = self.places.take(begin.take(owner) + runs.within(count))
            here = (owner << _PLACE_BITS) + places - step
            ends = here if ends is None else ends.take(np.flatnonzero(runs.held(here, ends)))
        met = np.zeros(len(begins[0]), dtype=np.bool_)
        if ends is not None:
            met[ends >> _PLACE_BITS] = True
        return met


def _ranks(ascending: Array, wanted: Array) -> tuple[Array, Array]:
    """Where each wanted document stands among ascending ones, and whether it does."""
    if len(wanted) < _MANY or not len(ascending):
        return runs.find(ascending, wanted)
    table = np.full(int(max(ascending[-1], wanted[-1])) + 1, -1, dtype=np.int32)
    table[ascending.astype(np.intp)] = np.arange(len(ascending), dtype=np.int32)
    rank = table.take(wanted)
    return rank, rank >= 0


@dataclass
class _Tokens:
    """The words of one language, document by document, titles before texts."""

    words: dict[str, int]
    numbers: list[int]
    documents: list[int]
    texts: list[bool]
    counts: list[int]

    @classmethod
    def none(cls) -> "_Tokens":
        return cls({}, [], [], [], [])

    def add(self, document: int, stream: str, *, text: bool) -> None:
        words = stream.split()
        known = self.words
        self.numbers.extend([known.setdefault(word, len(known)) for word in words])
        self.documents.append(document)
        self.texts.append(text)
        self.counts.append(len(words))


Streams = Mapping[str, tuple[str, str]]


def compile_postings(
    streams: Iterable[tuple[Streams, Sequence[str]]],
    *,
    others: Statistics,
    frequency: Frequencies,
) -> tuple[Postings, Statistics]:
    """Postings of documents in the order given, and what they add to the statistics.

    Args:
        streams: for each document its analysed words by language, and what it is about.
        others: statistics of the documents of all other segments.
        frequency: how many of those documents hold each of some terms, by hash.
    """
    tokens: dict[str, _Tokens] = {}
    size = 0
    for number, (words, about) in enumerate(streams):
        for language, (title, text) in words.items():
            into = tokens.setdefault(language, _Tokens.none())
            into.add(number, title, text=False)
            into.add(number, text, text=True)
        tokens.setdefault(ABOUT, _Tokens.none()).add(number, " ".join(about), text=False)
        size = number + 1
    own = Statistics(size, {lang: _lengths(each) for lang, each in tokens.items()})
    known = own + others
    parts = [_compile_language(lang, each, size, known, frequency) for lang, each in tokens.items()]
    return _joined(parts), own


def _lengths(tokens: _Tokens) -> tuple[int, int, int]:
    titles = sum(n for n, text in zip(tokens.counts, tokens.texts, strict=True) if not text)
    return len(set(tokens.documents)), titles, sum(tokens.counts) - titles


def _compile_language(
    language: str, tokens: _Tokens, size: int, known: Statistics, frequency: Frequencies
) -> dict[str, Array]:
    hashes, owner_of, term_of = _terms(language, tokens.words)
    counts = np.array(tokens.counts, dtype=np.int64)
    words = np.array(tokens.numbers, dtype=np.int64)
    documents = np.repeat(np.array(tokens.documents, dtype=np.int32), counts)
    in_text = np.repeat(np.array(tokens.texts, dtype=np.bool_), counts)
    places = runs.within(counts) + np.where(in_text, _TEXT_PLACE, 0)
    at, terms = _spread(words, owner_of, term_of)
    order = np.argsort(terms, kind="stable")
    at, terms = at[order], terms[order]
    documents, in_text, places = documents[at], in_text[at], places[at]
    first = np.flatnonzero(runs.firsts(terms) | runs.firsts(documents))
    tf_text = np.add.reduceat(in_text, first, dtype=np.int64) if len(first) else first
    times = np.diff(np.append(first, len(terms)))
    of_term = terms[first]
    df = np.bincount(of_term, minlength=len(hashes))
    weight = idf(known.documents, df + frequency(hashes))
    norm = _norms(language, tokens, size, known)
    impacts = _impacts(language, times - tf_text, tf_text, documents[first], norm)
    return {
        "hashes": hashes,
        "df": df,
        "documents": documents[first],
        "impacts": (impacts * weight[of_term]).astype(np.float32),
        "times": np.minimum(times, 255).astype(np.uint8),
        "kept": np.bincount(of_term, weights=np.minimum(times, 255), minlength=len(hashes)),
        "places": np.minimum(places, _LAST_PLACE).astype(np.uint16)[_kept(times)],
    }


def _terms(language: str, words: Mapping[str, int]) -> tuple[Array, Array, Array]:
    """Sorted hashes of a language's terms, and which of them each word is kept as."""
    owners, forms = [], []
    for word, number in words.items():
        for form in word.split("|"):
            owners.append(number)
            forms.append(form)
    all_hashes = np.array([term_hash(language, form) for form in forms], dtype=np.uint64)
    hashes, terms = np.unique(all_hashes, return_inverse=True)
    return hashes, np.array(owners, dtype=np.int64), terms


def _spread(words: Array, owners: Array, terms: Array) -> tuple[Array, Array]:
    """Each token once for each form of its word: the token's place, and the term."""
    starts = np.searchsorted(owners, np.arange(int(owners[-1]) + 2 if len(owners) else 1))
    forms = np.diff(starts)[words] if len(words) else words
    at = np.repeat(np.arange(len(words)), forms)
    return at, terms[starts[words[at]] + runs.within(forms)]


def _kept(times: Array) -> Array:
    """Which places are kept: the first 255 of each posting."""
    return np.asarray(runs.within(times) < 255)  # noqa: PLR2004 - of a byte


def idf(documents: int, frequencies: Array) -> Array:
    """How much a term says: ln(1 + (N - n + 0.5) / (n + 0.5)), after Robertson and Spärck Jones."""
    missing = np.maximum(documents - frequencies, 0)
    return np.asarray(np.log1p((missing + 0.5) / (frequencies + 0.5)))


def saturated(times: Array) -> Array:
    """BM25F: times in all fields together, each by its weight and length, before they saturate."""
    return np.asarray(times * (K1 + 1) / (times + K1))


def _norms(language: str, tokens: _Tokens, size: int, known: Statistics) -> tuple[Array, Array]:
    """For each document how long its title and its text are, against the language's average."""
    held, titles, texts = known.lengths[language]
    found = []
    for text, total in ((False, titles), (True, texts)):
        lengths = np.zeros(size)
        pairs = zip(tokens.documents, tokens.counts, tokens.texts, strict=True)
        for document, count, is_text in pairs:
            if is_text == text:
                lengths[document] = count
        found.append(1 - B + B * lengths * max(held, 1) / max(total, 1))
    return found[0], found[1]


def _impacts(
    language: str, tf_title: Array, tf_text: Array, documents: Array, norm: tuple[Array, Array]
) -> Array:
    if language == ABOUT:
        return np.ones(len(documents))
    return saturated(TITLE * tf_title / norm[0][documents] + tf_text / norm[1][documents])


def _joined(parts: Sequence[dict[str, Array]]) -> Postings:
    """Several languages' terms as one, in order of their hashes."""
    hashes = np.concatenate([p["hashes"] for p in parts] or [np.zeros(0, dtype=np.uint64)])
    order = np.argsort(hashes, kind="stable")
    df = np.concatenate([p["df"] for p in parts] or [np.zeros(0)])[order].astype(np.int64)
    kept = np.concatenate([p["kept"] for p in parts] or [np.zeros(0)])[order].astype(np.int64)
    return Postings(
        hashes=hashes[order],
        starts=np.concatenate(([0], np.cumsum(df))),
        documents=_gathered(parts, "documents", "df", order, np.int32),
        impacts=_gathered(parts, "impacts", "df", order, np.float32),
        times=_gathered(parts, "times", "df", order, np.uint8),
        place_starts=np.concatenate(([0], np.cumsum(kept))),
        places=_gathered(parts, "places", "kept", order, np.uint16),
    )


def _gathered(
    parts: Sequence[dict[str, Array]], name: str, counts: str, order: Array, kind: Any
) -> Array:
    """The runs of all terms, moved into the order of the hashes."""
    if not parts:
        return np.zeros(0, dtype=kind)
    values = np.concatenate([part[name] for part in parts])
    lengths = np.concatenate([part[counts] for part in parts]).astype(np.int64)
    return values[runs.in_order(lengths, order)].astype(kind, copy=False)
