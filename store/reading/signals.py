"""What signals say, from rows to frozen values; all of it by workflow id, each workflow that was asked for is there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, bindparam, func, select

from bot.domain.signals.kinds import Body, IncidentCourse, Signal, SignalType, Span
from bot.domain.signals.order import incident_course, latest
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.signals.texts import body_of, with_words
from store.tables.ledger import texts
from store.tables.program import teams, workflows
from store.tables.signals import TABLE_OF, incidents, seats, signals

AnyBody = TypeVar("AnyBody", bound=Body)

_CHUNK = 500

_SIGNALS = (
    select(
        signals,
        workflows.c.name.label("workflow_name"),
        teams.c.name.label("team_name"),
        texts.c.body.label("typed"),
    )
    .outerjoin(texts, texts.c.id == signals.c.words)
    .outerjoin(workflows, workflows.c.id == signals.c.workflow_id)
    .outerjoin(teams, teams.c.id == signals.c.team_id)
)

_PER: Mapping[SignalType, tuple[str, ...]] = {
    SignalType.METRIC: ("metric",),
    SignalType.EVAL_RUN: ("suite",),
    SignalType.RED_LINE: ("rule", "kind"),
}
_COUNTED_BY = {SignalType.CHANGE: "merged_at"}

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")


@dataclass(frozen=True, slots=True)
class StoredSignal:
    """A signal as it is kept: its place in the order of arrival, its subject, when it was taken back, and its batch."""

    seq: int
    subject_id: str
    about: str | None
    signal: Signal[Any]
    voided_at: datetime | None = None
    batch: str = ""


def read_within(
    connection: Connection, body: type[AnyBody], workflow_ids: Iterable[str], span: Span
) -> Mapping[str, tuple[Signal[AnyBody], ...]]:
    """The signals of a type that count in the span, the oldest first: changes by `merged_at`, others by `at`.

    For the types that update by a key, ask `read_states`.
    """
    found: dict[str, list[Signal[Any]]] = {each: [] for each in workflow_ids}
    query, bounds = _within(_plain(body)), {"start": span.start, "end": span.end}
    for ids in _chunks(list(found)):
        for row in connection.execute(query, bounds | {"ids": ids}):
            found[row.workflow_id].append(signal_of(row))
    return {each: tuple(of) for each, of in found.items()}


@cache
def _within(kind: SignalType) -> Select[Any]:
    table = TABLE_OF[kind]
    counted = table.c[_COUNTED_BY.get(kind, "at")]
    query = beside(kind).where(table.c.workflow_id.in_(_IDS), counted >= _START, counted < _END, table.c.at < _END)
    return query.order_by(counted, signals.c.seq)


def read_latest(
    connection: Connection, body: type[AnyBody], workflow_ids: Iterable[str], until: datetime, many: int = 1
) -> Mapping[str, tuple[Signal[AnyBody], ...]]:
    """The last `many` signals before `until` of each metric, suite, or red line and kind; each one's newest first."""
    found: dict[str, list[Signal[Any]]] = {each: [] for each in workflow_ids}
    query = _newest(_plain(body))
    for ids in _chunks(list(found)):
        for row in connection.execute(query, {"ids": ids, "end": until, "many": many}):
            found[row.workflow_id].append(signal_of(row))
    return {each: tuple(of) for each, of in found.items()}


@cache
def _newest(kind: SignalType) -> Select[Any]:
    table = TABLE_OF[kind]
    names = [table.c[name] for name in _PER[kind]]
    place = func.row_number().over(
        partition_by=[table.c.workflow_id, *names], order_by=[table.c.at.desc(), table.c.signal.desc()]
    )
    ranked = select(table.c.signal, *names, place.label("place"))
    newest = ranked.where(table.c.at < _END, table.c.workflow_id.in_(_IDS)).subquery()
    order = [newest.c[name] for name in _PER[kind]]
    query = _SIGNALS.join(newest, newest.c.signal == signals.c.seq).where(newest.c.place <= bindparam("many"))
    return query.order_by(*order, newest.c.place)


def read_states(
    connection: Connection, body: type[AnyBody], workflow_ids: Iterable[str], span: Span
) -> Mapping[str, tuple[Signal[AnyBody], ...]]:
    """What was known before the span's end of each review, work item or agent action last touched in the span."""
    kind = SHAPE_OF[body].kind
    found: dict[str, list[Signal[Any]]] = {each: [] for each in workflow_ids}
    for ids in _chunks(list(found)):
        since: list[str] = []
        for row in connection.execute(_touched(kind), {"ids": ids, "start": span.start}):
            if row.touched_at < span.end:
                found[row.workflow_id].append(signal_of(row, row.held))
            elif row.about is not None:
                since.append(row.about)
        for workflow_id, about in read_before(connection, since, span.end):
            if span.start <= (state := latest(about)).at:
                found[workflow_id].append(state)
    return {each: tuple(sorted(of, key=lambda state: (state.at, state.source, state.id))) for each, of in found.items()}


@cache
def _touched(kind: SignalType) -> Select[Any]:
    table = TABLE_OF[kind]
    query = beside(kind).add_columns(table.c.body.label("held"), table.c.at.label("touched_at"))
    return query.where(table.c.workflow_id.in_(_IDS), table.c.at >= _START)


def read_incidents(
    connection: Connection, workflow_ids: Iterable[str], until: datetime
) -> Mapping[str, tuple[IncidentCourse, ...]]:
    """Every incident that was opened before `until`, as was known then; the oldest first."""
    found: dict[str, list[IncidentCourse]] = {each: [] for each in workflow_ids}
    for ids in _chunks(list(found)):
        since: list[str] = []
        for row in connection.execute(_INCIDENTS, {"ids": ids}):
            if row.touched_at < until:
                found[row.workflow_id].append(IncidentCourse(signal_of(row), row.opened_at, row.resolved_at))
            elif row.about is not None:
                since.append(row.about)
        for workflow_id, about in read_before(connection, since, until):
            found[workflow_id].append(incident_course(about))
    return {
        each: tuple(sorted(of, key=lambda course: (course.opened_at, course.latest.body.key)))
        for each, of in found.items()
    }


def read_seats(connection: Connection, until: datetime) -> Mapping[str, tuple[Signal[Any], ...]]:
    """The last word before `until` on each tier of each team's seats, by team id."""
    place = func.row_number().over(
        partition_by=[seats.c.team_id, seats.c.tier], order_by=[seats.c.at.desc(), seats.c.signal.desc()]
    )
    newest = select(seats.c.signal, seats.c.tier, place.label("place")).where(seats.c.at < until).subquery()
    query = _SIGNALS.join(newest, newest.c.signal == signals.c.seq).where(newest.c.place == 1)
    found: dict[str, list[Signal[Any]]] = defaultdict(list)
    for row in connection.execute(query.order_by(newest.c.tier)):
        found[row.team_id].append(signal_of(row))
    return {each: tuple(of) for each, of in found.items()}


def read_stored(connection: Connection, where: ColumnElement[bool]) -> tuple[StoredSignal, ...]:
    """The signals that fit, voided or not, in order of arrival."""
    return tuple(_stored(row) for row in connection.execute(_SIGNALS.where(where).order_by(signals.c.seq)))


def read_newest(connection: Connection, where: ColumnElement[bool], most: int) -> tuple[StoredSignal, ...]:
    """The last `most` of them to arrive, the latest first."""
    query = _SIGNALS.where(where).order_by(signals.c.seq.desc()).limit(most)
    return tuple(_stored(row) for row in connection.execute(query))


def read_about(connection: Connection, things: Collection[str]) -> Iterator[StoredSignal]:
    """The signals in force about these things (`signals.about`), in order of arrival."""
    for chunk in _chunks(list(things)):
        query = _SIGNALS.where(signals.c.about.in_(chunk), signals.c.about.is_not(None), signals.c.voided_at.is_(None))
        for row in connection.execute(query.order_by(signals.c.seq)):
            yield _stored(row)


def read_before(
    connection: Connection, things: Collection[str], until: datetime
) -> Iterator[tuple[str, list[Signal[Any]]]]:
    """What was said before `until` of things about which more was said since: those signals, thing by thing."""
    told: dict[str | None, list[StoredSignal]] = defaultdict(list)
    for stored in read_about(connection, things):
        if stored.signal.at < until:
            told[stored.about].append(stored)
    for of_thing in told.values():
        yield of_thing[0].subject_id, [stored.signal for stored in of_thing]


def beside(kind: SignalType) -> Select[Any]:
    """The signals that have a row in the table of their type."""
    table = TABLE_OF[kind]
    return _SIGNALS.join(table, table.c.signal == signals.c.seq)


_INCIDENTS = (
    beside(SignalType.INCIDENT)
    .add_columns(incidents.c.opened_at, incidents.c.resolved_at, incidents.c.at.label("touched_at"))
    .where(incidents.c.workflow_id.in_(_IDS))
)


def _plain(body: type) -> SignalType:
    shape = SHAPE_OF[body]
    if shape.key is not None or shape.subject == "team":
        raise ValueError(f"Signals of type {shape.kind} update each other by a key; read_states has them.")
    return shape.kind


def _stored(row: Row[Any]) -> StoredSignal:
    return StoredSignal(row.seq, row.workflow_id or row.team_id, row.about, signal_of(row), row.voided_at, row.batch)


def signal_of(row: Row[Any], held: str | None = None) -> Signal[Any]:
    text = held or row.body
    body = body_of(SignalType(row.type), with_words(text, row.typed) if row.words else text, row.person)
    return Signal(row.id, row.source, row.at, row.workflow_name, row.team_name, row.url, body)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
