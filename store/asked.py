"""Whether every question of an agent stands as the audit log says it was asked, answered and used."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.escrow import facts_sha256
from store.tables.decisions import decisions
from store.tables.escrow import questions
from store.tables.ledger import audit
from store.types import as_recorded

_ASKED = (
    "workflow_id",
    "action",
    "key",
    "summary",
    "url",
    "facts_hash",
    "asked_hash",
    "grant_id",
    "grant_hash",
    "agent",
    "asked_at",
    "expires_at",
)
_ANSWERED = ("answer", "answered_by", "answered_at", "because", "note", "facts_hash", "usable_until")
_ALIKE = tuple(dict.fromkeys((*_ASKED, *_ANSWERED)))

Fault = tuple[int | None, str]


def fault_in_questions(connection: Connection) -> Fault | None:
    """The first question that is missing, changed or added past this program, with its record; None if there is none.

    Facts that were forgotten are gone; what the chain has of them is their hash.
    """
    expected = _expected(connection)
    if not expected and connection.scalar(select(questions.c.id).limit(1)) is None:
        return None
    standing = {row["id"]: row for row in connection.execute(select(questions)).mappings()}
    used = _used(connection)
    for question_id, (seq, said) in expected.items():
        row = standing.pop(question_id, None)
        if row is None:
            return seq, f"Question {question_id} (record {seq}) is missing."
        if as_recorded({name: row[name] for name in _ALIKE}) != as_recorded(said):
            return seq, f"Question {question_id} (record {seq}) was changed: it is not as its records left it."
        if row["facts"] is not None and facts_sha256(row["facts"]) != row["facts_hash"]:
            return seq, f"The facts of question {question_id} (record {seq}) were changed."
        if row["used_at"] != used.pop(question_id, None):
            return (
                seq,
                f"Question {question_id} (record {seq}) was changed: the log of decisions has another use of it.",
            )
    if standing:
        return None, f"Question {min(standing)} was added past this program: no record tells of it."
    if used:
        return None, f"A decision rests on question {min(used)}, which no record tells of."
    return None


def _expected(connection: Connection) -> Mapping[str, tuple[int, dict[str, Any]]]:
    """Each question as its records leave it, with the number of the last of them."""
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    told = select(audit.c.seq, audit.c.effective_at, audit.c.principal, audit.c.fact, audit.c.subject, audit.c.details)
    told = told.where(audit.c.fact.in_(("question_asked", "question_answered"))).order_by(audit.c.seq)
    for record in connection.execute(told):
        said = json.loads(record.details)
        if record.fact == "question_asked":
            said |= {"agent": record.principal, "asked_at": record.effective_at, "asked_hash": said["facts_hash"]}
            found[record.subject] = record.seq, {name: said.get(name) for name in _ALIKE}
        elif record.subject in found:
            said |= {"answered_by": record.principal, "answered_at": record.effective_at}
            before = found[record.subject][1]
            found[record.subject] = record.seq, before | {name: said.get(name) for name in _ANSWERED}
    return found


def _used(connection: Connection) -> dict[str, object]:
    """When each question that a decision rests on was used, by the log of decisions."""
    rested = select(decisions.c.approval, decisions.c.at).where(
        decisions.c.approval.is_not(None), decisions.c.dry_run.is_(False)
    )
    return {row.approval: row.at for row in connection.execute(rested)}
