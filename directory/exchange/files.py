"""Files: what a file really is, and its rows under a mapping, whichever of the three it is."""

from directory.errors import UnreadableFile
from directory.exchange import csv_reader, icalendar_reader, xlsx_reader
from directory.exchange.csv_reader import Sheet
from directory.exchange.csv_records import City
from directory.exchange.mapping import Mapping
from directory.exchange.tables import Table
from directory.models.vocabulary import FileKind

# The mapping that fits where nobody has chosen one.
USUAL_MAPPING = {FileKind.CSV: "vereda", FileKind.XLSX: "vereda", FileKind.ICAL: "icalendar"}


def kind(data: bytes) -> FileKind:
    """What a file is by what is in it; its name says nothing. What is neither is taken for CSV."""
    if data.startswith(b"PK"):
        return FileKind.XLSX
    return FileKind.ICAL if icalendar_reader.is_calendar(data) else FileKind.CSV


def read(data: bytes, name: str, *, wanted: FileKind, mapping: Mapping, city: City) -> Sheet:
    """Read a file of a kind under a mapping.

    Raises:
        UnreadableFile: it is not of that kind, or not one of this mapping.
    """
    table = _table(data, name, wanted=wanted, mapping=mapping, city=city)
    return csv_reader.sheet_of(table, name, mapping=mapping, city=city)


def columns(
    data: bytes, name: str, *, wanted: FileKind, mapping: Mapping, city: City
) -> tuple[tuple[str, str], ...]:
    """The headers of a file and an example of each, whichever mapping they are for.

    Raises:
        UnreadableFile: it is not of that kind.
    """
    table = _table(data, name, wanted=wanted, mapping=mapping, city=city)
    return tuple(zip(table.header, csv_reader.examples(table), strict=True))


def _table(data: bytes, name: str, *, wanted: FileKind, mapping: Mapping, city: City) -> Table:
    if wanted is FileKind.XLSX:
        if not data.startswith(b"PK"):
            raise UnreadableFile(name, "it is no XLSX spreadsheet.", "no-workbook")
        return xlsx_reader.read(data, name, known=mapping.headers())
    if wanted is FileKind.ICAL:
        zone = mapping.source.timezone or city.timezone
        return icalendar_reader.read(data, name, timezone=zone)
    return csv_reader.table_of(data, name, mapping=mapping, city=city)
