"""Who may read what was written down (RULES, "Memos and documents")."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """For whom something was written; leaders are team leads, approvers and admins."""

    EVERYONE = "everyone"
    TEAM = "team"
    LEADERS = "leaders"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom one paper is; `insiders` are the handles of those who wrote it or answer for it.

    The body of a restricted one (security, data, a red-team review) is for the workflow's roles, approvers and
    admins; its title and verdict are for all who may know of it.
    """

    visibility: Visibility
    team_id: str | None
    workflow_id: str | None
    is_restricted: bool
    insiders: tuple[str | None, ...]

    @property
    def is_everyone(self) -> bool:
        """Whether all of it is for everyone."""
        return self.visibility is Visibility.EVERYONE and not self.is_restricted

    def is_named_to(self, *, few: bool) -> bool:
        """Whether its title may stand where all of a channel read it; `few`: where only the members of one do."""
        return self.visibility is Visibility.EVERYONE or few

    def is_shown_to(self, *, few: bool) -> bool:
        """Whether all of it may stand there."""
        return self.is_named_to(few=few) and not self.is_restricted


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the ids of the teams and workflows that they have to do with.

    `decides_all`: an admin, or an approver by the settings. `sees_all`: whoever holds the database itself.
    """

    handle: str
    decides_all: bool = False
    sees_all: bool = False
    approves: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    workflows: frozenset[str] = frozenset()

    def knows_of(self, audience: Audience) -> bool:
        """Whether they may know that it exists, and read its title and verdict."""
        if self._is_insider(audience):
            return True
        match audience.visibility:
            case Visibility.EVERYONE:
                return True
            case Visibility.TEAM:
                return audience.team_id in self.teams | self.approves | self.leads
            case Visibility.LEADERS:
                return bool(self.approves or self.leads)

    def reads(self, audience: Audience) -> bool:
        """Whether they may read all of it."""
        if self._is_insider(audience):
            return True
        if not self.knows_of(audience):
            return False
        if not audience.is_restricted:
            return True
        if audience.team_id is None:
            return bool(self.approves)
        return audience.workflow_id in self.workflows or audience.team_id in self.approves | self.leads

    def _is_insider(self, audience: Audience) -> bool:
        return self.sees_all or self.decides_all or self.handle in audience.insiders
