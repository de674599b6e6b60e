"""``vereda init`` and ``vereda demo``: a city's database, empty or with the invented city."""

import click
from rich.console import Console

from directory.cli.context import Context
from directory.database import reading, unit_of_work
from directory.services import (
    catalogue,
    demo,
    demo_accounts,
    demo_voices,
    indexing,
    listings,
    topics,
    upkeep,
)

console = Console()


@click.command()
@click.pass_obj
def init(context: Context) -> None:
    """Create the tables, or bring them to this version, and load the topic tree."""
    house = context.unprepared
    upkeep.migrate(house.engine)
    now = context.settings.clock()
    with unit_of_work(house.engine) as db:
        city = upkeep.city(db)
        if context.settings.city_name and not city.names:
            city.names = {"und": context.settings.city_name}
        touched = topics.load_shipped(db, now=now)
        catalogue.extend_occurrences(db, now=now)
    indexing.sync(house.engine, house.index, currency=context.settings.currency)
    console.print(f"Ready: {context.settings.data_dir} ({touched} topics new or changed).")


@click.command(name="demo")
@click.option("--if-empty", is_flag=True, help="Only where there is no listing yet.")
@click.pass_obj
def demo_(context: Context, *, if_empty: bool) -> None:
    """Load Villaclara, the invented demo city, dated from the present week."""
    house = context.house
    now = context.settings.clock()
    with reading(house.engine) as db:
        there = listings.any_published(db)
    with unit_of_work(house.engine) as db:
        report = None
        if not (if_empty and there):
            report = demo.load(db, now=now, settings=context.settings)
        demo_accounts.ensure(db, settings=context.settings, now=now)
        demo_voices.ensure(db, now=now)
    if report is None:
        return
    indexing.sync(house.engine, house.index, currency=context.settings.currency)
    console.print(f"Villaclara: {report}")
    if not if_empty:
        print_logins(context)


def print_logins(context: Context) -> None:
    """How to sign in as the demo's invented people; nothing in a real city."""
    with reading(context.house.engine) as db:
        for login in demo_accounts.logins(db, settings=context.settings):
            click.echo(f"  {login.role:<14} {login.email:<28} {login.password}")


COMMANDS = (init, demo_)
