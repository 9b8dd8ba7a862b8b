"""`rollout audit`: the log, verified and exported."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show, tell

if TYPE_CHECKING:
    from store.audit import Head

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The audit log.")

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


def _head_of(text: str) -> "Head":
    from store.audit import Head

    found = _HEAD.fullmatch(text.strip().lower())
    if not found:
        raise typer.BadParameter(f"{text!r} is no head of a log: write its number, a colon and its whole hash.")
    return Head(int(found[1]), found[2])


@command(app, "verify")
def verify(
    call: Call,
    *,
    head: Annotated[
        object,
        typer.Option("--head", metavar="SEQ:HASH", parser=_head_of, help="A head noted elsewhere, to check against."),
    ] = None,
) -> None:
    """Walk the chain and name the first broken record, if there is one."""
    from bot.cli.desk import to_read
    from store.audit import Head
    from store.verification import verify as walk

    with to_read(call) as session, session.desk.store.database.reading() as connection:
        found = walk(connection, head if isinstance(head, Head) else None)
    show(
        {
            "ok": found.ok,
            "records": found.records,
            "erased_texts": found.erased_texts,
            "first_broken": found.first_broken,
            "why": found.why,
            "head": {"seq": found.head.seq, "hash": found.head.hash},
        }
    )
    if not found.ok:
        tell(f"The audit log is broken: {found.why}")
        raise typer.Exit(1)


@command(app, "export")
def export(call: Call) -> None:
    """Print every record as a line of JSON, the oldest first."""
    from bot.cli.desk import to_read
    from store.audit import export as records

    with to_read(call) as session, session.desk.store.database.reading() as connection:
        for record in records(connection):
            show(record)
