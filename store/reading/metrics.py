"""What a workflow is measured by, from rows to frozen values: metrics and red lines, with the signals about them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from bot.domain.gate_evidence import Better, DefinedRedLine, MeasuredMetric, MetricKind
from bot.domain.metrics import DefinedMetric, MetricEntry, RedLineEntry
from bot.domain.signals.kinds import EvalRun, Metric, RedLine, RedLineKind, Signal, Span
from store.reading.among import chunks
from store.reading.signals import read_latest, read_within
from store.tables.definitions import metric_definitions, red_line_definitions
from store.tables.ledger import texts

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_DEFINITIONS = (
    select(metric_definitions)
    .where(metric_definitions.c.workflow_id.in_(_IDS))
    .order_by(metric_definitions.c.metric, metric_definitions.c.version)
)
_RED_LINES = (
    select(red_line_definitions, texts.c.body)
    .join(texts, texts.c.id == red_line_definitions.c.text)
    .where(red_line_definitions.c.workflow_id.in_(_IDS))
    .order_by(red_line_definitions.c.version)
)
_EVER = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC))


def read_metrics(connection: Connection, workflow_id: str) -> tuple[MeasuredMetric, ...]:
    """The metrics of a workflow as they are defined now, by name, each with all its values, the oldest first."""
    return read_metrics_among(connection, [workflow_id])[workflow_id]


def read_metrics_among(connection: Connection, workflow_ids: Iterable[str]) -> Mapping[str, tuple[MeasuredMetric, ...]]:
    """The same of each of these workflows, by its id."""
    known = read_all_definitions(connection, workflow_ids)
    defined = [each for each, of in known.items() if of]
    values: dict[tuple[str, str], list[Signal[Metric]]] = defaultdict(list)
    for workflow_id, signals in read_within(connection, Metric, defined, _EVER).items():
        for signal in signals:
            values[workflow_id, signal.body.metric].append(signal)
    return {
        each: tuple(_measured(metric, tuple(values[each, metric.entry.name])) for metric in of)
        for each, of in known.items()
    }


def read_with_latest_among(
    connection: Connection, workflow_ids: Iterable[str], until: datetime
) -> Mapping[str, tuple[MeasuredMetric, ...]]:
    """The metrics of each workflow by name, each with its last value before `until` alone; of two at once the later."""
    known = read_all_definitions(connection, workflow_ids)
    newest = read_latest(connection, Metric, [each for each, of in known.items() if of], until)
    values = {(each, value.body.metric): (value,) for each, of in newest.items() for value in of}
    return {
        each: tuple(_measured(metric, values.get((each, metric.entry.name), ())) for metric in of)
        for each, of in known.items()
    }


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
    return read_red_lines_among(connection, [workflow_id])[workflow_id]


def read_red_lines_among(
    connection: Connection, workflow_ids: Iterable[str], until: datetime = _EVER.end
) -> Mapping[str, tuple[DefinedRedLine, ...]]:
    """The same of each of these workflows, by its id, with the signals before `until`."""
    known = _red_line_entries(connection, workflow_ids)
    newest = read_latest(connection, RedLine, [each for each, of in known.items() if of], until)
    tests = {
        (workflow_id, signal.body.rule): signal
        for workflow_id, signals in newest.items()
        for signal in signals
        if signal.body.kind is RedLineKind.TEST_FIRED
    }
    return {
        each: tuple(DefinedRedLine(entry.rule, tests.get((each, entry.rule))) for entry in of)
        for each, of in known.items()
    }


def read_definitions(connection: Connection, workflow_id: str) -> tuple[DefinedMetric, ...]:
    """The metrics of a workflow as they are defined now, by name."""
    return read_all_definitions(connection, [workflow_id])[workflow_id]


def read_all_definitions(
    connection: Connection, workflow_ids: Iterable[str]
) -> Mapping[str, tuple[DefinedMetric, ...]]:
    """The same of each of these workflows, by its id."""
    found: dict[str, dict[str, DefinedMetric]] = {each: {} for each in workflow_ids}
    for ids in chunks(list(found)):
        for row in connection.execute(_DEFINITIONS, {"ids": ids}):
            of = found[row.workflow_id]
            of[row.metric] = _defined(row, of.get(row.metric))
    return {each: tuple(of[name] for name in sorted(of)) for each, of in found.items()}


def _defined(row: Row[Any], before: DefinedMetric | None) -> DefinedMetric:
    return DefinedMetric(
        MetricEntry(row.metric, MetricKind(row.kind), Better(row.better), row.baseline, row.target, limit=row.bound),
        row.version,
        since=before.since if before else row.defined_at,
        loosened_at=row.defined_at if row.loosened else (before.loosened_at if before else None),
    )


def read_red_line_entries(connection: Connection, workflow_id: str) -> tuple[RedLineEntry, ...]:
    """The red lines of a workflow as they are worded now, by name."""
    return _red_line_entries(connection, [workflow_id])[workflow_id]


def _red_line_entries(connection: Connection, workflow_ids: Iterable[str]) -> Mapping[str, tuple[RedLineEntry, ...]]:
    found: dict[str, dict[str, RedLineEntry]] = {each: {} for each in workflow_ids}
    for ids in chunks(list(found)):
        for row in connection.execute(_RED_LINES, {"ids": ids}):
            found[row.workflow_id][row.rule] = RedLineEntry(row.rule, row.body or "erased", row.version)
    return {each: tuple(of[rule] for rule in sorted(of)) for each, of in found.items()}


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

    def measured_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[MeasuredMetric, ...]]:
        """The same of each of these workflows."""
        return read_metrics_among(self._connection, workflow_ids)

    def definitions_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[DefinedMetric, ...]]:
        """The metrics of each of these workflows as they are defined now, by name."""
        return read_all_definitions(self._connection, workflow_ids)

    def with_latest_among(
        self, workflow_ids: Iterable[str], until: datetime
    ) -> Mapping[str, tuple[MeasuredMetric, ...]]:
        """The same, each with its last value before `until`, if it has one."""
        return read_with_latest_among(self._connection, workflow_ids, until)

    def latest(self, workflow_id: str) -> Mapping[str, Signal[Metric]]:
        """The last value of each metric, defined or not, by its name."""
        return self.latest_among([workflow_id])[workflow_id]

    def latest_among(self, workflow_ids: Iterable[str]) -> Mapping[str, Mapping[str, Signal[Metric]]]:
        """The same of each of these workflows."""
        newest = read_latest(self._connection, Metric, workflow_ids, _EVER.end)
        return {each: {value.body.metric: value for value in of} for each, of in newest.items()}

    def red_line_entries(self, workflow_id: str) -> tuple[RedLineEntry, ...]:
        """The red lines of a workflow as they are worded now, by name."""
        return read_red_line_entries(self._connection, workflow_id)

    def red_lines(self, workflow_id: str) -> tuple[DefinedRedLine, ...]:
        """The same, each with the test that it was seen to fire in."""
        return read_red_lines(self._connection, workflow_id)

    def red_lines_among(self, workflow_ids: Iterable[str], until: datetime) -> Mapping[str, tuple[DefinedRedLine, ...]]:
        """The same of each of these workflows, with the tests before `until`."""
        return read_red_lines_among(self._connection, workflow_ids, until)

    def eval_runs(self, workflow_id: str) -> tuple[Signal[EvalRun], ...]:
        """The latest run of each suite."""
        return self.eval_runs_among([workflow_id])[workflow_id]

    def eval_runs_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Signal[EvalRun], ...]]:
        """The same of each of these workflows."""
        return read_latest(self._connection, EvalRun, workflow_ids, _EVER.end)
