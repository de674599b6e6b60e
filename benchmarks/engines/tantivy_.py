"""Tantivy: a stemmed title and body for each language, facets as numbers in fast fields."""

from collections.abc import Iterable
from pathlib import Path

import tantivy
from tantivy import FieldType, Filter, Occur, Query

from directory.search.documents import Document
from directory.search.grammar import Piece
from directory.search.request import SearchRequest
from engines.base import (
    FACETS,
    LANGUAGES,
    TITLE_WEIGHT,
    TOP,
    Answer,
    Codes,
    Counts,
    asked_slots,
    box,
    coded,
    filter_sets,
    folder_size,
    ident,
    key_of,
    slots,
    words,
)

STEMMERS = {"es": "spanish", "en": "english", "ar": "arabic"}
WITHOUT_STOP_WORDS = {"ar"}
_MOST_VALUES = 1000
_HEAP = 512_000_000
_SMALL_HEAP = 32_000_000
TEXTS = [
    (f"{part}_{language}", language, weight)
    for language in LANGUAGES
    for part, weight in (("title", TITLE_WEIGHT), ("body", 1.0))
]

Clause = tuple[Occur, Query]


def analyzer(language: str) -> tantivy.TextAnalyzer:
    """Words of a language by their stems, without accents, and without the stop words it lists."""
    name = STEMMERS[language]
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(Filter.remove_long(40)).filter(Filter.lowercase())
    if language not in WITHOUT_STOP_WORDS:
        builder = builder.filter(Filter.stopword(name))
    return builder.filter(Filter.stemmer(name)).filter(Filter.ascii_fold()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("ident", indexed=True, fast=True)
    for name, language, _ in TEXTS:
        builder.add_text_field(name, tokenizer_name=language)
    for name in (*FACETS, "slot"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("anytime", indexed=True)
    for name in ("price", "lat", "lon"):
        builder.add_float_field(name, fast=True)
    return builder.build()


class Tantivy:
    """One index; one writing thread when built, so that it has few segments."""

    patient_until = 10_000_000
    able_until = 10_000_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._codes = Codes(folder)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._analyzers = {language: analyzer(language) for language in LANGUAGES}
        for language, made in self._analyzers.items():
            self._index.register_tokenizer(language, made)
        self._index.config_reader("manual")
        self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None

    def build(self, documents: Iterable[Document]) -> None:
        """Index these."""
        writer = self._index.writer(_HEAP, 1)
        for document in documents:
            writer.add_document(self._made(document))
        writer.commit()
        writer.wait_merging_threads()
        self._codes.keep()
        self._refresh()

    def save(self, document: Document) -> None:
        """Put one in place of its older self; the writer stays open, as in a service."""
        if self._writer is None:
            self._writer = self._index.writer(_SMALL_HEAP, 1)
        older = Query.term_query(self._schema, "ident", ident(document), "basic")
        self._writer.delete_documents_by_query(older)
        self._writer.add_document(self._made(document))
        self._writer.commit()
        self._codes.keep()
        self._refresh()

    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    def close(self) -> None:
        """Let go of the writer's lock; the rest goes with the object."""
        self._writer = None

    def _refresh(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _made(self, document: Document) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned("ident", ident(document))
        for language, (title, body) in words(document).items():
            if title:
                made.add_text(f"title_{language}", title)
            made.add_text(f"body_{language}", body)
        for name, codes in coded(document, self._codes).items():
            for code in codes:
                made.add_unsigned(name, code)
        for slot in slots(document):
            made.add_unsigned("slot", slot)
        for fact, true in document.access.items():
            if true:
                made.add_text("access", fact)
        made.add_boolean("anytime", document.anytime)
        for name in ("price", "lat", "lon"):
            value = getattr(document, name)
            if value is not None:
                made.add_float(name, value)
        return made

    def search(self, request: SearchRequest) -> Answer:
        """One search for the page, one aggregation for each distinct set of filters."""
        wording = self._wording(request)
        sets = filter_sets(request)
        queries = [_joined([*wording, *self._filters(each)]) for each in sets.requests]
        result = self._searcher.search(queries[0], limit=TOP, count=True)
        addresses = [address for _, address in result.hits]
        numbers = self._searcher.fast_field_values("ident", addresses) if addresses else []
        facets: Counts = {}
        for query, names in zip(queries, sets.facets, strict=True):
            facets |= self._counts(query, names)
        return Answer(result.count, [key_of(int(n or 0)) for n in numbers], facets)  # type: ignore[attr-defined]

    def _counts(self, query: Query, names: list[str]) -> Counts:
        asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in names}
        found = self._searcher.aggregate(query, asked)
        return {
            name: self._codes.named(
                name, ((int(b["key"]), b["doc_count"]) for b in found[name]["buckets"])
            )
            for name in names
        }

    def _wording(self, request: SearchRequest) -> list[Clause]:
        ask = request.ask
        needed = [(Occur.Must, _either([self._piece(p) for p in group])) for group in ask.needed]
        return [*needed, *((Occur.MustNot, self._piece(piece)) for piece in ask.excluded)]

    def _piece(self, piece: Piece) -> Query:
        """A word or phrase in every language's title and body."""
        found: list[Query] = []
        terms = {language: a.analyze(piece.text) for language, a in self._analyzers.items()}
        for name, language, weight in TEXTS:
            if not terms[language]:
                continue
            if len(terms[language]) == 1:
                query = Query.term_query(self._schema, name, terms[language][0], "freq")
            else:
                query = Query.phrase_query(self._schema, name, list(terms[language]))
            found.append(query if weight == 1 else Query.boost_query(query, weight))
        return _either(found)

    def _filters(self, request: SearchRequest) -> list[Clause]:
        found = [
            Query.term_set_query(
                self._schema, name, self._codes.asked(name, getattr(request, name))
            )
            for name in FACETS
            if getattr(request, name)
        ]
        found += [
            Query.term_query(self._schema, "access", fact, "basic") for fact in request.access
        ]
        found += [*self._prices(request), *self._places(request), *self._times(request)]
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in found]

    def _prices(self, request: SearchRequest) -> list[Query]:
        if request.price_max is None:
            return []
        return [self._range("price", None, request.price_max)]

    def _places(self, request: SearchRequest) -> list[Query]:
        """A rectangle: there are no circles."""
        if request.near is None or request.near.within is None:
            return []
        around = box(request.near)
        return [
            self._range("lat", around.south, around.north),
            self._range("lon", around.west, around.east),
        ]

    def _range(self, name: str, low: float | None, high: float | None) -> Query:
        return Query.range_query(self._schema, name, FieldType.Float, low, high)

    def _times(self, request: SearchRequest) -> list[Query]:
        if not request.day:
            return []
        spans = [
            Query.range_query(self._schema, "slot", FieldType.Unsigned, first, last)
            for first, last in asked_slots(request)
        ]
        return [_either([*spans, Query.term_query(self._schema, "anytime", True, "basic")])]


def _either(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _joined(clauses: list[Clause]) -> Query:
    return Query.boolean_query(clauses) if clauses else Query.all_query()
