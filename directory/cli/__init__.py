"""Commands, one file a group."""

import sys

import click

from directory.cli.context import Context
from directory.errors import VeredaError


@click.group()
@click.version_option(package_name="vereda", prog_name="vereda")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Vereda: a learning city's directory and guide."""
    ctx.obj = Context()


def main() -> None:
    """Run a command; what Vereda refuses is one clear sentence and exit code 2."""
    try:
        cli()
    except VeredaError as error:
        click.echo(f"vereda: {error}", err=True)
        sys.exit(2)


def _register() -> None:
    from directory.cli import importing, indexing, serve, setup, upkeep  # noqa: PLC0415 - they need cli

    for module in (setup, importing, indexing, serve, upkeep):
        for command in module.COMMANDS:
            cli.add_command(command)


_register()
