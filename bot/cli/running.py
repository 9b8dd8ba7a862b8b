"""`rollout demo` and `rollout run`: the bot itself, on a local workspace or for real."""

from typing import Annotated

import typer

from bot import garbage
from bot.cli.call import BadUsage, Call, command

app = typer.Typer(rich_markup_mode=None)


@command(app, "demo")
def demo(
    call: Call,
    *,
    port: Annotated[
        int | None, typer.Option("--port", metavar="N", min=1, max=65535, help="Where the page is.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin the sample program anew.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """Start a local workspace, the bot and a sample program; --at sets the simulated clock."""
    garbage.look_seldom()
    from bot.demo import launch

    launch(port=port, at=call.at, fresh=fresh, open_page=not no_open, database_url=call.db)


@command(app, "run")
def run(call: Call) -> None:
    """Run the bot for real: Socket Mode with an app-level token, else HTTP."""
    garbage.look_seldom()
    from bot.cli.desk import settings_of
    from bot.settings import SettingsError
    from bot.wiring import run as serve

    if call.at is not None:
        raise BadUsage("The bot runs by the real time, so --at is not for `rollout run`: leave it out.")
    settings = settings_of(call)
    try:
        settings.demand_slack()
        serve(settings)
    except SettingsError as error:
        raise BadUsage(str(error)) from None
