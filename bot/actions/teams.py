"""Teams: make and edit."""

from dataclasses import dataclass, replace
from typing import TypeVar

from bot.actions.desk import Turn
from bot.domain.errors import BadInput, Conflict
from bot.domain.facts import TeamEdited, TeamMade
from bot.domain.people import Person
from bot.domain.rights import Right, demand_person
from bot.domain.teams import Team, team_name, working_hours, zone_name

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """What a team is made of; on an edit, None leaves a field as it is."""

    name: str | None = None
    channel: str | None = None
    lead: Person | None = None
    approvers: tuple[Person, ...] | None = None
    zone: str | None = None
    hours: str | None = None
    digest: bool | None = None


def make(turn: Turn, entry: TeamEntry) -> TeamMade:
    """A new team, led by whoever makes it unless `entry` names a lead; names and channels belong to one team."""
    demand_person(turn.actor)
    change = turn.change
    name = team_name(entry.name or "")
    if change.team_named(name):
        raise Conflict(f"There is a team {name} already; choose another name, or use that team.")
    if entry.channel and (other := change.team_of_channel(entry.channel)):
        raise Conflict(f"This channel belongs to team {other.name} already; a team has a channel of its own.")
    fact = TeamMade(
        team_id=change.new_id("team"),
        name=name,
        channel=entry.channel,
        lead=change.person(entry.lead).id if entry.lead else change.me.id,
        approvers=_ids(turn, entry.approvers or ()),
        zone=zone_name(entry.zone or "UTC"),
        hours=str(working_hours(entry.hours or "9-18")),
    )
    turn.record(fact)
    return fact


def edit(turn: Turn, team: Team, entry: TeamEntry) -> TeamEdited:
    """The team corrected as `entry` says."""
    turn.demand(Right.MANAGE_TEAM, team)
    change = turn.change
    name = team_name(entry.name) if entry.name is not None else None
    if name and (other := change.team_named(name)) and other.id != team.id:
        raise Conflict(f"There is a team {name} already; choose another name.")
    if entry.channel and (other := change.team_of_channel(entry.channel)) and other.id != team.id:
        raise Conflict(f"This channel belongs to team {other.name} already; a team has a channel of its own.")
    approvers = None if entry.approvers is None else _ids(turn, entry.approvers)
    fact = TeamEdited(
        team_id=team.id,
        seen_version=team.version,
        name=_unless(team.name, name),
        channel=_unless(team.channel, entry.channel),
        lead=_unless(team.lead.id, change.person(entry.lead).id if entry.lead else None),
        approvers=_unless(tuple(person.id for person in team.approvers), approvers),
        zone=_unless(team.zone, zone_name(entry.zone) if entry.zone else None),
        hours=_unless(str(team.hours), str(working_hours(entry.hours)) if entry.hours else None),
        digest=_unless(team.digest_since is not None, entry.digest),
        before=(),
    )
    before = _before(team, fact)
    if not before:
        raise BadInput("Nothing was changed: give at least one new value.")
    fact = replace(fact, before=before)
    turn.record(fact)
    return fact


def _unless(stood: T | None, given: T | None) -> T | None:
    """`given`, or None where it is what stood already."""
    return None if given == stood else given


def _ids(turn: Turn, people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(turn.change.person(person).id for person in people))


def _before(team: Team, fact: TeamEdited) -> tuple[tuple[str, str], ...]:
    stood = {
        "name": team.name,
        "channel": team.channel or "",
        "lead": team.lead.id,
        "approvers": " ".join(p.id for p in team.approvers),
        "zone": team.zone,
        "hours": str(team.hours),
        "digest": "on" if team.digest_since else "off",
    }
    return tuple((name, was) for name, was in stood.items() if getattr(fact, name) is not None)
