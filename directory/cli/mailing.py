"""``vereda mail``: what is to be sent, and what would not go."""

import click
from rich.console import Console
from rich.table import Table

from directory.cli.context import Context
from directory.database import reading, unit_of_work
from directory.edge.post import Post
from directory.services import mail as mails

console = Console()


@click.group()
def mail() -> None:
    """Send waiting mails, list them, or try those again that were given up."""


@mail.command()
@click.pass_obj
def send(context: Context) -> None:
    """Send what is due; a running site does so by itself."""
    done = Post(context.house).deliver()
    console.print(f"{done.sent} mails sent, {done.failed} to be tried again.")
    if done.failed:
        raise SystemExit(1)


@mail.command(name="list")
@click.pass_obj
def list_(context: Context) -> None:
    """List what has not gone, without saying to whom."""
    with reading(context.house.engine) as db:
        waiting = mails.unsent(db)
    table = Table("mail", "kind", "queued", "tries", "next try", "trouble")
    for each in waiting:
        due = each.due.isoformat(timespec="minutes") if each.due else "given up"
        queued = each.queued.isoformat(timespec="minutes")
        table.add_row(str(each.id), each.kind, queued, str(each.tries), due, each.trouble)
    console.print(table)


@mail.command()
@click.pass_obj
def retry(context: Context) -> None:
    """Try everything again that has not gone."""
    with unit_of_work(context.house.engine) as db:
        mails.retry(db, now=context.settings.clock())
    done = Post(context.house).deliver()
    console.print(f"{done.sent} mails sent, {done.failed} to be tried again.")


COMMANDS = (mail,)
