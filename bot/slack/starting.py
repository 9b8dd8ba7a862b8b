"""Starting a workflow: three questions, the rest preset and folded; the team is made on the way."""

import json
import re

from bot.actions import takeovers, workflows
from bot.actions.checklists import status_of
from bot.actions.readers import at_large_for
from bot.actions.takeovers import Wish
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning
from bot.domain.errors import BadInput
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.teams import Team, team_name
from bot.domain.wording import cut, one_line
from bot.domain.workflows import (
    GATE_ROLES,
    Domain,
    Role,
)
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Screen, section
from bot.slack.registry import Group, click, command, form
from bot.slack.requests import asked_words
from bot.slack.screens.workflows import (
    MEMOS_LIMIT,
    StartWindow,
    start_modal,
    started_screen,
)
from bot.slack.visit import Click, Form, Visit, memory
from store import View

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
        known = at_large_for(view, visit.reader(view), MEMOS_LIMIT)
    # An unfolded modal is the same modal still: it remembers the way back that it was opened with.
    kept = json.dumps(visit.remembered)
    return start_modal(visit.pen, StartWindow(team, able, known), kept)


def _team_here(visit: Visit, channel: str | None) -> Team | str:
    """The channel's team, or the name for the one to be made."""
    with visit.look() as view:
        team = _team_of(view, visit, channel)
    return team or _usual_name(visit, channel)


def _team_of(view: View, visit: Visit, channel: str | None) -> Team | None:
    """The channel's team; in a direct message the first that the person leads."""
    team = view.team_of_channel(channel) if channel else None
    if team or not _is_direct(channel):
        return team
    return next((each for each in view.teams() if each.lead.handle == visit.actor.handle), None)


def _usual_name(visit: Visit, channel: str | None) -> str:
    """What a team is called that nobody named: as its channel, in a direct message as the person."""
    if _is_direct(channel):
        return cut(f"{visit.actor.name}'s team", 80)
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
    team = _team_for(visit, channel, filled.text("team"))
    beginning = Beginning(
        name=filled.text("name"),
        purpose=filled.text("purpose"),
        playbook=filled.text("playbook") or "ninety_day",
        team=team if isinstance(team, Team) else None,
        new_team=team if isinstance(team, TeamEntry) else None,
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


def _team_for(visit: Visit, channel: str | None, wanted: str) -> Team | TeamEntry:
    """The channel's team, or the one to be made; a refusal about its name stands beside its own field.

    Both by one look: where Slack sent the same window twice, the other copy may make the team at any moment.
    """
    name = wanted or _usual_name(visit, channel)
    with visit.look() as view:
        team, namesake = _team_of(view, visit, channel), view.team_named(one_line(name))
    if team:
        return team
    try:
        name = team_name(name)
    except BadInput as refusal:
        raise BadInput(str(refusal), "team") from refusal
    if namesake:
        raise BadInput(
            f"There is a team {name} already: press Change… and give this one another name, "
            "or start this in that team's channel.",
            "team",
        )
    return TeamEntry(name=name, channel=None if _is_direct(channel) else channel, zone=visit.actor.zone)


def _roles(visit: Visit, filled: Form) -> dict[Role, Person]:
    me = visit.member(visit.actor.handle, "name")
    preset = {Role.OWNER: me, Role.STEWARD: me}
    picked = {role: visit.member(filled.text(role), role) for role in GATE_ROLES if filled.text(role)}
    return {**preset, **picked}
