"""Who reads a Monday digest: the leaders, and each team that wants its own."""

from dataclasses import dataclass
from datetime import datetime

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
class LeadersPlace:
    """Where leaders read their digest, and in which zone their Monday begins."""

    channel: str | None
    zone: str


NOWHERE = LeadersPlace(None, "UTC")
"""Where no channel is set."""
