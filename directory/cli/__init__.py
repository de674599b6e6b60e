"""Commands, one file a group."""

import sys
from typing import NoReturn

import click
from sqlalchemy.exc import OperationalError

from directory.cli.context import Context
from directory.edge.messages import problem_message
from directory.errors import Invalid, VeredaError


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
        _refuse(_in_words(error))
    except OperationalError as error:
        _refuse(
            f"the database does not answer ({_first_line(error.orig)}); look at"
            " VEREDA_DATABASE_URL and VEREDA_DATA_DIR"
        )
    except OSError as error:
        if error.errno is None:
            raise
        where = f"{error.filename}: " if error.filename else ""
        _refuse(f"{where}{error.strerror}. Name another file or folder, or make room for it")


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"vereda: {sentence}", err=True)
    sys.exit(2)


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), "")


def _in_words(error: VeredaError) -> str:
    if isinstance(error, Invalid):
        return " ".join(problem_message(problem) for problem in error.problems)
    return str(error)


def _register() -> None:
    from directory.cli import (  # noqa: PLC0415 - they need cli
        audit,
        cases,
        duplicates,
        freshness,
        importing,
        indexing,
        mailing,
        reports,
        serve,
        setup,
        sources,
        upkeep,
        users,
    )

    for module in (
        setup,
        importing,
        indexing,
        serve,
        upkeep,
        users,
        freshness,
        mailing,
        reports,
        cases,
        sources,
        audit,
        duplicates,
    ):
        for command in module.COMMANDS:
            cli.add_command(command)


_register()
