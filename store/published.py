"""Whether every digest still says, and was made from, what the audit log says of it."""

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from store.tables.digests import digests
from store.tables.ledger import audit
from store.types import canonical_sha256
from store.vouched import Fault, first_fault

_FROZEN = (
    select(audit.c.seq, audit.c.subject, audit.c.details).where(audit.c.fact == "digest_frozen").order_by(audit.c.seq)
)
_ERASURES = select(audit.c.seq, audit.c.details).where(audit.c.fact == "person_erased").order_by(audit.c.seq)
_KEPT = ("inputs", "messages")
_ANY = ""


def fault_in_digests(connection: Connection) -> Fault | None:
    """The first digest that was changed or is missing, with its record; None if none is."""
    return first_fault(_faults_of_digests(connection), "A digest")


def _faults_of_digests(connection: Connection) -> Iterator[Fault]:
    kept = {row.id: row for row in connection.execute(select(digests.c.id, digests.c.inputs, digests.c.messages))}
    emptied = _emptied(connection)
    for record in connection.execute(_FROZEN):
        row, told = kept.pop(record.subject, None), json.loads(record.details)
        if row is None:
            yield record.seq, f"Digest {record.subject} (record {record.seq}) is missing."
            continue
        found = {name: getattr(row, name) for name in _KEPT}
        if record.seq < emptied.get(record.subject, emptied.get(_ANY, 0)) and all(
            each is None for each in found.values()
        ):
            continue
        if any(canonical_sha256(found[name]) != told[f"{name}_sha256"] for name in _KEPT):
            yield record.seq, f"Digest {record.subject} (record {record.seq}) was changed: it is not as it was frozen."
    for digest_id, row in kept.items():
        if row.inputs is not None or row.messages is not None:
            yield None, f"Digest {digest_id} was written past this program: no record tells of what it says."


def _emptied(connection: Connection) -> Mapping[str, int]:
    """By digest, the last record of an erasure that says it emptied it; under `_ANY`, the last that named none."""
    emptied: dict[str, int] = {}
    for row in connection.execute(_ERASURES):
        details = json.loads(row.details)
        # Earlier versions told only how many there were.
        named = details["digest_ids"] if "digest_ids" in details else (_ANY,) * details["digest_count"]
        emptied |= dict.fromkeys(named, row.seq)
    return emptied
