"""Who reads a Monday digest: the leaders, and each team that wants its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.teams import Team

LEADERS = "leaders"
_TEAM = "team:"


@dataclass(frozen=True, slots=True)
class Audience:
    """Readers of one digest: `leaders`, who read of the whole program, or `team:<team id>`.

    `since` is from when on a digest is owed to them; None as long as there was nothing to read about.
    """

    id: str
    name: str
    channel: str
    zone: str
    team_id: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether an audience is one at present, as a bot saw last; and since when, where it was none before."""

    is_here: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class LeadersPlace:
    """Where leaders read their digest, and in which zone their Monday begins."""

    channel: str | None
    zone: str


NOWHERE = LeadersPlace(None, "UTC")
"""Where leaders read nothing, because no channel is set."""


def audiences(leaders: LeadersPlace, begun_at: datetime | None, teams: Iterable[Team]) -> tuple[Audience, ...]:
    """Every audience, the leaders first; a team whose channel is the leaders' reads the leaders' digest.

    `begun_at` is when the program's first workflow was started.
    """
    found = []
    if leaders.channel:
        found.append(Audience(LEADERS, "leaders", leaders.channel, leaders.zone, None, begun_at))
    found += (
        Audience(f"{_TEAM}{team.id}", team.name, team.channel, team.zone, team.id, team.digest_since)
        for team in teams
        if team.channel and team.digest_since and team.channel != leaders.channel
    )
    return tuple(found)


def team_id_of(audience: str) -> str | None:
    """The id of the team that is the audience with this id; None for the leaders."""
    return audience.removeprefix(_TEAM) if audience.startswith(_TEAM) else None


def as_present(audience: Audience, presence: Presence | None) -> Audience:
    """The audience, to whom nothing is owed from before it came back."""
    back_at = presence.since if presence else None
    if back_at is None or audience.since is None:
        return audience
    return replace(audience, since=max(audience.since, back_at))


def came_and_went(audiences: Iterable[Audience], known: Mapping[str, Presence], at: datetime) -> Mapping[str, Presence]:
    """The audiences that came, came back or went since a bot looked last, by their ids."""
    here = {audience.id for audience in audiences}
    found = {new: Presence(True, None) for new in here - known.keys()}
    for audience, presence in known.items():
        if presence.is_here is not (audience in here):
            found[audience] = Presence(False, presence.since) if presence.is_here else Presence(True, at)
    return found
