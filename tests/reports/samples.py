"""Reports and what they are made of, with a standard for everything left out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.findings.precision import Precision
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.playbook import PhaseName, Rung
from bot.domain.reports.autonomy import AutonomyReached, Stay
from bot.domain.reports.ledger import Answered, MemosFiled
from bot.domain.reports.progress import MetricProgress, Point
from bot.domain.reports.report import Costs, Decisions, Quality, Report
from bot.domain.workflows import Workflow
from tests.domain.samples import ZONE, on_day, workflow
from tests.grants.samples import NINETY_DAY

PILOT_SINCE_DAY_1 = (Stay(PhaseName.PILOT, date(2026, 3, 2), None),)


def point(day: int, value: str) -> Point:
    """A value at noon of day N."""
    at = on_day(day)
    return Point(at, local_date(at, ZONE), Decimal(value))


def csat(*values: Point, **fields: Any) -> MetricProgress:
    """A success metric that is to go from 4 to 4.5."""
    numbers = {"baseline": Decimal(4), "target": Decimal("4.5"), "limit": None} | fields
    return MetricProgress("csat", MetricKind.SUCCESS, Better.HIGHER, **numbers, values=values)


def defects(*values: Point) -> MetricProgress:
    """A guardrail that is to stay at 3 or below."""
    return MetricProgress("defects", MetricKind.GUARDRAIL, Better.LOWER, None, None, Decimal(3), values)


def report(
    *metrics: MetricProgress,
    at: datetime | None = None,
    of: Workflow | None = None,
    stays: tuple[Stay, ...] = PILOT_SINCE_DAY_1,
    closed_at: datetime | None = None,
) -> Report:
    """The report of a workflow that nothing but these metrics is known of."""
    model = NINETY_DAY.operating_model(Rung.COPILOT)
    return Report(
        workflow=of or workflow(),
        playbook=NINETY_DAY,
        at=at or on_day(44),
        closed_at=closed_at,
        metrics=metrics,
        autonomy=AutonomyReached(Rung.COPILOT, model, (), stays, (), None),
        costs=Costs(),
        quality=Quality(Precision()),
        decisions=Decisions(Answered(), MemosFiled()),
    )
