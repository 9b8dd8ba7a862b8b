"""The report as a whole, from what was gathered of one workflow up to one instant."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import local_date
from bot.domain.findings.precision import Precision
from bot.domain.findings.weeks import WEEK_DAYS
from bot.domain.gate_evidence import MetricKind
from bot.domain.playbook import PhaseName, Playbook
from bot.domain.reports.autonomy import AutonomyReached, Stay
from bot.domain.reports.ledger import (
    Answered,
    IncidentsOfSeverity,
    MemosFiled,
    ReviewEffort,
    ReworkOfKind,
    SaveTold,
    TeamSeats,
)
from bot.domain.reports.progress import MetricProgress
from bot.domain.trajectory import PhaseStretch, Plan, Trajectory, WeekValue
from bot.domain.workflows import Workflow

REPORT_DAY = 91
"""The day on which the report is told by itself: the first one after the ninety."""

GRACE_DAYS = 7
"""For so many days a report that did not go out on its day is still made up for; a later one nobody waits for."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What it took: `typed` are reviews that people counted by the week; None where there is no data."""

    rework: tuple[ReworkOfKind, ...] = ()
    reviews: ReviewEffort | None = None
    typed: ReviewEffort | None = None
    seats: TeamSeats | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """What was caught in time, what was not, and how often findings about the workflow were of use.

    `saves` counts them all, `told` are the last few, the newest first.
    """

    findings: Precision
    saves: int = 0
    told: tuple[SaveTold, ...] = ()
    incidents: tuple[IncidentsOfSeverity, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided: by the policy for the agent, and by people in memos."""

    answered: Answered
    memos: MemosFiled


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the report says, judged at `at`: now, or when the workflow was closed."""

    workflow: Workflow
    playbook: Playbook
    at: datetime
    closed_at: datetime | None
    metrics: tuple[MetricProgress, ...]
    autonomy: AutonomyReached
    costs: Costs
    quality: Quality
    decisions: Decisions

    @property
    def day(self) -> int:
        """Day N of the workflow."""
        return self.workflow.day(self.at)

    @property
    def on(self) -> date:
        """The date of the team's on which it is judged."""
        return local_date(self.at, self.workflow.team.zone)

    @property
    def days(self) -> int | None:
        """How many days the playbook has, None once they are over."""
        return self.playbook.last_day if self.day <= self.playbook.last_day else None

    @property
    def closed_on(self) -> date | None:
        """The date on which the workflow ended, None while it runs."""
        return local_date(self.closed_at, self.workflow.team.zone) if self.closed_at else None

    @property
    def trajectory(self) -> Trajectory | None:
        """The way of the success metric; None while none has baseline, target and a workflow that has begun."""
        metric = _charted(self.metrics)
        if metric is None or metric.baseline is None or metric.target is None or self.day < 1:
            return None
        workflow, today = self.workflow, self.on
        return Trajectory(
            workflow=workflow.name,
            metric=metric.name,
            better=metric.better,
            baseline=metric.baseline,
            target=metric.target,
            values=_by_week(metric, workflow),
            plan=plan_of(self.playbook, workflow),
            today=_place(workflow, today),
            day=self.day,
            phases=tuple(_stretch(workflow, stay, today) for stay in self.autonomy.stays),
            is_closed=self.closed_at is not None,
        )


def plan_of(playbook: Playbook, workflow: Workflow) -> Plan:
    """Where the straight line from baseline to target leads: from the pilot's last day to the playbook's (RULES)."""
    leaves, arrives = playbook.phase(PhaseName.PILOT).last_day or 0, playbook.last_day
    places = (_place(workflow, workflow.date_of(day)) for day in (leaves, arrives))
    return Plan(leaves, arrives, *places)


def is_due(workflow: Workflow, at: datetime) -> bool:
    """Whether the report of a running workflow is to be told at `at`: from day 91 on, once the team is at work."""
    if workflow.outcome or workflow.pause:
        return False
    day, hour = workflow.day(at), at.astimezone(ZoneInfo(workflow.team.zone)).hour
    is_begun = day > REPORT_DAY or (day == REPORT_DAY and hour >= workflow.team.hours.first_hour)
    return is_begun and day < REPORT_DAY + GRACE_DAYS


def _charted(metrics: tuple[MetricProgress, ...]) -> MetricProgress | None:
    """The first success metric that has both its numbers; one with values comes before one without."""
    whole = [m for m in metrics if m.kind is MetricKind.SUCCESS and None not in (m.baseline, m.target)]
    return next((metric for metric in whole if metric.values), whole[0] if whole else None)


def _by_week(metric: MetricProgress, workflow: Workflow) -> tuple[WeekValue, ...]:
    """The last value of each week since the first day."""
    last: dict[int, WeekValue] = {}
    for point in metric.values:
        place = _place(workflow, point.on)
        last[place // WEEK_DAYS] = WeekValue(place, point.value)
    return tuple(last[week] for week in sorted(last))


def _stretch(workflow: Workflow, stay: Stay, today: date) -> PhaseStretch:
    return PhaseStretch(stay.phase, _place(workflow, stay.since), _place(workflow, stay.until or today))


def _place(workflow: Workflow, on: date) -> int:
    return (on - workflow.start_on).days
