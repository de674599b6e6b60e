"""``vereda serve``: the site, answered by waitress."""

import gc
import threading
from typing import Any

import click

from directory.cli import setup
from directory.cli.context import Context
from directory.database import reading
from directory.edge.rounds import Rounds
from directory.errors import Misconfigured
from directory.services.keeping import Keeper, keep_dates


@click.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option(
    "--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(0, 65535)
)
@click.option(
    "--prepare",
    is_flag=True,
    help="First make the tables, and the demo city if there is no listing.",
)
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, *, prepare: bool) -> None:
    """Serve the site until interrupted."""
    if prepare:
        ctx.invoke(setup.init)
        ctx.invoke(setup.demo_, if_empty=True)
    context: Context = ctx.obj
    from waitress import create_server  # noqa: PLC0415

    from directory.app import MOST_TAKEN, create_app  # noqa: PLC0415

    house = context.house
    try:
        server: Any = create_server(
            create_app(house=house),
            host=host,
            port=port,
            threads=8,
            ident=None,
            clear_untrusted_proxy_headers=True,
            **_proxy(context.settings.trusted_proxy),
            max_request_body_size=MOST_TAKEN,
        )
    except OSError as error:
        raise Misconfigured(
            f"{host}:{port} cannot be served ({error.strerror});"
            " choose another address with --host and --port, or HOST and PORT"
        ) from error
    keep_dates(house.engine, settings=context.settings)
    stop = threading.Event()
    Keeper(
        house.engine,
        house.index,
        context.settings,
        tell=lambda text: click.echo(text, err=True),
    ).start(stop)
    house.guide.start(house.engine, context.settings.clock, stop)
    rounds = Rounds(house, tell=lambda text: click.echo(text, err=True))
    rounds.start(stop)
    threading.Thread(target=_warm, args=(context,), daemon=True).start()
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Vereda is at http://{shown}:{server.effective_port}")
    if prepare:
        setup.print_logins(context)
    try:
        server.run()
    finally:
        stop.set()
        rounds.count()


def _proxy(address: str) -> dict[str, Any]:
    """What the proxy in front says of who asks, and by TLS or not, is believed of it alone."""
    if not address:
        return {}
    told = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return {"trusted_proxy": address, "trusted_proxy_count": 1, "trusted_proxy_headers": told}


def _warm(context: Context) -> None:
    """Fit the recommender before the first reader asks."""
    with reading(context.house.engine) as db:
        context.house.guide.recommender(db, now=context.settings.clock())
    # What is here now stays; looking through it for garbage would stop everybody for 0.1 s each time.
    gc.collect()
    gc.freeze()


COMMANDS = (serve,)
