"""The rows that a signal becomes: its own, and the one beside it in the table of its type."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table

from bot.domain.signal_order import incident_course, latest
from bot.domain.signal_shapes import SHAPE_OF
from bot.domain.signal_texts import body_text, person_in
from bot.domain.signals import (
    AgentAction,
    Body,
    Change,
    EvalRun,
    Incident,
    Metric,
    QualitySave,
    RedLine,
    Review,
    ReviewTally,
    Rework,
    Seat,
    Signal,
    WorkItem,
)
from store.tables.signals import MILLIONTHS

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A signal that was taken in: its place in the order of arrival, and the id of its workflow or team."""

    seq: int
    subject_id: str
    signal: Signal[Body]


def subject_name(signal: Signal[Body]) -> tuple[str, str]:
    return ("workflow", signal.workflow) if signal.workflow else ("team", str(signal.team).casefold())


def signal_row(signal: Signal[Body], subject_id: str) -> Row:
    shape = SHAPE_OF[type(signal.body)]
    return {
        "source": signal.source,
        "id": signal.id,
        "type": shape.kind.value,
        "workflow_id": subject_id if signal.workflow else None,
        "team_id": None if signal.workflow else subject_id,
        "key": getattr(signal.body, shape.key) if shape.key else None,
        "at": signal.at,
        "url": signal.url,
        "person": person_in(signal.body),
        "body": body_text(signal.body),
    }


_HASHED = ("source", "id", "type", "workflow_id", "team_id", "url", "body")


def hashed_line(row: Mapping[str, Any] | Any) -> bytes:
    """What the batch's hash covers of one signal: all but the person, who must be erasable."""
    return json.dumps([*(row[name] for name in _HASHED), row["at"].isoformat()]).encode() + b"\n"


def state_row(place: tuple[str, str], of_key: Sequence[Numbered]) -> Row:
    """The row of one key, from all signals about it in order of arrival."""
    holding = latest([new.signal for new in of_key])
    last = next(new for new in of_key if (new.signal.source, new.signal.id) == (holding.source, holding.id))
    row = content_row(Numbered(last.seq, place[0], holding))
    row["body"] = None if last.signal.body == holding.body else body_text(holding.body)
    if isinstance(holding.body, Incident):
        course = incident_course([new.signal for new in of_key])  # type: ignore[misc]
        row |= {"opened_at": course.opened_at, "resolved_at": course.resolved_at}
    return row


def content_row(new: Numbered) -> Row:
    """The row that stands beside a signal in the table of its type."""
    body = new.signal.body
    subject = "workflow_id" if new.signal.workflow else "team_id"
    return {"signal": new.seq, subject: new.subject_id, "at": new.signal.at} | _CONTENTS[type(body)](body)


def _millionths(number: Decimal) -> int:
    return int((number * MILLIONTHS).to_integral_value())


def _columns(*names: str) -> Callable[[Any], Row]:
    return lambda body: {name: getattr(body, name) for name in names}


_CONTENTS: Mapping[type, Callable[[Any], Row]] = MappingProxyType(
    {
        Metric: _columns("metric", "value", "n"),
        EvalRun: _columns("suite", "cases", "passed", "prompt_version", "model"),
        Review: _columns("output_id", "submitted_at", "reviewed_at", "outcome"),
        ReviewTally: _columns("outputs", "reviewed", "overridden"),
        Rework: lambda body: {"kind": body.kind, "cost_millionths": _millionths(body.cost_usd)},
        Incident: _columns("key", "severity", "status"),
        Change: lambda body: {
            "key": body.key,
            "merged_at": body.merged_at,
            "lead_time_millionths": _millionths(body.lead_time_hours),
            "reverts": body.reverts,
            "irreversible": body.irreversible,
        },
        WorkItem: _columns("key", "status"),
        RedLine: _columns("rule", "kind"),
        AgentAction: lambda body: {
            "run_id": body.run_id,
            "body": None,
            "action": body.action,
            "outcome": body.outcome,
        },
        QualitySave: _columns(),
        Seat: _columns("tier"),
    }
)

_TABLES: Mapping[SignalType, Table] = MappingProxyType(
    {
        SignalType.METRIC: tables.metrics,
        SignalType.EVAL_RUN: tables.eval_runs,
        SignalType.REVIEW: tables.reviews,
        SignalType.REVIEW_TALLY: tables.review_tallies,
        SignalType.REWORK: tables.reworks,
        SignalType.INCIDENT: tables.incidents,
        SignalType.CHANGE: tables.changes,
        SignalType.WORK_ITEM: tables.work_items,
        SignalType.RED_LINE: tables.red_lines,
        SignalType.AGENT_ACTION: tables.agent_actions,
        SignalType.QUALITY_SAVE: tables.quality_saves,
        SignalType.SEAT: tables.seats,
    }
)
_KEYS = MappingProxyType({shape.kind: shape.key for shape in SHAPE_OF.values() if shape.key})


