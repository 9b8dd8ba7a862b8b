"""What signals said, as rules look at it: counted by weeks in the database, and the few that a finding names.

Tuples by week begin with the week that is judged. What was before a workflow's first day is history: it stands in the
weeks before, as the past that a trend is compared with, and in no count of the week itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.metrics import DefinedMetric
from bot.domain.signals.kinds import Change, EvalRun, IncidentCourse, Metric, RedLine, Signal, WorkStatus
from bot.domain.verdicts import Trace

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MeasuredByWeek:
    """A metric as it is defined: its newest value, the last one of each week, and since when they are beyond its limit.

    Of two values at the same instant the worse stands here. `beyond_since` is the `at` of the first of the values that
    lie beyond the limit without one between that does not; None where the week's last value is within, or is missing.
    """

    defined: DefinedMetric
    newest: Signal[Metric] | None = None
    weeks: tuple[Signal[Metric] | None, ...] = ()
    beyond_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReviewWeek:
    """Reviews done in a week, and how many of them were overrides."""

    reviewed: int = 0
    edited: int = 0
    rejected: int = 0

    @property
    def overridden(self) -> int:
        """How many were edited or rejected."""
        return self.edited + self.rejected

    @property
    def approved(self) -> int:
        """How many were left as they were."""
        return self.reviewed - self.overridden


@dataclass(frozen=True, slots=True)
class ReviewsSeen:
    """The reviews of each week, and what became of the outputs that were submitted in this one.

    `due` of those are reviewed or a working day old, and `due_reviewed` of them reviewed. The medians are those of the
    reviews done in this week, from submission to review: in the team's working hours, and by the clock on the wall.
    A median is None where the counts alone tell that it is no more, or no less, than its rule allows.
    """

    weeks: tuple[ReviewWeek, ...] = (ReviewWeek(),)
    due: int = 0
    due_reviewed: int = 0
    median_working: timedelta | None = None
    median_elapsed: timedelta | None = None

    @property
    def week(self) -> ReviewWeek:
        """The week that is judged."""
        return self.weeks[0]


@dataclass(frozen=True, slots=True)
class ReworkWeek:
    """What had to be done again in a week: how many times, and what that cost in US dollars."""

    count: int = 0
    cost_usd: Decimal = NOTHING


def is_rising(weeks: tuple[ReworkWeek, ...], min_ratio: Decimal, min_usd: int) -> bool:
    """Whether the first of these weeks cost so much more than the mean of the others, and enough to matter."""
    week, *before = weeks
    total = sum((each.cost_usd for each in before), NOTHING)
    return week.cost_usd >= min_usd and week.cost_usd * len(before) >= min_ratio * total


@dataclass(frozen=True, slots=True)
class Unasked:
    """Agent actions of one name that were done in the week without an allow that is theirs."""

    action: str
    count: int
    first_at: datetime
    evidence: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """Agent actions and decisions of one name in the week that were not made by the grant in force.

    `other` of them reported another grant's hash than the one in force, `silent` none where there was one to report.
    """

    action: str
    other: int
    silent: int
    evidence: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """Denies of one action in the week; `allowed_at` is the last allow before the last of them, None without one."""

    action: str
    denies: int
    allowed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActsSeen:
    """What the agent did in the week and asked before doing; `count` are its actions and decisions of any outcome."""

    count: int = 0
    unasked: tuple[Unasked, ...] = ()
    drifts: tuple[Drift, ...] = ()
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True)
class StuckItem:
    """A work item that is blocked, or open and past due since `overdue_since`."""

    key: str
    title: str
    status: WorkStatus
    overdue_since: datetime | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class StuckWork:
    """How many work items are stuck, and the first of them: the longest overdue, then those that are blocked."""

    blocked: int = 0
    overdue: int = 0
    first: tuple[StuckItem, ...] = ()

    @property
    def count(self) -> int:
        """All that are stuck; one that is blocked counts once, due or not."""
        return self.blocked + self.overdue


@dataclass(frozen=True, slots=True)
class Seen:
    """What signals said of one workflow up to one instant.

    `runs` are the newest of each eval suite however old they are, all of them where several share that moment;
    `incidents` those that are open or were opened in the week; `violations` and `reverts` those of the week.
    `rework_traces` is where the costliest rework of a week that cost too much is.
    """

    metrics: tuple[MeasuredByWeek, ...] = ()
    runs: tuple[Signal[EvalRun], ...] = ()
    reviews: ReviewsSeen = ReviewsSeen()
    reworks: tuple[ReworkWeek, ...] = (ReworkWeek(),)
    rework_traces: tuple[Trace, ...] = ()
    violations: tuple[Signal[RedLine], ...] = ()
    acts: ActsSeen = ActsSeen()
    incidents: tuple[IncidentCourse, ...] = ()
    stuck: StuckWork = StuckWork()
    reverts: tuple[Signal[Change], ...] = ()
