"""How signals are kept: each once, in bulk, with what they say about a key made anew from all that name it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.errors import NotFound
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
    SignalType,
    WorkItem,
)
from store.reading.signals import read_of_keys
from store.recording.scene import new_id
from store.tables import signals as tables
from store.tables.program import teams, workflows
from store.tables.signals import MILLIONTHS, signals

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: how many signals are new, and what the audit record needs to say about them.

    `touched` are the workflows and types of the new ones, for whoever judges what they cause.
    """

    batch: str
    accepted: int
    duplicate: int
    hash: str
    touched: tuple[tuple[str, SignalType], ...]


def keep_signals(connection: Connection, batch: Sequence[Signal[Body]], received_at: datetime) -> Kept:
    """The signals of a batch kept, those that are known already (by source and id) left as they are.

    Workflows are locked, so that two batches about one and the same come one after the other.
    """
    batch_id = new_id("bat")
    subjects = _subjects(connection, batch)
    fresh = {(signal.source, signal.id): signal for signal in reversed(batch)}
    digest = hashlib.sha256()
    kept: list[Numbered] = []
    for chunk in _chunks([signal for signal in batch if fresh[signal.source, signal.id] is signal]):
        rows = [signal_row(signal, subjects[subject_name(signal)]) for signal in chunk]
        stamp = {"received_at": received_at, "batch": batch_id}
        seqs = _insert_new(connection, [row | stamp for row in rows])
        for signal, row in zip(chunk, rows, strict=True):
            seq = seqs.get((signal.source, signal.id))
            if seq is not None:
                digest.update(hashed_line(row))
                kept.append(Numbered(seq, subjects[subject_name(signal)], signal))
    _keep_contents(connection, kept)
    touched = {(new.subject_id, SHAPE_OF[type(new.signal.body)].kind) for new in kept if new.signal.workflow}
    return Kept(batch_id, len(kept), len(batch) - len(kept), digest.hexdigest(), tuple(sorted(touched)))


def batch_hash(connection: Connection, batch: str) -> str:
    """The hash of a batch as it is kept now; it differs from what the chain says if a signal was changed."""
    digest = hashlib.sha256()
    for row in connection.execute(select(signals).where(signals.c.batch == batch).order_by(signals.c.seq)).mappings():
        digest.update(hashed_line(row))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Voiding:
    """Who takes a signal back, when, and the id of the text that says why."""

    at: datetime
    by: str | None
    reason: str | None


def void_signal(connection: Connection, seq: int, voiding: Voiding) -> bool:
    """Whether the signal was still in force: it is out of every sum now, and what it updated is as it was before."""
    still = (signals.c.seq == seq) & signals.c.voided_at.is_(None)
    marked = update(signals).where(still).values(
        voided_at=voiding.at, voided_by=voiding.by, void_reason=voiding.reason
    )  # fmt: skip
    found = connection.execute(
        marked.returning(signals.c.type, signals.c.workflow_id, signals.c.key)
    ).one_or_none()
    if found is None:
        return False
    kind = SignalType(found.type)
    table = _TABLES[kind]
    connection.execute(delete(table).where(table.c.signal == seq))
    if found.key is not None and found.workflow_id is not None:
        _make_anew(connection, kind, {(found.workflow_id, found.key): []}, forget=True)
    return True


def forget_persons(connection: Connection, before: datetime) -> int:
    """How many signals from before that instant named a reviewer, and name nobody any more."""
    old = (signals.c.type == SignalType.REVIEW) & (signals.c.at < before) & signals.c.person.is_not(None)
    return connection.execute(update(signals).where(old).values(person=None)).rowcount


def _subjects(connection: Connection, batch: Iterable[Signal[Body]]) -> Mapping[tuple[str, str], str]:
    """The ids of the workflows and teams that the batch names."""
    wanted = {subject_name(signal) for signal in batch}
    found: dict[tuple[str, str], str] = {}
    for kind, table, column in (("workflow", workflows, workflows.c.name), ("team", teams, teams.c.name_key)):
        names = sorted(name for of, name in wanted if of == kind)
        for chunk in _chunks(names):
            query = select(table.c.id, column.label("name")).where(column.in_(chunk)).order_by(table.c.id)
            for row in connection.execute(query.with_for_update(key_share=True)):
                found[kind, row.name] = row.id
    if missing := sorted(wanted - found.keys()):
        kind, name = missing[0]
        raise NotFound(f"There is no {kind} {name!r} any more, so nothing of this batch was kept. Send it again.")
    return found


def _insert_new(connection: Connection, rows: list[Row]) -> Mapping[tuple[str, str], int]:
    """The places in the order of arrival of those rows that nobody had sent before."""
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(signals).on_conflict_do_nothing(index_elements=["source", "id"])
    found = connection.execute(statement.returning(signals.c.seq, signals.c.source, signals.c.id), rows)
    return {(row.source, row.id): row.seq for row in found}


def _keep_contents(connection: Connection, kept: Sequence[Numbered]) -> None:
    plain: dict[SignalType, list[Row]] = defaultdict(list)
    keyed: dict[SignalType, dict[tuple[str, str], list[Numbered]]] = defaultdict(lambda: defaultdict(list))
    for new in kept:
        shape = SHAPE_OF[type(new.signal.body)]
        key = getattr(new.signal.body, shape.key) if shape.key else None
        if key is None:
            plain[shape.kind].append(content_row(new))
        else:
            keyed[shape.kind][new.subject_id, key].append(new)
    for kind, rows in plain.items():
        for chunk in _chunks(rows):
            connection.execute(insert(_TABLES[kind]), chunk)
    for kind, by_key in keyed.items():
        for keys in _chunks(list(by_key)):
            _make_anew(connection, kind, {key: by_key[key] for key in keys})


def _make_anew(
    connection: Connection,
    kind: SignalType,
    news: Mapping[tuple[str, str], list[Numbered]],
    *,
    forget: bool = False,
) -> None:
    """The rows of these keys as all signals about them have it; `news` is all there is of a key without a row."""
    table = _TABLES[kind]
    key = table.c[str(_KEYS[kind])]
    place = tuple_(table.c.workflow_id, key)
    gone = connection.execute(delete(table).where(place.in_(list(news))).returning(table.c.workflow_id, key))
    known = set(news) if forget else {(row[0], row[1]) for row in gone}
    whole: dict[tuple[str, str], list[Numbered]] = {each: news[each] for each in news if each not in known}
    for stored in read_of_keys(connection, kind, known):
        new = Numbered(stored.seq, stored.workflow_id, stored.signal)
        whole.setdefault((stored.workflow_id, stored.key), []).append(new)
    rows = [state_row(each, of_key) for each, of_key in whole.items()]
    if rows:
        connection.execute(insert(table), rows)


def _chunks(rows: Sequence[Any]) -> Iterator[Any]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
