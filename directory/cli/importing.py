"""``vereda import`` and ``vereda export``: files in and out."""

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from directory.cli.context import Context
from directory.cli.units import work
from directory.database import reading
from directory.errors import UnreadableFile
from directory.exchange import files
from directory.exchange import mapping as mappings
from directory.exchange.messages import Remark
from directory.models.vocabulary import FileKind
from directory.services import indexing, transfers
from directory.services.catalogue import Outcome
from directory.services.transfers import Report

console = Console()

# A terminal is not a place to read a thousand refusals; the rest is counted.
SHOWN = 50


@click.group(name="import")
def import_() -> None:
    """Bring a file into the directory."""


def _command(kind: FileKind, what: str) -> click.Command:
    """``vereda import`` for one sort of file."""

    @click.argument("file", type=click.Path(path_type=Path))
    @click.option(
        "--mapping",
        default=files.USUAL_MAPPING[kind],
        show_default=True,
        help="A shipped mapping, or a TOML file.",
    )
    @click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
    @click.pass_obj
    def command(context: Context, file: Path, mapping: str, *, dry_run: bool) -> None:
        _import(context, file, kind, mapping, dry_run=dry_run)

    said = f"Import {what}; rows that cannot be understood are listed and stay out."
    return click.command(name=kind.value, help=said)(command)


for _kind, _what in (
    (FileKind.CSV, "a CSV file"),
    (FileKind.XLSX, "an XLSX spreadsheet"),
    (FileKind.ICAL, "an iCalendar file"),
):
    import_.add_command(_command(_kind, _what))


def _import(context: Context, file: Path, kind: FileKind, mapping: str, *, dry_run: bool) -> None:
    wanted = mappings.load(mapping)
    data = _bytes_of(file)
    house = context.house
    with work(house, dry_run=dry_run) as db, _bar() as bar:
        task = bar.add_task("import", total=None)
        report = transfers.import_file(
            db,
            data,
            kind=kind,
            name=file.name,
            mapping=wanted,
            settings=context.settings,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    _show(report, dry_run=dry_run)
    if not dry_run:
        indexing.sync(house.engine, house.index, currency=context.settings.currency)


@click.group()
def export() -> None:
    """Write the directory to a file."""


@export.command(name="csv")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export_csv(context: Context, file: Path) -> None:
    """Write everything published as CSV, in the columns “import csv” reads unchanged."""
    if not file.absolute().parent.is_dir():
        raise UnreadableFile(str(file), "there is no such folder; make it first.")
    with reading(context.house.engine) as db:
        data = transfers.export_csv(db)
    file.write_bytes(data)
    console.print(f"{escape(str(file))}: {len(data)} bytes.", highlight=False)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except IsADirectoryError:
        raise UnreadableFile(str(file), "it is a folder; name a file in it.") from None
    except FileNotFoundError:
        raise UnreadableFile(str(file), "there is no such file.") from None
    except OSError as error:
        raise UnreadableFile(str(file), f"it cannot be opened ({error.strerror}).") from None


def _bar() -> Progress:
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


def _show(report: Report, *, dry_run: bool) -> None:
    tense = "would be applied" if dry_run else "applied"
    left_out = f", {report.left_out} left out as the mapping says" if report.left_out else ""
    console.print(
        f"{report.rows} rows ({report.encoding}, “{escape(report.delimiter)}”):"
        f" {report.applied} {tense}, {len(report.refused)} refused{left_out}."
    )
    table = Table("", *(outcome.value for outcome in Outcome))
    for kind in ("provider", "space", "opportunity"):
        table.add_row(kind, *(str(report.count(kind, outcome)) for outcome in Outcome))
    console.print(table)
    _list("Refused", report.refused)
    _list("Warnings", report.warnings)
    if dry_run:
        console.print("Dry run: nothing was changed.")


def _list(title: str, remarks: list[Remark]) -> None:
    if not remarks:
        return
    table = Table("line", "column", "code", "reason", "remedy", title=title, title_justify="left")
    for each in remarks[:SHOWN]:
        cells = (str(each.line), each.column, each.code, each.reason, each.remedy)
        table.add_row(*map(escape, cells))
    console.print(table)
    if len(remarks) > SHOWN:
        console.print(f"… and {len(remarks) - SHOWN} more.")


COMMANDS = (import_, export)
