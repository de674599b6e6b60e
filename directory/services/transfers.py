"""Transfers: what a file brings becomes listings, and listings become a file."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, groupby
from typing import TypeGuard, TypeVar

import langcodes
from sqlmodel import Session, select

from directory.exchange import csv_writer, files, understood
from directory.exchange.csv_reader import Entry, RowType, Sheet
from directory.exchange.csv_records import City
from directory.exchange.mapping import Mapping
from directory.exchange.messages import Remark
from directory.models import Opportunity, Provider, Space, Topic
from directory.models.records import OpportunityRecord, ProviderRecord, SpaceRecord
from directory.models.vocabulary import FileKind, LineOutcome
from directory.services import catalogue, recording, vanishing
from directory.services.catalogue import AnyListing, AnyListingRecord, Known, Outcome
from directory.services.texts import words
from directory.services.vanishing import Gone, Held
from directory.settings import Settings

BATCH = 100

# Which table a row is of, and which record.
_TABLES: dict[RowType, tuple[type[AnyListing], type[AnyListingRecord]]] = {
    RowType.PROVIDER: (Provider, ProviderRecord),
    RowType.SPACE: (Space, SpaceRecord),
    RowType.OPPORTUNITY: (Opportunity, OpportunityRecord),
}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Line:
    """What came of one listing.

    Attributes:
        line: where it stands in the file; 0: it stands there no longer.
        listing: provider, space or opportunity.
    """

    line: int
    outcome: LineOutcome
    listing: str
    title: str


_Placed = TypeVar("_Placed", SpaceRecord, OpportunityRecord)


@dataclass
class Report:
    """What an import did, or would do.

    Attributes:
        rows: rows of the file, header and empty lines not counted.
        counts: (provider, space or opportunity; new, changed or unchanged) to how many.
        left_out: rows that the mapping keeps out, the closed ones say.
        refused: rows that were kept out, one remark each.
        warnings: what was left out of rows that were let in.
        encoding: what the file was in.
        delimiter: what stood between its cells.
        lines: what came of each listing, in the order of the file.
        columns: header, the field it was read as, and an example.
        held: what was not withdrawn although it is no longer in the file.
    """

    rows: int
    encoding: str
    delimiter: str
    left_out: int = 0
    lines: list[Line] = field(default_factory=list)
    columns: tuple[tuple[str, str, str], ...] = ()
    held: Held | None = None
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def applied(self) -> int:
        """Rows that were let in."""
        return self.rows - self.left_out - len(self.refused)

    def count(self, kind: str, outcome: Outcome) -> int:
        """How many listings of a kind had an outcome."""
        return self.counts[kind, outcome.value]


def import_csv(
    db: Session,
    data: bytes,
    *,
    name: str,
    mapping: Mapping,
    settings: Settings,
    progress: Progress | None = None,
) -> Report:
    """Bring a CSV file into the catalogue; whoever calls commits it, or does not.

    Args:
        db: the unit of work.
        data: the whole file.
        name: what to call it in an error.
        mapping: which column means what.
        settings: of the city, for what neither file nor mapping says.
        progress: told how many listings of how many are done.

    Raises:
        UnreadableFile: it is no table, or not one of this mapping.
    """
    return import_file(
        db,
        data,
        kind=FileKind.CSV,
        name=name,
        mapping=mapping,
        settings=settings,
        progress=progress,
    )


def import_file(
    db: Session,
    data: bytes,
    *,
    kind: FileKind,
    name: str,
    mapping: Mapping,
    settings: Settings,
    progress: Progress | None = None,
    owned: Collection[str] | None = None,
    gone: Gone = Gone.STAYS,
) -> Report:
    """Bring a file of any kind into the catalogue, as ``import_csv`` does one of CSV.

    Args:
        db: the unit of work.
        data: the whole file.
        kind: what it is.
        name: what to call it in an error.
        mapping: which column means what.
        settings: of the city, for what neither file nor mapping says.
        progress: told how many listings of how many are done.
        owned: the facts it may say anew; none: all.
        gone: what becomes of listings that an earlier file of its source brought and this does not.

    Raises:
        UnreadableFile: it is not of that kind, or not one of this mapping.
    """
    sheet = files.read(data, name, wanted=kind, mapping=mapping, city=city(db, settings))
    report = _Import(db, sheet, settings.clock(), progress, owned).run()
    report.columns = understood.columns(mapping, sheet.header, sheet.examples)
    if gone is not Gone.STAYS:
        rows, report.held = vanishing.decide(
            db, sheet, source=mapping.source.name, gone=gone, now=settings.clock()
        )
        catalogue.withdraw(db, rows, now=settings.clock())
        report.lines.extend(_withdrawn_line(row) for row in rows)
    return report


def export_csv(db: Session) -> bytes:
    """Everything published, in Vereda's own columns."""
    return csv_writer.write(recording.published(db))


def city(db: Session, settings: Settings) -> City:
    """What holds where neither a file nor its mapping says anything."""
    spoken = langcodes.Language.get(f"und-{settings.country}").maximize().language
    return City(
        language=spoken or "und",
        timezone=settings.timezone,
        currency=settings.currency,
        topics=frozenset(db.exec(select(Topic.key)).all()),
    )


class _Import:
    """One file on its way in: providers first, then spaces, then what refers to them."""

    def __init__(
        self,
        db: Session,
        sheet: Sheet,
        now: datetime,
        progress: Progress | None,
        owned: Collection[str] | None,
    ) -> None:
        self._db = db
        self._owned = owned
        self._lines = _lines(sheet)
        self._entries, self._left_out = sheet.entries, sheet.left_out
        self._now = now
        self._progress = progress
        self._known: dict[str, Known] = {}
        self._own = {(type(e.record), e.source, e.record.external_id) for e in sheet.entries}
        self._report = Report(
            sheet.rows,
            sheet.encoding,
            sheet.delimiter,
            left_out=len(sheet.left_out),
            refused=list(sheet.refused),
            warnings=list(sheet.warnings),
        )

    def run(self) -> Report:
        """Apply what can be applied."""
        providers, spaces, opportunities = self._providers(), self._spaces(), self._opportunities()
        kinds: list[Sequence[AnyListingRecord]] = [providers, spaces, opportunities]
        self._withdraw()
        total = sum(map(len, kinds))
        done = 0
        for batch in chain.from_iterable(map(_batches, kinds)):
            self._apply(batch)
            done += len(batch)
            if self._progress:
                self._progress(done, total)
        self._report.lines.sort(key=lambda line: line.line)
        self._report.refused.sort(key=lambda remark: remark.line)
        self._report.warnings.sort(key=lambda remark: remark.line)
        return self._report

    def _apply(self, batch: Sequence[AnyListingRecord]) -> None:
        among = self._among(batch[0].source)
        written = catalogue.apply_all(
            self._db, batch, among=among, now=self._now, owned=self._owned
        )
        for record, (row, outcome) in zip(batch, written, strict=True):
            listing = type(row).__name__.lower()
            self._report.counts[listing, outcome.value] += 1
            line = self._lines.get((type(record), record.source, record.external_id), 0)
            title = record.title[record.language]
            self._report.lines.append(Line(line, LineOutcome(outcome.value), listing, title))

    def _providers(self) -> list[ProviderRecord]:
        """Those with a row of their own, then those that others only name."""
        own = [e.record for e in self._entries if isinstance(e.record, ProviderRecord)]
        named = {
            (e.source, e.named.external_id): e.named
            for e in reversed(self._entries)
            if e.named and not self._is_provider(e.source, e.provider)
        }
        return [*own, *(r for key, r in named.items() if not self._is_provider(*key))]

    def _spaces(self) -> list[SpaceRecord]:
        """Those with a row of their own, then the places of opportunities, each once."""
        own = [self._provided(e, e.record) for e in self._entries if _is_space(e.record)]
        places: dict[tuple[str, str], tuple[int, SpaceRecord]] = {}
        for entry in self._entries:
            place = entry.place
            if place is None or self._is_own(SpaceRecord, entry.source, place.external_id):
                continue
            place = self._provided(entry, place)
            line, first = places.setdefault((entry.source, place.external_id), (entry.line, place))
            if first != place:
                title = place.title[place.language]
                self._report.warnings.append(
                    Remark(entry.line, "", "place-differs", title, str(line))
                )
        return [*own, *(place for _line, place in places.values())]

    def _opportunities(self) -> list[OpportunityRecord]:
        """Those whose space there is; the others are refused."""
        found = []
        for entry in self._entries:
            record = entry.record
            if not isinstance(record, OpportunityRecord):
                continue
            if record.space and not entry.place and not self._is_space(entry.source, record.space):
                self._report.refused.append(
                    Remark(entry.line, entry.space_column, "unknown-space", record.space)
                )
                continue
            found.append(self._provided(entry, record))
        return found

    def _withdraw(self) -> None:
        """What an earlier file brought of the rows that are left out now."""
        for each in dict.fromkeys(self._left_out):
            table, record = _TABLES[each.kind]
            row = self._among(each.source).rows[table].get(each.external_id)
            gone = row is not None and not self._is_own(record, each.source, each.external_id)
            if row is not None and gone and catalogue.withdraw(self._db, [row], now=self._now):
                self._report.counts[table.__name__.lower(), Outcome.CHANGED.value] += 1
                self._report.lines.append(_withdrawn_line(row, each.line))

    def _provided(self, entry: Entry, record: _Placed) -> _Placed:
        """The record with its provider: the one of that id, else the one of that name."""
        if not record.provider or not self._is_provider(entry.source, entry.provider):
            return record
        return record.model_copy(update={"provider": entry.provider})

    def _is_provider(self, source: str, external_id: str) -> bool:
        return self._is_own(ProviderRecord, source, external_id) or (
            external_id in self._among(source).rows[Provider]
        )

    def _is_space(self, source: str, external_id: str) -> bool:
        return self._is_own(SpaceRecord, source, external_id) or (
            external_id in self._among(source).rows[Space]
        )

    def _is_own(self, kind: type[AnyListingRecord], source: str, external_id: str) -> bool:
        return (kind, source, external_id) in self._own

    def _among(self, source: str) -> Known:
        """What a source has brought so far; the addresses in use are those of all sources."""
        if source not in self._known:
            fresh = catalogue.known(self._db, source=source)
            for other in self._known.values():
                fresh.slugs, fresh.districts = other.slugs, other.districts
            self._known[source] = fresh
        return self._known[source]


def _batches(records: Sequence[AnyListingRecord]) -> Iterator[Sequence[AnyListingRecord]]:
    """A few at a time, of one source each."""
    for _source, some in groupby(records, key=lambda record: record.source):
        group = list(some)
        for begin in range(0, len(group), BATCH):
            yield group[begin : begin + BATCH]


def _lines(sheet: Sheet) -> dict[tuple[type[AnyListingRecord], str, str], int]:
    """Where each listing stands in the file, else where it is named first."""
    found = {(type(e.record), e.source, e.record.external_id): e.line for e in sheet.entries}
    for entry in sheet.entries:
        for beside in (entry.place, entry.named):
            if beside is not None:
                key = (type(beside), entry.source, beside.external_id)
                found.setdefault(key, entry.line)
    return found


def _withdrawn_line(row: AnyListing, line: int = 0) -> Line:
    title = words(row, "title", row.language).value
    return Line(line, LineOutcome.WITHDRAWN, type(row).__name__.lower(), title)


def _is_space(record: AnyListingRecord) -> TypeGuard[SpaceRecord]:
    return isinstance(record, SpaceRecord)
