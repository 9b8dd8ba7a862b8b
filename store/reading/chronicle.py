"""What happened in a week that a digest tells beside its findings: phases, corrections, saves, and what came in."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, exists, func, select

from bot.domain.people import Person, PrincipalKind
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import QualitySave, Signal, Span
from store.audit import Head, head
from store.reading.signals import read_within
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import audit, people
from store.tables.program import workflows
from store.tables.signals import signals

_CHUNK = 500
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_IN_SPAN = and_(audit.c.effective_at >= _START, audit.c.effective_at < _END)

# Who moved lately is few: their records are found by the index over subjects.
_MOVES = (
    select(workflows.c.id, audit.c.details)
    .join(audit, audit.c.subject == workflows.c.id)
    .where(workflows.c.phase_since >= _START, audit.c.fact == "phase_changed", _IN_SPAN)
    .order_by(audit.c.seq)
)
_VOIDED = select(audit.c.subject, audit.c.details).where(audit.c.fact == "signal_voided", _IN_SPAN)
_HEARD = (
    select(signals.c.batch, func.count().label("many"))
    .where(signals.c.at >= _START, signals.c.at < _END, signals.c.voided_at.is_(None))
    .group_by(signals.c.batch)
)
_BY_PEOPLE = and_(audit.c.fact == "signals_taken", audit.c.principal_kind == PrincipalKind.HUMAN)
_TYPED = (
    select(audit.c.effective_at, *person_columns(people, "person"))
    .join(people, people.c.id == audit.c.principal)
    .where(_BY_PEOPLE, audit.c.effective_at < _END)
    .order_by(audit.c.seq.desc())
    .limit(1)
)
_OF_BATCH = signals.c.batch == audit.c.subject


@dataclass(frozen=True, slots=True)
class PhaseMove:
    """A workflow's way from one phase to another."""

    workflow_id: str
    left: PhaseName
    entered: PhaseName


@dataclass(frozen=True, slots=True)
class VoidedSignal:
    """A signal that was taken back; `subject_id` is its workflow's or team's."""

    subject_id: str
    source: str
    signal: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many signals of a span programs brought, and how many people."""

    sent: int
    typed: int


@dataclass(frozen=True, slots=True)
class LastTyped:
    """When a person last brought signals, and who."""

    at: datetime
    by: Person


class Chronicle:
    """What a digest tells of a week, as `view.chronicle`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def moves(self, span: Span) -> tuple[PhaseMove, ...]:
        """Every change of phase in the span, the oldest first."""
        rows = self._connection.execute(_MOVES, _bounds(span))
        return tuple(_move(row.id, json.loads(row.details)) for row in rows)

    def voided(self, span: Span) -> tuple[VoidedSignal, ...]:
        """The signals that were taken back in the span, in that order."""
        rows = self._connection.execute(_VOIDED.order_by(audit.c.seq), _bounds(span))
        return tuple(_voided(row.subject, json.loads(row.details)) for row in rows)

    def saves(self, workflow_ids: Collection[str], span: Span) -> tuple[Signal[QualitySave], ...]:
        """The quality saves of these workflows in the span, the oldest first."""
        found = read_within(self._connection, QualitySave, workflow_ids, span)
        return tuple(sorted((save for of in found.values() for save in of), key=lambda save: (save.at, save.id)))

    def arrivals(self, span: Span, workflow_ids: Collection[str] | None = None) -> Arrivals:
        """What came in of the span, about these workflows or about everything."""
        by_batch: dict[str, int] = {}
        for where, ids in _among(workflow_ids):
            for batch, many in self._connection.execute(_HEARD.where(*where), _bounds(span) | ids):
                by_batch[batch] = by_batch.get(batch, 0) + many
        typed = sum(by_batch[batch] for batch in self._brought_by_people(list(by_batch)))
        return Arrivals(sum(by_batch.values()) - typed, typed)

    def last_typed(self, before: datetime, workflow_ids: Collection[str] | None = None) -> LastTyped | None:
        """When a person last brought signals before that instant, about these workflows or about anything."""
        found: list[LastTyped] = []
        for where, ids in _among(workflow_ids):
            query = _TYPED.where(exists().where(_OF_BATCH, *where)) if where else _TYPED
            row = self._connection.execute(query, {"end": before} | ids).first()
            found += [LastTyped(row.effective_at, person_of(row, "person"))] if row else []
        return max(found, key=lambda each: each.at, default=None)

    def head(self) -> Head:
        """The head of the audit log."""
        return head(self._connection)

    def _brought_by_people(self, batches: Sequence[str]) -> Iterator[str]:
        for start in range(0, len(batches), _CHUNK):
            chunk = batches[start : start + _CHUNK]
            yield from self._connection.scalars(select(audit.c.subject).where(_BY_PEOPLE, audit.c.subject.in_(chunk)))


def _among(workflow_ids: Collection[str] | None) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Conditions for these workflows, some at a time, each with its values; none for everything."""
    if workflow_ids is None:
        yield (), {}
        return
    ids = sorted(workflow_ids)
    for start in range(0, len(ids), _CHUNK):
        yield (signals.c.workflow_id.in_(_IDS),), {"ids": ids[start : start + _CHUNK]}


def _bounds(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end}


def _move(workflow_id: str, details: dict[str, Any]) -> PhaseMove:
    return PhaseMove(workflow_id, PhaseName(details["left"]), PhaseName(details["entered"]))


def _voided(subject_id: str, details: dict[str, Any]) -> VoidedSignal:
    at = datetime.fromisoformat(details["at"])
    return VoidedSignal(subject_id, details["source"], details["signal"], details["kind"], at)
