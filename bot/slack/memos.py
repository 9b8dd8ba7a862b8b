"""Writing memos down: from a gate, already filled, or by `/rollout memo`."""

import json
from dataclasses import replace

from bot.actions import memos
from bot.actions.memos import About
from bot.domain.gaps import Incomplete
from bot.domain.memos import Category, Entry, Move
from bot.domain.rights import Right
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Errors, Open, Reshape
from bot.slack.blocks import Screen, section
from bot.slack.gates import one_gate
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.memos import NO_WORKFLOW, memo_modal
from bot.slack.visit import Click, Form, Visit, memory

_FIELDS = ("title", "decision", "category", "reversible", "owner")


@command("memo [title]", "write a decision down, for good", Group.DECIDE)
def memo(visit: Visit, typed: str) -> Answer:
    """The memo modal, about the only workflow of this channel's team if there is just one."""
    offered = _offered(visit, visit.channel)
    workflow = offered[0] if len(offered) == 1 else None
    kept = memory(visit, workflow=workflow.id) if workflow else memory(visit)
    return Open(memo_modal(visit.pen, Entry(title=typed), _about(visit, workflow), kept))


@click("memo.open")
def open_memo(visit: Visit, clicked: Click) -> Answer:
    """The memo modal."""
    del clicked
    return memo(visit, "")


@click("memo.unfold")
def unfold(visit: Visit, clicked: Click) -> Answer:
    """The same modal with the choice of workflow laid open; what was typed stays."""
    del clicked
    kept = visit.remembered
    offered = _offered(visit, kept.get("channel"))
    workflow = next((each for each in offered if each.id == kept.get("workflow")), None)
    view = memo_modal(visit.pen, Entry(), _about(visit, workflow), json.dumps(kept), offered=offered)
    return Reshape(view)


def _offered(visit: Visit, channel: str | None) -> tuple[Workflow, ...]:
    """The workflows that a memo may be about: those of the channel's team, else all."""
    with visit.look() as view:
        team = view.team_of_channel(channel) if channel else None
        return view.workflows(team.id if team else None)


def _about(visit: Visit, workflow: Workflow | None) -> About:
    return About(workflow=workflow, owner=visit.desk.person(visit.actor.handle))


@click("gate.memo")
def open_from_gate(visit: Visit, clicked: Click) -> Answer:
    """The memo modal already filled with the move out of the workflow's phase."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    visit.desk.demand(visit.actor, Right.FILE, workflow.team, workflow)
    demand_open(workflow)
    move = Move(f"{workflow.phase}→{workflow.phase.following}")
    title = visit.pen.plain("memos.move_title", w=workflow, move=move)
    entry = Entry(title=title, category=Category.PHASE_MOVE, move=move)
    kept = memory(visit, workflow=workflow.id, move=move.value, origin="gate")
    return Open(memo_modal(visit.pen, entry, _about(visit, workflow), kept))


@form("memo")
def submit(visit: Visit, filled: Form) -> Answer:
    """The memo filed; a gate that it was opened from is drawn anew."""
    workflow, move = _meant(visit, filled), filled.memory.get("move")
    entry = Entry(
        title=filled.text("title"),
        decision=filled.text("decision"),
        category=Category(filled.text("category")) if filled.text("category") else None,
        is_reversible={"yes": True, "no": False}.get(filled.text("reversible")),
        move=Move(move) if move else None,
    )
    about = replace(_about(visit, workflow), owner=visit.member(filled.text("owner"), "owner"))
    try:
        fact = visit.do(memos.file, entry, about)
    except Incomplete as lacking:
        return Errors({gap.field: gap.sentence for gap in lacking.gaps if gap.field in _FIELDS})
    text = visit.pen.md("memos.filed", title=entry.title, memo_id=fact.memo_id)
    said = Screen(text, (section(text),))
    if workflow and filled.memory.get("origin") == "gate":
        return Done(redraw=one_gate(visit, workflow.id, said=text), say=said)
    return Done(say=said, home=filled.memory.get("url") is None)


def _meant(visit: Visit, filled: Form) -> Workflow | None:
    chosen = filled.text("workflow") or filled.memory.get("workflow") or NO_WORKFLOW
    if chosen == NO_WORKFLOW:
        return None
    with visit.look() as view:
        workflow = view.workflow_by_id(chosen)
    demand_open(workflow)
    return workflow
