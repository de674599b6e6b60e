"""``vereda audit``: what was done at the desk is as it was written down."""

import click

from directory.cli.context import Context
from directory.database import reading
from directory.services import audit as chain


@click.group()
def audit() -> None:
    """The record of what was done at the desk."""


@audit.command()
@click.pass_obj
def head(context: Context) -> None:
    """Print how many rows there are and the last one's digest, to be kept elsewhere."""
    with reading(context.house.engine) as db:
        found = chain.head(db)
    click.echo(f"{found.rows} {found.digest or '-'}")


@audit.command()
@click.option(
    "--head", "known", default="", help="A digest printed earlier by “vereda audit head”."
)
@click.pass_context
def verify(ctx: click.Context, known: str) -> None:
    """Follow the chain; exit code 1 where it is broken."""
    context: Context = ctx.obj
    with reading(context.house.engine) as db:
        found = chain.check(db, known="" if known == "-" else known)
    if found.broken is not None:
        click.echo(f"Row {found.broken} is not as it was written; {found.head.rows} before it are.")
    elif found.missing:
        click.echo(
            f"{found.head.rows} rows fit together, but {known} is none of them: rows are gone."
        )
    else:
        click.echo(f"{found.head.rows} rows, all as they were written.")
    ctx.exit(0 if found.is_whole else 1)


COMMANDS = (audit,)
