"""Whether every grant stands as the audit log says it came to stand: terms, hash, state and instants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from sqlalchemy import Connection, Row, Text, select, type_coerce

from bot.domain.grants.life import GrantState
from bot.domain.grants.terms import terms_hash, terms_of
from store.tables.grants import grants
from store.tables.ledger import audit
from store.types import as_recorded

_FACTS = (
    "grant_requested",
    "grant_activated",
    "grant_narrowed",
    "grant_revoked",
    "grant_expired",
    "grant_suspended",
    "grant_resumed",
    "grant_attested",
    "request_declined",
    "request_withdrawn",
    "request_lapsed",
)
_ENDS = {
    "grant_revoked": GrantState.REVOKED,
    "grant_expired": GrantState.EXPIRED,
    "grant_suspended": GrantState.SUSPENDED,
    "grant_resumed": GrantState.ACTIVE,
    "request_declined": GrantState.DECLINED,
    "request_withdrawn": GrantState.WITHDRAWN,
    "request_lapsed": GrantState.LAPSED,
}
_ALIKE = ("workflow_id", "action", "hash", "requested_by", "state", "approved_at", "expires_at", "attested_at")


@dataclass(slots=True)
class _Standing:
    """How a grant stands by the records read so far; `seq` is the last of them."""

    seq: int
    workflow_id: str
    action: str
    hash: str
    requested_by: str
    state: str = GrantState.REQUESTED
    approved_at: object = None
    expires_at: object = None
    attested_at: object = None


def fault_in_grants(connection: Connection) -> tuple[int | None, str] | None:
    """The first grant that is missing, changed or added past this program, with its record; None if there is none."""
    expected = _expected(connection)
    columns = (*(grants.c[name] for name in _ALIKE), type_coerce(grants.c.terms, Text).label("terms"))
    standing = {row.id: row for row in connection.execute(select(grants.c.id, *columns))}
    for grant_id, found in expected.items():
        row = standing.pop(grant_id, None)
        if row is None:
            return found.seq, f"Grant {grant_id} (record {found.seq}) is missing."
        if _hash_of(str(row.terms), found.action) != found.hash or _of_row(row) != _of_records(found):
            return found.seq, f"Grant {grant_id} (record {found.seq}) was changed: it is not as its records left it."
    if standing:
        return None, f"Grant {min(standing)} was added past this program: no record tells of it."
    return None


def _expected(connection: Connection) -> Mapping[str, _Standing]:
    """Every grant as the records leave it, by its id."""
    found: dict[str, _Standing] = {}
    of_request: dict[str, str] = {}
    asked = select(audit.c.seq, audit.c.effective_at, audit.c.principal, audit.c.fact, audit.c.details)
    for record in connection.execute(asked.where(audit.c.fact.in_(_FACTS)).order_by(audit.c.seq)):
        said = json.loads(record.details)
        if record.fact == "grant_requested":
            found[said["grant_id"]] = _Standing(
                record.seq, said["workflow_id"], said["terms"]["action"], said["hash"], record.principal
            )
            of_request[said["request_id"]] = said["grant_id"]
        elif grant_id := said.get("grant_id") or of_request.get(said.get("request_id", "")):
            _follow(found, grant_id, record, said)
    return found


def _follow(found: dict[str, _Standing], grant_id: str, record: Any, said: dict[str, Any]) -> None:
    """What one record made of a grant, and of the one whose place it took."""
    grant = found[grant_id]
    grant.seq = record.seq
    if record.fact == "grant_activated":
        grant.state, grant.expires_at = GrantState.ACTIVE, said["expires_at"]
        grant.approved_at = record.effective_at
        if replaced := found.get(said.get("replaces", "")):
            replaced.state, replaced.seq = GrantState.SUPERSEDED, record.seq
    elif record.fact == "grant_narrowed":
        found[said["narrowed_id"]] = _Standing(
            seq=record.seq,
            workflow_id=grant.workflow_id,
            action=said["terms"]["action"],
            hash=said["hash"],
            requested_by=grant.requested_by,
            state=grant.state,
            approved_at=grant.approved_at,
            expires_at=said["expires_at"],
            attested_at=grant.attested_at,
        )
        grant.state = GrantState.SUPERSEDED
    elif record.fact == "grant_attested":
        grant.attested_at = record.effective_at
    elif record.fact.startswith("grant_") or grant.state == GrantState.REQUESTED:
        grant.state = _ENDS[record.fact]


def _hash_of(terms: str, action: str) -> str | None:
    """The hash of stored terms about that action; None where they are not what this program writes."""
    try:
        read = terms_of(json.loads(terms))
        return terms_hash(read) if read.action == action else None
    except (ValueError, KeyError, TypeError, InvalidOperation, AttributeError):
        return None


def _of_row(row: Row[Any]) -> dict[str, object]:
    return as_recorded({name: getattr(row, name) for name in _ALIKE})


def _of_records(found: _Standing) -> dict[str, object]:
    return as_recorded({name: getattr(found, name) for name in _ALIKE})
