"""`rollout promote` and `demote`: from phase to phase, by evidence and by decision."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show
from bot.cli.words import Reason, WorkflowName, day_of

app = typer.Typer(rich_markup_mode=None)


@command(app, "promote")
def promote(
    call: Call,
    workflow: WorkflowName,
    *,
    override: Annotated[bool, typer.Option("--override", help="Ask to pass the gate although checks fail.")] = False,
    memo: Annotated[
        str | None, typer.Option("--memo", metavar="ID", help="The filed memo that an override rests on.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--until", metavar="DATE", parser=day_of, help="The last day of an override.")
    ] = None,
) -> None:
    """Judge the gate ahead; where it is ready, or overridden, ask for the promotion."""
    from bot.actions.gates import Wish
    from bot.actions.gates import promote as ask
    from bot.cli.desk import to_change

    if override != (memo is not None and until is not None) or (memo is None) != (until is None):
        raise BadUsage("An override takes all three: --override, --memo ID and --until DATE.")
    wish = Wish(memo, until) if memo is not None and until is not None else None
    with to_change(call) as session:
        found = session.workflow(workflow)
        asked = session.do(found.id, ask, found, wish)
    show({"request": asked.request_id, "ready": asked.verdict.ready, "missing": list(asked.verdict.missing)})
    if asked.request_id is None:
        raise typer.Exit(1)


@command(app, "demote")
def demote(call: Call, workflow: WorkflowName, *, reason: Reason) -> None:
    """Move a workflow one phase back, at once; the lower phase's bounds hold from now on."""
    from bot.actions.gates import demote as move_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, move_back, found, reason)
    show({"id": found.id, "left": fact.left.value, "phase": fact.entered.value})
