"""``vereda backup``, ``restore`` and ``doctor``: keeping a city's data, and knowing it is well."""

from pathlib import Path

import click
from rich.console import Console

from directory.cli.context import Context
from directory.services import backups, checkup, indexing

console = Console()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(context: Context, file: Path) -> None:
    """Copy the SQLite database to FILE while the site runs."""
    size = backups.backup(context.house.engine, file)
    console.print(f"{file}: {size:,} bytes, checked.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before the present data is replaced.")
@click.pass_obj
def restore(context: Context, file: Path, *, yes: bool) -> None:
    """Put a backup in the place of the present data, and make the index anew. Stop the site first."""
    if not yes:
        click.confirm(f"Replace everything in {context.settings.data_dir} by {file}?", abort=True)
    house = context.unprepared
    backups.restore(house.engine, file)
    counted = indexing.rebuild(house.engine, house.index, currency=context.settings.currency)
    console.print(f"Restored; {counted} listings indexed.")


@click.command()
@click.pass_obj
def doctor(context: Context) -> None:
    """Check database, index, translations and settings; exit code 1 when something is wrong."""
    findings = checkup.examine(context.unprepared.engine, context.unprepared.index)
    for finding in findings:
        console.print(f"{'✓' if finding.well else '✗'} {finding.what}: {finding.detail}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


COMMANDS = (backup, restore, doctor)
