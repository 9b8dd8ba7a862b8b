"""What becomes of grants, from Slack: revoked, suspended, resumed, attested, and why they are as they are."""

import hashlib
from collections.abc import Callable, Mapping

from bot.actions.desk import Turn
from bot.actions.grants import lives
from bot.actions.grants.looking import holding_of, obstacles_to
from bot.domain.errors import BadInput, Conflict, NotFound
from bot.domain.grants.holding import Held, Holding
from bot.domain.grants.life import Grant
from bot.domain.grants.log import LogQuery
from bot.domain.nearness import near
from bot.domain.rights import Right
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Open, Redraw, Say
from bot.slack.blocks import Block, Screen, section
from bot.slack.grants import finished, one_table, terms_of
from bot.slack.lookups import workflow_meant
from bot.slack.pen import Pen
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.grant_forms import (
    Past,
    attest_modal,
    barred_modal,
    history_modal,
    resume_modal,
    revoke_modal,
    suspend_modal,
)
from bot.slack.visit import Click, Form, Visit, memory
from store import View

_DECISIONS = 10
_BY_COMMAND = "taken back with /rollout revoke, no reason given"


def _said(visit: Visit, part: str, **given: object) -> Screen:
    text = visit.pen.md(part, **given)
    return Screen(text, (section(text),))


# Revoking by command: one line, at once.


@command("revoke ACTION|ID [workflow]", "take a grant back, at once and for good", Group.DO)
def revoke(visit: Visit, typed: str) -> Answer:
    """The grant taken back; what follows the names is the reason."""
    named, _, rest = typed.strip().partition(" ")
    if not named:
        raise BadInput(
            "Name the action, as in /rollout revoke propose_refund refunds_agent. /rollout grants lists them."
        )
    with visit.look() as view:
        grant, reason = _grant_meant(visit, view, named, rest.strip())
        workflow = view.workflow_by_id(grant.workflow_id)
        waits = view.grants.asked_for(workflow.id, grant.terms.action) is not None
    visit.do(lives.revoke, grant.id, reason or _BY_COMMAND)
    return Say(_said(visit, "grants.revoked", action=grant.terms.action, name=workflow.name, withdrawn=waits))


def _grant_meant(visit: Visit, view: View, named: str, rest: str) -> tuple[Grant, str]:
    """The grant of that id, or the living one for that action; and what was typed beyond the names."""
    if named.startswith("grant_"):
        return view.grants.one(named), rest
    first, _, beyond = rest.partition(" ")
    try:
        workflow = view.workflow(first) if first else workflow_meant(visit, view, "", f"revoke {cut(named, 40)}")
        reason = beyond
    except NotFound:
        # Not a workflow's name: where the channel leaves no doubt, it is where the reason begins.
        if visit.channel is None or len(view.workflows(_team_here(visit, view))) != 1:
            raise
        workflow, reason = workflow_meant(visit, view, "", "revoke"), rest
    found = view.grants.living_for(workflow.id, named.casefold())
    if found is None:
        raise NotFound(_no_grant(view, workflow, named))
    return found, reason.strip()


def _team_here(visit: Visit, view: View) -> str | None:
    team = view.team_of_channel(visit.channel) if visit.channel else None
    return team.id if team else None


def _no_grant(view: View, workflow: Workflow, named: str) -> str:
    actions = [grant.terms.action for grant in view.grants.living(workflow.id)]
    guess = near(named.casefold(), actions)
    hint = (
        f"Did you mean {guess}?" if guess else f"It holds: {', '.join(actions[:8])}." if actions else "It holds none."
    )
    return f"{workflow.name} has no grant for {cut(named, 60)!r}, so nothing was changed. {hint}"


# The menu of a row, and its windows.


@click("grant.more")
def more(visit: Visit, clicked: Click) -> Answer:
    """One choice of a grant's menu."""
    name, _, grant_id = clicked.value.partition(":")
    if name not in _MORE:
        raise BadInput("This menu is from an older message. Type /rollout grants to see how things stand now.")
    return _MORE[name](visit, grant_id)


def _living(visit: Visit, grant_id: str) -> tuple[Grant, Workflow, Held, Holding]:
    """The grant as it stands, while it lives; a refusal that says what became of it where it does not."""
    with visit.look() as view:
        grant = view.grants.one(grant_id)
        workflow = view.workflow_by_id(grant.workflow_id)
        holding = holding_of(view, workflow, visit.at)
    held = next((each for each in holding.held if each.grant.id == grant.id), None)
    if held is None:
        state = "expired" if grant.lives else grant.state
        raise Conflict(f"The grant for {grant.terms.action} of {workflow.name} is {state}, so nothing was changed.")
    return grant, workflow, held, holding


Window = Callable[[Pen, str, Grant, str], Block]


def _open(visit: Visit, grant_id: str, window: Window) -> Answer:
    grant, workflow, _, _ = _living(visit, grant_id)
    visit.desk.demand(visit.actor, Right.STOP, workflow.team, workflow)
    return Open(window(visit.pen, workflow.name, grant, memory(visit, grant=grant.id, origin="table")))


def _more_revoke(visit: Visit, grant_id: str) -> Answer:
    return _open(visit, grant_id, revoke_modal)


def _more_suspend(visit: Visit, grant_id: str) -> Answer:
    return _open(visit, grant_id, suspend_modal)


def _more_resume(visit: Visit, grant_id: str) -> Answer:
    """The window that asks why it may go on; where something stands against that, the window that says what."""
    grant, workflow, held, _ = _living(visit, grant_id)
    visit.do(lives.demand_may_resume, grant.id)
    with visit.look() as view:
        obstacles = obstacles_to(view, workflow, grant, visit.at)
    if obstacles:
        return Open(barred_modal(visit.pen, workflow.name, grant, obstacles))
    kept = memory(visit, grant=grant.id, seen=str(grant.version), origin="table")
    return Open(resume_modal(visit.pen, workflow.name, grant, held.stops, kept))


def _more_attest(visit: Visit, grant_id: str) -> Answer:
    grant, workflow, _, _ = _living(visit, grant_id)
    visit.do(lives.attest, grant.id)
    who = visit.desk.person(visit.actor.handle)
    said = visit.pen.md("grants.attested", count=1, name=workflow.name, who=who)
    return Redraw(one_table(visit, workflow.id, said))


def _more_history(visit: Visit, grant_id: str) -> Answer:
    with visit.look() as view:
        grant = view.grants.one(grant_id)
        workflow = view.workflow_by_id(grant.workflow_id)
        holding = holding_of(view, workflow, visit.at)
        entries = view.history(grant.id)
        asked = view.decisions.log(LogQuery(grant_id=grant.id, most=_DECISIONS))
    stops = next((each.stops for each in holding.held if each.grant.id == grant.id), ())
    return Open(history_modal(visit.pen, workflow.name, grant, Past(stops, entries, asked)))


_MORE: Mapping[str, Callable[[Visit, str], Answer]] = {
    "attest": _more_attest,
    "suspend": _more_suspend,
    "resume": _more_resume,
    "revoke": _more_revoke,
    "terms": terms_of,
    "history": _more_history,
}


def _submitted(visit: Visit, filled: Form, act: Callable[[Turn, str, str], object], part: str) -> Answer:
    grant_id = filled.kept("grant")
    with visit.look() as view:
        grant = view.grants.one(grant_id)
        workflow = view.workflow_by_id(grant.workflow_id)
        waits = view.grants.asked_for(workflow.id, grant.terms.action) is not None
    visit.do(act, grant_id, filled.text("reason"))
    said = _said(visit, part, action=grant.terms.action, name=workflow.name, withdrawn=waits)
    return finished(visit, filled, workflow, said)


@form("grant.revoke")
def submit_revoke(visit: Visit, filled: Form) -> Answer:
    """The grant taken back for good."""
    return _submitted(visit, filled, lives.revoke, "grants.revoked")


@form("grant.suspend")
def submit_suspend(visit: Visit, filled: Form) -> Answer:
    """The grant standing still."""
    return _submitted(visit, filled, lives.suspend, "grants.suspended")


@form("grant.resume")
def submit_resume(visit: Visit, filled: Form) -> Answer:
    """The grant in force again, if nothing has stopped it anew since the window was opened."""
    seen = filled.kept("seen")

    def resume(turn: Turn, grant_id: str, reason: str) -> object:
        return lives.resume(turn, grant_id, reason, int(seen) if seen.isdigit() else None)

    return _submitted(visit, filled, resume, "grants.resumed")


# Attesting all of a workflow.


@command("attest [workflow]", "confirm that its grants are still needed, all in one step", Group.DO)
def attest(visit: Visit, typed: str) -> Answer:
    """The window that lists what is attested."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "attest")
    return _attest(visit, workflow, "command")


@click("grants.attest")
def open_attest(visit: Visit, clicked: Click) -> Answer:
    """The window that lists what is attested."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    return _attest(visit, workflow, "table")


def _attest(visit: Visit, workflow: Workflow, origin: str) -> Answer:
    visit.desk.demand(visit.actor, Right.STOP, workflow.team, workflow)
    with visit.look() as view:
        holding = holding_of(view, workflow, visit.at)
    if not holding.held:
        raise Conflict(f"{workflow.name} has no grant in force, so there is nothing to attest.")
    where = "home" if visit.channel is None and visit.modal is None else origin
    kept = memory(visit, workflow=workflow.id, seen=_mark(holding), origin=where)
    return Open(attest_modal(visit.pen, holding, kept))


def _mark(holding: Holding) -> str:
    """What the window remembers of the grants that it listed: it differs once one of them is another."""
    shown = ",".join(sorted(f"{each.grant.id}:{each.grant.hash}" for each in holding.held))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@form("grants.attest")
def submit_attest(visit: Visit, filled: Form) -> Answer:
    """Every grant that was listed attested; refused where the list is another by now."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.kept("workflow"))
        holding = holding_of(view, workflow, visit.at)
    if filled.kept("seen") != _mark(holding):
        raise Conflict(visit.pen.plain("grants.all_attest_seen", name=workflow.name))
    facts = visit.do(lives.attest_all, workflow, filled.text("note"))
    who = visit.desk.person(visit.actor.handle)
    return finished(
        visit, filled, workflow, _said(visit, "grants.attested", count=len(facts), name=workflow.name, who=who)
    )
