"""Who acts: people, agents and services, and through what they reached us."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PrincipalKind(StrEnum):
    """What kind of being wrote something; every audit record says which."""

    HUMAN = "human"
    AGENT = "agent"
    SERVICE = "service"


class Through(StrEnum):
    """By which entrance a change came in."""

    SLACK = "slack"
    API = "api"
    CLI = "cli"
    SCHEDULER = "scheduler"
    GUARD = "guard"


class Membership(StrEnum):
    """What Slack says of an account; only `MEMBER` may read or change anything."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """A human known to the program.

    `id` is random and the only trace of a person in the audit chain; `handle` is the Slack user id,
    or `os:NAME` for someone who has only used the command line. An erased person has no handle.
    """

    id: str
    handle: str | None
    name: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something now, with what was looked up about them at this moment.

    `admin_because` and `approver_because` say why the person holds that right ("member of group S042"),
    or are None. `claimed` is the operating-system user and host behind a name given at the command line.
    `deputy_of` are those who are away now and whom this person stands in for.
    """

    kind: PrincipalKind
    handle: str
    name: str
    through: Through
    zone: str = "UTC"
    membership: Membership = Membership.MEMBER
    admin_because: str | None = None
    approver_because: str | None = None
    claimed: str | None = None
    deputy_of: tuple[Person, ...] = ()

    @property
    def handles(self) -> tuple[str, ...]:
        """Their own handle, and those of the people whom they stand in for."""
        return (self.handle, *(person.handle for person in self.deputy_of if person.handle))

    @property
    def is_person(self) -> bool:
        """Whether a human of this workspace is acting."""
        return self.kind is PrincipalKind.HUMAN and self.membership is Membership.MEMBER


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words that a person typed; they are kept outside the audit chain so that they can be erased."""

    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that must be said to someone after the commit.

    `kind` names the template and screen, `target` is a Slack channel or user id, `about` the ids it is
    rendered from, `key` makes it unique: the same key is never told twice.
    """

    kind: str
    target: str
    about: tuple[tuple[str, str], ...]
    key: str
    not_before: datetime | None = None
