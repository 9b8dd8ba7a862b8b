"""Whether the log of decisions still stands as the audit log says it was kept."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, exists, select

from store.recording.decisions import HASHED, hashed_line, kept_hash
from store.tables.decisions import decisions
from store.tables.ledger import audit

_CHUNK = 500

_RECORDS = (
    select(audit.c.seq, audit.c.subject, audit.c.details)
    .where(audit.c.fact == "decisions_logged")
    .order_by(audit.c.seq)
)
_STRAY = (
    select(decisions.c.id)
    .where(
        ~exists().where(audit.c.subject == decisions.c.batch, audit.c.fact == "decisions_logged"),
    )
    .order_by(decisions.c.seq)
    .limit(1)
)

Fault = tuple[int | None, str]


def fault_in_decisions(connection: Connection) -> Fault | None:
    """The first decision that is missing, changed or added past this program, with its record; None if there is none.

    Facts and reasons whose retention is over are gone; what the chain has of them is their hash.
    """
    records = connection.execute(_RECORDS).all()
    for start in range(0, len(records), _CHUNK):
        if fault := next(_faults(connection, records[start : start + _CHUNK]), None):
            return fault
    stray = connection.scalar(_STRAY)
    return (None, f"Decision {stray} was added past this program: no record tells of it.") if stray else None


def _faults(connection: Connection, records: Sequence[Any]) -> Iterator[Fault]:
    kept: dict[str, list[Any]] = {record.subject: [] for record in records}
    wanted = select(*(decisions.c[name] for name in ("batch", "facts", "reasons", *HASHED))).where(
        decisions.c.batch.in_(kept)
    )
    for row in connection.execute(wanted.order_by(decisions.c.seq)).mappings():
        kept[row["batch"]].append(row)
    for record in records:
        rows, said = kept[record.subject], json.loads(record.details)
        digest = hashlib.sha256(b"".join(hashed_line(row) for row in rows)).hexdigest()
        where = f"of batch {record.subject} (record {record.seq})"
        if len(rows) != said["count"]:
            yield record.seq, f"Decisions {where} are missing or too many: {len(rows)} of {said['count']} are there."
        elif digest != said["sha256"]:
            yield record.seq, f"A decision {where} was changed: it is not as it was answered."
        for row in rows:
            if row["facts"] is not None and kept_hash(row["facts"]) != row["kept_hash"]:
                yield record.seq, f"The facts of decision {row['id']} (record {record.seq}) were changed."
            if None not in (row["reasons"], row["reasons_hash"]) and kept_hash(row["reasons"]) != row["reasons_hash"]:
                yield record.seq, f"The reasons of decision {row['id']} (record {record.seq}) were changed."
