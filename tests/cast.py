"""Who appears in tests, the workspace they come from, and the clock they live by.

lea leads team Support, and bea and cem approve for it; ana owns refunds_agent and stu is its steward; ada is an
admin and apo an approver by the settings; max is a member like any other. `ana` is the user `UANA`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.people import Actor, Membership, PrincipalKind, Through
from bot.ports import Account, Channel

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Day 1 of refunds_agent, at nine in Lisbon."""


@dataclass(slots=True)
class SetClock:
    """A clock that shows what it was set to."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at


class Workspace:
    """A Slack workspace as the port shows it: everyone is a full member unless a test says otherwise."""

    def __init__(self) -> None:
        self.memberships: dict[str, Membership] = {}
        self.names: dict[str, str] = {}
        self.groups: dict[str, tuple[str, ...]] = {"SAPPROVERS": ("UAPO",)}

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account with that user id."""
        del fresh
        name = self.names.get(handle, handle.removeprefix("U").title())
        return Account(handle, name, "Europe/Lisbon", self.memberships.get(handle, Membership.MEMBER))

    def group_members(self, group: str) -> tuple[str, ...]:
        """The user ids in a group."""
        return self.groups.get(group, ())

    def channel(self, channel: str) -> Channel | None:
        """Every channel exists."""
        return Channel(channel, channel.lower())

    def link(self, channel: str, ts: str) -> str | None:
        """None: nobody says anything here."""
        del channel, ts
        return None


def handle_of(name: str) -> str:
    """The Slack user id of a member of the cast."""
    return f"U{name.upper()}"


def agent(name: str = "macro_bot") -> Actor:
    """An agent that asks for something over the API."""
    return Actor(PrincipalKind.AGENT, f"agent:{name}", name, Through.API)


SCHEDULER = Actor(PrincipalKind.SERVICE, "service:scheduler", "the scheduler", Through.SCHEDULER)
