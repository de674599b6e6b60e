"""The CSV reader: rows under a mapping become records, or are refused with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from directory.errors import UnreadableFile
from directory.exchange import columns, tables, values
from directory.exchange.cells import KEY, Cells
from directory.exchange.csv_records import Builder, City
from directory.exchange.mapping import Column, Columns, Mapping, Part
from directory.exchange.messages import Notes, Refusal, Remark
from directory.exchange.rules import Compiled, compiled, tell
from directory.exchange.tables import Table
from directory.models.records import OpportunityRecord, ProviderRecord, SpaceRecord
from directory.models.vocabulary import Word

_SKIP = "skip."
_LOOKED_AT, _SHOWN = 50, 80
_HALF = KEY // 2 - 1


class RowType(Word):
    """What a row is of."""

    OPPORTUNITY = "opportunity"
    SPACE = "space"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Entry:
    """What one row brings.

    Attributes:
        line: where it begins.
        source: whose it is.
        record: the listing the row is of.
        place: the space an opportunity's row describes beside it.
        provider: the name or id of the provider as written.
        named: the provider, in case that is a name nobody has explained.
        space_column: the header to name when there is no such space.
    """

    line: int
    source: str
    record: ProviderRecord | SpaceRecord | OpportunityRecord
    place: SpaceRecord | None = None
    provider: str = ""
    named: ProviderRecord | None = None
    space_column: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A row that the mapping keeps out, and what an earlier file may have brought of it."""

    kind: RowType
    source: str
    external_id: str
    line: int = field(default=0, compare=False)


@dataclass
class Sheet:
    """A file read: what it brings, what it does not and why.

    Attributes:
        unread: headers that the mapping does not read.
        examples: what stands in each column where it is filled first.
        refused_ids: whose rows were refused, where that could be read.
        nameless: how many rows were refused of which not even that could be read.
    """

    encoding: str
    delimiter: str
    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    header: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    refused_ids: list[LeftOut] = field(default_factory=list)
    nameless: int = 0


def read(data: bytes, name: str, *, mapping: Mapping, city: City) -> Sheet:
    """Read a CSV file under a mapping.

    Args:
        data: the whole file.
        name: what to call it in an error.
        mapping: which column means what.
        city: what holds where neither row nor mapping says anything.

    Raises:
        UnreadableFile: it is no table, or not one of this mapping.
    """
    table = table_of(data, name, mapping=mapping, city=city)
    return sheet_of(table, name, mapping=mapping, city=city)


def table_of(data: bytes, name: str, *, mapping: Mapping, city: City) -> Table:
    """The table of a CSV file, as its mapping says it is written.

    Raises:
        UnreadableFile: it is no table.
    """
    source = mapping.source
    return tables.read(
        data,
        name,
        known=mapping.headers(),
        said=source.encoding,
        language=source.language or city.language,
    )


def sheet_of(table: Table, name: str, *, mapping: Mapping, city: City) -> Sheet:
    """Read a table under a mapping, whatever sort of file it was in.

    Raises:
        UnreadableFile: it is not one of this mapping.
    """
    _require_title(table.header, mapping, name)
    sheet = Sheet(table.encoding, table.delimiter, len(table.rows) + len(table.refused))
    sheet.header = table.header
    sheet.unread = tuple(columns.unread(table.header, _read_by(mapping)))
    sheet.examples = examples(table)
    sheet.refused.extend(table.refused)
    sheet.nameless = len(table.refused)
    sheet.warnings.extend(_of_header(table.header, mapping))
    sheet.warnings.extend(table.warnings)
    reader = _Reader(mapping, city, table.header)
    for row in table.rows:
        notes = Notes(row.line)
        try:
            found = reader.row(row.cells, notes)
            if isinstance(found, LeftOut):
                sheet.left_out.append(found)
                continue
            sheet.entries.append(found)
            sheet.warnings.extend(notes.remarks)
        except Refusal as refusal:
            sheet.refused.append(refusal.at(row.line))
            named = reader.named(row.cells)
            if named is None:
                sheet.nameless += 1
            else:
                sheet.refused_ids.append(named)
    sheet.refused.sort(key=lambda remark: remark.line)
    return sheet


@dataclass
class _Part:
    """A part of the mapping ready for this file's rows."""

    bound: columns.Bound
    rules: list[Compiled]

    def cells(self, row: Sequence[str], notes: Notes) -> Cells:
        texts = self.bound.texts(row)
        constants = self.bound.constants

        def look(name: str) -> str:
            return texts.get(name) or constants.get(name, "")

        return Cells(texts, constants, tell(self.rules, look), self.bound.headers, notes)


class _Reader:
    """Reads the rows of one file, remembering the ids it has met."""

    def __init__(self, mapping: Mapping, city: City, header: Sequence[str]) -> None:
        self._mapping = mapping
        self._build = Builder(mapping, city)
        self._header = header
        self._met: dict[tuple[RowType, str, str], int] = {}
        cleaner = columns.Cleaner(mapping.source)
        skipping = {_SKIP + name: Column(columns=(name,)) for name in mapping.skip_when}
        named = mapping.columns | mapping.schedule.columns() | skipping
        self._main = self._part(mapping, named, cleaner)
        space = mapping.space
        self._place = self._part(space, space.columns, cleaner) if space else None

    def _part(self, part: Part, named: Columns, cleaner: columns.Cleaner) -> _Part:
        looked_at = {name for rule in part.rules for name in rule.where}
        extra = {
            name: Column(columns=(name,))
            for name in looked_at | set(self._mapping.ages.where)
            if name not in named
        }
        bound = columns.bind(
            named | part.hours.columns() | extra,
            self._header,
            cleaner,
            constants=part.constants,
            values=part.values,
        )
        return _Part(bound, compiled(part.rules))

    def row(self, row: Sequence[str], notes: Notes) -> Entry | LeftOut:
        """What a row brings, or that the mapping keeps it out.

        Raises:
            Refusal: nothing, for a reason.
        """
        cells = self._main.cells(row, notes)
        said = cells.get("type")
        kind = values.word(said, RowType, cells.column("type")) if said else RowType.OPPORTUNITY
        if self._is_skipped(cells):
            return self._left_out(cells, kind)
        return self._entry(cells, kind, row)

    def named(self, row: Sequence[str]) -> LeftOut | None:
        """Whose row it is, if it says so itself; for a row that was refused."""
        cells = self._main.cells(row, Notes(0))
        try:
            said = cells.get("type")
            kind = values.word(said, RowType, "") if said else RowType.OPPORTUNITY
            external_id = cells.key("id")
        except Refusal:
            return None
        return LeftOut(kind, self._build.source(cells), external_id) if external_id else None

    def _is_skipped(self, cells: Cells) -> bool:
        there = self._main.bound.getters
        return any(
            _is_met(cells.texts.get(_SKIP + header, ""), when)
            for header, when in self._mapping.skip_when.items()
            if _SKIP + header in there
        )

    def _left_out(self, cells: Cells, kind: RowType) -> LeftOut:
        source = self._build.source(cells)
        if not self._mapping.source.shared_ids:
            external_id = cells.key("id") or cells.id_from(*self._mapping.id_from)
            return LeftOut(kind, source, external_id, cells.notes.line)
        # Its neighbour under the same id keeps the name it had while this row was let in.
        external_id = self._id(cells, kind, source)
        self._met.setdefault((kind, source, external_id), cells.notes.line)
        return LeftOut(kind, source, external_id, cells.notes.line)

    def _entry(self, cells: Cells, kind: RowType, row: Sequence[str]) -> Entry:
        if not cells.get("title"):
            raise Refusal(cells.column("title"), "no-title")
        make: Callable[[Cells, str, Sequence[str]], Entry] = {
            RowType.PROVIDER: self._provider,
            RowType.SPACE: self._space,
            RowType.OPPORTUNITY: self._opportunity,
        }[kind]
        source = self._build.source(cells)
        external_id = self._id(cells, kind, source)
        entry = make(cells, external_id, row)
        self._met[kind, source, external_id] = cells.notes.line
        return entry

    def _id(self, cells: Cells, kind: RowType, source: str) -> str:
        """The row's own id, else one made of its fields, else of these and its line.

        Raises:
            Refusal: another row has the same.
        """
        said, made = cells.key("id"), cells.id_from(*self._mapping.id_from)
        external_id = said or made
        if said and self._mapping.source.shared_ids and (kind, source, said) in self._met:
            external_id = f"{said[:_HALF]}-{made[:_HALF]}"
        first = self._met.get((kind, source, external_id))
        if first is None:
            return external_id
        if said:
            raise Refusal(cells.column("id"), "doubled-id", said, str(first))
        return f"{external_id[:180]}-{cells.notes.line}"

    def _provider(self, cells: Cells, external_id: str, _row: Sequence[str]) -> Entry:
        record = self._build.provider(cells, external_id)
        return Entry(cells.notes.line, record.source, record)

    def _space(self, cells: Cells, external_id: str, _row: Sequence[str]) -> Entry:
        source = self._build.source(cells)
        record = self._build.space(cells, external_id, source=source)
        return Entry(
            cells.notes.line,
            source,
            record,
            provider=cells.line("provider"),
            named=self._named(cells),
        )

    def _opportunity(self, cells: Cells, external_id: str, row: Sequence[str]) -> Entry:
        source = self._build.source(cells)
        named = cells.key("space_id")
        place = None if named else self._place_of(row, cells, source)
        space = named or (place.external_id if place else None)
        record = self._build.opportunity(cells, external_id, space=space)
        return Entry(
            cells.notes.line,
            source,
            record,
            place=place,
            space_column=cells.column("space_id"),
            provider=cells.line("provider"),
            named=self._named(cells),
        )

    def _place_of(self, row: Sequence[str], main: Cells, source: str) -> SpaceRecord | None:
        part, said = self._place, self._mapping.space
        if part is None or said is None:
            return None
        cells = part.cells(row, main.notes)
        if not any(cells.get(name) for name in said.when):
            return None
        if not cells.get("title"):
            raise Refusal(cells.column("title"), "no-space-title")
        external_id = cells.key("id") or cells.id_from(*said.id_from)
        return self._build.space(cells, external_id, source=source)

    def _named(self, cells: Cells) -> ProviderRecord | None:
        name = cells.line("provider")
        return self._build.named_provider(cells, name) if name else None


def _is_met(text: str, when: str | Sequence[str]) -> bool:
    """Whether a cell is filled, empty or one of some words, as a mapping asks for."""
    if when == "filled":
        return bool(text)
    if when == "empty":
        return not text
    return any(columns.same(text, word) for word in when)


def _require_title(header: Sequence[str], mapping: Mapping, name: str) -> None:
    column = mapping.columns.get("title")
    wanted = column.columns if column else ("title",)
    if column and any(columns.same(each, there) for each in wanted for there in header):
        return
    there = ", ".join(header[:12]) or "none"
    raise UnreadableFile(
        name,
        f"it has no column “{wanted[0]}”, which the mapping “{mapping.source.name}” reads as the"
        f" title. Its columns are: {there}. Choose the file's own mapping with --mapping.",
        "no-title-column",
        wanted[0],
    )


def examples(table: Table) -> tuple[str, ...]:
    """What stands in each column where it is filled first."""
    found = [""] * len(table.header)
    for row in table.rows[:_LOOKED_AT]:
        for place, cell in enumerate(row.cells):
            found[place] = found[place] or " ".join(cell.split())[:_SHOWN]
    return tuple(found)


def _read_by(mapping: Mapping) -> frozenset[str]:
    parts = (part for part in (mapping, mapping.space) if part)
    return mapping.headers() | {name for part in parts for r in part.rules for name in r.where}


def _of_header(header: Sequence[str], mapping: Mapping) -> list[Remark]:
    read_ = _read_by(mapping)
    remarks = [Remark(1, each, "doubled-column", each) for each in columns.doubled(header, read_)]
    if ignored := columns.unread(header, read_):
        remarks.append(Remark(1, "", "unread-columns", ", ".join(ignored)))
    if not mapping.source.optional and (lacking := columns.missing(mapping.headers(), header)):
        remarks.append(Remark(1, "", "missing-columns", ", ".join(lacking)))
    return remarks
