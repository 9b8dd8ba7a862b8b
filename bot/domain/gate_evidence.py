"""What gates look at: everything that their checks need to know at one instant, as frozen values.

Whatever was not gathered or cannot be known is None, and None never passes; an empty tuple says that there is none.
All of it is the workflow's own. State (items, memos, incidents, grants) counts as it stands; what was measured counts
up to the instant.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.checklists import Checklist, Row
from bot.domain.deviations import Deviation
from bot.domain.documents import Document
from bot.domain.drills import Drill
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.memos import Memo
from bot.domain.playbook import Item, PhaseName
from bot.domain.review_counts import ReviewCounts
from bot.domain.signals.kinds import Body, EvalRun, IncidentCourse, Metric, RedLine, Signal
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role


class MetricKind(StrEnum):
    """What a metric is for."""

    SUCCESS = "success"
    GUARDRAIL = "guardrail"


class Better(StrEnum):
    """Which way a metric should go."""

    HIGHER = "higher"
    LOWER = "lower"

    def holds(self, value: Decimal, bound: Decimal) -> bool:
        """Whether `value` is at `bound` or on its better side."""
        return value >= bound if self is Better.HIGHER else value <= bound


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Someone who holds a role; `is_active` is None where nobody could say."""

    role: Role
    person_id: str
    is_active: bool | None


@dataclass(frozen=True, slots=True)
class MeasuredMetric:
    """A metric as it is defined now, with its values; `loosened_at` is when its numbers were last made easier."""

    name: str
    kind: MetricKind
    better: Better
    baseline: Decimal | None
    target: Decimal | None
    limit: Decimal | None
    values: tuple[Signal[Metric], ...]
    loosened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DefinedRedLine:
    """A red line of the workflow, and the signal that says it fired in a test, None while it was not seen to."""

    rule: str
    test: Signal[RedLine] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the gate out of `leaving` looks at, at `at`; `phase_since` is when that phase began."""

    at: datetime
    leaving: PhaseName
    phase_since: datetime
    checklist: Checklist
    holders: tuple[RoleHolder, ...] | None = None
    metrics: tuple[MeasuredMetric, ...] | None = None
    eval_runs: tuple[Signal[EvalRun], ...] | None = None
    red_lines: tuple[DefinedRedLine, ...] | None = None
    reviews: ReviewCounts | None = None
    incidents: tuple[IncidentCourse, ...] | None = None
    deviations: tuple[Deviation, ...] | None = None
    drills: tuple[Drill, ...] | None = None
    documents: tuple[Document, ...] | None = None
    grants: tuple[Grant, ...] | None = None
    memos: tuple[Memo, ...] | None = None

    @property
    def memos_in_force(self) -> tuple[Memo, ...]:
        """The memos that no other supersedes."""
        return tuple(memo for memo in self.memos or () if memo.superseded_by is None)

    @property
    def grants_in_force(self) -> tuple[Grant, ...]:
        """The grants that an agent may act by, and those that stand still only for want of an attestation."""
        return tuple(g for g in self.grants or () if _is_in_force(g) and not g.has_expired(self.at))

    @property
    def required_items(self) -> tuple[Item, ...]:
        """What the playbook requires before the phase may end."""
        return tuple(item for item in self.checklist.playbook.items_of(self.leaving) if item.required)

    def row_of(self, item_id: str) -> Row | None:
        """The checklist's row of an item, None if it has none."""
        return next((row for row in self.checklist.rows if row.key.id == item_id), None)

    def is_fresh(self, seen_at: datetime, days: int) -> bool:
        """Whether what was seen at `seen_at` is at most `days` days old."""
        return self.at <= fresh_until(seen_at, days, self.checklist.workflow.team.zone)

    def age_days(self, seen_at: datetime) -> int:
        """How many whole days ago `seen_at` was."""
        zone = ZoneInfo(self.checklist.workflow.team.zone)
        then, now = seen_at.astimezone(zone), self.at.astimezone(zone)
        days = (now.date() - then.date()).days
        return max(days if self.at >= fresh_until(seen_at, days, zone.key) else days - 1, 0)


def fresh_until(seen_at: datetime, days: int, zone: str) -> datetime:
    """The last instant (UTC) at which what was seen at `seen_at` is at most `days` days old in `zone`.

    Days are those of the wall clock: a run at noon is 14 days old at noon, on both sides of a change of the clocks.
    """
    return (seen_at.astimezone(ZoneInfo(zone)) + timedelta(days=days)).astimezone(UTC)


def trace_of(signal: Signal[Body]) -> Trace:
    """Where a signal is."""
    return Trace("signal", signal.id, signal.url)


def _is_in_force(grant: Grant) -> bool:
    causes = {suspension.cause for suspension in grant.suspensions}
    is_unattested = grant.state is GrantState.SUSPENDED and SuspensionCause.UNATTESTED in causes
    return grant.state is GrantState.ACTIVE or is_unattested
