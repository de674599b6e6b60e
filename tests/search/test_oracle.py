"""Whoosh's own searcher, over the same segments, finds the same listings in the same order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q
from whoosh.index import open_dir
from whoosh.reading import IndexReader

from directory.search.analysis import positions
from directory.search.documents import Document
from directory.search.grammar import Ask, Piece, parse
from directory.search.index import Index
from directory.search.postings import K1, TITLE, B, idf
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


def by_formula(index: Index, listed: list[Document], ask: Ask) -> dict[str, float]:
    """The formula of ``postings`` over what Whoosh counts: its matches, frequencies and weights."""
    opened = open_dir(str(index._current()))
    with opened.searcher() as searcher:
        reader = searcher.reader()
        keys = [reader.stored_fields(n)["key"] for n in range(reader.doc_count_all())]
        kept = {key: reader.stored_fields(n)["kept"][1] for n, key in enumerate(keys)}
        scores = dict.fromkeys(keys, 0.0)
        for language, spellings in _forms(ask):
            best = dict.fromkeys(keys, 0.0)
            for form in spellings:
                found = _of_term(reader, keys, kept, language, form, len(listed))
                best |= {key: max(best[key], score) for key, score in found.items()}
            for key, score in best.items():
                scores[key] += score
    return scores


def _of_term(
    reader: IndexReader,
    keys: list[str],
    kept: dict[str, dict[str, tuple[str, str]]],
    language: str,
    form: str,
    listed: int,
) -> dict[str, float]:
    """BM25F of one term in every document that has it."""
    times: dict[str, dict[str, float]] = {}
    for part in ("title", "text"):
        field = f"{part}_{language}"
        if (field, form) in reader:
            matcher = reader.postings(field, form)
            while matcher.is_active():
                times.setdefault(keys[matcher.id()], {})[part] = matcher.weight()
                matcher.next()
    weight = float(idf(listed, np.array(len(times))))
    scores = {}
    for key, each in times.items():
        lengths = [len(s.split()) for s in kept[key][language]]
        fields = zip((TITLE, 1), ("title", "text"), lengths, _averages(kept, language), strict=True)
        tf = sum(
            share * each.get(part, 0) / (1 - B + B * length / average)
            for share, part, length, average in fields
        )
        scores[key] = weight * tf * (K1 + 1) / (tf + K1)
    return scores


def _averages(kept: dict[str, dict[str, tuple[str, str]]], language: str) -> list[float]:
    having = [streams[language] for streams in kept.values() if language in streams]
    return [sum(len(s[n].split()) for s in having) / len(having) for n in (0, 1)]


def _forms(ask: Ask) -> Iterator[tuple[str, tuple[str, ...]]]:
    for group in ask.needed:
        for piece in group:
            for language in ("en", "es"):
                for forms in positions(piece.text, language):
                    yield language, forms


def expected(index: Index, ask: Ask) -> set[str]:
    """What Whoosh finds; what is excluded is asked for apart and taken away."""
    written = languages_written(index)
    groups = [list(_terms(group, written)) for group in ask.needed]
    # A word that is a stop word in every language there is, is not asked for.
    needed = [q.Or(terms) for terms in groups if terms]
    if ask.needed and not needed:
        return set()
    excluded = [term for piece in ask.excluded for term in _terms((piece,), written)]
    out = by_whoosh(index, q.Or(excluded)) if excluded else set()
    return by_whoosh(index, q.And(needed) if needed else q.Every()) - out


def languages_written(index: Index) -> list[str]:
    """The languages in which any listing has words."""
    opened = open_dir(str(index._current()))
    with opened.searcher() as searcher:
        fields = {name for name, _ in searcher.reader().all_terms()}
    return [lang for lang in ("en", "es") if {f"title_{lang}", f"text_{lang}"} & fields]


def _terms(group: tuple[Piece, ...], written: list[str]) -> Iterator[q.Query]:
    for piece in group:
        for language in written:
            for forms in positions(piece.text, language):
                for form in forms:
                    yield q.Term(f"title_{language}", form)
                    yield q.Term(f"text_{language}", form)


def by_whoosh(index: Index, query: q.Query) -> set[str]:
    opened = open_dir(str(index._current()))
    with opened.searcher() as searcher:
        return {hit["key"] for hit in searcher.search(query, limit=None)}


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
    assert set(found.keys) == expected(index, ask)
    scores = by_formula(index, listed, ask)
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
    assert set(found.keys) == expected(index, ask)
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
