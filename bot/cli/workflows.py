"""`rollout start`, `edit`, `close`, `pause`, `resume`: what becomes of a workflow."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show
from bot.cli.words import DomainName, OutcomeName, PhaseName, Reason, WorkflowName, day_of, person_of

if TYPE_CHECKING:
    from bot.actions.desk import Turn
    from bot.actions.workflows import Correction
    from bot.domain.workflows import Workflow

app = typer.Typer(rich_markup_mode=None)

_UNSAID = "Started at the command line without a purpose; `rollout edit {name} --purpose TEXT` says what it is for."

Purpose = Annotated[
    str | None, typer.Option("--purpose", metavar="TEXT", help="What the agent does, in a sentence or two.")
]
Owner = Annotated[
    str | None, typer.Option("--owner", metavar="U", parser=person_of, help="Who is accountable; else vacant.")
]
Steward = Annotated[
    str | None, typer.Option("--steward", metavar="U", parser=person_of, help="Who runs the agent; else vacant.")
]
EvalOwner = Annotated[
    str | None, typer.Option("--eval-owner", metavar="U", parser=person_of, help="Who answers for evals; else vacant.")
]
Gatekeeper = Annotated[
    str | None, typer.Option("--gatekeeper", metavar="U", parser=person_of, help="Who opens data; else vacant.")
]


Phase = Annotated[
    PhaseName | None,
    typer.Option(
        "--take-over",
        metavar="PHASE",
        help="The phase it is in already; --start is its day 1 then, 39 days ago for what is on day 40.",
    ),
]
Memo = Annotated[
    str | None,
    typer.Option("--memo", metavar="ID", help="The memo a take-over rests on: about no workflow, or naming this one."),
]
Until = Annotated[
    date | None, typer.Option("--until", metavar="DATE", parser=day_of, help="Until when a take-over is good.")
]


@command(app, "start")
def start(
    call: Call,
    workflow: WorkflowName,
    *,
    team: Annotated[str, typer.Option("--team", metavar="T", help="The team whose workflow it is.")],
    start: Annotated[date, typer.Option("--start", metavar="YYYY-MM-DD", parser=day_of, help="Its day 1.")],
    playbook: Annotated[str, typer.Option("--playbook", metavar="ID", help="The playbook to follow.")] = "ninety_day",
    domain: Annotated[DomainName, typer.Option("--domain", help="What it touches.")] = "general",
    purpose: Purpose = None,
    take_over: Phase = None,
    memo: Memo = None,
    until: Until = None,
    owner: Owner = None,
    steward: Steward = None,
    eval_owner: EvalOwner = None,
    gatekeeper: Gatekeeper = None,
) -> None:
    """Put a workflow on a playbook and print its id; one that is under way already is taken over in its phase."""
    from bot.actions.takeovers import Wish
    from bot.actions.takeovers import start as take_in
    from bot.actions.workflows import Beginning
    from bot.actions.workflows import start as begin
    from bot.cli.desk import to_change
    from bot.domain.playbook import PhaseName as Entered
    from bot.domain.workflows import Domain, Role

    wish = None
    if take_over is not None and memo is not None and until is not None:
        wish = Wish(Entered(take_over), memo, until)
    elif any(each is not None for each in (take_over, memo, until)):
        raise BadUsage("A take-over takes all three: --take-over PHASE, --memo ID and --until DATE.")
    named = {Role.OWNER: owner, Role.STEWARD: steward, Role.EVAL_OWNER: eval_owner, Role.GATEKEEPER: gatekeeper}
    with to_change(call) as session:
        beginning = Beginning(
            name=workflow,
            purpose=_UNSAID.format(name=workflow) if purpose is None else purpose,
            playbook=playbook,
            team=session.team(team),
            start_on=start,
            domain=Domain(domain),
            roles={role: session.desk.person(handle) for role, handle in named.items() if handle},
        )
        if wish:
            fact, request = session.do(None, take_in, beginning, wish)
            show({"id": fact.workflow_id, "request": request.request_id})
            return
        _, fact = session.do(None, begin, beginning)
    show({"id": fact.workflow_id})


@command(app, "edit")
def edit(
    call: Call,
    workflow: WorkflowName,
    *,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Another name.")] = None,
    purpose: Purpose = None,
    team: Annotated[str | None, typer.Option("--team", metavar="T", help="Another team.")] = None,
    start: Annotated[
        date | None, typer.Option("--start", metavar="YYYY-MM-DD", parser=day_of, help="Another day 1.")
    ] = None,
    domain: Annotated[DomainName | None, typer.Option("--domain", help="What it touches; only raised.")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why the start date was wrong, after day 15.")
    ] = None,
) -> None:
    """Correct a workflow; a new start date after day 15 becomes a request."""
    from bot.actions.workflows import Correction
    from bot.cli.desk import to_change
    from bot.domain.workflows import START_EDIT_LAST_DAY, Domain

    if all(each is None for each in (name, purpose, team, start, domain)):
        raise BadUsage("Nothing was changed: give at least one of --name, --purpose, --team, --start or --domain.")
    with to_change(call) as session:
        found = session.workflow(workflow)
        late = start if start and found.day(session.desk.clock.now()) > START_EDIT_LAST_DAY else None
        if late and reason is None:
            raise BadUsage(
                f"{found.name} is past day {START_EDIT_LAST_DAY}, so a new start date needs an approver: "
                "say with --reason TEXT why it was wrong, and it will be asked for."
            )
        correction = Correction(
            name=name,
            purpose=purpose,
            team=session.team(team) if team is not None else None,
            start_on=None if late else start,
            domain=Domain(domain) if domain else None,
        )
        request = session.do(found.id, amend, found, correction, (late, reason) if late and reason else None)
    show({"id": found.id, "request": request})


def amend(
    turn: "Turn", workflow: "Workflow", correction: "Correction", late_start: tuple[date, str] | None
) -> str | None:
    """The workflow corrected; where a late start date is wanted, the id of the request for it."""
    from bot.actions import requests, workflows

    if correction != workflows.Correction():
        workflows.edit(turn, workflow, correction)
    if late_start is None:
        return None
    start_on, reason = late_start
    return requests.ask_start_date(turn, workflow, start_on, reason).request_id


@command(app, "close")
def close(
    call: Call,
    workflow: WorkflowName,
    *,
    outcome: Annotated[OutcomeName, typer.Option("--outcome", help="How it ended.")],
    reason: Reason,
) -> None:
    """End a workflow; what waits for a decision about it is taken back."""
    from bot.actions.closing import close as end
    from bot.cli.desk import to_change
    from bot.domain.facts import RequestWithdrawn
    from bot.domain.workflows import Outcome

    with to_change(call) as session:
        found = session.workflow(workflow)
        facts = session.do(found.id, end, found, Outcome(outcome), reason)
    withdrawn = [fact.request_id for fact in facts if isinstance(fact, RequestWithdrawn)]
    show({"id": found.id, "outcome": outcome, "withdrawn": withdrawn})


@command(app, "pause")
def pause(
    call: Call,
    workflow: WorkflowName,
    *,
    reason: Reason,
    freeze: Annotated[bool, typer.Option("--freeze/--no-freeze", help="Whether the agent is stopped too.")] = True,
) -> None:
    """Stop a workflow's clock and, unless told otherwise, its agent."""
    from bot.actions.workflows import pause as stop
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, stop, found, reason, freeze=freeze)
    show({"id": found.id, "paused_on": fact.on.isoformat(), "frozen": fact.froze is not None or found.is_frozen})


@command(app, "resume")
def resume(call: Call, workflow: WorkflowName, *, reason: Reason) -> None:
    """Let a paused workflow's clock run again; due days move by the days it stood."""
    from bot.actions.workflows import resume as go_on
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, go_on, found, reason)
    show({"id": found.id, "days": fact.days, "unfrozen": fact.unfroze is not None})
