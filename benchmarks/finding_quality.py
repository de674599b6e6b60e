"""How well searches find: nDCG@10 in four languages and across them, and did-you-mean.

``make bench-finding`` (DATA=folder). The test queries are other names of occupations; each engine
indexes the occupations of one language by title and description and is asked in the same language.
Each peer is given the better of two weights for titles. Across languages, an occupation is listed in
English and is about a topic that is called, in every language, what the occupation is.
"""

import argparse
import json
import math
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
import spelling_quality
import tantivy
from rich.console import Console
from rich.table import Table
from sqlmodel import Session, create_engine
from whoosh.analysis import LanguageAnalyzer
from whoosh.fields import STORED, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser, OrGroup

from directory.search.documents import Document
from directory.search.grammar import parse
from directory.search.index import Index
from directory.search.lexicon import EMPTY, Entry, Lexicon
from directory.search.request import SearchRequest
from directory.services import finding
from directory.services.known import City
from directory.services.topics import Tree

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = {"en": "english", "es": "spanish", "fr": "french", "ar": "arabic"}
TOP = 10
TITLE_WEIGHTS = (1.0, 4.0)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Rows = list[dict[str, Any]]
Search = Callable[[str], Sequence[str]]


def read(path: Path) -> Rows:
    """The objects of a file with one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def ndcg(ranked: Sequence[str], relevant: Iterable[str]) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002)."""
    wanted = set(relevant)
    gain = sum(1 / math.log2(n + 2) for n, key in enumerate(ranked[:TOP]) if key in wanted)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(TOP, len(wanted))))


def mean(search: Search, queries: Rows) -> float:
    """The mean over all queries."""
    return sum(ndcg(search(q["text"]), q["relevant"]) for q in queries) / len(queries)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# Peers


def fts5(documents: Rows, tokenizer: str, weight: float, *, trigrams: bool) -> Search:
    """SQLite FTS5, ranked by its BM25."""
    db = pysqlite3.connect(":memory:")
    db.execute(f'CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize="{tokenizer}")')
    rows = [(n, d["title"], d["description"]) for n, d in enumerate(documents)]
    db.executemany("INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)", rows)

    def search(text: str) -> list[str]:
        lower = text.lower()
        cut = [lower[n : n + 3] for n in range(len(lower) - 2)] if trigrams else _words(text)
        asked = " OR ".join(
            f'"{term}"' for term in dict.fromkeys(c.replace('"', '""') for c in cut)
        )
        statement = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, {weight}, 1) LIMIT {TOP}"  # noqa: S608
        found = db.execute(statement, (asked,)).fetchall() if asked else []
        return [documents[n]["id"] for (n,) in found]

    return search


def tantivy_(documents: Rows, language: str, weight: float) -> Search:
    """Tantivy with the language's stemmer, accents folded."""
    cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer(LANGUAGES[language]),
    ):
        cut = cut.filter(step)
    schema = tantivy.SchemaBuilder()
    for field in ("title", "body"):
        schema.add_text_field(field, tokenizer_name="own")
    schema.add_integer_field("n", stored=True)
    index = tantivy.Index(schema.build())
    index.register_tokenizer("own", cut.build())
    writer = index.writer(50_000_000, 1)
    for n, each in enumerate(documents):
        writer.add_document(
            tantivy.Document(title=[each["title"]], body=[each["description"]], n=n)
        )
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[str]:
        boosts = {"title": weight, "body": 1.0}
        asked, _ = index.parse_query_lenient(
            " ".join(_words(text)), ["title", "body"], field_boosts=boosts
        )
        hits = searcher.search(asked, TOP).hits
        return [documents[searcher.doc(address)["n"][0]]["id"] for _, address in hits]

    return search


def whoosh(documents: Rows, language: str, weight: float) -> Search:
    """Whoosh with its own analyzer of the language, any of the words, BM25F."""
    analyzer = LanguageAnalyzer(language)
    fields = Schema(title=TEXT(analyzer, field_boost=weight), body=TEXT(analyzer), n=STORED)
    index = RamStorage().create_index(fields)
    writer = index.writer(limitmb=256)
    for n, each in enumerate(documents):
        writer.add_document(title=each["title"], body=each["description"], n=n)
    writer.commit()
    searcher = index.searcher()
    parser = MultifieldParser(["title", "body"], fields, group=OrGroup, plugins=[])

    def search(text: str) -> list[str]:
        hits = searcher.search(parser.parse(" ".join(_words(text))), limit=TOP)
        return [documents[hit["n"]]["id"] for hit in hits]

    return search


def peers(documents: Rows, language: str, queries: Rows) -> dict[str, float]:
    """Each peer's better figure."""
    plain, three = "unicode61 remove_diacritics 2", "trigram"
    made: dict[str, Callable[[float], Search]] = {
        "FTS5 words": lambda w: fts5(documents, plain, w, trigrams=False),
        "FTS5 trigrams": lambda w: fts5(documents, three, w, trigrams=True),
        "FTS5 trigrams, folded": lambda w: fts5(
            documents, f"{three} remove_diacritics 1", w, trigrams=True
        ),
        "Tantivy": lambda w: tantivy_(documents, language, w),
        "Whoosh": lambda w: whoosh(documents, language, w),
    }
    return {
        name: max(mean(make(weight), queries) for weight in TITLE_WEIGHTS)
        for name, make in made.items()
    }


# Vereda


def vereda(
    folder: Path, documents: Rows, ui_language: str, names: dict[str, dict[str, str]] | None = None
) -> Search:
    """The service behind the search page: what it lists, then what it lists as close.

    Args:
        folder: for the index.
        documents: what is listed.
        ui_language: the reader's.
        names: occupation to language to what the topic it is about is called.
    """
    index = Index(folder)
    with index.rebuilding() as new:
        assert new is not None  # noqa: S101 - nobody else is at it
        new.fill(_document(n, each, names) for n, each in enumerate(documents))
        new.take_over(lambda _keys: [])
    entries = [
        Entry(f"topic:{key}", language, name)
        for key, called in (names or {}).items()
        for language, name in called.items()
    ]
    city = City(Tree(), Lexicon.of(entries) if entries else EMPTY, {})
    db = Session(create_engine("sqlite://"))

    def search(text: str) -> list[str]:
        request = SearchRequest(now=NOW, ask=parse(text), ui_language=ui_language, facets=())
        found = finding.search(db, index, request, city=city, plain=finding.Plain("EUR"), q=text)
        return [item.shown["external_id"] for item in (*found.items, *found.also)]

    return search


def _document(n: int, row: dict[str, Any], names: dict[str, Any] | None) -> Document:
    language = row["lang"]
    shown = {"external_id": row["id"], "language": language, "title": {language: row["title"]}}
    return Document(
        "opportunity",
        n + 1,
        language,
        {language: row["title"]},
        {language: row["description"]},
        about=(f"topic:{row['id']}",) if names and row["id"] in names else (),
        shown=shown,
    )


def same_language(data: Path, folder: Path) -> Table:
    """Each language asked in itself."""
    table = Table("nDCG@10", *LANGUAGES, title="Asked in the language of the listings")
    rows: dict[str, list[float]] = {}
    for language in LANGUAGES:
        documents, queries = _esco(data, language)
        figures = {"Vereda": mean(vereda(folder / language, documents, language), queries)}
        for name, figure in (figures | peers(documents, language, queries)).items():
            rows.setdefault(name, []).append(figure)
    ours, *others = rows.values()
    for name, figures_ in rows.items():
        table.add_row(name, *(f"{figure:.3f}" for figure in figures_))
    best = [max(column) for column in zip(*others, strict=True)]
    table.add_row("over the best peer", *(f"{a / b:.3f}" for a, b in zip(ours, best, strict=True)))
    return table


def across(data: Path, folder: Path) -> Table:
    """Other languages asked of listings in English."""
    documents, _ = _esco(data, "en")
    names: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for row in _esco(data, language)[0]:
            names.setdefault(row["id"], {})[language] = row["title"]
    table = Table("nDCG@10 (queries)", title="Asked of listings in English")
    cells = {"across languages": [], "in the same language": []}  # type: dict[str, list[float]]
    for language in ("es", "fr", "ar"):
        own, queries = _esco(data, language)
        listed = {row["id"] for row in documents}
        # Arabic names occupations that are not described in English.
        queries = [q for q in queries if listed.issuperset(q["relevant"])]
        table.add_column(f"{language} ({len(queries)})")
        search = vereda(folder / f"across-{language}", documents, language, names)
        cells["across languages"].append(mean(search, queries))
        same = vereda(folder / f"same-{language}", own, language)
        cells["in the same language"].append(mean(same, queries))
    for name, figures in cells.items():
        table.add_row(name, *(f"{figure:.3f}" for figure in figures))
    shares = zip(*cells.values(), strict=True)
    table.add_row("share", *(f"{a / b:.2f}" for a, b in shares))
    return table


def _esco(data: Path, language: str) -> tuple[Rows, Rows]:
    folder = data / "esco_search"
    return read(folder / f"docs_{language}.jsonl"), read(folder / f"queries_{language}.jsonl")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=SHARED)
    data: Path = parser.parse_args().data
    if not (data / "esco_search").is_dir():
        sys.exit(f"There is no esco_search in {data}; say where: make bench-finding DATA=folder")
    console = Console(width=max(Console().width, 100))
    with tempfile.TemporaryDirectory() as folder:
        console.print(same_language(data, Path(folder)))
        console.print(across(data, Path(folder)))
    console.print(spelling_quality.table(data))


if __name__ == "__main__":
    main()
