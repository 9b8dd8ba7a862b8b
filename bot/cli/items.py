"""`rollout item`: what becomes of a checklist item."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show
from bot.cli.words import ItemName, Person, WorkflowName, day_of

if TYPE_CHECKING:
    from bot.actions.items import Place
    from bot.cli.desk import Session

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Items of a checklist: done, skipped, blocked.")

Evidence = Annotated[str, typer.Option("--evidence", metavar="URL", help="What proves it.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="What others should know.")]
Why = Annotated[str, typer.Option("--note", "--reason", metavar="TEXT", help="Why; others will read it later.")]


def _place(session: "Session", workflow: str, item: str) -> "Place":
    from bot.actions.items import Place
    from bot.domain.items import ItemKey

    return Place(session.workflow(workflow).id, ItemKey.parse(item))


def _show(place: "Place", state: str, before: str) -> None:
    show({"id": f"{place.workflow_id}/{place.key}", "item": str(place.key), "state": state, "before": before})


@command(app, "done")
def done(call: Call, workflow: WorkflowName, item: ItemName, evidence: Evidence = "", note: Note = "") -> None:
    """Tick an item, with what proves it."""
    from bot.actions.items import check
    from bot.cli.desk import to_change
    from bot.domain.ticking import Given

    with to_change(call) as session:
        place = _place(session, workflow, item)
        fact = session.do(place.workflow_id, check, place, Given(evidence=evidence, note=note))
    _show(place, "done", fact.before)


@command(app, "skip")
def skip(
    call: Call,
    workflow: WorkflowName,
    item: ItemName,
    *,
    note: Why,
    until: Annotated[
        date,
        typer.Option("--until", metavar="DATE", parser=day_of, help="The day on which it must be looked at again."),
    ],
) -> None:
    """Ask to skip an item; someone else approves."""
    from bot.actions.requests import ask_skip
    from bot.cli.desk import to_change

    with to_change(call) as session:
        place = _place(session, workflow, item)
        fact = session.do(place.workflow_id, ask_skip, place, note, until)
    show({"request": fact.request_id})


@command(app, "reopen")
def reopen(call: Call, workflow: WorkflowName, item: ItemName, note: Note = "") -> None:
    """Open an item again."""
    from bot.actions.items import reopen as open_again
    from bot.cli.desk import to_change

    with to_change(call) as session:
        place = _place(session, workflow, item)
        fact = session.do(place.workflow_id, open_again, place, note)
    _show(place, "open", fact.before)


@command(app, "restore")
def restore(call: Call, workflow: WorkflowName, item: ItemName) -> None:
    """Give an item the state that it had before its last change."""
    from bot.actions.items import restore as put_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        place = _place(session, workflow, item)
        fact = session.do(place.workflow_id, put_back, place)
    _show(place, fact.state, fact.before)


@command(app, "block")
def block(call: Call, workflow: WorkflowName, item: ItemName, *, note: Why) -> None:
    """Say what keeps work on an item from going on."""
    from bot.actions.items import block as stop
    from bot.cli.desk import to_change

    with to_change(call) as session:
        place = _place(session, workflow, item)
        fact = session.do(place.workflow_id, stop, place, note)
    _show(place, "blocked", fact.before)


@command(app, "assign")
def assign(call: Call, workflow: WorkflowName, item: ItemName, person: Person) -> None:
    """Give an item to someone by name."""
    from bot.actions.items import assign as hand_over
    from bot.cli.desk import to_change

    with to_change(call) as session:
        place = _place(session, workflow, item)
        session.do(place.workflow_id, hand_over, place, session.desk.person(person))
    show({"id": f"{place.workflow_id}/{place.key}", "item": str(place.key), "assignee": person})
