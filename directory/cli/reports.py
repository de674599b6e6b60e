"""``vereda reports``: what readers found wrong, and the answer to it."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from directory.cli.context import Context
from directory.database import reading, unit_of_work
from directory.edge import links
from directory.errors import Invalid, Misconfigured
from directory.models.reports import ReportOutcome
from directory.services import indexing
from directory.services import reports as rules
from directory.services.texts import words

console = Console()


@click.group(invoke_without_command=True)
@click.pass_context
def reports(ctx: click.Context) -> None:
    """List the reports nobody has answered."""
    if ctx.invoked_subcommand is not None:
        return
    context: Context = ctx.obj
    with reading(context.house.engine) as db:
        waiting = rules.open_ones(db)
        table = Table("report", "day", "listing", "what", "in their words", "by", "to be told")
        for each in waiting:
            table.add_row(
                str(each.id),
                each.written.astimezone(context.settings.zone).date().isoformat(),
                escape(words(each.listing, "title", each.listing.language).value),
                each.kind,
                escape(each.words),
                "provider" if each.by_provider else "reader",
                "yes" if each.email else "",
            )
    console.print(table if waiting else "No report is waiting.")


@reports.command()
@click.argument("number", type=int)
@click.option("--outcome", required=True, type=click.Choice([each.value for each in ReportOutcome]))
@click.option("--note", default="", help="A few words for whoever reported it.")
@click.pass_obj
def answer(context: Context, number: int, outcome: str, note: str) -> None:
    """Say what came of report NUMBER; “withdrawn” takes the listing out."""
    house, settings = context.house, context.settings
    links.base(settings)
    try:
        with unit_of_work(house.engine) as db:
            rules.answer(
                db, number, outcome=ReportOutcome(outcome), note=note, now=settings.clock()
            )
    except Invalid:
        raise Misconfigured(f"report {number} was answered before") from None
    indexing.sync(house.engine, house.index, currency=settings.currency)
    console.print(f"Report {number}: {outcome}.")


COMMANDS = (reports,)
