"""Findings in Slack: acknowledge, snooze, assign, say whether one was of use, and ask why it was found."""

from collections.abc import Callable
from datetime import date
from functools import partial

from bot.actions.checklists import checklist_of
from bot.actions.findings import minding
from bot.actions.findings.scene import scene_of
from bot.actions.findings.seeking import Sought, seek
from bot.actions.findings.tracking import followed_of
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput
from bot.domain.rights import Right
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Done, Mend, Open, Redraw, Say
from bot.slack.blocks import Block, Screen, section
from bot.slack.lookups import one_status, workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.findings import (
    IN_HOME,
    IN_LIST,
    IN_STATUS,
    IN_WHY,
    assign_modal,
    list_screen,
    snooze_modal,
    why_screen,
)
from bot.slack.screens.findings_in_place import brought_up_to_date
from bot.slack.visit import Click, Form, Visit, memory

_OLD = "This button is from an older message. Type /rollout status to see how things stand now."


@command("why [finding or workflow]", "why something is off plan: the rule, and what made it fire", Group.LOOK_UP)
def why(visit: Visit, typed: str) -> Answer:
    """One finding with its reasons, or all about a workflow."""
    if typed.strip().casefold().startswith("fnd_"):
        return Say(one_why(visit, typed.strip().casefold()))
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "why")
    return Say(_listed(visit, workflow))


@click("finding.why")
def open_why(visit: Visit, clicked: Click) -> Answer:
    """One finding's reasons, told to whoever clicked."""
    return Say(one_why(visit, clicked.value))


@click("finding.ack")
def acknowledge(visit: Visit, clicked: Click) -> Answer:
    """The finding acknowledged; the button gives way to who did it."""
    return _acknowledged(visit, *_place(clicked.value))


@click("finding.menu")
def more(visit: Visit, clicked: Click) -> Answer:
    """One choice of a finding's menu."""
    name, _, value = clicked.value.partition(":")
    if name not in _MORE:
        raise BadInput(_OLD)
    return _MORE[name](visit, *_place(value))


def _place(value: str) -> tuple[str, str]:
    """The finding that a control names, and where it stands."""
    finding_id, _, origin = value.partition(":")
    return finding_id, origin


def _acknowledged(visit: Visit, finding_id: str, origin: str) -> Answer:
    visit.do(minding.acknowledge, finding_id)
    return _redrawn(visit, finding_id, origin, "findings.acknowledged")


def _useless(visit: Visit, finding_id: str, origin: str) -> Answer:
    del origin
    visit.do(minding.judge_use, finding_id, useful=False)
    return Say(_said(visit, finding_id, "findings.useless"))


def _snoozing(visit: Visit, finding_id: str, origin: str) -> Answer:
    sought = _demanded(visit, finding_id)
    return Open(snooze_modal(visit.pen, sought, _today(visit), _memory(visit, sought, origin)))


def _assigning(visit: Visit, finding_id: str, origin: str) -> Answer:
    sought = _demanded(visit, finding_id)
    holder = sought.now.owner if sought.now else None
    return Open(assign_modal(visit.pen, sought, holder, _today(visit), _memory(visit, sought, origin)))


def _explained(visit: Visit, finding_id: str, origin: str) -> Answer:
    del origin
    return Say(one_why(visit, finding_id))


_MORE: dict[str, Callable[[Visit, str, str], Answer]] = {
    "ack": _acknowledged,
    "snooze": _snoozing,
    "assign": _assigning,
    "useless": _useless,
    "why": _explained,
}


@form("finding.snooze")
def submit_snooze(visit: Visit, filled: Form) -> Answer:
    """The finding put off, with the reason."""
    finding_id, until = filled.kept("finding"), filled.date("until")
    if until is None:
        raise BadInput("Give the day on which this is to return.", "until")
    visit.do(minding.snooze, finding_id, until, filled.text("reason"))
    return _finished(visit, filled, _said(visit, finding_id, "findings.snoozed", until=until))


@form("finding.assign")
def submit_assign(visit: Visit, filled: Form) -> Answer:
    """The finding in someone's hands."""
    finding_id = filled.kept("finding")
    person = visit.member(filled.text("person"), "person")
    visit.do(minding.assign, finding_id, person)
    return _finished(visit, filled, _said(visit, finding_id, "findings.assigned", person=person))


def sought_in(visit: Visit, finding_id: str) -> Sought:
    """A finding by its id, as it stands now."""
    with visit.look() as view:
        return seek(view, finding_id, visit.at, partial(scene_of, visit.desk, view=view))


def _demanded(visit: Visit, finding_id: str) -> Sought:
    """The finding, for someone who may mind it; others are refused before they type."""
    sought = sought_in(visit, finding_id)
    team = sought.workflow.team if sought.workflow else sought.team
    visit.desk.demand(visit.actor, Right.MIND, team, sought.workflow)
    return sought


def _today(visit: Visit) -> date:
    return local_date(visit.at, visit.actor.zone)


def _memory(visit: Visit, sought: Sought, origin: str) -> str:
    shown = visit.message or {}
    ts, under = str(shown.get("ts", "")), str(shown.get("thread_ts", ""))
    way = {"ts": ts, "under": "" if under == ts else under, "origin": origin}
    return memory(visit, finding=sought.id, **{name: each for name, each in way.items() if each})


def one_why(visit: Visit, finding_id: str) -> Screen:
    """One finding with its reasons."""
    with visit.look() as view:
        sought = seek(view, finding_id, visit.at, partial(scene_of, visit.desk, view=view))
        history = view.history(sought.id)
    return why_screen(visit.pen, sought, history, _today(visit))


def _listed(visit: Visit, workflow: Workflow) -> Screen:
    with visit.look() as view:
        scene = scene_of(visit.desk, (workflow,), view)
        found = followed_of(view, (checklist_of(view, workflow, visit.at),), visit.at, scene)
    return list_screen(visit.pen, found, workflow.name, _today(visit))


def _said(visit: Visit, finding_id: str, part: str, **more: object) -> Screen:
    sought = sought_in(visit, finding_id)
    summary = sought.now.finding.summary if sought.now else f"{sought.rule}, {sought.subject}"
    text = visit.pen.md(part, summary=summary, rule=sought.rule, today=_today(visit), **more)
    return Screen(text, (section(text),))


def _redrawn(visit: Visit, finding_id: str, origin: str, part: str) -> Answer:
    """What was clicked in, as things stand now: drawn anew where we know how, else its controls brought up to date."""
    if origin == IN_HOME:
        return Redraw()
    drawn = _drawn(visit, finding_id, origin)
    if drawn:
        return Redraw(drawn)
    said = _said(visit, finding_id, part)
    message = visit.message or {}
    if not (visit.channel and message.get("blocks")):
        return Say(said)
    shown = Screen(str(message.get("text", "")), tuple(message["blocks"]))
    return Mend(visit.channel, str(message["ts"]), partial(_up_to_date, visit), shown=shown, instead=said)


def _drawn(visit: Visit, finding_id: str, origin: str) -> Screen | None:
    if origin == IN_WHY:
        return one_why(visit, finding_id)
    workflow = sought_in(visit, finding_id).workflow if origin in (IN_STATUS, IN_LIST) else None
    if workflow is None:
        return None
    return one_status(visit, workflow.id) if origin == IN_STATUS else _listed(visit, workflow)


def _up_to_date(visit: Visit, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    with visit.look() as view:
        return brought_up_to_date(visit.pen, blocks, view.findings.find, _today(visit))


def _finished(visit: Visit, filled: Form, said: Screen) -> Answer:
    finding_id, origin, memory_ = filled.kept("finding"), filled.memory.get("origin", ""), filled.memory
    if origin == IN_HOME:
        return Done(home=True)
    drawn = _drawn(visit, finding_id, origin)
    if drawn:
        return Done(redraw=drawn, say=said)
    channel, ts = memory_.get("channel"), memory_.get("ts")
    mend = Mend(channel, ts, partial(_up_to_date, visit), memory_.get("under")) if channel and ts else None
    return Done(say=said, mend=mend)
