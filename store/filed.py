"""Whether every memo still stands as the audit log says it was filed."""

import json
from typing import Any

from sqlalchemy import Connection, Row, select

from store.tables.ledger import audit
from store.tables.memos import memos
from store.types import as_recorded

_ALIKE = (
    "workflow_id",
    "team_id",
    "owner",
    "category",
    "is_reversible",
    "title",
    "decision",
    "context",
    "options",
    "move",
    "changes",
    "supersedes",
    "visibility",
    "content_hash",
)
_FORECAST = ("metric", "comparison", "value", "check_on")


def fault_in_memos(connection: Connection) -> tuple[int | None, str] | None:
    """The first memo that is missing, changed or added past this program, with its record; None if there is none."""
    standing = {row.id: row for row in connection.execute(select(memos))}
    filed = select(audit.c.seq, audit.c.effective_at, audit.c.principal, audit.c.subject, audit.c.details)
    for record in connection.execute(filed.where(audit.c.fact == "memo_filed").order_by(audit.c.seq)):
        row = standing.pop(record.subject, None)
        if row is None:
            return record.seq, f"Memo {record.subject} (record {record.seq}) is missing."
        if _of_row(row) != _of_record(record):
            return record.seq, f"Memo {record.subject} (record {record.seq}) was changed: it is not as it was filed."
    if standing:
        return None, f"Memo {min(standing)} was added past this program: no record tells of it."
    return None


def _of_row(row: Row[Any]) -> dict[str, object]:
    said = {name: getattr(row, name) for name in _ALIKE}
    if row.check_on is not None:
        said["prediction"] = {name: getattr(row, name) for name in _FORECAST}
    said |= {"filed_by": row.filed_by, "decided_at": row.decided_at}
    return as_recorded(said)


def _of_record(record: Any) -> dict[str, object]:
    details = json.loads(record.details)
    said = {name: details.get(name) for name in (*_ALIKE, "prediction")}
    return as_recorded(said | {"filed_by": record.principal, "decided_at": record.effective_at})
