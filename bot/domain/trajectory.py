"""A success metric on its way from baseline to target, ready to be drawn or told.

Places are whole days since the workflow's first day, by the calendar: a pause moves the plan, not what was measured.
"""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.gate_evidence import Better
from bot.domain.playbook import PhaseName


@dataclass(frozen=True, slots=True)
class WeekValue:
    """The last value of a week, at the day on which it was measured."""

    place: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class PhaseStretch:
    """A phase that the workflow was in, from the day `first` up to the day `last`."""

    phase: PhaseName
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The straight line: at the baseline until day `leaves_day` of the playbook, at the target from `arrives_day` on.

    `leaves` and `arrives` are where those days lie.
    """

    leaves_day: int
    arrives_day: int
    leaves: int
    arrives: int


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The way of one metric up to `today`, or to the day on which the workflow ended."""

    workflow: str
    metric: str
    better: Better
    baseline: Decimal
    target: Decimal
    values: tuple[WeekValue, ...]
    plan: Plan
    today: int
    day: int
    phases: tuple[PhaseStretch, ...]
    is_closed: bool = False

    @property
    def last_place(self) -> int:
        """The last day that is drawn."""
        return max(self.plan.arrives, self.today, 1)

    @property
    def latest(self) -> Decimal | None:
        """The last value; None without data."""
        return self.values[-1].value if self.values else None

    @property
    def is_met(self) -> bool | None:
        """Whether the last value is at the target; None without data."""
        return None if self.latest is None else self.better.holds(self.latest, self.target)
