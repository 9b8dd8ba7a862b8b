"""Looks at a workflow by what signals said of it, and the few values that they are made of."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.checklists import Known, checklist
from bot.domain.findings.catalogue import RULES
from bot.domain.findings.declaring import findings_of
from bot.domain.findings.kinds import Finding
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Records
from bot.domain.findings.seen import MeasuredByWeek, ReviewsSeen, ReviewWeek, Seen
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import DefinedMetric, MetricEntry
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Body, EvalRun, Metric, Signal
from bot.domain.workflows import Holder, Pause, Role
from tests.domain.samples import ANA, BEN, ZONE, on_day, team, workflow
from tests.gates.evidence import book

AT = datetime(2026, 3, 30, 8, tzinfo=UTC)
"""A Monday at nine in Lisbon; its clocks went forward the day before, so the week has 167 hours."""

EVA = Person("p_eva", "UEVA", "Eva", ZONE)
_ROLES = (
    Holder(Role.OWNER, ANA, on_day(1)),
    Holder(Role.STEWARD, BEN, on_day(1)),
    Holder(Role.EVAL_OWNER, EVA, on_day(1)),
)


def ago(days: float = 0, **spans: float) -> datetime:
    """So many local days (by the wall clock in Lisbon) before now, and then so many hours, minutes or microseconds."""
    local = AT.astimezone(ZoneInfo(ZONE)) - timedelta(days=days)
    return local.astimezone(UTC) - timedelta(**spans)


NOTHING = Seen()
_YESTERDAY, _LONG_AGO = ago(1), on_day(-20)


def look(seen: Seen = NOTHING, phase: PhaseName = PhaseName.PRODUCTION, **given: Any) -> WorkflowLook:
    """A look at refunds_agent: Ana's, with Ben as its steward and Eva as eval owner; it started 40 days ago."""
    zone, playbook = given.pop("zone", ZONE), book(given.pop("playbook", "ninety_day"))
    start_on = given.pop("start_on", date(2026, 2, 18))
    if given.pop("paused", False):
        given["pause"] = Pause(date(2026, 3, 20), ago(10), "The vendor is down.", ANA, froze=False)
    usual = {"phase": phase, "start_on": start_on, "holders": _ROLES, "team": team(zone)}
    here = workflow(**{**usual, **given})
    return WorkflowLook(Weeks(AT, zone), checklist(here, playbook, Known(), AT), Records(), seen)


def found(rule: str, at: WorkflowLook) -> tuple[Finding, ...]:
    """What one rule finds."""
    return tuple(findings_of(at, [RULES[rule]]))


def told(rule: str, at: WorkflowLook) -> list[tuple[str, str]]:
    """The same in short: how severe, and in which words."""
    return [(str(each.severity), each.summary) for each in found(rule, at)]


def signal(body: Body, at: datetime, id_: str = "s_1") -> Signal[Any]:
    """A signal that CI sent."""
    return Signal(id_, "ci", at, "refunds_agent", None, f"https://ci.example.com/{id_}", body)


# Metrics


def value(number: str | int, at: datetime, metric: str = "csat") -> Signal[Metric]:
    """A measured value."""
    return signal(Metric(metric, Decimal(number)), at, f"value_{number}")


def guardrail(limit: str = "4.2", better: Better = Better.HIGHER, since: datetime = _LONG_AGO) -> DefinedMetric:
    """Customer satisfaction, not below 4.2."""
    return DefinedMetric(MetricEntry("csat", MetricKind.GUARDRAIL, better, limit=Decimal(limit)), 1, since)


def success(
    baseline: int = 12, target: int = 6, better: Better = Better.LOWER, since: datetime = _LONG_AGO
) -> DefinedMetric:
    """Minutes per refund, from 12 down to 6."""
    entry = MetricEntry("minutes", MetricKind.SUCCESS, better, Decimal(baseline), Decimal(target))
    return DefinedMetric(entry, 1, since)


def measured(defined: DefinedMetric, *weeks: Signal[Metric] | None, **more: Any) -> Seen:
    """One metric with its last value of each week, this week's first."""
    newest = more.pop("newest", next((week for week in weeks if week), None))
    return Seen(metrics=(MeasuredByWeek(defined, newest, weeks or (None,), **more),))


# Evals and reviews


def run(passed: int = 190, cases: int = 200, at: datetime = _YESTERDAY, suite: str = "refunds") -> Signal[EvalRun]:
    """A run of the suite refunds."""
    return signal(EvalRun(suite, cases, passed, "p7", "m2"), at, f"run_{suite}_{passed}")


def week(reviewed: int, overridden: int = 0) -> ReviewWeek:
    """So many reviews of a week, so many of them edits."""
    return ReviewWeek(reviewed, overridden, 0)


def reviewed(*weeks: ReviewWeek, **more: Any) -> Seen:
    """Reviews by week, this week's first."""
    return Seen(reviews=ReviewsSeen(weeks=weeks or (ReviewWeek(),), **more))
