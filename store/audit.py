"""The audit log: one chain of records, each holding the hash of the one before."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring as quoted

from sqlalchemy import Connection, select

from store.errors import StoreError
from store.tables.ledger import audit, audit_head
from store.texts import StoredText
from store.types import canonical, instant_text

FIRST_HASH = "0" * 64
"""What the first record has in place of the hash of the one before."""

CITED = "texts"
"""The key in a record's details under which it vouches for stored texts, as id and SHA-256."""


_LOCKED_HEAD = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1).with_for_update()
_APPEND = audit.insert()
_MOVE_HEAD = audit_head.update().where(audit_head.c.id == 1)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing to be recorded; `details` take what `canonical` takes, free text goes through `texts`.

    `principal` is a person's random id, or the name of an agent or a service.
    """

    real_at: datetime
    effective_at: datetime
    principal_kind: str
    principal: str
    through: str
    fact: str
    subject: str
    fact_version: int = 1
    claimed: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    texts: tuple[StoredText, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record's number and hash; kept elsewhere, it proves that nothing before it was changed."""

    seq: int
    hash: str


def append(connection: Connection, entry: AuditEntry) -> Head:
    """The new head, once the record stands at the end of the chain.

    Call it last in a transaction: on PostgreSQL it locks the head until the commit, so whoever takes other
    locks after it can cross with another writer.
    """
    before = _locked_head(connection)
    record: dict[str, str | int | None] = {
        "seq": before.seq + 1,
        "real_at": instant_text(entry.real_at),
        "effective_at": instant_text(entry.effective_at),
        "principal_kind": str(entry.principal_kind),
        "principal": entry.principal,
        "claimed": entry.claimed,
        "through": str(entry.through),
        "fact": entry.fact,
        "fact_version": entry.fact_version,
        "subject": entry.subject,
        "details": canonical(_details_of(entry)),
    }
    after = Head(before.seq + 1, record_hash(before.hash, tuple(record.values())))
    at = {"real_at": entry.real_at, "effective_at": entry.effective_at}
    connection.execute(_APPEND, record | at | {"prev_hash": before.hash, "hash": after.hash})
    connection.execute(_MOVE_HEAD, {"seq": after.seq, "hash": after.hash})
    return after


def head(connection: Connection) -> Head:
    """The newest record's number and hash; number 0 while the log is empty."""
    row = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one_or_none()
    return Head(row.seq, row.hash) if row is not None else Head(0, FIRST_HASH)


def stands(connection: Connection, record: Head) -> bool:
    """Whether that record was committed; on PostgreSQL one whose commit is under way is waited for."""
    _locked_head(connection)
    return connection.scalar(select(audit.c.seq).where(audit.c.hash == record.hash)) is not None


def record_hash(prev_hash: str, values: Sequence[str | int | None]) -> str:
    """SHA-256 of the hash before, a line feed, and the record as one JSON array without spaces.

    The array holds seq, real_at, effective_at, principal_kind, principal, claimed, through, fact,
    fact_version, subject and details, in that order; times as UTC text, details as the object itself.
    """
    scalars = ",".join([_json(value) for value in values[:-1]])
    return hashlib.sha256(f"{prev_hash}\n[{scalars},{values[-1]}]".encode()).hexdigest()


def export(connection: Connection) -> Iterator[dict[str, object]]:
    """Every record, oldest first, as a dict ready for JSON: times as UTC text, details as an object.

    Its hash can be checked without this program, as `record_hash` says.
    """
    whole = select(audit).order_by(audit.c.seq)
    with connection.execute(whole, execution_options={"yield_per": 1000}) as rows:
        for row in rows.mappings():
            yield dict(row) | {
                "real_at": instant_text(row["real_at"]),
                "effective_at": instant_text(row["effective_at"]),
                "details": json.loads(row["details"]),
            }


def _json(value: str | int | None) -> str:
    if value is None:
        return "null"
    return quoted(value) if isinstance(value, str) else str(value)


def _locked_head(connection: Connection) -> Head:
    row = connection.execute(_LOCKED_HEAD).one_or_none()
    if row is None:
        raise StoreError(
            "The head of the audit log is missing, so nothing can be recorded; "
            "run `rollout audit verify`, then restore a backup."
        )
    return Head(row.seq, row.hash)


def _details_of(entry: AuditEntry) -> Mapping[str, object]:
    if CITED in entry.details:
        raise ValueError(f"details may not use the key {CITED!r}; give stored texts as AuditEntry.texts")
    if not entry.texts:
        return entry.details
    return {**entry.details, CITED: {text.id: text.sha256 for text in entry.texts}}
