"""SQLite FTS5: words in a contentless full-text table, facts in ordinary tables beside it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from directory.models.vocabulary import Access
from directory.search.documents import Document
from directory.search.grammar import Ask, Piece
from directory.search.request import SearchRequest
from engines.base import (
    FACETS,
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

# The table each facet is read from, and its column; those with a table of their own have many values.
SOURCES = {
    "format": ("listing", "format"),
    "district": ("listing", "district"),
    "language": ("language", "value"),
    "level": ("level", "value"),
    "topic": ("topic", "value"),
}
_BIT = {fact.value: 1 << bit for bit, fact in enumerate(Access)}
_MOST_SETS = len(FACETS) + 1
_BATCH = 5000

SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(
    title, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
CREATE TABLE listing(
    id INTEGER PRIMARY KEY, format INTEGER, district INTEGER, price REAL,
    lat REAL, lon REAL, access INTEGER, anytime INTEGER);
""" + "".join(
    f"CREATE TABLE {name}(id INTEGER, value INTEGER, PRIMARY KEY(id, value)) WITHOUT ROWID;\n"
    for name in ("language", "level", "topic", "slot")
)
INDEXES = """
CREATE INDEX by_district ON listing(district);
CREATE INDEX by_format ON listing(format, price);
CREATE INDEX by_place ON listing(lat, lon);
CREATE INDEX by_anytime ON listing(id) WHERE anytime;
CREATE INDEX by_language ON language(value, id);
CREATE INDEX by_level ON level(value, id);
CREATE INDEX by_topic ON topic(value, id);
CREATE INDEX by_slot ON slot(value, id);
INSERT INTO words(words) VALUES('optimize');
ANALYZE;
"""
# Great-circle distance in km from a point to a listing.
DISTANCE = (
    "12742.0176 * asin(sqrt(pow(sin(radians(lat - ?) / 2), 2)"
    " + cos(radians(lat)) * cos(radians(?)) * pow(sin(radians(lon - ?) / 2), 2)))"
)

Condition = tuple[str, list[object]]


class FTS5:
    """One file, one connection.

    ``CROSS JOIN`` is SQLite's way to say which table is read first: left to itself it reads whole
    facet tables, which takes six times as long.
    """

    patient_until = 300_000
    able_until = 2_000_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._codes = Codes(folder)
        self._db = sqlite.connect(str(folder / "index.db"), isolation_level=None)
        self._set_up()

    def _set_up(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "mmap_size=8589934592"):
            self._db.execute(f"PRAGMA {pragma}")
        for name in ("matching", *(f"set{n}" for n in range(_MOST_SETS))):
            self._db.execute(f"CREATE TEMP TABLE {name}(id INTEGER PRIMARY KEY, score REAL)")

    def build(self, documents: Iterable[Document]) -> None:
        """Everything in one transaction; indexes last, which is faster than as one goes."""
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        batch: list[Document] = []
        for document in documents:
            batch.append(document)
            if len(batch) == _BATCH:
                self._insert(batch)
                batch.clear()
        self._insert(batch)
        self._db.execute("COMMIT")
        self._db.executescript(INDEXES)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._codes.keep()

    def save(self, document: Document) -> None:
        """Replace one listing's rows."""
        number = ident(document)
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM words WHERE rowid = ?", [number])
        for table in ("listing", "language", "level", "topic", "slot"):
            self._db.execute(f"DELETE FROM {table} WHERE id = ?", [number])  # noqa: S608 - own names
        self._insert([document])
        self._db.execute("COMMIT")
        self._codes.keep()

    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _insert(self, documents: list[Document]) -> None:
        values = [(ident(d), coded(d, self._codes), d) for d in documents]
        self._db.executemany(
            "INSERT INTO words(rowid, title, body) VALUES(?, ?, ?)",
            [(number, *_texts(d)) for number, _, d in values],
        )
        self._db.executemany(
            "INSERT INTO listing VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    n,
                    _one(c["format"]),
                    _one(c["district"]),
                    d.price,
                    d.lat,
                    d.lon,
                    _bits(d),
                    d.anytime,
                )
                for n, c, d in values
            ],
        )
        for table in ("language", "level", "topic"):
            rows = [(number, code) for number, codes, _ in values for code in codes[table]]
            self._db.executemany(f"INSERT INTO {table} VALUES(?, ?)", rows)
        rows = [(number, slot) for number, _, d in values for slot in slots(d)]
        self._db.executemany("INSERT INTO slot VALUES(?, ?)", rows)

    def search(self, request: SearchRequest) -> Answer:
        """Rows that match are kept once for each set of filters, and counted from there."""
        sets = filter_sets(request)
        matching = self._match(request.ask, alone=len(sets.requests) == 1, request=request)
        facets: Counts = {}
        chosen: str | None = None
        for n, (each, counted) in enumerate(zip(sets.requests, sets.facets, strict=True)):
            source = self._filter(each, matching, f"set{n}") if n or matching != "set0" else "set0"
            chosen = chosen if n else source
            for name in counted:
                facets[name] = self._count(name, source)
        return Answer(self._total(chosen), self._first(chosen), facets)

    def _match(self, ask: Ask, *, alone: bool, request: SearchRequest) -> str | None:
        """Fill a table with what matches the words, under the filters if there is but one set."""
        if not ask.needed:
            return None
        conditions = self._conditions(request) if alone else []
        name = "set0" if alone else "matching"
        joined = " CROSS JOIN listing ON listing.id = words.rowid" if conditions else ""
        self._db.execute(f"DELETE FROM {name}")  # noqa: S608 - own names
        self._db.execute(
            f"INSERT INTO {name} SELECT words.rowid, bm25(words, {TITLE_WEIGHT}, 1.0)"  # noqa: S608
            f" FROM words{joined} WHERE words MATCH ?{_and(conditions)}",
            [_expression(ask), *_values(conditions)],
        )
        return name

    def _filter(self, request: SearchRequest, matching: str | None, into: str) -> str | None:
        """The table of what passes; None when that is every listing."""
        conditions = self._conditions(request)
        if not conditions:
            return matching
        source = f"{matching} CROSS JOIN listing USING(id)" if matching else "listing"
        score = "score" if matching else "0.0"
        self._db.execute(f"DELETE FROM {into}")  # noqa: S608 - own names
        self._db.execute(
            f"INSERT INTO {into} SELECT listing.id, {score} FROM {source}"  # noqa: S608 - own names
            f" WHERE 1{_and(conditions)}",
            _values(conditions),
        )
        return into

    def _conditions(self, request: SearchRequest) -> list[Condition]:
        found: list[Condition] = []
        for name, (table, column) in SOURCES.items():
            asked = getattr(request, name)
            if not asked:
                continue
            codes = ",".join(map(str, self._codes.asked(name, asked)))
            own = f"{column} IN ({codes})"
            within = f"listing.id IN (SELECT id FROM {table} WHERE {own})"  # noqa: S608 - own names
            found.append((f"listing.{own}" if table == "listing" else within, []))
        if request.price_max is not None:
            found.append(("price <= ?", [request.price_max]))
        if request.access:
            bits = sum(_BIT[fact] for fact in request.access)
            found.append((f"access & {bits} = {bits}", []))
        return [*found, *_where(request), *_when(request)]

    def _count(self, facet: str, source: str | None) -> dict[str, int]:
        table, column = SOURCES[facet]
        rows = f"{source} CROSS JOIN {table} USING(id)" if source else table
        counts = self._db.execute(
            f"SELECT {column}, count(*) FROM {rows} GROUP BY {column}"  # noqa: S608 - own names
        )
        return self._codes.named(facet, counts)

    def _total(self, source: str | None) -> int:
        row: tuple[int] = self._db.execute(
            f"SELECT count(*) FROM {source or 'listing'}"  # noqa: S608 - own names
        ).fetchone()
        return row[0]

    def _first(self, source: str | None) -> list[str]:
        order = "score, id" if source else "id"
        rows = self._db.execute(
            f"SELECT id FROM {source or 'listing'} ORDER BY {order} LIMIT {TOP}"  # noqa: S608
        )
        return [key_of(number) for (number,) in rows]


def _texts(document: Document) -> tuple[str, str]:
    found = words(document).values()
    return "\n".join(w.title for w in found), "\n".join(w.body for w in found)


def _one(codes: list[int]) -> int | None:
    return codes[0] if codes else None


def _bits(document: Document) -> int:
    return sum(_BIT[fact] for fact, true in document.access.items() if true)


def _and(conditions: list[Condition]) -> str:
    return "".join(f" AND {sql}" for sql, _ in conditions)


def _values(conditions: list[Condition]) -> list[object]:
    return [value for _, values in conditions for value in values]


def _where(request: SearchRequest) -> list[Condition]:
    near = request.near
    if near is None or near.within is None:
        return []
    around = box(near)
    return [
        ("lat BETWEEN ? AND ?", [around.south, around.north]),
        ("lon BETWEEN ? AND ?", [around.west, around.east]),
        (f"{DISTANCE} <= ?", [near.lat, near.lat, near.lon, near.within]),
    ]


def _when(request: SearchRequest) -> list[Condition]:
    if not request.day:
        return []
    ranges: list[Any] = [*asked_slots(request)]
    spans = " OR ".join("value BETWEEN ? AND ?" for _ in ranges)
    sql = f"(anytime OR listing.id IN (SELECT id FROM slot WHERE {spans}))"  # noqa: S608 - own names
    return [(sql, [minute for span in ranges for minute in span])]


def _expression(ask: Ask) -> str:
    """The question in FTS5's own language."""
    needed = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in ask.needed)
    if not ask.excluded:
        return needed
    return f"({needed}) NOT ({' OR '.join(map(_quoted, ask.excluded))})"


def _quoted(piece: Piece) -> str:
    return '"' + piece.text.replace('"', '""') + '"'
