"""Moving a workflow to another playbook, from the edit window: choose, see what changes, then move or ask."""

import json

from bot.actions import playbook_moves
from bot.actions.readers import memos_about
from bot.domain.errors import BadInput
from bot.domain.rights import Right
from bot.domain.workflows import demand_open
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Screen, section
from bot.slack.lookups import workflow_of
from bot.slack.registry import click, form
from bot.slack.requests import asked_words
from bot.slack.screens.playbooks import choose_modal, confirm_modal
from bot.slack.visit import Click, Form, Visit


def _memory(kept: dict[str, str], **ids: str) -> str:
    """What the next window remembers: ids, and the way back to where the first one was opened."""
    way = {name: kept[name] for name in ("channel", "url") if name in kept}
    return json.dumps({**way, **ids}, separators=(",", ":"))


@click("playbook.open")
def open_choice(visit: Visit, clicked: Click) -> Answer:
    """The window that asks for playbook and memo, for whoever may move it."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
        filed = memos_about(view, visit.reader(view), workflow)
    visit.desk.demand(visit.actor, Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    if not filed:
        raise BadInput(
            f"A move rests on a filed memo of {workflow.name}, and none is filed yet: file one with /rollout memo, "
            "then press Move… again."
        )
    return Open(choose_modal(visit.pen, workflow, filed, _memory(visit.remembered, workflow=workflow.id)))


@form("playbook.choose")
def submit_choice(visit: Visit, filled: Form) -> Answer:
    """What would change, shown before anything does."""
    workflow = workflow_of(visit, filled)
    playbook, memo = filled.text("playbook"), filled.text("memo")
    to = playbook_moves.goal(playbook)
    with visit.look() as view:
        found = playbook_moves.foreseen(view, workflow, to, visit.at)
    kept = _memory(dict(filled.memory), workflow=workflow.id, playbook=playbook, memo=memo, hash=to.pin.hash)
    return Reshape(confirm_modal(visit.pen, found, memo, kept))


@form("playbook.move")
def submit_move(visit: Visit, filled: Form) -> Answer:
    """The workflow moved, or the move asked for."""
    workflow = workflow_of(visit, filled)
    playbook = filled.kept("playbook")
    if playbook_moves.goal(playbook).pin.hash != filled.kept("hash"):
        raise BadInput("The playbook's file changed since you saw the difference: close this window and look again.")
    moved = visit.do(playbook_moves.move, workflow, playbook, filled.kept("memo"))
    if moved.request_id:
        text = asked_words(visit, moved.request_id)
    else:
        text = visit.pen.md("playbooks.moved", w=workflow, d=moved.difference)
    return Done(say=Screen(text, (section(text),)))
