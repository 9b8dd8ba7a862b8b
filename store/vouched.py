"""Whether verdicts and signals still stand as the audit log says they were kept; each is read and hashed once."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Text, select, type_coerce
from sqlalchemy.exc import DBAPIError

from store.errors import StoreDamaged
from store.recording.signal_rows import HASHED, WORDS, hashed_line
from store.tables.signals import signals
from store.tables.verdicts import verdicts

Fault = tuple[int | None, str]

_CHUNK = 2000
_UNREADABLE = (DBAPIError, StoreDamaged, ValueError, TypeError, AttributeError)


class Vouched:
    """What the log vouches for, gathered record by record on the walk along it."""

    def __init__(self) -> None:
        self._notes: Mapping[str, Callable[[int, str, Any], None]] = {
            "gate_judged": self._note_verdict,
            "signals_taken": self._note_batch,
            "signals_forgotten": self._note_forgotten,
            "signal_voided": self._note_void,
        }
        self.verdicts: dict[str, tuple[int, str]] = {}
        self.batches: dict[str, tuple[int, int, str]] = {}
        self.voids: dict[tuple[str, str], int] = {}
        self.forgotten = 0
        """Up to this record, signals may be gone."""

    def note(self, seq: int, fact: object, subject: object, details: str) -> None:
        """Whatever a record vouches for, kept until it is compared; ValueError or KeyError if it was rewritten."""
        noted = self._notes.get(str(fact))
        if noted:
            noted(seq, str(subject), json.loads(details))

    def _note_verdict(self, seq: int, _: str, details: Any) -> None:
        self.verdicts[details["verdict"]] = seq, details["verdict_sha256"]

    def _note_batch(self, seq: int, subject: str, details: Any) -> None:
        self.batches[subject] = seq, details["count"], details["sha256"]

    def _note_forgotten(self, _: int, __: str, details: Any) -> None:
        self.forgotten = max(self.forgotten, int(details["up_to"]))

    def _note_void(self, seq: int, _: str, details: Any) -> None:
        self.voids[details["source"], details["signal"]] = seq


def fault_in_verdicts(connection: Connection, vouched: Vouched) -> Fault | None:
    """The first verdict that is missing, changed or added past this program, with its record."""
    return first_fault(_faults_of_verdicts(connection, vouched), "A gate's verdict")


def fault_in_signals(connection: Connection, vouched: Vouched) -> Fault | None:
    """The first batch of signals that is not as it was taken in, or signal taken back past this program."""
    return first_fault(_faults_of_signals(connection, vouched), "A signal")


def first_fault(found: Iterator[Fault], what: str) -> Fault | None:
    """The one with the lowest record, None if there is none; what can't even be read is a fault of `what` too."""
    faults: list[Fault] = []
    try:
        faults += found
    except _UNREADABLE as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return None, f"{what} was changed: it holds what this program never writes."
    return min(faults, key=lambda fault: (fault[0] is None, fault[0] or 0), default=None)


def _faults_of_verdicts(connection: Connection, vouched: Vouched) -> Iterator[Fault]:
    kept = select(verdicts.c.id, verdicts.c.sha256, type_coerce(verdicts.c.body, Text).label("body"))
    with connection.execute(kept, execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows:
            seq, sha256 = vouched.verdicts.pop(row.id, (None, None))
            if seq is None:
                yield None, f"Verdict {row.id} was added past this program: no record tells of it."
            elif not hashlib.sha256(row.body.encode()).hexdigest() == row.sha256 == sha256:
                yield seq, f"Verdict {row.id} (record {seq}) was changed: it is not what the gate answered then."
    for gone, (seq, _) in vouched.verdicts.items():
        yield seq, f"Verdict {gone} (record {seq}) is missing."


@dataclass(slots=True)
class _Batch:
    """How many signals of a batch are there, and their hash so far."""

    count: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


def _faults_of_signals(connection: Connection, vouched: Vouched) -> Iterator[Fault]:
    batches: dict[str, _Batch] = {}
    columns = (
        *(signals.c[name] for name in (*HASHED, WORDS)),
        signals.c.batch,
        signals.c.voided_at.is_not(None).label("voided"),
    )
    whole = select(*columns).order_by(signals.c.seq)
    with connection.execute(whole, execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows.mappings():
            batch = batches.setdefault(row["batch"], _Batch())
            batch.count += 1
            batch.digest.update(hashed_line(row))
            name, seq = f"{row['source']}/{row['id']}", vouched.voids.pop((row["source"], row["id"]), None)
            if row["voided"] and seq is None:
                yield None, f"Signal {name} was taken back past this program: no record tells of it."
            if seq is not None and not row["voided"]:
                yield seq, f"Signal {name} was taken back (record {seq}) and counts again: no record tells of that."
    for batch_id in batches.keys() - vouched.batches.keys():
        yield None, f"Signals of batch {batch_id} were added past this program: no record tells of them."
    for batch_id, (seq, count, sha256) in vouched.batches.items():
        found, name = batches.get(batch_id, _Batch()), f"{batch_id} (record {seq})"
        if seq <= vouched.forgotten and found.count < count:
            continue
        if found.count != count:
            yield seq, f"Batch {name} was changed: {count} signals were taken in, and {found.count} are there."
        elif found.digest.hexdigest() != sha256:
            yield seq, f"Batch {name} was changed: its signals are not as they were taken in."
