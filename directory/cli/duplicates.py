"""``vereda duplicates``: listings told twice, looked for by cron or a timer."""

import click
from rich.console import Console

from directory.cli.context import Context
from directory.cli.units import work
from directory.services import duplicates as rules

console = Console()


@click.group()
def duplicates() -> None:
    """Listings that may be one and the same."""


@duplicates.command()
@click.option("--dry-run", is_flag=True, help="Say what would be found; keep nothing.")
@click.pass_obj
def find(context: Context, *, dry_run: bool) -> None:
    """Look for listings told twice, for the editors to judge at their desk."""
    settings = context.settings
    with work(context.house, dry_run=dry_run) as db:
        done = rules.find(db, now=settings.clock(), zone=settings.timezone)
    console.print(
        f"{done.pairs} pairs look alike: {done.new} new, {done.again} to be judged again;"
        f" {done.dropped} no longer do."
    )
    if dry_run:
        console.print("Dry run: nothing was changed.")


COMMANDS = (duplicates,)
