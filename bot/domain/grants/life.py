"""Grants: what one agent may do, within which limits, until when (RULES, "Grants and decisions").

Frozen values and their life; the terms are those of `bot.domain.grants.terms`, and `decisions` beside it uses both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.grants.terms import GrantTerms, Mode
from bot.domain.people import Person
from bot.domain.playbook import Rung
from bot.domain.risk import Effect


class GrantState(StrEnum):
    """How far a grant's life has come."""

    REQUESTED = "requested"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


LIVING = (GrantState.ACTIVE, GrantState.SUSPENDED)


class SuspensionCause(StrEnum):
    """Why a grant stands still; the value ends the sentence "it is suspended because …"."""

    BY_HAND = "someone suspended it"
    EVAL_FAILED = "the latest eval run is below the floor"
    EVALS_STALE = "the evals are older than they may be"
    INCIDENT = "a severe incident is open"
    RED_LINE = "a red line was violated"
    GUARDRAIL = "a guardrail metric is beyond its limit"
    UNATTESTED = "its attestation is overdue"


_ALL_WITH_EFFECT = frozenset(
    {
        SuspensionCause.EVAL_FAILED,
        SuspensionCause.EVALS_STALE,
        SuspensionCause.INCIDENT,
        SuspensionCause.RED_LINE,
    }
)


@dataclass(frozen=True, slots=True)
class Suspension:
    """One reason for which a grant stands still, since when.

    `subject` is the suite, incident, red line or metric that it is about, `observed_at` the instant of the signal
    that told of it, or the one from which time alone caused it; `by` is None where a guard acted.
    """

    cause: SuspensionCause
    since: datetime
    subject: str = ""
    observed_at: datetime | None = None
    by: Person | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as it stands; `hash` is its terms' `terms_hash`, kept as it was when they were recorded.

    The three instants are None until the grant was approved, and a narrowing takes over those of the grant that it
    replaces (`expires_at`: see `narrowed_end`). `suspensions` is empty unless it is suspended. `request_id` is None
    for a narrowing, which nobody had to approve.
    """

    id: str
    workflow_id: str
    terms: GrantTerms
    state: GrantState
    approved_at: datetime | None
    expires_at: datetime | None
    attested_at: datetime | None
    suspensions: tuple[Suspension, ...]
    hash: str
    requested_by: Person | None = None
    requested_at: datetime | None = None
    request_id: str | None = None
    replaces: str | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def lives(self) -> bool:
        """Whether it is in force, or would be but for a suspension."""
        return self.state in LIVING

    def has_expired(self, at: datetime) -> bool:
        """Whether its time is over at `at`, recorded or not; the instant of expiry is already outside."""
        return self.expires_at is not None and at >= self.expires_at

    def attest_by(self, every_days: int) -> datetime | None:
        """The instant from which its attestation is missed; None before it was approved."""
        last = self.attested_at or self.approved_at
        return last + timedelta(days=every_days) if last else None


def is_suspended_by(cause: SuspensionCause, terms: GrantTerms) -> bool:
    """Whether `cause` reaches a grant with these terms (RULES, "Suspension by guard")."""
    if cause is SuspensionCause.GUARDRAIL:
        return terms.is_unattended
    return cause not in _ALL_WITH_EFFECT or terms.effect is not Effect.NONE


def expiry_of(terms: GrantTerms, approved_at: datetime) -> datetime:
    """When a grant with these terms expires that was approved at `approved_at`."""
    return approved_at + timedelta(days=terms.expires_in_days)


def narrowed_end(old: Grant, new: GrantTerms, at: datetime) -> datetime:
    """When a narrowing of `old` made at `at` expires: never later than `old` would have, so it renews nothing."""
    end = at + timedelta(days=new.expires_in_days)
    return min(old.expires_at, end) if old.expires_at else end


def rung_of(grants: Iterable[Grant]) -> Rung:
    """Where a workflow with these grants stands on the ladder; only active ones count."""
    reached = (rung_by(grant.terms) for grant in grants if grant.state is GrantState.ACTIVE)
    return max(reached, key=tuple(Rung).index, default=Rung.COPILOT)


def rung_by(terms: GrantTerms) -> Rung:
    """Where a grant with these terms alone leads on the ladder."""
    if terms.mode is Mode.MESH:
        return Rung.MESH
    if terms.is_unattended:
        return Rung.OPERATOR
    return Rung.COPILOT if terms.effect is Effect.NONE else Rung.INTERN
