"""Plain search: the same answers without an index, slower, from documents at hand."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from directory.search.analysis import alternatives, field_language
from directory.search.columns import compile_columns
from directory.search.documents import Document
from directory.search.evaluation import Found, Matched, evaluate
from directory.search.grammar import Ask, Piece
from directory.search.request import SearchRequest


def search_documents(
    documents: Sequence[Document], request: SearchRequest, *, most_places: int = 0
) -> Found:
    """Answer a request by reading every document; a title counts four times."""
    columns = compile_columns([document.facts() for document in documents])
    live = np.ones(columns.size, dtype=np.bool_)
    matched = _match(documents, request.ask) if request.ask else None
    return evaluate(columns, live, request, matched, most_places)


def _match(documents: Sequence[Document], ask: Ask) -> Matched:
    scores = np.array([_score(document, ask) for document in documents], dtype=np.float64)
    found = np.flatnonzero(scores > 0)
    return Matched(found, scores[found])


def _score(document: Document, ask: Ask) -> float:
    @cache
    def held(language: str) -> tuple[frozenset[str], frozenset[str]]:
        """Terms of the title, and of everything else, of one language's texts."""
        titles: list[str] = []
        rest: list[str] = []
        for texts, into in (
            (document.titles, titles),
            (document.texts, rest),
            (document.topic_words, rest),
        ):
            for each in alternatives(texts.get(language, ""), field_language(language)):
                into.extend(each)
        return frozenset(titles), frozenset(rest)

    tags = {*document.titles, *document.texts, *document.topic_words}

    def counts(piece: Piece) -> float:
        best = 0.0
        for tag in tags:
            wanted = alternatives(piece.text, field_language(tag))
            title, rest = held(tag)
            if wanted and all(any(t in title or t in rest for t in forms) for forms in wanted):
                in_title = all(any(t in title for t in forms) for forms in wanted)
                best = max(best, 4.0 if in_title else 1.0)
        return best

    if any(counts(piece) for piece in ask.excluded):
        return 0.0
    groups = [max(counts(piece) for piece in group) for group in ask.needed]
    return 0.0 if not all(groups) else sum(groups) or 1.0
