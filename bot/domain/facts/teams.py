"""Facts about teams."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMade:
    """A team came to be."""

    team_id: str
    name: str
    channel: str | None
    lead: str
    approvers: tuple[str, ...]
    zone: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEdited:
    """A team's entry was corrected; fields that did not change are None."""

    team_id: str
    seen_version: int
    name: str | None = None
    channel: str | None = None
    lead: str | None = None
    approvers: tuple[str, ...] | None = None
    zone: str | None = None
    hours: str | None = None
    digest: bool | None = None
    before: tuple[tuple[str, str], ...]
