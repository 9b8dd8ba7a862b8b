"""`rollout drill`: what was rehearsed, and how long it took."""

from decimal import Decimal
from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show
from bot.cli.words import WorkflowName, number_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Drills: what was rehearsed before it was needed.")


@command(app, "rollback")
def rollback(
    call: Call,
    workflow: WorkflowName,
    *,
    minutes: Annotated[
        Decimal,
        typer.Option("--minutes", metavar="N", parser=number_of, help="How long it took, as measured."),
    ],
    evidence: Annotated[str, typer.Option("--evidence", metavar="URL", help="What shows it.")],
) -> None:
    """Record that a rollback was rehearsed, with its measured time."""
    from bot.actions.drills import rollback as rehearse
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, rehearse, found, minutes, evidence)
    show({"id": fact.drill_id, "kind": fact.kind.value, "seconds": str(fact.took_s)})
