"""``vereda index``: the search index, which can always be made anew."""

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from directory.cli.context import Context
from directory.search.index import IndexUnavailable
from directory.services import indexing

console = Console()


@click.group()
def index() -> None:
    """Make the search index anew, bring it up to date, or check it."""


@index.command()
@click.pass_obj
def rebuild(context: Context) -> None:
    """Make the whole index anew; the old one serves until the new one is whole."""
    house = context.house
    total = indexing.listings_to_index(house.engine)
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("index", total=total)
        counted = indexing.rebuild(
            house.engine,
            house.index,
            currency=context.settings.currency,
            progress=lambda done: bar.update(task, completed=done),
        )
    if counted is None:
        console.print(
            "Another process is making the index anew just now; this one left it to that."
        )
    else:
        console.print(f"{counted} listings indexed.")


@index.command()
@click.pass_obj
def sync(context: Context) -> None:
    """Bring into the index what has changed since."""
    house = context.house
    touched = indexing.sync(house.engine, house.index, currency=context.settings.currency)
    console.print(f"{touched} listings brought up to date.")


@index.command()
@click.pass_obj
def check(context: Context) -> None:
    """Compare the index with the database; exit code 1 when they differ."""
    try:
        missing, extra = indexing.differences(context.house.engine, context.house.index)
    except IndexUnavailable as error:
        console.print(f"The index cannot be read ({error}); run “vereda index rebuild”.")
        raise SystemExit(1) from error
    console.print(
        f"{len(missing)} published listings missing, {len(extra)} that should not be there."
    )
    if missing or extra:
        raise SystemExit(1)


COMMANDS = (index,)
