"""``vereda cases``: learners' cases end when their time is over."""

import click

from directory.cli.context import Context
from directory.database import unit_of_work
from directory.services.cases import erasing


@click.group()
def cases() -> None:
    """Cases of learners."""


@cases.command()
@click.pass_obj
def expire(context: Context) -> None:
    """Erase every case whose time is over; the serving process does so every ten minutes."""
    with unit_of_work(context.house.engine) as db:
        erased = erasing.expire(db, now=context.settings.clock())
    click.echo(f"{erased} cases erased.")


COMMANDS = (cases,)
