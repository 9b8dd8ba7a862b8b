"""What signals ask people for: a postmortem, a memo, an answer to a prediction; from rows to frozen values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    String,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    or_,
    select,
    values,
)

from bot.domain.documents import DocumentKind, DocumentState
from bot.domain.findings.records import Awaited
from bot.domain.signals.kinds import Change, Incident, IncidentCourse, Metric, Signal
from bot.domain.signals.order import incident_course
from store.reading.among import chunks
from store.reading.signals import read_about, read_stored
from store.tables.documents import document_versions as versions
from store.tables.documents import documents
from store.tables.signals import changes, incidents, metrics, signals
from store.types import Instant

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AT: BindParameter[Any] = bindparam("at")

_LEARNED = exists().where(
    documents.c.workflow_id == incidents.c.workflow_id,
    documents.c.kind == DocumentKind.POSTMORTEM,
    documents.c.state == DocumentState.ACCEPTED,
    versions.c.document_id == documents.c.id,
    versions.c.number == documents.c.version,
    versions.c.incident == incidents.c.key,
)
_IS_OVER = and_(incidents.c.severity <= bindparam("max_severity"), incidents.c.resolved_at < _AT)
_UNLEARNED = (
    select(incidents.c.about)
    .where(incidents.c.workflow_id.in_(_IDS), or_(_IS_OVER, incidents.c.at >= _AT), ~_LEARNED)
    .order_by(incidents.c.about)
)
_IRREVERSIBLE = select(changes.c.signal).where(
    changes.c.workflow_id.in_(_IDS), changes.c.irreversible, changes.c.merged_at < _AT, changes.c.at < _AT
)


class Unanswered:
    """What signals ask for, as `view.unanswered`; all of it by workflow id, each that was asked for is there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def incidents(
        self, workflow_ids: Iterable[str], at: datetime, max_severity: int
    ) -> Mapping[str, tuple[IncidentCourse, ...]]:
        """The severe incidents that were over before `at`, as was known then, and have no accepted postmortem."""
        found: dict[str, list[IncidentCourse]] = {each: [] for each in workflow_ids}
        bounds = {"at": at, "max_severity": max_severity}
        for ids in chunks(list(found)):
            things = self._connection.scalars(_UNLEARNED, bounds | {"ids": ids}).all()
            told: dict[str, list[Signal[Incident]]] = defaultdict(list)
            owners: dict[str, str] = {}
            for stored in read_about(self._connection, things):
                if stored.about and stored.signal.at < at:
                    told[stored.about].append(stored.signal)
                    owners[stored.about] = stored.subject_id
            for thing in things:
                if (about := told.get(thing)) and _is_over(course := incident_course(about), max_severity):
                    found[owners[thing]].append(course)
        return {each: tuple(of) for each, of in found.items()}

    def irreversible(self, workflow_ids: Iterable[str], at: datetime) -> Mapping[str, tuple[Signal[Change], ...]]:
        """The changes merged before `at` that cannot be undone, in order of arrival."""
        found: dict[str, list[Signal[Change]]] = {each: [] for each in workflow_ids}
        for ids in chunks(list(found)):
            merged = _IRREVERSIBLE.params(ids=ids, at=at)
            for stored in read_stored(self._connection, signals.c.seq.in_(merged)):
                found[stored.subject_id].append(stored.signal)
        return {each: tuple(of) for each, of in found.items()}

    def measured(self, awaited: Sequence[Awaited], at: datetime) -> Mapping[str, Signal[Metric]]:
        """The value that answers each: the last in its time, else the first after it and before `at`; by memo id."""
        found: dict[str, Signal[Metric]] = {}
        for some in chunks(awaited):
            places = {row.memo_id: row.signal for row in self._connection.execute(_answering(some, at))}
            stored = read_stored(self._connection, signals.c.seq.in_(sorted(set(places.values()))))
            by_place = {each.seq: each.signal for each in stored}
            found |= {memo_id: by_place[place] for memo_id, place in places.items()}
        return found


def _is_over(course: IncidentCourse, max_severity: int) -> bool:
    return course.resolved_at is not None and course.latest.body.severity <= max_severity


def _answering(awaited: Sequence[Awaited], at: datetime) -> Any:
    due = (
        values(
            column("memo_id", String),
            column("workflow_id", String),
            column("metric", String),
            column("since", Instant),
            column("until", Instant),
            name="due",
        )
        .data([(each.memo_id, each.workflow_id, each.metric, each.since, each.until) for each in awaited])
        .cte("due")
    )
    is_late = case((metrics.c.at < due.c.until, 0), else_=1)
    in_time = case((metrics.c.at < due.c.until, metrics.c.at), else_=None)
    place = func.row_number(type_=Integer).over(
        partition_by=due.c.memo_id,
        order_by=[is_late, in_time.desc(), metrics.c.at, case((is_late == 0, -metrics.c.signal), else_=0)],
    )
    ranked = (
        select(due.c.memo_id, metrics.c.signal, place.label("place"))
        .join(metrics, and_(metrics.c.workflow_id == due.c.workflow_id, metrics.c.metric == due.c.metric))
        .where(metrics.c.at >= due.c.since, metrics.c.at < at)
        .subquery()
    )
    return select(ranked.c.memo_id, ranked.c.signal).where(ranked.c.place == 1)
