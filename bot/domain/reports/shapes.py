"""A report in the shape that programs rely on (`rollout report --format json`)."""

from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.calendar import rfc3339
from bot.domain.reports.autonomy import AutonomyReached
from bot.domain.reports.ledger import ReviewEffort
from bot.domain.reports.progress import MetricProgress, Point
from bot.domain.reports.report import Costs, Quality, Report
from bot.domain.trajectory import Trajectory

Json = dict[str, Any]


def report_as_json(report: Report) -> Json:
    """All that the report says in plain JSON values: exact numbers as strings, None where there is no data."""
    workflow, answered, memos = report.workflow, report.decisions.answered, report.decisions.memos
    return {
        "workflow": workflow.name,
        "team": workflow.team.name,
        "playbook": workflow.playbook.id,
        "phase": workflow.phase.value,
        "outcome": workflow.outcome.value if workflow.outcome else None,
        "at": rfc3339(report.at),
        "started_on": workflow.start_on.isoformat(),
        "closed_on": _day(report.closed_on),
        "day": report.day,
        "days": report.playbook.last_day,
        "metrics": [_metric(each) for each in report.metrics],
        "autonomy": _autonomy(report.autonomy),
        "cost": _costs(report.costs),
        **_quality(report.quality),
        "decisions": {
            "allow": answered.allowed,
            "needs_approval": answered.needed_approval,
            "deny": answered.denied,
        },
        "memos": {"filed": memos.filed, "superseded": memos.superseded},
        "chart": _chart(report.trajectory) if report.trajectory else None,
    }


def _metric(metric: MetricProgress) -> Json:
    return {
        "metric": metric.name,
        "kind": metric.kind.value,
        "better": metric.better.value,
        "baseline": _number(metric.baseline),
        "target": _number(metric.target),
        "limit": _number(metric.limit),
        "first": _point(metric.first),
        "latest": _point(metric.latest),
        "met": metric.is_met,
        "loosened_at": rfc3339(metric.loosened_at) if metric.loosened_at else None,
    }


def _point(point: Point | None) -> Json | None:
    return {"at": rfc3339(point.at), "value": _number(point.value)} if point else None


def _autonomy(reached: AutonomyReached) -> Json:
    return {
        "rung": reached.rung.value,
        "highest": reached.highest.rung.value,
        "granted": [
            {"rung": each.rung.value, "actions": each.granted, "in_force": each.in_force} for each in reached.granted
        ],
        "phases": [
            {"phase": each.phase.value, "since": _day(each.since), "until": _day(each.until)} for each in reached.stays
        ],
        "overrides": [
            {"to": each.to.value, "checks": list(each.checks), "memo": each.memo_id, "until": _day(each.until)}
            for each in reached.overrides
        ],
        "faster_percent": reached.effect.faster_percent if reached.effect else None,
    }


def _costs(costs: Costs) -> Json:
    seats = costs.seats
    return {
        "rework": [
            {"kind": each.kind.value, "count": each.count, "usd": _number(each.cost_usd)} for each in costs.rework
        ],
        "reviews": _effort(costs.reviews),
        "reviews_typed": _effort(costs.typed),
        "seats": {"people": seats.people, "trained": seats.trained, "usd_month": _number(seats.cost_usd_month)}
        if seats
        else None,
    }


def _effort(effort: ReviewEffort | None) -> Json | None:
    if effort is None:
        return None
    return {"outputs": effort.outputs, "reviewed": effort.reviewed, "overridden": effort.overridden}


def _quality(quality: Quality) -> Json:
    share = quality.findings.share
    return {
        "quality_saves": {
            "count": quality.saves,
            "last": [{"summary": each.summary, "by": each.by, "url": each.url} for each in quality.told],
        },
        "incidents": [
            {
                "severity": each.severity,
                "opened": each.opened,
                "resolved": each.resolved,
                "open": each.open,
                "postmortems": each.postmortems,
            }
            for each in quality.incidents
        ],
        "findings": {
            "came": quality.findings.came,
            "not_useful": quality.findings.useless,
            "precision": None if share is None else float(round(share, 4)),
        },
    }


def _chart(trajectory: Trajectory) -> Json:
    plan = trajectory.plan
    return {
        "metric": trajectory.metric,
        "plan": [[plan.leaves, _number(trajectory.baseline)], [plan.arrives, _number(trajectory.target)]],
        "weeks": [[each.place, _number(each.value)] for each in trajectory.values],
        "phases": [[each.phase.value, each.first, each.last] for each in trajectory.phases],
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
