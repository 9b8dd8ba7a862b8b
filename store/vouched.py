"""Whether verdicts and signals still stand as the audit log says they were kept; each is read and hashed once."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Text, select, type_coerce
from sqlalchemy.exc import DBAPIError

from store.errors import StoreDamaged
from store.recording.signal_rows import HASHED, hashed_line
from store.tables.ledger import audit
from store.tables.signals import signals
from store.tables.verdicts import verdicts

Fault = tuple[int | None, str]

_CHUNK = 2000
_UNREADABLE = (DBAPIError, StoreDamaged, ValueError, TypeError, AttributeError)


def fault_in_verdicts(connection: Connection) -> Fault | None:
    """The first verdict that is missing, changed or added past this program, with its record."""
    return _first(connection, _faults_of_verdicts, "A gate's verdict")


def fault_in_signals(connection: Connection) -> Fault | None:
    """The first batch of signals that is not as it was taken in, or signal taken back past this program."""
    return _first(connection, _faults_of_signals, "A signal")


def _first(connection: Connection, find: Callable[[Connection], Iterator[Fault]], what: str) -> Fault | None:
    faults: list[Fault] = []
    try:
        faults += find(connection)
    except _UNREADABLE as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return None, f"{what} was changed: it holds what this program never writes."
    return min(faults, key=lambda fault: (fault[0] is None, fault[0] or 0), default=None)


def _faults_of_verdicts(connection: Connection) -> Iterator[Fault]:
    vouched = {}
    for record in _records(connection, "gate_judged"):
        details = json.loads(record.details)
        vouched[details["verdict"]] = record.seq, details["verdict_sha256"]
    kept = select(verdicts.c.id, verdicts.c.sha256, type_coerce(verdicts.c.body, Text).label("body"))
    with connection.execute(kept, execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows:
            seq, sha256 = vouched.pop(row.id, (None, None))
            if seq is None:
                yield None, f"Verdict {row.id} was added past this program: no record tells of it."
            elif not hashlib.sha256(row.body.encode()).hexdigest() == row.sha256 == sha256:
                yield seq, f"Verdict {row.id} (record {seq}) was changed: it is not what the gate answered then."
    for gone, (seq, _) in vouched.items():
        yield seq, f"Verdict {gone} (record {seq}) is missing."


@dataclass(slots=True)
class _Batch:
    """How many signals of a batch are there, and their hash so far."""

    count: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


def _faults_of_signals(connection: Connection) -> Iterator[Fault]:
    taken = {
        record.subject: (record.seq, json.loads(record.details)) for record in _records(connection, "signals_taken")
    }
    voided = {}
    for record in _records(connection, "signal_voided"):
        details = json.loads(record.details)
        voided[details["source"], details["signal"]] = record.seq
    batches: dict[str, _Batch] = {}
    columns = (*(signals.c[name] for name in HASHED), signals.c.batch, signals.c.voided_at.is_not(None).label("voided"))
    whole = select(*columns).order_by(signals.c.seq)
    with connection.execute(whole, execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows.mappings():
            batch = batches.setdefault(row["batch"], _Batch())
            batch.count += 1
            batch.digest.update(hashed_line(row))
            name, seq = f"{row['source']}/{row['id']}", voided.pop((row["source"], row["id"]), None)
            if row["voided"] and seq is None:
                yield None, f"Signal {name} was taken back past this program: no record tells of it."
            if seq is not None and not row["voided"]:
                yield seq, f"Signal {name} was taken back (record {seq}) and counts again: no record tells of that."
    for batch_id in batches:
        if batch_id not in taken:
            yield None, f"Signals of batch {batch_id} were added past this program: no record tells of them."
    for batch_id, (seq, said) in taken.items():
        yield from _faults_of_batch(f"{batch_id} (record {seq})", seq, said, batches.get(batch_id, _Batch()))


def _faults_of_batch(name: str, seq: int, said: dict[str, Any], found: _Batch) -> Iterator[Fault]:
    if found.count != said["count"]:
        yield seq, f"Batch {name} was changed: {said['count']} signals were taken in, and {found.count} are there."
    elif found.digest.hexdigest() != said["sha256"]:
        yield seq, f"Batch {name} was changed: its signals are not as they were taken in."


def _records(connection: Connection, fact: str) -> Iterator[Any]:
    query = select(audit.c.seq, audit.c.subject, audit.c.details).where(audit.c.fact == fact).order_by(audit.c.seq)
    yield from connection.execute(query)
