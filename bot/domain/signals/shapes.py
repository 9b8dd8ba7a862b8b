"""The table of signal types: which fields each has, of what kind, and which of them may be left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.signals.kinds import (
    ActionOutcome,
    AgentAction,
    Body,
    Change,
    EvalRun,
    Incident,
    IncidentStatus,
    Metric,
    QualitySave,
    RedLine,
    RedLineKind,
    Review,
    ReviewOutcome,
    ReviewTally,
    Rework,
    ReworkKind,
    Seat,
    SignalType,
    WorkItem,
    WorkStatus,
)


class FieldKind(StrEnum):
    """What stands in a field.

    `PERSON` is an id that must be erasable, `VERSION` a name that may be empty, `TITLE` words of another system that
    may come shortened.
    """

    NAME = "name"
    VERSION = "version"
    TEXT = "text"
    TITLE = "title"
    PERSON = "person"
    NUMBER = "number"
    AMOUNT = "amount"
    COUNT = "count"
    SEVERITY = "severity"
    FLAG = "flag"
    INSTANT = "instant"
    DUE = "due"
    CHOICE = "choice"
    FACTS = "facts"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a signal; one that is not required may be left out or null."""

    name: str
    kind: FieldKind
    required: bool
    choices: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What signals of one type are made of, in the order of their value's fields.

    `identity` are the fields from which a row without an id gets one, beside type, source, subject and `at`.
    `key` is the field by which a later signal updates an earlier one.
    """

    kind: SignalType
    body: type[Body]
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    key: str | None = None

    @property
    def subject(self) -> str:
        """What it names as its subject: `workflow` or `team`."""
        return "team" if self.kind is SignalType.SEAT else "workflow"

    @property
    def person(self) -> str | None:
        """The field that names a person, if it has one."""
        return next((field.name for field in self.fields if field.kind is FieldKind.PERSON), None)


COMMON = ("id", "type", "at", "source", "url")
"""The fields of every signal, beside its subject."""


def _field(name: str, kind: FieldKind, choices: type[StrEnum] | None = None) -> Field:
    return Field(name, kind, required=True, choices=choices)


def _optional(name: str, kind: FieldKind, choices: type[StrEnum] | None = None) -> Field:
    return Field(name, kind, required=False, choices=choices)


_K = FieldKind

_SHAPES = (
    Shape(
        SignalType.METRIC,
        Metric,
        (_field("metric", _K.NAME), _field("value", _K.NUMBER), _optional("n", _K.COUNT)),
        identity=("metric",),
    ),
    Shape(
        SignalType.EVAL_RUN,
        EvalRun,
        (
            _field("suite", _K.NAME),
            _field("cases", _K.COUNT),
            _field("passed", _K.COUNT),
            _field("prompt_version", _K.VERSION),
            _field("model", _K.VERSION),
        ),
        identity=("suite",),
    ),
    Shape(
        SignalType.REVIEW,
        Review,
        (
            _field("output_id", _K.NAME),
            _field("submitted_at", _K.INSTANT),
            _optional("reviewed_at", _K.INSTANT),
            _optional("outcome", _K.CHOICE, ReviewOutcome),
            _optional("reviewer", _K.PERSON),
            _optional("prompt_version", _K.VERSION),
            _optional("model", _K.VERSION),
        ),
        identity=("output_id", "reviewed_at", "outcome"),
        key="output_id",
    ),
    Shape(
        SignalType.REVIEW_TALLY,
        ReviewTally,
        (
            _field("outputs", _K.COUNT),
            _field("reviewed", _K.COUNT),
            _field("overridden", _K.COUNT),
            _optional("median_minutes", _K.AMOUNT),
        ),
        identity=(),
    ),
    Shape(
        SignalType.REWORK,
        Rework,
        (_field("kind", _K.CHOICE, ReworkKind), _field("cost_usd", _K.AMOUNT)),
        identity=("kind", "cost_usd"),
    ),
    Shape(
        SignalType.INCIDENT,
        Incident,
        (
            _field("key", _K.NAME),
            _field("severity", _K.SEVERITY),
            _field("status", _K.CHOICE, IncidentStatus),
            _field("title", _K.TITLE),
        ),
        identity=("key", "status", "severity"),
        key="key",
    ),
    Shape(
        SignalType.CHANGE,
        Change,
        (
            _field("key", _K.NAME),
            _field("title", _K.TITLE),
            _field("merged_at", _K.INSTANT),
            _field("lead_time_hours", _K.AMOUNT),
            _optional("reverts", _K.NAME),
            _field("irreversible", _K.FLAG),
        ),
        identity=("key", "merged_at"),
    ),
    Shape(
        SignalType.WORK_ITEM,
        WorkItem,
        (
            _field("key", _K.NAME),
            _field("title", _K.TITLE),
            _field("status", _K.CHOICE, WorkStatus),
            _optional("due", _K.DUE),
            _optional("assignee", _K.PERSON),
        ),
        identity=("key", "status", "due"),
        key="key",
    ),
    Shape(
        SignalType.RED_LINE,
        RedLine,
        (_field("rule", _K.NAME), _field("kind", _K.CHOICE, RedLineKind), _field("summary", _K.TEXT)),
        identity=("rule", "kind", "summary"),
    ),
    Shape(
        SignalType.AGENT_ACTION,
        AgentAction,
        (
            _field("action", _K.NAME),
            _field("facts", _K.FACTS),
            _field("outcome", _K.CHOICE, ActionOutcome),
            _field("reversed", _K.FLAG),
            _optional("decision", _K.NAME),
            _optional("grant_hash", _K.NAME),
            _optional("run_id", _K.NAME),
            _optional("prompt_version", _K.VERSION),
            _optional("model", _K.VERSION),
            _optional("sources", _K.NAMES),
            _optional("tools", _K.NAMES),
        ),
        identity=("action", "facts", "outcome", "reversed", "run_id"),
        key="run_id",
    ),
    Shape(
        SignalType.QUALITY_SAVE,
        QualitySave,
        (_field("summary", _K.TEXT), _field("by", _K.PERSON)),
        identity=("summary",),
    ),
    Shape(
        SignalType.SEAT,
        Seat,
        (
            _field("tier", _K.NAME),
            _field("people", _K.COUNT),
            _field("trained", _K.COUNT),
            _field("cost_usd_month", _K.AMOUNT),
        ),
        identity=("tier",),
    ),
)

SHAPES: Mapping[str, Shape] = MappingProxyType({shape.kind: shape for shape in _SHAPES})
"""Every shape by the name of its type."""

SHAPE_OF: Mapping[type, Shape] = MappingProxyType({shape.body: shape for shape in _SHAPES})
"""Every shape by the value that its signals carry."""
