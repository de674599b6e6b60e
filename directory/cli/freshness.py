"""``vereda remind`` and ``vereda expire``: for cron or a timer; run twice they do nothing twice."""

import click
from rich.console import Console

from directory.cli.context import Context
from directory.cli.units import work
from directory.edge import links
from directory.edge.post import Post
from directory.services import indexing, reminding
from directory.services.freshness import Terms

console = Console()


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send and change nothing.")
@click.pass_obj
def remind(context: Context, *, dry_run: bool) -> None:
    """Ask providers by mail whether what they list is still true."""
    house, settings = context.house, context.settings
    links.base(settings)  # better to fail here than in each mail
    with work(house, dry_run=dry_run) as db:
        done = reminding.remind(db, terms=Terms.of(settings), now=settings.clock())
    console.print(
        f"{done.mails} mails about {done.listings} listings;"
        f" {done.unreachable} listings without an address, {done.declined} of whoever wants none."
    )
    _finish(context, dry_run=dry_run)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.pass_obj
def expire(context: Context, *, dry_run: bool) -> None:
    """Mark for readers what nobody has confirmed, and withdraw what has been marked for long."""
    house, settings = context.house, context.settings
    links.base(settings)
    with work(house, dry_run=dry_run) as db:
        done = reminding.expire(db, terms=Terms.of(settings), now=settings.clock())
    console.print(
        f"{done.marked} listings marked, {done.withdrawn} withdrawn with {done.mails} notices,"
        f" {done.forgotten} addresses of readers erased."
    )
    if not dry_run:
        indexing.sync(house.engine, house.index, currency=settings.currency)
    _finish(context, dry_run=dry_run)


def _finish(context: Context, *, dry_run: bool) -> None:
    if dry_run:
        console.print("Dry run: nothing was changed.")
        return
    sent = Post(context.house).deliver()
    if sent.sent or sent.failed:
        console.print(f"{sent.sent} mails sent, {sent.failed} to be tried again.")


COMMANDS = (remind, expire)
