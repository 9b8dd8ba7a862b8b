"""A channel's team, and its correction."""

from bot.actions import teams
from bot.actions.teams import TeamEntry
from bot.domain.rights import Right
from bot.domain.teams import Team
from bot.slack.answers import Answer, Done, Open, Say
from bot.slack.blocks import Screen, section
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.teams import team_modal, team_screen
from bot.slack.staleness import demand_unchanged
from bot.slack.visit import Click, Form, Visit, memory


@command("team", "this channel's team: lead, approvers, hours, time zone", Group.LOOK_UP)
def team(visit: Visit, typed: str) -> Answer:
    """The team's card."""
    del typed
    with visit.look() as view:
        found = view.team_of_channel(visit.channel) if visit.channel else None
    deciders = visit.desk.deciders()
    able = len(deciders.of(found)) if found else 0
    return Say(team_screen(visit.pen, found, able, deciders.absences))


@click("team.edit")
def edit(visit: Visit, clicked: Click) -> Answer:
    """The modal that changes the team."""
    found = _team(visit, clicked.value)
    visit.desk.demand(visit.actor, Right.MANAGE_TEAM, found)
    return Open(team_modal(visit.pen, found, memory(visit, team=found.id, seen=str(found.version))))


@form("team.edit")
def submit_edit(visit: Visit, filled: Form) -> Answer:
    """The team as corrected."""
    found = _team(visit, filled.kept("team"))
    demand_unchanged(visit, filled, found.id, str(found.version))
    entry = TeamEntry(
        name=filled.text("name"),
        lead=visit.member(filled.text("lead"), "lead"),
        approvers=tuple(visit.member(handle, "approvers") for handle in filled.texts("approvers")),
        zone=filled.text("timezone"),
        hours=filled.text("hours"),
    )
    visit.do(teams.edit, found, entry)
    text = visit.pen.md("teams.edited", team=_team(visit, found.id))
    return Done(say=Screen(text, (section(text),)))


def _team(visit: Visit, team_id: str) -> Team:
    with visit.look() as view:
        return view.team_by_id(team_id)
