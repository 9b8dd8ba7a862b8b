"""What became of something, from the audit log, with the words that people typed, or "erased" in their place."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from bot.domain.calendar import local_date
from bot.domain.people import Person
from bot.domain.workflows import Standstill
from store.audit import CITED
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import audit, people, texts
from store.tables.program import teams, workflows


@dataclass(frozen=True, slots=True)
class Entry:
    """One record about a subject: `fact` is its code, `words` what was typed with it."""

    seq: int
    at: datetime
    fact: str
    who: Person | None
    claimed: str | None
    words: str | None


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RESUMED = (
    select(audit.c.subject, audit.c.effective_at, audit.c.details, teams.c.zone)
    .join(workflows, workflows.c.id == audit.c.subject)
    .join(teams, teams.c.id == workflows.c.team_id)
    .where(audit.c.subject.in_(_IDS), audit.c.fact == "workflow_resumed")
    .order_by(audit.c.seq)
)
_RECORDS = (
    select(audit, *person_columns(people, "person"))
    .outerjoin(people, people.c.id == audit.c.principal)
    .order_by(audit.c.seq)
)


def read_history(connection: Connection, subject: str) -> tuple[Entry, ...]:
    """The records about `subject`, the oldest first."""
    rows = connection.execute(_RECORDS.where(audit.c.subject == subject)).all()
    cited = {row.seq: _cited(json.loads(row.details)) for row in rows}
    ids = [text_id for of_row in cited.values() for text_id in of_row]
    found = connection.execute(select(texts.c.id, texts.c.body).where(texts.c.id.in_(ids)))
    bodies = {row.id: row.body for row in found}
    return tuple(
        Entry(
            seq=row.seq,
            at=row.effective_at,
            fact=row.fact,
            who=person_of(row, "person") if row.person_id else None,
            claimed=None if row.person_id and not row.person_handle else row.claimed,
            words=" · ".join(bodies.get(text_id) or "erased" for text_id in cited[row.seq]) or None,
        )
        for row in rows
    )


def read_standstills(connection: Connection, workflow_ids: Sequence[str]) -> Iterator[Standstill]:
    """The pauses of these workflows that are over, the oldest first."""
    for row in connection.execute(_RESUMED, {"ids": workflow_ids}):
        until = local_date(row.effective_at, row.zone)
        yield Standstill(row.subject, until - timedelta(days=json.loads(row.details)["days"]), until)


def words_given(text_id: str | None, body: str | None) -> str:
    """What somebody typed where they need not: nothing if they did not, "erased" if it is gone."""
    return "" if text_id is None else body or "erased"


def _cited(details: dict[str, object]) -> tuple[str, ...]:
    """The ids of the texts that a record vouches for, in the order of the fields that they stand in."""
    texts_of = details.get(CITED)
    vouched = texts_of if isinstance(texts_of, dict) else {}
    return tuple(value for value in details.values() if isinstance(value, str) and value in vouched)
