"""What gates look at: everything that their checks need to know at one instant, as frozen values.

Whatever was not gathered or cannot be known is None, and None never passes; an empty tuple says that there is none.
State (items, memos, incidents, grants) is given as it stands; measurements and runs count up to the instant.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.checklists import Checklist, Row
from bot.domain.playbook import Item, PhaseName
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
class Measurement:
    """One value of a metric."""

    value: Decimal
    at: datetime
    trace: Trace


@dataclass(frozen=True, slots=True)
class MeasuredMetric:
    """A metric as it is defined now, with its values; `loosened_at` is when its numbers were last made easier."""

    name: str
    kind: MetricKind
    better: Better
    baseline: Decimal | None
    target: Decimal | None
    limit: Decimal | None
    values: tuple[Measurement, ...]
    loosened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvalRun:
    """One run of an eval suite; a version that was not named is empty."""

    suite: str
    cases: int
    passed: int
    at: datetime
    prompt_version: str
    model: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class DefinedRedLine:
    """A red line of the workflow, and when it was last seen firing in a test."""

    rule: str
    fired_at: datetime | None
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Reviews:
    """Reviews of a window, counted: `due` were submitted in it, and are reviewed or a working day old.

    `due_reviewed` of those are reviewed. `reviewed` were reviewed in the window, whenever they were submitted, and
    `overridden` of those were edited or rejected.
    """

    due: int
    due_reviewed: int
    reviewed: int
    overridden: int

    def __add__(self, other: "Reviews") -> "Reviews":
        return Reviews(
            self.due + other.due,
            self.due_reviewed + other.due_reviewed,
            self.reviewed + other.reviewed,
            self.overridden + other.overridden,
        )


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """What is known of the reviews of the last `days`: seen one by one, and typed by a person for whole weeks."""

    days: int
    seen: Reviews
    typed: Reviews
    traces: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is open, severity 1 being the worst."""

    key: str
    severity: int
    trace: Trace


@dataclass(frozen=True, slots=True)
class RollbackDrill:
    """A rehearsed rollback; `minutes` is None where nobody recorded how long it took."""

    at: datetime
    minutes: Decimal | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class ActiveGrant:
    """An active grant: when it was last attested, by when that is due again, and what its file says of logs."""

    action: str
    attested_at: datetime | None
    attest_by: datetime
    log_retention_days: int | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class FiledMemo:
    """A memo of the workflow that no other supersedes.

    `move` is the phases it leaves and enters. `metrics` are the success metrics that its words name.
    """

    at: datetime
    move: tuple[PhaseName, PhaseName] | None
    metrics: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the gate out of `leaving` looks at, at `at`; `phase_since` is when that phase began."""

    at: datetime
    leaving: PhaseName
    phase_since: datetime
    checklist: Checklist
    holders: tuple[RoleHolder, ...] | None = None
    metrics: tuple[MeasuredMetric, ...] | None = None
    eval_runs: tuple[EvalRun, ...] | None = None
    red_lines: tuple[DefinedRedLine, ...] | None = None
    reviews: ReviewCounts | None = None
    incidents: tuple[OpenIncident, ...] | None = None
    deviations: tuple[Trace, ...] | None = None
    rollbacks: tuple[RollbackDrill, ...] | None = None
    red_teams: tuple[Trace, ...] | None = None
    grants: tuple[ActiveGrant, ...] | None = None
    memos: tuple[FiledMemo, ...] | None = None

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
