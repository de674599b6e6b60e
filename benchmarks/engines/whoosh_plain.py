"""Whoosh as its documentation shows it: language analyzers, BM25F, a filter, grouping by facets."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh import query as q
from whoosh.analysis import LanguageAnalyzer
from whoosh.fields import BOOLEAN, ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.sorting import Count, Facets, FieldFacet

from directory.search.documents import Document
from directory.search.grammar import Piece
from directory.search.request import SearchRequest
from engines.base import (
    FACETS,
    LANGUAGES,
    TITLE_WEIGHT,
    TOP,
    Answer,
    Counts,
    asked_slots,
    box,
    filter_sets,
    folder_size,
    slots,
    words,
)

MANY = {"language", "level", "topic"}
TEXTS = [
    (f"{part}_{language}", weight)
    for language in LANGUAGES
    for part, weight in (("title", TITLE_WEIGHT), ("body", 1.0))
]


def _schema() -> Schema:
    fields: dict[str, Any] = {"key": ID(unique=True, stored=True), "anytime": BOOLEAN}
    for name, _ in TEXTS:
        fields[name] = TEXT(analyzer=LanguageAnalyzer(name[-2:]))
    for name in FACETS:
        fields[name] = KEYWORD(commas=True) if name in MANY else ID(sortable=True)
    fields["access"] = KEYWORD(commas=True)
    fields["slot"] = KEYWORD(commas=True)
    for name in ("price", "lat", "lon"):
        fields[name] = NUMERIC(float)
    return Schema(**fields)


def _made(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "key": document.key,
        "anytime": document.anytime,
        "format": document.format,
        "district": document.district,
        "language": ",".join(document.languages or ()),
        "level": ",".join(map(str, document.levels)),
        "topic": ",".join(document.topics),
        "access": ",".join(fact for fact, true in document.access.items() if true),
        "slot": ",".join(f"{slot:05}" for slot in slots(document)),
        **{name: getattr(document, name) for name in ("price", "lat", "lon")},
    }
    for language, (title, body) in words(document).items():
        fields |= {f"title_{language}": title, f"body_{language}": body}
    return {name: value for name, value in fields.items() if value not in (None, "")}


class PlainWhoosh:
    """One index, one searcher."""

    patient_until = 30_000
    able_until = 300_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        there = whoosh_index.exists_in(str(folder))
        open_ = whoosh_index.open_dir(str(folder)) if there else None
        self._index = open_ or whoosh_index.create_in(str(folder), _schema())
        self._searcher = self._index.searcher()

    def build(self, documents: Iterable[Document]) -> None:
        """Index these, into one segment."""
        writer = self._index.writer(limitmb=256)
        for document in documents:
            writer.add_document(**_made(document))
        writer.commit(optimize=True)
        self._searcher.close()
        self._searcher = self._index.searcher()

    def save(self, document: Document) -> None:
        """Put one in place of its older self."""
        writer = self._index.writer()
        writer.update_document(**_made(document))
        writer.commit()
        self._searcher.close()
        self._searcher = self._index.searcher()

    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()

    def search(self, request: SearchRequest) -> Answer:
        """One search with its groups, and one more for each facet counted without its own filter."""
        wording = self._wording(request)
        sets = filter_sets(request)
        total, keys = 0, []
        facets: Counts = {}
        for n, (each, names) in enumerate(zip(sets.requests, sets.facets, strict=True)):
            groups = Facets()
            for name in names:
                groups.add_facet(name, FieldFacet(name, allow_overlap=name in MANY))
            found = self._searcher.search(
                wording, limit=TOP, filter=_filters(each), groupedby=groups, maptype=Count
            )
            if n == 0:
                # Whoosh forgets its limit when it groups.
                total, keys = len(found), [hit["key"] for hit in islice(found, TOP)]
            facets |= {name: _named(found.groups(name)) for name in names}
        return Answer(total, keys, facets)

    def _wording(self, request: SearchRequest) -> q.Query:
        ask = request.ask
        if not ask.needed:
            return q.Every()
        needed = q.And([q.Or([self._piece(p) for p in group]) for group in ask.needed])
        if not ask.excluded:
            return needed.normalize()
        return q.AndNot(needed, q.Or([self._piece(p) for p in ask.excluded])).normalize()

    def _piece(self, piece: Piece) -> q.Query:
        found = []
        for name, weight in TEXTS:
            terms = list(self._index.schema[name].process_text(piece.text, mode="query"))
            if len(terms) == 1:
                found.append(q.Term(name, terms[0], boost=weight))
            elif terms:
                found.append(q.Phrase(name, terms, boost=weight))
        return q.Or(found)


def _named(groups: dict[Any, int]) -> dict[str, int]:
    return {str(name): count for name, count in groups.items() if name not in (None, "")}


def _filters(request: SearchRequest) -> q.Query | None:
    found: list[q.Query] = [
        q.Or([q.Term(name, str(value)) for value in getattr(request, name)])
        for name in FACETS
        if getattr(request, name)
    ]
    found += [q.Term("access", fact) for fact in request.access]
    if request.price_max is not None:
        found.append(q.NumericRange("price", None, request.price_max))
    if request.near is not None and request.near.within is not None:
        around = box(request.near)
        found.append(q.NumericRange("lat", around.south, around.north))
        found.append(q.NumericRange("lon", around.west, around.east))
    if request.day:
        spans = [q.TermRange("slot", f"{a:05}", f"{b:05}") for a, b in asked_slots(request)]
        found.append(q.Or([*spans, q.Term("anytime", True)]))
    return q.And(found) if found else None
