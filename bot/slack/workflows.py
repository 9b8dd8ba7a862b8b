"""Workflows in Slack: paused, resumed, edited, closed."""

from datetime import date

from bot.actions import closing, requests, workflows
from bot.actions.desk import Turn
from bot.actions.workflows import Correction
from bot.domain.errors import BadInput
from bot.domain.people import Person
from bot.domain.rights import Right
from bot.domain.workflows import (
    GATE_ROLES,
    START_EDIT_LAST_DAY,
    Domain,
    Outcome,
    Role,
    Workflow,
    demand_open,
    demand_paused,
    demand_running,
)
from bot.slack.answers import Answer, Done, Open
from bot.slack.blocks import Screen, section
from bot.slack.lookups import workflow_meant, workflow_of
from bot.slack.registry import Group, command, form
from bot.slack.requests import asked_words
from bot.slack.screens.workflows import (
    close_modal,
    edit_modal,
    pause_modal,
    resume_modal,
    roles_of,
)
from bot.slack.staleness import demand_unchanged, mark_of
from bot.slack.visit import Form, Visit, memory


def _meant(visit: Visit, typed: str, verb: str) -> Workflow:
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, verb)
    visit.desk.demand(visit.actor, Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    return workflow


def _said(visit: Visit, part: str, **given: object) -> Done:
    text = visit.pen.md(part, **given)
    return Done(say=Screen(text, (section(text),)))


@command("pause [workflow]", "stop the clock, and if you want the agent", Group.DO)
def pause(visit: Visit, typed: str) -> Answer:
    """The pause modal."""
    workflow = _meant(visit, typed, "pause")
    demand_running(workflow)
    return Open(pause_modal(visit.pen, workflow, memory(visit, workflow=workflow.id)))


@form("workflow.pause")
def submit_pause(visit: Visit, filled: Form) -> Answer:
    """The workflow paused; the answer says whether the agent may still act."""
    workflow = workflow_of(visit, filled)
    visit.do(workflows.pause, workflow, filled.text("reason"), freeze="freeze" in filled.texts("freeze"))
    return _said(visit, "workflows.paused", w=workflow_of(visit, filled))


@command("resume [workflow]", "let the clock run again", Group.DO)
def resume(visit: Visit, typed: str) -> Answer:
    """The resume modal."""
    workflow = _meant(visit, typed, "resume")
    demand_paused(workflow)
    return Open(resume_modal(workflow, memory(visit, workflow=workflow.id)))


@form("workflow.resume")
def submit_resume(visit: Visit, filled: Form) -> Answer:
    """The workflow going on."""
    workflow = workflow_of(visit, filled)
    fact = visit.do(workflows.resume, workflow, filled.text("reason"))
    with visit.look() as view:
        day = view.workflow_by_id(workflow.id).day(visit.at)
    return _said(visit, "workflows.resumed", w=workflow, day=day, days=fact.days, unfroze=fact.unfroze)


@command("edit [workflow]", "correct its name, team, dates or roles", Group.DO)
def edit(visit: Visit, typed: str) -> Answer:
    """The edit modal."""
    workflow = _meant(visit, typed, "edit")
    with visit.look() as view:
        teams = view.teams()
    kept = memory(visit, workflow=workflow.id, seen=mark_of(workflow))
    return Open(edit_modal(visit.pen, workflow, workflow.day(visit.at), teams, kept))


@form("workflow.edit")
def submit_edit(visit: Visit, filled: Form) -> Answer:
    """What was corrected, recorded together; a late start date is asked for."""
    workflow = workflow_of(visit, filled)
    demand_unchanged(visit, filled, workflow.id, mark_of(workflow))
    start_on = filled.date("start_on")
    moved = start_on if start_on and start_on != workflow.start_on else None
    late = moved is not None and workflow.day(visit.at) > START_EDIT_LAST_DAY
    if late and not filled.text("reason").strip():
        raise BadInput("Give the reason: a new start date after day 15 needs someone else's approval.", "reason")
    correction = _correction(visit, workflow, filled, None if late else moved)
    asked = visit.do(
        _edit_all, workflow, correction, _new_roles(visit, workflow, filled), _late(filled, moved, late=late)
    )
    if asked:
        text = asked_words(visit, asked)
        return Done(say=Screen(text, (section(text),)))
    return _said(visit, "workflows.edited", w=workflow_of(visit, filled))


def _correction(visit: Visit, workflow: Workflow, filled: Form, start_on: date | None) -> Correction:
    with visit.look() as view:
        team = view.team_by_id(filled.text("team"))
    return Correction(
        name=filled.text("name") if filled.text("name") != workflow.name else None,
        purpose=filled.text("purpose") if filled.text("purpose") != workflow.purpose else None,
        team=team if team.id != workflow.team.id else None,
        start_on=start_on,
        domain=Domain(filled.text("domain")) if filled.text("domain") != workflow.domain else None,
    )


def _late(filled: Form, moved: date | None, *, late: bool) -> tuple[date, str] | None:
    return (moved, filled.text("reason")) if late and moved else None


def _new_roles(visit: Visit, workflow: Workflow, filled: Form) -> dict[Role, Person | None]:
    """Who is to hold what from now on; None for a role that was emptied. The window shows only people of Slack."""
    shown = {role: handle for role, handle in roles_of(workflow).items() if handle and handle.startswith(("U", "W"))}
    changed = [role for role in GATE_ROLES if filled.text(role) != shown.get(role, "")]
    return {role: visit.member(filled.text(role), role) if filled.text(role) else None for role in changed}


def _edit_all(
    turn: Turn,
    workflow: Workflow,
    correction: Correction,
    roles: dict[Role, Person | None],
    late: tuple[date, str] | None,
) -> str | None:
    """The id of the request for a late start date, if one was asked for; everything else is done at once."""
    if correction == Correction() and not roles and not late:
        raise BadInput("Nothing was changed: give at least one new value, or close this window.")
    if correction != Correction():
        workflows.edit(turn, workflow, correction)
    for role, person in roles.items():
        if person:
            workflows.give_role(turn, workflow, role, person)
        else:
            workflows.vacate_role(turn, workflow, role, workflow.holders_of(role)[0])
    return requests.ask_start_date(turn, workflow, *late).request_id if late else None


@command("close [workflow]", "end it for good: done, stopped, merged or moved", Group.DO)
def close(visit: Visit, typed: str) -> Answer:
    """The close modal."""
    workflow = _meant(visit, typed, "close")
    return Open(close_modal(visit.pen, workflow, memory(visit, workflow=workflow.id)))


@form("workflow.close")
def submit_close(visit: Visit, filled: Form) -> Answer:
    """The workflow ended."""
    workflow = workflow_of(visit, filled)
    visit.do(closing.close, workflow, Outcome(filled.text("outcome")), filled.text("reason"))
    with visit.look() as view:
        closed = view.workflow_by_id(workflow.id)
    return _said(visit, "workflows.closed", w=closed)
