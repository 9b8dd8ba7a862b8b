"""Freezes in Slack: every grant of a workflow, or of all, stopped with one command, and let go on again."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from bot.actions.grants import freezing
from bot.actions.grants.looking import holding_of
from bot.actions.grants.measured import Stop, freeze_all_and_measure, freeze_and_measure
from bot.domain.errors import Conflict
from bot.domain.freezes import FreezeKind
from bot.domain.rights import Right
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Open, Say
from bot.slack.blocks import Screen, section
from bot.slack.grants import finished
from bot.slack.lookups import workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.grant_forms import freeze_all_modal, freeze_modal, unfreeze_modal
from bot.slack.visit import Click, Form, Visit, memory
from store import View

_ALL, _DRILL = "all", "drill"


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was typed after `freeze`: whose agent, whether as a drill, and the reason, if one was given."""

    workflow: Workflow | None
    drill: bool
    reason: str


@command("freeze [workflow|all] [drill]", "stop every grant at once", Group.DO)
def freeze(visit: Visit, typed: str) -> Answer:
    """Frozen at once where a reason was typed too; else the window that asks for it. All are counted in a window."""
    with visit.look() as view:
        wish = _wish(visit, view, typed)
    if wish.workflow is None:
        return _freeze_all(visit)
    if wish.reason:
        return Say(_frozen(visit, wish.workflow, wish.reason, drill=wish.drill))
    return _freeze(visit, wish.workflow, "command", drill=wish.drill)


def _wish(visit: Visit, view: View, typed: str) -> _Wish:
    first, _, rest = typed.strip().partition(" ")
    if first.casefold() == _ALL:
        return _Wish(None, drill=False, reason=rest)
    named = first and first.casefold() != _DRILL
    workflow = view.workflow(first) if named else workflow_meant(visit, view, "", "freeze")
    words = rest.strip() if named else typed.strip()
    mark, _, beyond = words.partition(" ")
    drill = mark.casefold() == _DRILL
    return _Wish(workflow, drill=drill, reason=(beyond if drill else words).strip())


@click("freeze.open")
def open_freeze(visit: Visit, clicked: Click) -> Answer:
    """The window that asks why the workflow's agent must stop."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    return _freeze(visit, workflow, "table", drill=False)


def _freeze(visit: Visit, workflow: Workflow, origin: str, *, drill: bool) -> Answer:
    visit.desk.demand(visit.actor, Right.STOP, workflow.team, workflow)
    demand_open(workflow)
    with visit.look() as view:
        holding = holding_of(view, workflow, visit.at)
    if held := holding.freeze:
        raise Conflict(f"{workflow.name} is frozen already, by {held.by.name}; nothing was changed.")
    kept = memory(visit, workflow=workflow.id, origin=origin)
    return Open(freeze_modal(visit.pen, workflow.name, holding.held, kept, drill=drill))


def _freeze_all(visit: Visit) -> Answer:
    with visit.look() as view:
        found = [workflow for workflow in view.workflows() if not workflow.is_frozen]
        holdings = [holding_of(view, workflow, visit.at) for workflow in found]
    if not found:
        raise Conflict("No workflow is left to freeze: all that run are frozen already.")
    for workflow in found:
        visit.desk.demand(visit.actor, Right.STOP, workflow.team, workflow)
    seen = ",".join(sorted(workflow.id for workflow in found))
    return Open(freeze_all_modal(visit.pen, holdings, memory(visit, all=str(len(found)), seen=_mark(seen))))


def _mark(ids: str) -> str:
    """What the window remembers of the workflows that it counted."""
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


@form("freeze")
def submit_freeze(visit: Visit, filled: Form) -> Answer:
    """The workflow frozen, or all of them."""
    reason = filled.text("reason")
    if filled.memory.get("all"):
        return Done(say=_all_frozen(visit, filled, reason))
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.kept("workflow"))
    said = _frozen(visit, workflow, reason, drill=_DRILL in filled.texts("drill"))
    return finished(visit, filled, workflow, said)


def _frozen(visit: Visit, workflow: Workflow, reason: str, *, drill: bool) -> Screen:
    kind = FreezeKind.DRILL if drill else FreezeKind.HAND
    stopped = freeze_and_measure(visit.desk, visit.asked, workflow, Stop(reason, kind))
    return _said(visit, (workflow.name,), drill=drill, took_s=stopped.took_s)


def _all_frozen(visit: Visit, filled: Form, reason: str) -> Screen:
    with visit.look() as view:
        found = sorted(workflow.id for workflow in view.workflows() if not workflow.is_frozen)
    if filled.kept("seen") != _mark(",".join(found)):
        raise Conflict("The workflows that would stop are others by now. Close this window and freeze all again.")
    stopped = freeze_all_and_measure(visit.desk, visit.asked, Stop(reason))
    with visit.look() as view:
        names = tuple(view.workflow_by_id(each.workflow_id).name for each in stopped)
    took_s = max((each.took_s for each in stopped if each.took_s is not None), default=None)
    return _said(visit, names, drill=False, took_s=took_s)


def _said(visit: Visit, names: tuple[str, ...], *, drill: bool, took_s: Decimal | None) -> Screen:
    text = visit.pen.md("grants.frozen_now", names=names, drill=drill, took_s=took_s)
    return Screen(text, (section(text),))


@command("unfreeze [workflow]", "let its grants hold again", Group.DO)
def unfreeze(visit: Visit, typed: str) -> Answer:
    """The window that asks why the agent may go on."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "unfreeze")
    return _unfreeze(visit, workflow, "command")


@click("freeze.lift")
def open_unfreeze(visit: Visit, clicked: Click) -> Answer:
    """The window that asks why the agent may go on; the value tells the screen that the button stands on."""
    workflow_id, _, origin = clicked.value.partition(":")
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
    return _unfreeze(visit, workflow, origin or "command")


def _unfreeze(visit: Visit, workflow: Workflow, origin: str) -> Answer:
    with visit.look() as view:
        holding = holding_of(view, workflow, visit.at)
    if holding.freeze is None:
        raise Conflict(f"{workflow.name} is not frozen, so there is nothing to lift.")
    visit.do(freezing.demand_may_unfreeze, workflow)
    kept = memory(visit, workflow=workflow.id, origin=origin, freeze=holding.freeze.id)
    return Open(unfreeze_modal(visit.pen, holding, holding.freeze, kept))


@form("unfreeze")
def submit_unfreeze(visit: Visit, filled: Form) -> Answer:
    """The freeze lifted; the answer says what still stands still."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.kept("workflow"))
        held = view.grants.freeze(workflow.id)
    if held and held.id != filled.kept("freeze"):
        raise Conflict(f"{workflow.name} was frozen anew while you were at it, by {held.by.name}: look at why first.")
    visit.do(freezing.unfreeze, workflow, filled.text("reason"))
    with visit.look() as view:
        holding = holding_of(view, view.workflow_by_id(workflow.id), visit.at)
    text = visit.pen.md("grants.unfrozen", name=workflow.name, stopped=len(holding.stopped))
    return finished(visit, filled, workflow, Screen(text, (section(text),)))
