"""``vereda user``: accounts, where nobody can sign in yet, or nobody any more."""

import os
import sys

import click
from sqlmodel import Session

from directory import languages
from directory.cli.context import Context
from directory.database import reading, unit_of_work
from directory.models import Account
from directory.models.vocabulary import Role
from directory.services import accounts, second_factor

ROLES = [role.value for role in Role]


@click.group()
def user() -> None:
    """Accounts of those who work with Vereda; residents need none."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="What the person is called.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the account is for.")
@click.option(
    "--language",
    type=click.Choice(list(languages.INTERFACE)),
    default=languages.DEFAULT,
    show_default=True,
    help="Which language the person works in.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def add(
    context: Context, email: str, name: str, role: str, language: str, *, password_stdin: bool
) -> None:
    """Make an account for EMAIL, and print a link with which its person sets a password."""
    now = context.settings.clock()
    with unit_of_work(context.house.engine) as db:
        account = accounts.make(
            db, None, email=email, name=name, role=Role(role), language=language, now=now
        )
        link = _way_in(context, db, account, password_stdin=password_stdin)
    click.echo(f"{account.email}: {account.role}.")
    _print_link(link)


@user.command(name="list")
@click.pass_obj
def list_(context: Context) -> None:
    """Everybody who has an account."""
    with reading(context.house.engine) as db:
        for row in accounts.everybody(db):
            state = "closed" if not row.active else "open" if row.password_hash else "invited"
            seen = f"{row.last_seen:%Y-%m-%d}" if row.last_seen else "never"
            click.echo(f"{row.email}\t{row.name}\t{row.role}\t{state}\t{seen}")


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--without-second-factor", is_flag=True, help="Also forget codes, passkeys and recovery codes."
)
@click.pass_obj
def password(
    context: Context, email: str, *, password_stdin: bool, without_second_factor: bool
) -> None:
    """Print a link with which the owner of EMAIL's account sets a new password."""
    with unit_of_work(context.house.engine) as db:
        account = accounts.named(db, email)
        link = _way_in(context, db, account, password_stdin=password_stdin)
        if without_second_factor:
            second_factor.remove(db, None, account, now=context.settings.clock())
    _print_link(link)


@user.command()
@click.argument("email")
@click.pass_obj
def deactivate(context: Context, email: str) -> None:
    """Close EMAIL's account; whoever is signed in with it is signed out at once."""
    with unit_of_work(context.house.engine) as db:
        accounts.deactivate(db, None, accounts.named(db, email), now=context.settings.clock())
    click.echo(f"{email}: closed.")


def _way_in(context: Context, db: Session, account: Account, *, password_stdin: bool) -> str:
    """Set the password that was handed over, or make a link with which its owner sets one."""
    now = context.settings.clock()
    if password_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        accounts.set_password(db, None, account, password=given, now=now)
        return ""
    token = accounts.invite(db, None, account, now=now)
    return f"{_address(context)}/{account.language}/sign-in/invitation/{token}"


def _address(context: Context) -> str:
    """Where the site is read, or where ``vereda serve`` would have it."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    return context.settings.public_url.rstrip("/") or f"http://{host}:{port}"


def _print_link(link: str) -> None:
    if link:
        click.echo(
            f"Hand over this link; it is good for seven days and sets a password once:\n{link}"
        )


COMMANDS = (user,)
