"""Whoosh's own searcher, over the same segments, finds the same listings in the same order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import log
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q
from whoosh.index import open_dir
from whoosh.matching import Matcher
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from directory.search.analysis import positions
from directory.search.documents import Document
from directory.search.grammar import Ask, Piece, parse
from directory.search.index import Index
from directory.search.matching import ABOUT_WEIGHT
from directory.search.postings import ABOUT, K1, TEXT, TITLE, B
from directory.search.request import SearchRequest
from tests.factories import rebuild, write

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
WORDS = {
    "es": [
        "taller",
        "barro",
        "torno",
        "huerto",
        "semillas",
        "acordes",
        "guitarra",
        "río",
        "molino",
        "pan",
        "talleres",
        "guitarras",
    ],
    "en": [
        "workshop",
        "clay",
        "wheel",
        "garden",
        "seeds",
        "chords",
        "guitar",
        "river",
        "mill",
        "bread",
        "workshops",
        "guitars",
    ],
}


def text(language: str, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=most).map(" ".join)


documents = st.lists(
    st.sampled_from(["es", "en"]).flatmap(
        lambda lang: st.tuples(
            st.just(lang), text(lang, 4), text(lang, 20), st.sampled_from(["topic:clay", "topic:x"])
        )
    ),
    min_size=2,
    max_size=25,
).map(
    lambda rows: [
        Document("opportunity", n, lang, {lang: title}, {lang: body}, about=(about,))
        for n, (lang, title, body, about) in enumerate(rows, start=1)
    ]
)
pieces = st.one_of(
    st.sampled_from(WORDS["es"] + WORDS["en"]),
    st.sampled_from(WORDS["es"]).map(lambda word: f"-{word}"),
    st.just("OR"),
)
questions = st.lists(pieces, min_size=1, max_size=4).map(" ".join)


class Formula(WeightingModel):  # type: ignore[misc]
    """The formula of ``postings``, said in Whoosh's terms."""

    def scorer(self, searcher: Searcher, field: str, term: bytes, qf: int = 1) -> "Scorer":
        del qf
        return Scorer(searcher, field, term)


class Scorer(BaseScorer):  # type: ignore[misc]
    """BM25 of one field, with the frequency of the term in any field of the language."""

    def __init__(self, searcher: Searcher, field: str, term: bytes) -> None:
        whole = searcher.get_parent()
        part, _, language = field.partition("_")
        fields = [field] if part == ABOUT else [f"title_{language}", f"text_{language}"]
        text_ = term.decode() if isinstance(term, bytes) else term
        reader = whole.reader()
        holding = {
            n for f in fields if (f, text_) in reader for n in reader.postings(f, text_).all_ids()
        }
        having = {
            n for n in range(whole.doc_count_all()) for f in fields if reader.doc_field_length(n, f)
        }
        self.idf = log(whole.doc_count_all() / (len(holding) + 1)) + 1
        # Whoosh counts each spelling of a word and rounds lengths to a byte; we count words.
        kept = [searcher.stored_fields(n)["kept"] for n in range(searcher.doc_count_all())]
        nth = 0 if part == "title" else 1
        self.lengths = [len(k[1].get(language, ("", ""))[nth].split()) for k in kept]
        self.average = sum(self.lengths) / max(len(having), 1)
        self.weight = {"title": TITLE, "text": TEXT, ABOUT: ABOUT_WEIGHT}[part]
        self.about = part == ABOUT

    def score(self, matcher: Matcher) -> float:
        if self.about:
            return self.weight * self.idf
        weight, length = matcher.weight(), self.lengths[matcher.id()]
        norm = K1 * (1 - B + B * length / self.average)
        return self.weight * self.idf * weight * (K1 + 1) / (weight + norm)


def expected(index: Index, ask: Ask) -> dict[str, float]:
    """What Whoosh finds, and how well; what is excluded is asked for apart and taken away."""
    needed = [q.Or(list(_terms(group))) for group in ask.needed]
    excluded = [term for piece in ask.excluded for term in _terms((piece,))]
    out = set(by_whoosh(index, q.Or(excluded))) if excluded else set()
    found = by_whoosh(index, q.And(needed) if needed else q.Every())
    return {key: score for key, score in found.items() if key not in out}


def _terms(group: tuple[Piece, ...]) -> Iterator[q.Query]:
    for piece in group:
        for language in ("en", "es"):
            for forms in positions(piece.text, language):
                for form in forms:
                    yield q.Term(f"title_{language}", form)
                    yield q.Term(f"text_{language}", form)


def by_whoosh(index: Index, query: q.Query) -> dict[str, float]:
    opened = open_dir(str(index._current()))
    with opened.searcher(weighting=Formula()) as searcher:
        hits = searcher.search(query, limit=None)
        return {hit["key"]: hit.score for hit in hits}


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents, questions)
def test_matches_and_scores_are_whooshs(
    tmp_path_factory: pytest.TempPathFactory, listed: list[Document], question: str
) -> None:
    index = Index(tmp_path_factory.mktemp("oracle"))
    rebuild(index, listed)
    ask = parse(question)
    if not ask:
        return
    found = index.search(SearchRequest(now=NOW, ask=ask, ui_language="es", per_page=100))
    scores = expected(index, ask)
    assert set(found.keys) == set(scores)
    if ask.needed:
        for placed in found.page:
            key = placed.part.segment.key(placed.document)
            assert placed.score == pytest.approx(scores[key], rel=1e-4)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents, documents, questions)
def test_several_segments_match_as_whoosh_does(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[Document],
    second: list[Document],
    question: str,
) -> None:
    index = Index(tmp_path_factory.mktemp("oracle"))
    rebuild(index, first)
    write(index, second, gone=["opportunity-1"] if len(second) % 2 else [])
    ask = parse(question)
    if not ask:
        return
    found = index.search(SearchRequest(now=NOW, ask=ask, ui_language="es", per_page=100))
    assert set(found.keys) == set(expected(index, ask))
    assert found.total == len(set(found.keys))


def phrase_holds(document: Document, words: list[str]) -> bool:
    runs = [
        [set(forms) for forms in positions(texts.get(document.language, ""), document.language)]
        for texts in (document.titles, document.texts)
    ]
    asked = [set(f) for word in words for f in positions(word, document.language)]
    return any(
        all(run[at + n] & forms for n, forms in enumerate(asked))
        for run in runs
        for at in range(len(run) - len(asked) + 1)
    )


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents, st.lists(st.sampled_from(WORDS["es"]), min_size=2, max_size=3))
def test_a_phrase_is_found_where_its_words_stand_in_a_row(
    tmp_path: Path, listed: list[Document], words: list[str]
) -> None:
    index = Index(tmp_path / f"{hash((str(listed), *words))}")
    rebuild(index, listed)
    asked = SearchRequest(now=NOW, ask=parse(f'"{" ".join(words)}"'), ui_language="es", per_page=99)
    holding = {document.key for document in listed if phrase_holds(document, words)}
    assert set(index.search(asked).keys) == holding
