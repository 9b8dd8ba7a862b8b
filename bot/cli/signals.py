"""`rollout ingest` and `signal void`: signals from a file or from another program, and wrong ones taken back."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show
from bot.cli.words import Reason, day_of
from bot.domain.errors import BadInput

app = typer.Typer(rich_markup_mode=None)
corrections = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Signals: wrong ones taken back or corrected."
)


@command(app, "ingest")
def ingest(
    call: Call,
    place: Annotated[str, typer.Argument(metavar="FILE.jsonl|-", help="JSON lines or CSV, or - for standard input.")],
) -> None:
    """Take in signals; what is refused is named by line, and the good lines are kept."""
    from bot.actions.desk import Asked
    from bot.actions.signals import take_in
    from bot.cli.desk import to_change
    from bot.intake import lines_of

    with _opened(place) as stream, to_change(call) as session:
        taken = take_in(session.desk, Asked(session.actor), lines_of(stream))
    show(
        {
            "accepted": taken.accepted,
            "duplicate": taken.duplicate,
            "rejected": [{"line": each.line, "why": each.why} for each in taken.rejected],
        }
    )
    if taken.rejected:
        raise typer.Exit(1)


@command(corrections, "void")
def void(
    call: Call,
    signal: Annotated[str, typer.Argument(metavar="ID", help="Its id as it was sent, or SOURCE/ID.")],
    *,
    reason: Reason,
) -> None:
    """Take a wrong signal back, or ask an approver to; it stays on record and counts nowhere."""
    from bot.actions import voids
    from bot.cli.desk import to_change
    from bot.domain.facts import RequestMade

    with to_change(call) as session:
        act = voids.void if session.may_decide else voids.ask
        fact = session.do(signal.strip(), act, signal, reason)
    if isinstance(fact, RequestMade):
        terms = dict(fact.terms)
        show({"id": terms["signal"], "source": terms["source"], "voided": False, "request": fact.request_id})
        return
    show({"id": fact.signal, "source": fact.source, "voided": True, "request": None})


@command(corrections, "correct")
def correct(
    call: Call,
    signal: Annotated[str, typer.Argument(metavar="ID", help="Its id as it was sent, or SOURCE/ID.")],
    changes: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="What it should say.")] = None,
    *,
    reason: Reason,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="YYYY-MM-DD", parser=day_of, help="The day that it should have been about."),
    ] = None,
) -> None:
    """Put the right number in place of a wrong one, or ask an approver to."""
    from bot.actions import corrections as acts
    from bot.cli.desk import to_change
    from bot.cli.numbers import tell_caused
    from bot.domain.facts import RequestMade

    correction = acts.Correction(dict(map(_change, changes or ())), on)
    with to_change(call) as session:
        act = acts.correct if session.may_decide else acts.ask
        done = session.do(signal.strip(), act, signal, correction, reason)
    tell_caused(done.caused.told)
    request = done.fact.request_id if isinstance(done.fact, RequestMade) else None
    show(
        {"id": done.old.id, "source": done.old.source, "instead": None if request else done.new.id, "request": request}
    )


def _change(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name.strip():
        raise BadUsage(f"{text!r} says nothing to change: write the field, = and its value, such as value=4.2.")
    return name.strip(), value.strip()


@contextmanager
def _opened(place: str) -> Iterator[TextIO]:
    """The text of a file, or of standard input; bytes that are not UTF-8 are kept apart, and refused by line."""
    if place == "-":
        stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="surrogateescape")
        try:
            yield stream
        finally:
            stream.detach()
        return
    try:
        stream = Path(place).open(encoding="utf-8", errors="surrogateescape")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its name is no file's name").lower()
        raise BadInput(f"{place} cannot be read: {why}.") from None
    with stream:
        yield stream
