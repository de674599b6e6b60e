"""``vereda sources``: what is fetched on a rhythm, and fetching it."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from directory.cli.context import Context
from directory.database import reading
from directory.edge.bulk import STATES, trouble_in_words
from directory.edge.house import House
from directory.edge.rounds import fetch_one
from directory.models import Transfer
from directory.models.vocabulary import TransferState
from directory.services.bulk import running
from directory.services.bulk import sources as rules

console = Console()


@click.group()
def sources() -> None:
    """List or fetch the addresses whose listings come in on a rhythm."""


@sources.command(name="list")
@click.pass_obj
def list_(context: Context) -> None:
    """List them, when each is due, and what came of it the last time."""
    with reading(context.house.engine) as db:
        rows, latest = rules.everything(db), rules.latest(db)
    table = Table("key", "kind", "address", "due", "last", "result")
    for row in rows:
        last = latest.get(row.id or 0)
        due = row.due.isoformat(timespec="minutes") if row.due and row.enabled else "paused"
        when = last.begun.isoformat(timespec="minutes") if last else "never"
        result = _result(last) if last else ""
        table.add_row(row.key, row.kind.value, escape(row.address), due, when, escape(result))
    console.print(table)


@sources.command()
@click.argument("keys", nargs=-1)
@click.option("--due", is_flag=True, help="Those whose time has come, for cron.")
@click.pass_obj
def fetch(context: Context, keys: tuple[str, ...], *, due: bool) -> None:
    """Fetch the named sources, or those that are due; a failure is said and ends with code 1."""
    house, now = context.house, context.settings.clock()
    if due == bool(keys):
        raise click.UsageError("Name sources by their keys, or say --due.")
    with reading(house.engine) as db:
        wanted = [rules.by_key(db, key).id or 0 for key in keys] or rules.due(db, now=now)
    begun = [fetch_one(house, number, only_due=due) for number in wanted]
    done = [_told(house, number) for number in begun if number is not None]
    if not done:
        console.print("No source is due.")
    if any(row.state is TransferState.FAILED for row in done):
        raise SystemExit(1)


def _told(house: House, number: int) -> Transfer:
    with reading(house.engine) as db:
        row = running.by_number(db, number)
    console.print(f"{escape(row.name)}: {escape(_result(row))}", highlight=False)
    return row


def _result(row: Transfer) -> str:
    said = str(STATES[row.state])
    if row.counts:
        said += ": " + ", ".join(f"{number} {what}" for what, number in row.counts.items())
    if row.held:
        return f"{said}; {row.held} that are gone from it stay ({row.trouble})"
    return f"{said}. {trouble_in_words(row.trouble, row.trouble_value)}" if row.trouble else said


COMMANDS = (sources,)
