"""`rollout grant`: what agents may do, asked for, stopped, let go on and attested."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, GrantId, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from bot.actions.grants.requesting import Answered
    from bot.domain.grants.life import Grant
    from bot.domain.workflows import Workflow
    from store import View

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Grants: what an agent may do, within which limits, until when."
)


@command(app, "request")
def request(
    call: Call,
    place: Annotated[str, typer.Argument(metavar="FILE.yaml|-", help="The policy file, or - for standard input.")],
) -> None:
    """Ask for what a policy file lists, one request per action; a narrowing takes effect at once."""
    from bot.actions.grants.requesting import read_file
    from bot.actions.grants.requesting import request as ask
    from bot.cli.desk import to_change
    from bot.cli.papers import text_of

    source = "standard input" if place == "-" else place
    text = text_of(place, source)
    with to_change(call) as session:
        with session.desk.reading() as view:
            workflow, file = read_file(view, text, source)
        answers = session.do(workflow.id, ask, workflow, file)
    show({"requests": [_answer(each) for each in answers]})
    if any(each.refused for each in answers):
        raise typer.Exit(1)


def _answer(answered: "Answered") -> dict[str, object]:
    state = "requested" if answered.request_id else "active" if answered.grant_id else None
    return {
        "id": answered.request_id or answered.grant_id,
        "action": answered.action,
        "tier": answered.tier.value if answered.tier else None,
        "state": state,
        "refused": answered.refused,
    }


@command(app, "list")
def show_all(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Only those of this one.")] = None,
    form: Format = "json",
) -> None:
    """List the grants, the oldest first, whatever became of them."""
    from bot.actions.grants.looking import as_they_stand
    from bot.cli.desk import to_read, workflow_in
    from bot.domain.grants.terms import described

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        of = workflow_in(view, workflow) if workflow is not None else None
        found = as_they_stand(view, view.grants.of_workflow(of.id) if of else view.grants.all(), at)
        names = _names(view, found)
    if form == "text":
        rows = [(grant, names[grant.workflow_id], grant.state) for grant in found]
        bounds = {grant.id: described(grant.terms) for grant in found}
        say(worded("cli.grants", session.settings.timezone, grants=rows, bounds=bounds))
        return
    show({"grants": [entry_of(grant, names[grant.workflow_id]) for grant in found]})


def _names(view: "View", grants: "Iterable[Grant]") -> dict[str, str]:
    return {id_: view.workflow_by_id(id_).name for id_ in {grant.workflow_id for grant in grants}}


def entry_of(grant: "Grant", workflow: str) -> dict[str, object]:
    """A grant as programs read it; limits by their names in a policy file, numbers as such."""
    from store.types import instant_text

    terms = grant.terms
    return {
        "id": grant.id,
        "workflow": workflow,
        "action": terms.action,
        "state": grant.state.value,
        "tier": terms.tier.value,
        "requires_human_approval": terms.requires_human_approval,
        "limits": {limit.name: _plain(limit.value) for limit in terms.limits},
        "conditions": [condition.source for condition in terms.conditions],
        "expires_at": instant_text(grant.expires_at) if grant.expires_at else None,
        "hash": grant.hash,
    }


def _plain(number: "Decimal") -> int | float:
    """The number for JSON; with its at most 15 digits a float prints just as it was written."""
    return int(number) if number == number.to_integral_value() else float(number)


@command(app, "show")
def show_one(call: Call, grant: GrantId) -> None:
    """Show a grant whole: its terms, who asked, what suspends it and what became of it."""
    from bot.actions.grants.looking import as_they_stand
    from bot.cli.desk import to_read

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        (found,) = as_they_stand(view, (view.grants.one(grant),), at)
        workflow = view.workflow_by_id(found.workflow_id)
        history = view.history(found.id)
        entry = entry_of(found, workflow.name)
        precedents = _precedents(view, workflow, found, at)
    show({**entry, **_whole(found), **precedents, "history": [_happened(each) for each in history]})


def _precedents(view: "View", workflow: "Workflow", grant: "Grant", at: "datetime") -> dict[str, object]:
    """What the history says of a grant that waits for a decision; nothing once it was decided."""
    from bot.actions.grants.precedents import precedents_of
    from bot.cli.precedents import entry_of
    from bot.domain.grants.life import GrantState

    if grant.state is not GrantState.REQUESTED:
        return {}
    return entry_of(precedents_of(view, workflow, grant.terms, at))


def _whole(grant: "Grant") -> dict[str, object]:
    from store.types import instant_text

    terms, asker = grant.terms, grant.requested_by
    instants = {
        "requested_at": grant.requested_at,
        "approved_at": grant.approved_at,
        "attested_at": grant.attested_at,
        "ended_at": grant.ended_at,
    }
    return {
        "request": grant.request_id,
        "replaces": grant.replaces,
        "requested_by": asker.handle if asker else None,
        **{name: instant_text(at) if at else None for name, at in instants.items()},
        "effect": terms.effect.value,
        "area": terms.area.value if terms.area else None,
        "mode": terms.mode.value,
        "members": list(terms.members),
        "per_day": {"uses": terms.per_day.uses, "sum": {each.fact: _plain(each.amount) for each in terms.per_day.sums}}
        if terms.per_day
        else None,
        "suspensions": [
            {
                "because": each.cause.value,
                "about": each.subject or None,
                "since": instant_text(each.since),
                "reason": each.reason,
            }
            for each in grant.suspensions
        ],
    }


def _happened(entry: Any) -> dict[str, object]:
    from store.types import instant_text

    return {
        "at": instant_text(entry.at),
        "fact": entry.fact,
        "by": entry.who.handle if entry.who else None,
        "words": entry.words,
    }


@command(app, "revoke")
def revoke(call: Call, grant: GrantId, *, reason: Reason) -> None:
    """Take a grant back at once and for good."""
    from bot.actions.grants.lives import revoke as take_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(grant.strip(), take_back, grant, reason)
    show({"id": fact.grant_id, "state": "revoked"})


@command(app, "suspend")
def suspend(call: Call, grant: GrantId, *, reason: Reason) -> None:
    """Let a grant stand still until someone resumes it."""
    from bot.actions.grants.lives import suspend as stop
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(grant.strip(), stop, grant, reason)
    show({"id": fact.grant_id, "state": "suspended"})


@command(app, "resume")
def resume(call: Call, grant: GrantId, *, reason: Reason) -> None:
    """Let a suspended grant go on, once what suspended it is gone."""
    from bot.actions.grants.lives import resume as go_on
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(grant.strip(), go_on, grant, reason)
    show({"id": fact.grant_id, "state": "active"})


@command(app, "attest")
def attest(
    call: Call,
    grant: Annotated[str | None, typer.Argument(metavar="ID", help="One grant; else --workflow.")] = None,
    *,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="W", help="All living grants of this workflow.")
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was looked at.")] = "",
) -> None:
    """Attest that a grant, or every grant of a workflow, is still needed as it is."""
    from bot.actions.grants import lives
    from bot.cli.desk import to_change

    if (grant is None) == (workflow is None):
        raise BadUsage("Say what is attested: the id of one grant, or --workflow W for all of a workflow's.")
    with to_change(call) as session:
        if workflow is not None:
            found = session.workflow(workflow)
            facts = session.do(found.id, lives.attest_all, found, note)
        else:
            assert grant is not None
            facts = (session.do(grant.strip(), lives.attest, grant, note),)
    show({"attested": [fact.grant_id for fact in facts]})
