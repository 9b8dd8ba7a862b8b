"""Who and what is in the workspace at the start: people, channels, user groups, apps."""

from dataclasses import dataclass

from bot.sandbox.slack_app import SlackApp


@dataclass(frozen=True, slots=True)
class Person:
    """A member as `users.info` shows them; `team_id` is given for strangers from another workspace."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    tz_offset_s: int = 0
    color: str = "4a6ee0"
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    team_id: str | None = None

    @property
    def is_guest(self) -> bool:
        """True for single- and multi-channel guests."""
        return self.is_restricted or self.is_ultra_restricted


@dataclass(frozen=True, slots=True)
class Channel:
    """A public or private channel and the ids of its members."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    topic: str = ""
    private: bool = False
    ext_shared: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group: `@handle` and its members' ids."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page shows first: the channel it opens in, and sentences that say what to try."""

    channel: str
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything a workspace starts with."""

    team_name: str
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    apps: tuple[SlackApp, ...]
    groups: tuple[UserGroup, ...] = ()
    welcome: Welcome | None = None
    team_id: str = "T0LOCAL"
    team_domain: str = "local"
