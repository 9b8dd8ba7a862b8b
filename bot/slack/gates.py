"""Gates in Slack: what stands between a workflow and its next phase, asking for it, and going back."""

from dataclasses import replace

from bot.actions import gates
from bot.actions.checklists import status_of
from bot.actions.gates import Wish, demand_ahead, demand_demotable, handles_of, judged
from bot.actions.readers import memos_about
from bot.domain.errors import BadInput, Refused
from bot.domain.rights import Right
from bot.domain.statuses import Status
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Open, Redraw, Say
from bot.slack.blocks import Screen, section
from bot.slack.lookups import workflow_meant, workflow_of
from bot.slack.registry import Group, click, command, form
from bot.slack.requests import asked_words
from bot.slack.screens.gates import GateView, demote_modal, gate_screen, override_modal
from bot.slack.visit import Click, Form, Visit, memory


def _status(visit: Visit, workflow: Workflow) -> Status:
    met = visit.desk.memberships(handles_of(workflow))
    with visit.look() as view:
        return judged(view, status_of(view, view.workflow_by_id(workflow.id), visit.at), met)


def _gate(visit: Visit, workflow_id: str) -> GateView:
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
    demand_ahead(workflow)
    status = _status(visit, workflow)
    if status.verdict is None:
        raise Refused(f"The playbook of {workflow.name} has no gate at the end of {workflow.phase}.")
    return GateView(status, visit.desk.deciders().of(workflow.team))


def one_gate(visit: Visit, workflow_id: str, said: str = "") -> Screen:
    """What stands between a workflow and its next phase; nothing is asked for by looking."""
    return gate_screen(visit.pen, replace(_gate(visit, workflow_id), said=said))


@click("gate.open")
def open_gate(visit: Visit, clicked: Click) -> Answer:
    """The gate ahead, told to whoever clicked."""
    return Say(one_gate(visit, clicked.value))


@click("gate.unfold")
def unfold(visit: Visit, clicked: Click) -> Answer:
    """The gate with what passes laid open, in place."""
    return Redraw(gate_screen(visit.pen, replace(_gate(visit, clicked.value), unfolded=True)))


@click("gate.ask")
def ask(visit: Visit, clicked: Click) -> Answer:
    """The promotion asked for, from a gate that is open."""
    return _promoted(visit, clicked.value)


def _promoted(visit: Visit, workflow_id: str) -> Answer:
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
    asked = visit.do(gates.promote, workflow, None)
    if asked.request_id is None:
        return Say(gate_screen(visit.pen, replace(_gate(visit, workflow.id), asked=True)))
    text = asked_words(visit, asked.request_id)
    return Say(Screen(text, (section(text),)))


@command("promote [workflow]", "judge the gate ahead, and ask for the next phase", Group.DO)
def promote(visit: Visit, typed: str) -> Answer:
    """What keeps the gate shut; or, where it is ready, that an approver is asked."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "promote")
    return _promoted(visit, workflow.id)


@click("gate.override")
def open_override(visit: Visit, clicked: Click) -> Answer:
    """The modal that asks for an override, for whoever may ask; others are refused before they type."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
        filed = memos_about(view, visit.reader(view), workflow)
    visit.desk.demand(visit.actor, Right.REQUEST, workflow.team, workflow)
    demand_open(workflow)
    if not filed:
        raise BadInput(
            f"An override rests on a filed memo of {workflow.name}, and none is filed yet: file one, then ask again."
        )
    return Open(override_modal(workflow, filed, memory(visit, workflow=workflow.id)))


@form("gate.override")
def submit_override(visit: Visit, filled: Form) -> Answer:
    """The override asked for."""
    workflow = workflow_of(visit, filled)
    until = filled.date("until")
    if until is None:
        raise BadInput("Give the last day of the override.", "until")
    asked = visit.do(gates.promote, workflow, Wish(filled.text("memo"), until))
    text = asked_words(visit, str(asked.request_id))
    return Done(say=Screen(text, (section(text),)))


@command("demote [workflow]", "move it one phase back, at once", Group.DO)
def demote(visit: Visit, typed: str) -> Answer:
    """The demote modal."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "demote")
    visit.desk.demand(visit.actor, Right.DEMOTE, workflow.team, workflow)
    to = demand_demotable(workflow)
    return Open(demote_modal(visit.pen, workflow, to, memory(visit, workflow=workflow.id)))


@form("workflow.demote")
def submit_demote(visit: Visit, filled: Form) -> Answer:
    """The workflow one phase back."""
    workflow = workflow_of(visit, filled)
    fact = visit.do(gates.demote, workflow, filled.text("reason"))
    text = visit.pen.md("gates.demoted", w=workflow, fact=fact)
    return Done(say=Screen(text, (section(text),)))
