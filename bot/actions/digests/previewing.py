"""The digest as it would be if it went out at this instant; nothing changes by looking."""

from dataclasses import replace

from bot.actions.desk import Desk
from bot.actions.digests.drafting import draft
from bot.actions.findings.scene import scene_of
from bot.domain.digests.audiences import LEADERS, Audience, LeadersPlace
from bot.domain.digests.inputs import Inputs
from bot.domain.findings.weeks import Weeks
from bot.domain.teams import Team
from store import View

_TEAM = "team:"


def preview(desk: Desk, audience: Audience) -> Inputs:
    """What the digest of this audience would say now."""
    with desk.reading() as view:
        workflows = view.workflows()
    scene = scene_of(desk, workflows)
    weeks = Weeks(desk.clock.now(), audience.zone)
    with desk.reading() as view:
        drafted = draft(view, audience, weeks, scene, view.findings.all())
    return replace(drafted, link_hosts=desk.configured.link_hosts)


def audience_named(view: View, text: str, place: LeadersPlace) -> Audience:
    """The audience that is called so: `leaders`, a team's name, or `team:` and its id; a refusal offers a near name."""
    named = text.strip()
    if named.casefold() == LEADERS:
        return leaders_at(place)
    if named.startswith(_TEAM):
        return audience_of(view.team_by_id(named.removeprefix(_TEAM)))
    return audience_of(view.team(named))


def leaders_at(place: LeadersPlace) -> Audience:
    """The leaders as an audience, wherever they read."""
    return Audience(LEADERS, "leaders", place.channel or "", place.zone, None, None)


def audience_of(team: Team) -> Audience:
    """A team as an audience, whether or not it has a Monday digest of its own."""
    return Audience(f"{_TEAM}{team.id}", team.name, team.channel or "", team.zone, team.id, None)
