"""How the command line speaks: JSON for programs, text for people, remarks and errors on standard error."""

import json
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
