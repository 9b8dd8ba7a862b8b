"""How the command line speaks: JSON for programs, text for people, remarks and errors on standard error."""

import json
import os
from zoneinfo import ZoneInfo

import typer

from bot.domain.wording import clean


def show(answer: object) -> None:
    """Prints `answer` as one line of JSON; it stays ASCII, so no terminal or pipe can garble it."""
    typer.echo(json.dumps(answer))


def say(text: str) -> None:
    """Prints text that was asked for."""
    typer.echo(text)


def tell(text: str) -> None:
    """Prints a remark or an error beside the answer, without characters that could steer a terminal."""
    typer.echo(clean(text), err=True)


def worded(part: str, zone: str = "UTC", /, **context: object) -> str:
    """The part of the templates, as plain text, times in `zone`."""
    from bot.texts import Surface, Texts

    return Texts(Surface.PLAIN, ZoneInfo(zone)).say(part, **context)


def unexpected(error: Exception) -> str:
    """A sentence with a reference id; at ROLLOUT_LOG_LEVEL=debug what happened is logged under that id."""
    import secrets
    import traceback

    reference = secrets.token_hex(4)
    if os.environ.get("ROLLOUT_LOG_LEVEL", "").strip().lower() == "debug":
        tell(f"debug: reference {reference}\n{''.join(traceback.format_exception(error))}")
    return (
        f"Something went wrong that Rollout did not expect (reference {reference}). Look at how things stand before "
        "you try again; with ROLLOUT_LOG_LEVEL=debug the log says what it was."
    )
