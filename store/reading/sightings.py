"""The single signals that findings name, of many workflows at once, as was known before an instant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, or_, select

from bot.domain.metrics import DefinedMetric
from bot.domain.signals.kinds import (
    Change,
    EvalRun,
    Incident,
    IncidentCourse,
    Metric,
    RedLine,
    RedLineKind,
    Signal,
    SignalType,
    Span,
    WorkItem,
    WorkStatus,
)
from bot.domain.signals.order import incident_course, latest
from store.reading.grouping import together
from store.reading.hindsight import told_since
from store.reading.metrics import read_all_definitions
from store.reading.signals import beside, signal_of
from store.tables.definitions import metric_definitions
from store.tables.signals import changes, eval_runs, incidents, metrics, red_lines, signals, work_items

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")
_UNTIL: BindParameter[Any] = bindparam("until")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)

_value = metrics.alias("value")
_NEWEST_VALUE = (
    select(func.max(_value.c.at))
    .where(
        _value.c.workflow_id == metric_definitions.c.workflow_id,
        _value.c.metric == metric_definitions.c.metric,
        _value.c.at >= _START,
        _value.c.at < _END,
    )
    .scalar_subquery()
)
_VALUES = (
    beside(SignalType.METRIC)
    .join(
        metric_definitions,
        and_(
            metric_definitions.c.workflow_id == metrics.c.workflow_id,
            metric_definitions.c.metric == metrics.c.metric,
            metric_definitions.c.version == 1,
        ),
    )
    .where(metric_definitions.c.workflow_id.in_(_IDS), metrics.c.at == _NEWEST_VALUE)
    .order_by(signals.c.seq)
)
_SERIES = (
    select(metrics.c.workflow_id, metrics.c.metric, metrics.c.at, metrics.c.value)
    .where(
        metrics.c.workflow_id.in_(_IDS),
        metrics.c.metric.in_(bindparam("names", expanding=True)),
        metrics.c.at < _UNTIL,
    )
    .order_by(metrics.c.at.desc())
)
_NEWEST_RUN = (
    select(eval_runs.c.workflow_id, eval_runs.c.suite, func.max(eval_runs.c.at).label("newest_at"))
    .where(eval_runs.c.workflow_id.in_(_IDS), eval_runs.c.at < _UNTIL)
    .group_by(eval_runs.c.workflow_id, eval_runs.c.suite)
    .subquery()
)
_RUNS = (
    beside(SignalType.EVAL_RUN)
    .join(
        _NEWEST_RUN,
        and_(
            _NEWEST_RUN.c.workflow_id == eval_runs.c.workflow_id,
            _NEWEST_RUN.c.suite == eval_runs.c.suite,
            _NEWEST_RUN.c.newest_at == eval_runs.c.at,
        ),
    )
    .order_by(eval_runs.c.suite, signals.c.seq)
)
_VIOLATIONS = (
    beside(SignalType.RED_LINE)
    .where(
        red_lines.c.workflow_id.in_(_IDS),
        red_lines.c.kind == RedLineKind.VIOLATION,
        red_lines.c.at >= _START,
        red_lines.c.at < _END,
    )
    .order_by(red_lines.c.at, signals.c.seq)
)
_REVERTS = (
    beside(SignalType.CHANGE)
    .where(
        changes.c.workflow_id.in_(_IDS),
        changes.c.merged_at >= _START,
        changes.c.merged_at < _END,
        changes.c.reverts.is_not(None),
        changes.c.at < _END,
    )
    .order_by(changes.c.merged_at, signals.c.seq)
)
_INCIDENTS = (
    beside(SignalType.INCIDENT)
    .add_columns(incidents.c.opened_at, incidents.c.resolved_at)
    .where(
        incidents.c.workflow_id.in_(_IDS),
        incidents.c.at < _END,
        or_(incidents.c.resolved_at.is_(None), incidents.c.opened_at >= _START),
    )
)
_WORK = (
    beside(SignalType.WORK_ITEM)
    .where(
        work_items.c.workflow_id.in_(_IDS),
        work_items.c.status.in_((WorkStatus.OPEN, WorkStatus.BLOCKED)),
        work_items.c.at < _UNTIL,
    )
    .order_by(work_items.c.workflow_id)
)

Value = tuple[datetime, Decimal]


class Sightings:
    """The signals that findings name, as `view.sightings`; what is asked by workflow is answered by workflow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def definitions(self, workflow_ids: Sequence[str]) -> Mapping[str, tuple[DefinedMetric, ...]]:
        """The metrics of each workflow as they are defined now, by name."""
        found: dict[str, tuple[DefinedMetric, ...]] = {}
        for _, ids in together(dict.fromkeys(workflow_ids)):
            found |= read_all_definitions(self._connection, ids)
        return found

    def newest_values(self, workflow_ids: Sequence[str], until: datetime) -> Mapping[str, tuple[Signal[Metric], ...]]:
        """The newest value before `until` of each defined metric, all of them where several share that instant."""
        return self.last_values(dict.fromkeys(workflow_ids, Span(_EVER, until)))

    def last_values(self, spans: Mapping[str, Span]) -> Mapping[str, tuple[Signal[Metric], ...]]:
        """The last value in the span of each defined metric, all of them where several share that instant."""
        return self._by_workflow(_VALUES, spans)

    def series(
        self, workflow_ids: Sequence[str], names: Sequence[str], until: datetime
    ) -> Mapping[tuple[str, str], tuple[Value, ...]]:
        """Every value before `until` of the metrics with these names, by workflow and name, the newest first."""
        found: dict[tuple[str, str], list[Value]] = defaultdict(list)
        for _, ids in together(dict.fromkeys(workflow_ids)):
            for row in self._connection.execute(_SERIES, {"ids": ids, "names": names, "until": until}):
                found[row.workflow_id, row.metric].append((row.at, row.value))
        return {each: tuple(values) for each, values in found.items()}

    def newest_runs(self, workflow_ids: Sequence[str], until: datetime) -> Mapping[str, tuple[Signal[EvalRun], ...]]:
        """The newest run before `until` of each suite, all of them where several share that instant."""
        found: dict[str, list[Signal[EvalRun]]] = {each: [] for each in workflow_ids}
        for _, ids in together(dict.fromkeys(workflow_ids)):
            for row in self._connection.execute(_RUNS, {"ids": ids, "until": until}):
                found[row.workflow_id].append(signal_of(row))
        return {each: tuple(runs) for each, runs in found.items()}

    def violations(self, spans: Mapping[str, Span]) -> Mapping[str, tuple[Signal[RedLine], ...]]:
        """The violations of red lines in the span, the oldest first."""
        return self._by_workflow(_VIOLATIONS, spans)

    def reverts(self, spans: Mapping[str, Span]) -> Mapping[str, tuple[Signal[Change], ...]]:
        """The changes that revert another and were merged in the span, as known at its end, the oldest first."""
        return self._by_workflow(_REVERTS, spans)

    def incidents(self, spans: Mapping[str, Span]) -> Mapping[str, tuple[IncidentCourse, ...]]:
        """The incidents that are open at the span's end or were opened in it, as was known then, the oldest first."""
        found: dict[str, list[IncidentCourse]] = {each: [] for each in spans}
        for span, ids in together(spans):
            for row in self._connection.execute(_INCIDENTS, _bounds(span, ids)):
                found[row.workflow_id].append(IncidentCourse(signal_of(row), row.opened_at, row.resolved_at))
            told: list[Signal[Incident]]
            for workflow_id, told in told_since(self._connection, SignalType.INCIDENT, ids, span.end):
                course = incident_course(told)
                if course.resolved_at is None or span.holds(course.opened_at):
                    found[workflow_id].append(course)
        return {
            each: tuple(sorted(of, key=lambda course: (course.opened_at, course.latest.body.key)))
            for each, of in found.items()
        }

    def unfinished_work(self, workflow_ids: Sequence[str], until: datetime) -> Iterator[tuple[str, Signal[WorkItem]]]:
        """The work items that are open or blocked, as was known at `until`, one by one, each with its workflow."""
        for _, ids in together(dict.fromkeys(workflow_ids)):
            rows = self._connection.execute(_WORK, {"ids": ids, "until": until}, execution_options={"yield_per": 1000})
            for row in rows:
                yield row.workflow_id, signal_of(row)
            for workflow_id, told in told_since(self._connection, SignalType.WORK_ITEM, ids, until):
                state = latest(told)
                if state.body.status is not WorkStatus.DONE:
                    yield workflow_id, state

    def _by_workflow(self, query: Any, spans: Mapping[str, Span]) -> dict[str, tuple[Signal[Any], ...]]:
        found: dict[str, list[Signal[Any]]] = {each: [] for each in spans}
        for span, ids in together(spans):
            for row in self._connection.execute(query, _bounds(span, ids)):
                found[row.workflow_id].append(signal_of(row))
        return {each: tuple(of) for each, of in found.items()}


def _bounds(span: Span, ids: Sequence[str]) -> dict[str, object]:
    return {"ids": ids, "start": span.start, "end": span.end}
