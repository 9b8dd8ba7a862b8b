"""What a workflow is measured by, from rows to frozen values: metrics and red lines, with the signals about them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.domain.gate_evidence import Better, DefinedRedLine, MeasuredMetric, MetricKind
from bot.domain.metrics import DefinedMetric, MetricEntry, RedLineEntry
from bot.domain.signals.kinds import EvalRun, Metric, RedLine, RedLineKind, Signal, Span
from store.reading.signals import read_latest, read_within
from store.tables.definitions import metric_definitions, red_line_definitions
from store.tables.ledger import texts

_DEFINITIONS = (
    select(metric_definitions)
    .where(metric_definitions.c.workflow_id == bindparam("workflow_id"))
    .order_by(metric_definitions.c.metric, metric_definitions.c.version)
)
_ALL_DEFINITIONS = (
    select(metric_definitions)
    .where(metric_definitions.c.workflow_id.in_(bindparam("ids", expanding=True)))
    .order_by(metric_definitions.c.workflow_id, metric_definitions.c.metric, metric_definitions.c.version)
)
_RED_LINES = (
    select(red_line_definitions, texts.c.body)
    .join(texts, texts.c.id == red_line_definitions.c.text)
    .where(red_line_definitions.c.workflow_id == bindparam("workflow_id"))
    .order_by(red_line_definitions.c.version)
)
_EVER = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC))


def read_metrics(connection: Connection, workflow_id: str) -> tuple[MeasuredMetric, ...]:
    """The metrics of a workflow as they are defined now, by name, each with all its values, the oldest first."""
    known = read_definitions(connection, workflow_id)
    if not known:
        return ()
    values: dict[str, list[Signal[Metric]]] = {each.entry.name: [] for each in known}
    for signal in read_within(connection, Metric, [workflow_id], _EVER)[workflow_id]:
        if signal.body.metric in values:
            values[signal.body.metric].append(signal)
    return tuple(_measured(each, tuple(values[each.entry.name])) for each in known)


def read_with_latest(connection: Connection, workflow_id: str, until: datetime) -> tuple[MeasuredMetric, ...]:
    """The metrics of a workflow, by name, each with its last value before `until` alone; of two at once the later."""
    known = read_definitions(connection, workflow_id)
    if not known:
        return ()
    newest = {each.body.metric: each for each in read_latest(connection, Metric, [workflow_id], until)[workflow_id]}
    return tuple(_measured(each, (newest[each.entry.name],) if each.entry.name in newest else ()) for each in known)


def _measured(defined: DefinedMetric, values: tuple[Signal[Metric], ...]) -> MeasuredMetric:
    entry = defined.entry
    return MeasuredMetric(
        name=entry.name,
        kind=entry.kind,
        better=entry.better,
        baseline=entry.baseline,
        target=entry.target,
        limit=entry.limit,
        values=values,
        loosened_at=defined.loosened_at,
    )


def read_red_lines(connection: Connection, workflow_id: str) -> tuple[DefinedRedLine, ...]:
    """The red lines of a workflow, by name, each with the last signal that says it fired in a test."""
    known = read_red_line_entries(connection, workflow_id)
    if not known:
        return ()
    newest = read_latest(connection, RedLine, [workflow_id], _EVER.end)[workflow_id]
    tests = {signal.body.rule: signal for signal in newest if signal.body.kind is RedLineKind.TEST_FIRED}
    return tuple(DefinedRedLine(each.rule, tests.get(each.rule)) for each in known)


def read_definitions(connection: Connection, workflow_id: str) -> tuple[DefinedMetric, ...]:
    """The metrics of a workflow as they are defined now, by name."""
    return _defined(connection.execute(_DEFINITIONS, {"workflow_id": workflow_id}))


def read_all_definitions(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[DefinedMetric, ...]]:
    """The metrics of these workflows as they are defined now, by name."""
    rows = connection.execute(_ALL_DEFINITIONS, {"ids": ids})
    found = {id_: _defined(of) for id_, of in groupby(rows, key=lambda row: str(row.workflow_id))}
    return {id_: found.get(id_, ()) for id_ in ids}


def _defined(rows: Iterable[Row[Any]]) -> tuple[DefinedMetric, ...]:
    found: dict[str, DefinedMetric] = {}
    for row in rows:
        before = found.get(row.metric)
        entry = MetricEntry(
            row.metric, MetricKind(row.kind), Better(row.better), row.baseline, row.target, limit=row.bound
        )
        found[row.metric] = DefinedMetric(
            entry,
            row.version,
            since=before.since if before else row.defined_at,
            loosened_at=row.defined_at if row.loosened else (before.loosened_at if before else None),
        )
    return tuple(sorted(found.values(), key=lambda each: each.entry.name))


def read_red_line_entries(connection: Connection, workflow_id: str) -> tuple[RedLineEntry, ...]:
    """The red lines of a workflow as they are worded now, by name."""
    rows = connection.execute(_RED_LINES, {"workflow_id": workflow_id})
    found = {row.rule: RedLineEntry(row.rule, row.body or "erased", row.version) for row in rows}
    return tuple(sorted(found.values(), key=lambda each: each.rule))


class Metrics:
    """What workflows are measured by, as `view.metrics`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def definitions(self, workflow_id: str) -> tuple[DefinedMetric, ...]:
        """The metrics of a workflow as they are defined now, by name."""
        return read_definitions(self._connection, workflow_id)

    def measured(self, workflow_id: str) -> tuple[MeasuredMetric, ...]:
        """The same with their values."""
        return read_metrics(self._connection, workflow_id)

    def with_latest(self, workflow_id: str, until: datetime) -> tuple[MeasuredMetric, ...]:
        """The metrics of a workflow as they are defined now, each with its last value before `until`, if it has one."""
        return read_with_latest(self._connection, workflow_id, until)

    def latest(self, workflow_id: str) -> Mapping[str, Signal[Metric]]:
        """The last value of each metric, defined or not, by its name."""
        newest = read_latest(self._connection, Metric, [workflow_id], _EVER.end)[workflow_id]
        return {signal.body.metric: signal for signal in newest}

    def red_line_entries(self, workflow_id: str) -> tuple[RedLineEntry, ...]:
        """The red lines of a workflow as they are worded now, by name."""
        return read_red_line_entries(self._connection, workflow_id)

    def red_lines(self, workflow_id: str) -> tuple[DefinedRedLine, ...]:
        """The same, each with the test that it was seen to fire in."""
        return read_red_lines(self._connection, workflow_id)

    def eval_runs(self, workflow_id: str) -> tuple[Signal[EvalRun], ...]:
        """The latest run of each suite."""
        return read_latest(self._connection, EvalRun, [workflow_id], _EVER.end)[workflow_id]
