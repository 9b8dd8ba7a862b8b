"""`rollout freeze` and `unfreeze`: every grant of a workflow, or of all, stopped with one command."""

import sys
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show, tell
from bot.cli.words import Reason, WorkflowName

if TYPE_CHECKING:
    from bot.actions.grants.measured import Stop, Stopped
    from bot.cli.desk import Session

app = typer.Typer(rich_markup_mode=None)


@command(app, "freeze")
def freeze(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Its name; else --all.")] = None,
    *,
    reason: Reason,
    every: Annotated[bool, typer.Option("--all", help="Every running workflow, after a confirmation.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="A rehearsal: its time is recorded as a drill's.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for a confirmation.")] = False,
) -> None:
    """Stop every grant of a workflow, or of all, at once; the time until a decision was refused is measured."""
    begun_s = monotonic()
    from bot.actions.desk import Asked
    from bot.actions.grants.measured import Stop, freeze_and_measure
    from bot.cli.desk import to_change
    from bot.domain.freezes import FreezeKind

    if every == (workflow is not None) or (every and drill):
        raise BadUsage("Say what is to be frozen: one WORKFLOW, which may be a --drill, or --all.")
    stop = Stop(reason, FreezeKind.DRILL if drill else FreezeKind.HAND, begun_s)
    with to_change(call) as session:
        if workflow is None:
            _freeze_all(session, stop, asks=not yes)
            return
        found = session.workflow(workflow)
        stopped = freeze_and_measure(session.desk, Asked(session.actor, about=found.id), found, stop)
    show(_entry(stopped, found.name))


def _freeze_all(session: "Session", stop: "Stop", *, asks: bool) -> None:
    from bot.actions.desk import Asked
    from bot.actions.grants.measured import freeze_all_and_measure

    with session.desk.reading() as view:
        names = {workflow.id: workflow.name for workflow in view.workflows()}
        running = [workflow for workflow in view.workflows() if not workflow.is_frozen]
        grants = sum(len(view.grants.living(workflow.id)) for workflow in running)
    told = f"This stops {grants} grants of {len(running)} workflows"
    if asks and not sys.stdin.isatty():
        raise BadUsage(f"{told}: say --yes if that is meant.")
    if asks and not typer.confirm(f"{told}. Go on?", err=True):
        tell("Nothing was frozen.")
        raise typer.Exit(1)
    frozen = freeze_all_and_measure(session.desk, Asked(session.actor), stop)
    show({"frozen": [_entry(each, names.get(each.workflow_id, each.workflow_id)) for each in frozen]})


def _entry(stopped: "Stopped", name: str) -> dict[str, object]:
    took_s = float(stopped.took_s) if stopped.took_s is not None else None
    return {"id": stopped.freeze_id, "workflow": name, "took_s": took_s}


@command(app, "unfreeze")
def unfreeze(call: Call, workflow: WorkflowName, *, reason: Reason) -> None:
    """Lift a freeze; what suspends a single grant stays."""
    from bot.actions.grants.freezing import unfreeze as lift
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, lift, found, reason)
    show({"id": fact.freeze_id, "workflow": found.name})
