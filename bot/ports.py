"""What the use cases need from outside, and nothing of how it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.digests.editions import Drafted, Occasion
from bot.domain.people import Membership, Person
from bot.domain.sources import Mapped


class Clock(Protocol):
    """The one thing that may be asked what time it is."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """What Slack says of a user id."""

    handle: str
    name: str
    zone: str
    membership: Membership


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel; only its members read a private one."""

    id: str
    name: str
    is_shared: bool = False
    is_archived: bool = False
    is_private: bool = False


class Connecting(Protocol):
    """What outside systems can be read, and what the file of sources says belongs to which workflow."""

    def offered(self) -> tuple[tuple[str, str], ...]:
        """The sources that can be mapped by hand, each with what a place is called there, such as a repository."""
        ...

    def by_file(self) -> tuple[Mapped, ...]:
        """What the file of sources maps."""
        ...

    def checked(self, wanted: Mapped) -> Mapped:
        """The mapping as it is kept; BadInput for the field `source` or `place` where it can't be one."""
        ...

    def lacks(self, source: str) -> str:
        """A sentence on what keeps this source from being read at all, "" if nothing is known to."""
        ...


class Directory(Protocol):
    """Who and what exists in the Slack workspace; answers are at most five minutes old."""

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account with that user id; `Membership.UNKNOWN` where Slack gives no answer."""
        ...

    def group_members(self, group: str) -> tuple[str, ...] | None:
        """The user ids in a user group; None where Slack gives no answer."""
        ...

    def channel(self, channel: str) -> Channel | None:
        """The channel with that id, if the bot can see it."""
        ...

    def link(self, channel: str, ts: str) -> str | None:
        """The address of a message, if Slack gives one."""
        ...


Draft = Callable[[Occasion], Drafted | None]
"""What a digest says on an occasion; None where it keeps silent. It is asked outside any transaction."""


def unsaved(account: Account) -> Person:
    """The account as a person whom the program has not met yet."""
    return Person("", account.handle, account.name, account.zone)
