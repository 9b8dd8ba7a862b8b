"""Starting, pausing, resuming, editing and closing workflows from Slack."""

import json
import re
from datetime import date

from bot.actions import closing, requests, takeovers, workflows
from bot.actions.checklists import status_of
from bot.actions.desk import Turn
from bot.actions.readers import memos_for, reader_of
from bot.actions.takeovers import Wish
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning, Correction
from bot.domain.errors import BadInput
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.rights import Right
from bot.domain.teams import Team, team_name
from bot.domain.wording import cut
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
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Screen, section
from bot.slack.lookups import workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.requests import asked_words
from bot.slack.screens.workflows import (
    StartWindow,
    close_modal,
    edit_modal,
    pause_modal,
    resume_modal,
    roles_of,
    start_modal,
    started_screen,
)
from bot.slack.staleness import demand_unchanged, mark_of
from bot.slack.visit import Click, Form, Visit, memory

_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,31}")


@command("start", "put a workflow on a playbook, in a minute", Group.DO)
def start(visit: Visit, typed: str) -> Answer:
    """The start modal."""
    del typed
    return Open(_start_modal(visit, visit.channel, unfolded=False))


@click("start.open")
def open_start(visit: Visit, clicked: Click) -> Answer:
    """The start modal."""
    del clicked
    return Open(_start_modal(visit, visit.channel, unfolded=False))


@click("start.unfold")
def unfold_start(visit: Visit, clicked: Click) -> Answer:
    """The start modal with everything that is preset laid open; what was typed stays."""
    del clicked
    return Reshape(_start_modal(visit, visit.remembered.get("channel"), unfolded=True))


def _start_modal(visit: Visit, channel: str | None, *, unfolded: bool) -> dict[str, object]:
    team = _team_here(visit, channel)
    able = visit.approvers(team) if isinstance(team, Team) else visit.desk.deciders().of(None, but=visit.actor.handle)
    if not unfolded:
        return start_modal(visit.pen, StartWindow(team, able), memory(visit))
    with visit.look() as view:
        known = memos_for(view, reader_of(view, visit.actor))
    # An unfolded modal is the same modal still: it remembers the way back that it was opened with.
    kept = json.dumps(visit.remembered)
    return start_modal(visit.pen, StartWindow(team, able, tuple(m for m in known if not m.workflow)), kept)


def _team_here(visit: Visit, channel: str | None) -> Team | str:
    """The channel's team, or the name for the one to be made: the channel's, or in a direct message the person's."""
    with visit.look() as view:
        team = view.team_of_channel(channel) if channel else None
        if team:
            return team
        led = [t for t in view.teams() if t.lead.handle == visit.actor.handle]
    if _is_direct(channel):
        return led[0] if led else cut(f"{visit.actor.name}'s team", 80)
    known = visit.desk.directory.channel(channel or "")
    return known.name.removeprefix("team-").replace("-", " ").replace("_", " ").capitalize() if known else "My team"


def _is_direct(channel: str | None) -> bool:
    return channel is None or channel.startswith("D")


@form("start")
def submit_start(visit: Visit, filled: Form) -> Answer:
    """The workflow started; the team made on the way where there is none."""
    channel = filled.memory.get("channel")
    if channel is not None and not _CHANNEL.fullmatch(channel):
        raise BadInput("This window belongs to no channel. Close it and type /rollout start where the team is.")
    team = _team_here(visit, channel)
    entry = None
    if not isinstance(team, Team):
        name = _new_team_name(visit, filled.text("team") or team)
        entry = TeamEntry(name=name, channel=None if _is_direct(channel) else channel, zone=visit.actor.zone)
    beginning = Beginning(
        name=filled.text("name"),
        purpose=filled.text("purpose"),
        playbook=filled.text("playbook") or "ninety_day",
        team=team if isinstance(team, Team) else None,
        new_team=entry,
        start_on=filled.date("start_on"),
        domain=Domain(filled.text("domain") or Domain.GENERAL),
        roles=_roles(visit, filled),
    )
    wish = _take_over(filled)
    if wish:
        _, asked = visit.do(takeovers.start, beginning, wish)
        text = asked_words(visit, asked.request_id)
        return Done(say=Screen(text, (section(text),)), home=channel is None)
    _, started = visit.do(workflows.start, beginning)
    with visit.look() as view:
        status = status_of(view, view.workflow_by_id(started.workflow_id), visit.at)
    home = status.workflow.team.channel
    reachable = home is None or visit.desk.directory.channel(home) is not None
    started_as = started_screen(visit.pen, status.workflow, status.day, reachable=reachable)
    return Done(say=started_as, home=channel is None)


def _take_over(filled: Form) -> Wish | None:
    """The wish to take it over in a later phase, if one was chosen; what is lacking is refused beside its field."""
    phase, memo, until = filled.text("take_over"), filled.text("memo"), filled.date("until")
    if not phase and not memo and until is None:
        return None
    if not phase:
        raise BadInput("Choose the phase it is in already, or leave the memo and the date below empty.", "take_over")
    if not memo:
        raise BadInput("Choose the memo that says why it may skip the gates before.", "memo")
    if until is None:
        raise BadInput("Give the last day until which skipping the gates is good.", "until")
    return Wish(PhaseName(phase), memo, until)


def _new_team_name(visit: Visit, wanted: str) -> str:
    """The name of the team that is made on the way; a refusal about it stands beside its own field."""
    try:
        name = team_name(wanted)
    except BadInput as refusal:
        raise BadInput(str(refusal), "team") from refusal
    with visit.look() as view:
        if view.team_named(name):
            raise BadInput(
                f"There is a team {name} already: press Change… and give this one another name, "
                "or start this in that team's channel.",
                "team",
            )
    return name


def _roles(visit: Visit, filled: Form) -> dict[Role, Person]:
    me = visit.member(visit.actor.handle, "name")
    preset = {Role.OWNER: me, Role.STEWARD: me}
    picked = {role: visit.member(filled.text(role), role) for role in GATE_ROLES if filled.text(role)}
    return {**preset, **picked}


def _meant(visit: Visit, typed: str, verb: str) -> Workflow:
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, verb)
    visit.desk.demand(visit.actor, Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    return workflow


def _remembered(visit: Visit, filled: Form) -> Workflow:
    with visit.look() as view:
        return view.workflow_by_id(filled.kept("workflow"))


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
    workflow = _remembered(visit, filled)
    visit.do(workflows.pause, workflow, filled.text("reason"), freeze="freeze" in filled.texts("freeze"))
    return _said(visit, "workflows.paused", w=_remembered(visit, filled))


@command("resume [workflow]", "let the clock run again", Group.DO)
def resume(visit: Visit, typed: str) -> Answer:
    """The resume modal."""
    workflow = _meant(visit, typed, "resume")
    demand_paused(workflow)
    return Open(resume_modal(workflow, memory(visit, workflow=workflow.id)))


@form("workflow.resume")
def submit_resume(visit: Visit, filled: Form) -> Answer:
    """The workflow going on."""
    workflow = _remembered(visit, filled)
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
    workflow = _remembered(visit, filled)
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
    return _said(visit, "workflows.edited", w=_remembered(visit, filled))


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
    workflow = _remembered(visit, filled)
    visit.do(closing.close, workflow, Outcome(filled.text("outcome")), filled.text("reason"))
    with visit.look() as view:
        closed = view.workflow_by_id(workflow.id)
    return _said(visit, "workflows.closed", w=closed)
