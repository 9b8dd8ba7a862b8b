"""Facts about grants, what stops them, and what agents were answered."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.facts.workflows import WorkflowChange
from bot.domain.freezes import FreezeKind
from bot.domain.grants.life import SuspensionCause
from bot.domain.grants.precedents import NoData
from bot.domain.grants.terms import GrantTerms
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRequested:
    """A grant was asked for, by a request of its own; `replaces` is the one that it would supersede."""

    grant_id: str
    workflow_id: str
    request_id: str
    terms: GrantTerms
    hash: str
    replaces: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantChange:
    """Something changed about a grant, decided on what it was at `seen_version`."""

    grant_id: str
    workflow_id: str
    seen_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantActivated(GrantChange):
    """An approved grant is in force from now on; `replaces` is superseded at the same instant.

    `no_data_seen` is the evidence that there was none of, which the approver said to have seen.
    """

    expires_at: datetime
    replaces: str | None
    no_data_seen: tuple[NoData, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantNarrowed(GrantChange):
    """A grant gave way to a narrower one, `narrowed_id`, which stands just as it did: no approval was needed."""

    narrowed_id: str
    terms: GrantTerms
    hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRevoked(GrantChange):
    """A grant was taken back for good."""

    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExpired(GrantChange):
    """A grant's time was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSuspended(GrantChange):
    """A grant stands still for `cause`; `subject` is what that is about, `observed_at` when that was so outside."""

    cause: SuspensionCause
    subject: str = ""
    observed_at: datetime | None = None
    reason: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionLifted(GrantChange):
    """One of the reasons against a grant fell away, because what had caused it was taken back."""

    cause: SuspensionCause
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantResumed(GrantChange):
    """A grant is in force again: a person found that what suspended it is gone."""

    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAttested(GrantChange):
    """Someone looked at a grant and found that it is still needed as it is."""

    note: FreeText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFrozen(WorkflowChange):
    """Every grant of a workflow stands still until someone lifts that."""

    freeze_id: str
    kind: FreezeKind
    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowUnfrozen(WorkflowChange):
    """A freeze was lifted."""

    freeze_id: str
    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeMeasured:
    """The first decision after a freeze was refused so many seconds after the command."""

    workflow_id: str
    freeze_id: str
    took_s: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsLogged:
    """A batch of answers to agents was kept beside the chain, which vouches for it by its hash."""

    subject: str
    count: int
    sha256: str
