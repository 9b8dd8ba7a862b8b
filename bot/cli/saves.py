"""`rollout save`: a mistake caught before it did harm."""

from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show, tell
from bot.cli.words import WorkflowName, person_of

app = typer.Typer(rich_markup_mode=None)


@command(app, "save")
def save(
    call: Call,
    workflow: WorkflowName,
    *,
    summary: Annotated[str, typer.Option("--summary", metavar="T", help="What was caught, in a sentence.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="U", parser=person_of, help="Who caught it; else whoever says so.")
    ] = None,
) -> None:
    """Tell of a mistake that was caught in time: the team's channel says thank you, the next digest names it."""
    from bot.actions.saves import save as keep
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        person = session.desk.person(by or session.actor.handle)
        saved = session.do(found.id, keep, found, summary, person)
    if not saved.is_new:
        tell("This stood recorded for today already, so nothing changed.")
    show({"id": saved.signal.id, "source": saved.signal.source, "recorded": saved.is_new})
