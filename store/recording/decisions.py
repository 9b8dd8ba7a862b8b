"""How answers to agents are kept: each in the log, and what was allowed counted in the team's day.

What puts decisions in order with whatever ends them is the workflow's row. A decision shares it (`hold`) and only then
reads grants, phase and freeze; a change of a grant claims it (`claim`), as do a freeze, a move and a batch of signals,
which change or lock that row anyway. So a decision either sees what was committed, or is itself committed first, and an
allow never stands behind the revocation in the chain. Locking the grant's row instead would let a narrowing, which puts
a new row in its place, slip through. On SQLite there is one writer at a time, and nothing of this does anything.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Text, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.grants.decisions import DayCount
from bot.domain.grants.log import Day, LoggedDecision
from bot.domain.grants.terms import Sum
from store.recording.scene import new_id
from store.tables.decisions import decision_days, decisions
from store.tables.program import workflows
from store.types import canonical, canonical_sha256, text_sha256

_HOLD = (
    select(workflows.c.id)
    .where(workflows.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(workflows.c.id)
    .with_for_update(read=True)
)
_CLAIM = select(workflows.c.id).where(workflows.c.id == bindparam("id")).with_for_update(key_share=True)

_OF_DAY = (
    (decision_days.c.workflow_id == bindparam("of"))
    & (decision_days.c.action == bindparam("doing"))
    & (decision_days.c.day == bindparam("on"))
)
_COUNTED = select(decision_days.c.uses, decision_days.c.sums).where(_OF_DAY).with_for_update()
_COUNT = update(decision_days).where(_OF_DAY).values(uses=bindparam("uses"), sums=bindparam("sums"))
# Both are written for their hashes anyway.
_LOG = insert(decisions).values(
    reasons=bindparam("reasons_text", type_=Text()), facts=bindparam("facts_text", type_=Text())
)
_BEGIN_DAY: Mapping[str, Any] = {
    "sqlite": sqlite_insert(decision_days).on_conflict_do_nothing(),
    "postgresql": postgresql_insert(decision_days).on_conflict_do_nothing(),
}

HASHED = (
    "id",
    "workflow_id",
    "action",
    "at",
    "principal_kind",
    "principal",
    "through",
    "outcome",
    "codes",
    "reasons_hash",
    "facts_hash",
    "kept_hash",
    "grant_id",
    "grant_hash",
    "reported_hash",
    "approval",
    "dry_run",
)
"""What the chain vouches for; of the reasons and the kept facts it is their hash, so that they can be forgotten."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, and by which entrance; `principal` is a person's random id, or an agent's or service's name."""

    kind: str
    principal: str
    through: str


@dataclass(frozen=True, slots=True)
class KeptDecisions:
    """What the audit record of a batch needs to say."""

    batch: str
    count: int
    sha256: str


def hold(connection: Connection, workflow_ids: Iterable[str]) -> None:
    """These workflows as they are until the commit; others may hold them too, and whoever changes them waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"ids": sorted(set(workflow_ids))}).all()


def claim(connection: Connection, workflow_id: str) -> None:
    """The workflow for this change alone: decisions about it come before or after."""
    connection.execute(_CLAIM, {"id": workflow_id}).all()


def hold_days(connection: Connection, days: Iterable[Day]) -> dict[Day, DayCount]:
    """What was allowed on these days so far; nobody else counts there until the commit."""
    begin = _BEGIN_DAY[connection.dialect.name]
    found: dict[Day, DayCount] = {}
    for day in sorted(set(days)):  # in order, so that two batches never wait for each other
        row = {"workflow_id": day.workflow_id, "action": day.action, "day": day.on, "uses": 0, "sums": {}}
        connection.execute(begin, row)
        counted = connection.execute(_COUNTED, _naming(day)).one()
        sums = tuple(Sum(fact, Decimal(amount)) for fact, amount in sorted(counted.sums.items()))
        found[day] = DayCount(counted.uses, sums)
    return found


def count_days(connection: Connection, counted: Mapping[Day, DayCount]) -> None:
    """Each of these days, held before, as it is counted now."""
    rows = [
        _naming(day) | {"uses": count.uses, "sums": {each.fact: each.amount for each in count.sums}}
        for day, count in counted.items()
    ]
    if rows:
        connection.execute(_COUNT, rows)


def keep_decisions(connection: Connection, batch: Sequence[LoggedDecision], askers: Sequence[Asker]) -> KeptDecisions:
    """The answers kept in the log as one batch, in this order, each given to the asker at its place."""
    batch_id, digest, rows = new_id("dec"), hashlib.sha256(), []
    for each, asker in zip(batch, askers, strict=True):
        row = _row(each, asker)
        digest.update(hashed_line(row))
        rows.append(row | {"batch": batch_id})
    connection.execute(_LOG, rows)
    return KeptDecisions(batch_id, len(rows), digest.hexdigest())


def hashed_line(row: Mapping[str, Any]) -> bytes:
    """What a decision contributes to the hash of its batch.

    Where no hash of the reasons was kept, as before revision 0017, it is the reasons themselves.
    """
    values = {**row, "reasons_hash": row["reasons_hash"] or row["reasons"]}
    return f"{canonical([values[name] for name in HASHED])}\n".encode()


def kept_hash(kept: object) -> str:
    """The SHA-256 (hex) of reasons or facts that are kept for a time."""
    return canonical_sha256(kept)


def _row(decision: LoggedDecision, asker: Asker) -> dict[str, Any]:
    reasons, facts = canonical(decision.reasons), canonical(decision.facts or {})
    return {
        "id": decision.id,
        "workflow_id": decision.workflow_id,
        "action": decision.action,
        "at": decision.at,
        "principal_kind": asker.kind,
        "principal": asker.principal,
        "through": asker.through,
        "outcome": decision.outcome,
        "codes": decision.codes,
        "reasons_text": reasons,
        "reasons_hash": text_sha256(reasons),
        "facts_text": facts,
        "facts_hash": decision.facts_hash,
        "kept_hash": text_sha256(facts),
        "grant_id": decision.grant_id,
        "grant_hash": decision.grant_hash,
        "reported_hash": decision.reported_hash,
        "approval": decision.approval,
        "dry_run": decision.dry_run,
    }


def _naming(day: Day) -> dict[str, Any]:
    return {"of": day.workflow_id, "doing": day.action, "on": day.on}
