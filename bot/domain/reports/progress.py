"""How far each metric came: from its baseline over its first value to the latest, and whether that is enough."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.calendar import local_date
from bot.domain.gate_evidence import Better, MeasuredMetric, MetricKind
from bot.domain.signals.kinds import Metric, Signal, Span


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a metric: when it was measured, on which date of the team's, and what it was."""

    at: datetime
    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class MetricProgress:
    """A metric as it is defined now, with its values since the workflow's first day, the oldest first.

    `loosened_at` is when its numbers were last made easier to meet.
    """

    name: str
    kind: MetricKind
    better: Better
    baseline: Decimal | None
    target: Decimal | None
    limit: Decimal | None
    values: tuple[Point, ...] = ()
    loosened_at: datetime | None = None

    @property
    def first(self) -> Point | None:
        """Its first value; None without data."""
        return self.values[0] if self.values else None

    @property
    def latest(self) -> Point | None:
        """Its last value; None without data."""
        return self.values[-1] if self.values else None

    @property
    def bound(self) -> Decimal | None:
        """What it is held against: a guardrail's limit, else the target."""
        return self.limit if self.kind is MetricKind.GUARDRAIL else self.target

    @property
    def is_met(self) -> bool | None:
        """Whether the latest value is at its target or within its limit; None where there is no data for that."""
        if self.latest is None or self.bound is None:
            return None
        return self.better.holds(self.latest.value, self.bound)


def progress_of(metric: MeasuredMetric, span: Span, zone: str) -> MetricProgress:
    """How far a metric came in the span."""
    return MetricProgress(
        name=metric.name,
        kind=metric.kind,
        better=metric.better,
        baseline=metric.baseline,
        target=metric.target,
        limit=metric.limit,
        values=tuple(_point(signal, zone) for signal in metric.values if span.holds(signal.at)),
        loosened_at=metric.loosened_at,
    )


def _point(signal: Signal[Metric], zone: str) -> Point:
    return Point(signal.at, local_date(signal.at, zone), signal.body.value)
