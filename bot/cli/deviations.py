"""`rollout deviation`: breaches of a policy, until they are mended."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import AreaName, DeviationId, Format, Reason, WorkflowName, day_of, person_of

if TYPE_CHECKING:
    from bot.domain.deviations import Deviation

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Deviations: breaches of a policy.")


@command(app, "open")
def open_one(
    call: Call,
    workflow: WorkflowName,
    *,
    text: Annotated[str, typer.Option("--text", metavar="T", help="What was done against which rule.")],
    area: Annotated[AreaName, typer.Option("--area", help="What the rule is about.")] = "other",
    policy: Annotated[str | None, typer.Option("--policy", metavar="P", help="The policy, by its name.")] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", metavar="U", parser=person_of, help="Who has it mended; else the steward."),
    ] = None,
    due: Annotated[
        date | None,
        typer.Option("--due", metavar="DATE", parser=day_of, help="By when; else in 14 days."),
    ] = None,
) -> None:
    """Record a breach of a policy and print its id."""
    from datetime import timedelta

    from bot.actions.deviations import open_one as record
    from bot.cli.desk import to_change
    from bot.domain.calendar import local_date
    from bot.domain.deviations import DUE_DAYS, DeviationArea, Entry

    with to_change(call) as session:
        found = session.workflow(workflow)
        today = local_date(session.desk.clock.now(), found.team.zone)
        entry = Entry(text, DeviationArea(area), due or today + timedelta(days=DUE_DAYS), policy)
        person = session.desk.person(owner) if owner else None
        fact = session.do(found.id, record, found, entry, person)
    show({"id": fact.deviation_id, "due": fact.due_on.isoformat()})


@command(app, "close")
def close(call: Call, deviation: DeviationId, *, reason: Reason) -> None:
    """Close a deviation and say what was done about it."""
    from bot.actions.deviations import close as settle
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(deviation.strip(), settle, deviation, reason)
    show({"id": fact.deviation_id, "state": "closed"})


@command(app, "list")
def show_all(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Only those of this one.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that were closed, too.")] = False,
    form: Format = "json",
) -> None:
    """List the open deviations by due day; with --as what this person may read of them."""
    from bot.cli.desk import reader_in, to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        about = None if workflow is None else workflow_in(view, workflow).id
        found = view.deviations.all(about) if every else view.deviations.open(about)
        reader = reader_in(session, view, call)
    if form == "text":
        say(worded("cli.deviations", deviations=found))
        return
    show({"deviations": [_entry(each, reads=reader.reads(each.audience)) for each in found]})


def _entry(deviation: "Deviation", *, reads: bool) -> dict[str, object]:
    from store.types import instant_text

    return {
        "id": deviation.id,
        "workflow": deviation.workflow,
        "area": deviation.area.value,
        "title": deviation.title,
        "text": deviation.summary if reads else None,
        "policy": deviation.policy,
        "owner": deviation.owner.handle,
        "due": deviation.due_on.isoformat(),
        "state": "open" if deviation.is_open else "closed",
        "opened_at": instant_text(deviation.opened_at),
        "closed_at": instant_text(deviation.closed_at) if deviation.closed_at else None,
        "reason": deviation.answer if reads else None,
    }
