"""The rows that a signal becomes: its own, and the one beside it in the table of its type."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from types import MappingProxyType
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.signals.kinds import (
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
from bot.domain.signals.order import incident_course, latest
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.signals.texts import body_text, person_in, without_words
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


def about(signal: Signal[Body], workflow_id: str) -> str | None:
    """What a signal is about, in one text that its index finds; None if no later one can update it.

    Text, because SQLite searches no index for pairs of workflow and key.
    """
    shape = SHAPE_OF[type(signal.body)]
    key = getattr(signal.body, shape.key) if shape.key else None
    return None if key is None else f"{shape.kind} {workflow_id} {key}"


def signal_row(signal: Signal[Body], subject_id: str) -> Row:
    shape = SHAPE_OF[type(signal.body)]
    return {
        "source": signal.source,
        "id": signal.id,
        "type": shape.kind.value,
        "workflow_id": subject_id if signal.workflow else None,
        "team_id": None if signal.workflow else subject_id,
        "about": about(signal, subject_id),
        "at": signal.at,
        "url": signal.url,
        "person": person_in(signal.body),
        "body": body_text(signal.body),
        WORDS: None,
    }


WORDS = "words"
HASHED = ("source", "id", "type", "workflow_id", "team_id", "at", "url", "body")
"""What the hash of a batch covers of each signal: all but the person, who must be erasable."""


def hashed_line(row: Row | RowMapping) -> bytes:
    """What goes into the hash of a batch for one signal: a JSON array of its `HASHED` columns, and a line end.

    Where words were typed into it, the id of their text comes last: the chain cites that by its hash.
    """
    values = [row[name] if name != "at" else row[name].isoformat() for name in HASHED]
    values += [row[WORDS]] if row[WORDS] else []
    line = ",".join("null" if value is None else encode_basestring_ascii(value) for value in values)
    return f"[{line}]\n".encode()


def typed_row(signal: Signal[Body], subject_id: str, text_id: str) -> Row:
    """The row of a signal that a person typed: what they said in words of their own stands in a text."""
    return signal_row(signal, subject_id) | {"body": without_words(signal.body), WORDS: text_id}


def state_row(of_key: Sequence[Numbered]) -> Row:
    """The row of one key, from all signals about it in order of arrival."""
    holding = latest([each.signal for each in of_key])
    last = next(each for each in of_key if (each.signal.source, each.signal.id) == (holding.source, holding.id))
    row = content_row(Numbered(last.seq, last.subject_id, holding))
    row["about"] = about(holding, last.subject_id)
    row["body"] = None if last.signal.body == holding.body else body_text(holding.body)
    if isinstance(holding.body, Incident):
        course = incident_course([each.signal for each in of_key])  # type: ignore[misc]
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
            "about": None,
            "body": None,
            "action": body.action,
            "outcome": body.outcome,
        },
        QualitySave: _columns(),
        Seat: _columns("tier"),
    }
)
