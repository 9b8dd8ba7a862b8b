"""Signals: facts observed outside, one frozen value for each type (RULES, "Signals").

Numbers that are compared, and money, are decimals; instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

MAX_AHEAD = timedelta(minutes=5)
"""How far ahead of the clock a signal may be: machines' clocks differ."""

HISTORY_DAYS = 400
"""How long before a workflow's start its signals are still kept, as history."""


class SignalType(StrEnum):
    """What kind of fact a signal tells."""

    METRIC = "metric"
    EVAL_RUN = "eval_run"
    REVIEW = "review"
    REVIEW_TALLY = "review_tally"
    REWORK = "rework"
    INCIDENT = "incident"
    CHANGE = "change"
    WORK_ITEM = "work_item"
    RED_LINE = "red_line"
    AGENT_ACTION = "agent_action"
    QUALITY_SAVE = "quality_save"
    SEAT = "seat"


class ReviewOutcome(StrEnum):
    """What a reviewer did with an output; edited and rejected are overrides."""

    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"


class ReworkKind(StrEnum):
    """Why something had to be done again."""

    ROLLBACK = "rollback"
    ESCALATION = "escalation"
    SECURITY_EXCEPTION = "security_exception"
    REOPENED = "reopened"
    DEFECT = "defect"


class IncidentStatus(StrEnum):
    """Whether an incident still goes on."""

    OPEN = "open"
    RESOLVED = "resolved"


class WorkStatus(StrEnum):
    """How far a piece of work is."""

    OPEN = "open"
    BLOCKED = "blocked"
    DONE = "done"


class RedLineKind(StrEnum):
    """Whether a red line was crossed, or seen firing in a test."""

    VIOLATION = "violation"
    TEST_FIRED = "test_fired"


class ActionOutcome(StrEnum):
    """How an agent's action ended."""

    DONE = "done"
    REFUSED = "refused"
    ESCALATED = "escalated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Metric:
    """One value of a metric, over `n` cases where that is known."""

    metric: str
    value: Decimal
    n: int | None = None


@dataclass(frozen=True, slots=True)
class EvalRun:
    """One run of an eval suite; a version that the runner could not name is empty."""

    suite: str
    cases: int
    passed: int
    prompt_version: str
    model: str


@dataclass(frozen=True, slots=True)
class Review:
    """An output handed in for review; once it is reviewed, `reviewed_at`, `outcome` and `reviewer` say so together.

    After its retention or an erasure the reviewer alone is None again.
    """

    output_id: str
    submitted_at: datetime
    reviewed_at: datetime | None = None
    outcome: ReviewOutcome | None = None
    reviewer: str | None = None
    prompt_version: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewTally:
    """A week's reviews as a person typed them."""

    outputs: int
    reviewed: int
    overridden: int
    median_minutes: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rework:
    """Something that had to be done again, and what that cost."""

    kind: ReworkKind
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it stands; severity 1 is the worst, 5 the least."""

    key: str
    severity: int
    status: IncidentStatus
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was merged; `reverts` is the key of the one that it takes back."""

    key: str
    title: str
    merged_at: datetime
    lead_time_hours: Decimal
    reverts: str | None
    irreversible: bool


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A piece of work as it stands; due at an instant, or at the end of a date in the team's time zone."""

    key: str
    title: str
    status: WorkStatus
    due: datetime | date | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class RedLine:
    """A red line that was crossed, or that fired in a test."""

    rule: str
    kind: RedLineKind
    summary: str


@dataclass(frozen=True, slots=True)
class AgentAction:
    """Something that an agent did or tried; `facts` is the one JSON text of what it did it to (`facts_text`)."""

    action: str
    facts: str
    outcome: ActionOutcome
    reversed: bool
    decision: str | None = None
    grant_hash: str | None = None
    run_id: str | None = None
    prompt_version: str | None = None
    model: str | None = None
    sources: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class QualitySave:
    """A mistake caught before it did harm, and by whom."""

    summary: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A team's seats of one tier: how many people, how many of them trained, and what they cost a month."""

    tier: str
    people: int
    trained: int
    cost_usd_month: Decimal


Body = (
    Metric
    | EvalRun
    | Review
    | ReviewTally
    | Rework
    | Incident
    | Change
    | WorkItem
    | RedLine
    | AgentAction
    | QualitySave
    | Seat
)

Body_co = TypeVar("Body_co", bound=Body, covariant=True)


@dataclass(frozen=True, slots=True)
class Signal(Generic[Body_co]):
    """One observed fact; `id` is unique within its source. It names a workflow or, a seat, a team."""

    id: str
    source: str
    at: datetime
    workflow: str | None
    team: str | None
    url: str | None
    body: Body_co


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `start` up to, and without, `end`."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether `at` is an instant in it."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class IncidentCourse:
    """An incident over time: its latest state, when it was opened, and when it was resolved if it is."""

    latest: Signal[Incident]
    opened_at: datetime
    resolved_at: datetime | None
