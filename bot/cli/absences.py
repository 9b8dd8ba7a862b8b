"""`rollout away`: who is away until when, and who stands in."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show
from bot.cli.words import day_of, person_of

app = typer.Typer(rich_markup_mode=None)


@command(app, "away")
def away(
    call: Call,
    *,
    until: Annotated[
        date | None, typer.Option("--until", metavar="DATE", parser=day_of, help="The last day on which you are away.")
    ] = None,
    deputy: Annotated[
        str | None,
        typer.Option("--deputy", metavar="U", parser=person_of, help="Who holds your roles and items meanwhile."),
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="You are here again, before that day is over.")] = False,
) -> None:
    """Say until when you are away and who stands in; without options, list who is away."""
    if back and (until or deputy):
        raise BadUsage("--back ends an absence, so it goes without --until and --deputy.")
    if deputy and until is None:
        raise BadUsage("A deputy stands in until a day: give it with --until DATE.")
    if back:
        _come_back(call)
    elif until:
        _leave(call, until, deputy)
    else:
        _list(call)


def _leave(call: Call, until: date, deputy: str | None) -> None:
    from bot.actions.absences import leave
    from bot.cli.desk import to_change

    with to_change(call) as session:
        standing = session.desk.person(deputy) if deputy else None
        session.do(None, leave, until, standing)
    show({"id": session.actor.handle, "until": until.isoformat(), "deputy": deputy})


def _come_back(call: Call) -> None:
    from bot.actions.absences import come_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.do(None, come_back)
    show({"id": session.actor.handle, "until": None, "deputy": None})


def _list(call: Call) -> None:
    from bot.cli.desk import to_read
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        found = view.absences(session.desk.clock.now()).all
    show(
        {
            "away": [
                {
                    "id": each.person.handle,
                    "since": instant_text(each.since),
                    "until": each.until.isoformat(),
                    "deputy": each.deputy.handle if each.deputy else None,
                }
                for each in found
            ]
        }
    )
