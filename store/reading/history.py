"""What became of something, from the audit log, with the words that people typed, or "erased" in their place."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.people import Person
from store.audit import CITED
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import audit, people, texts


@dataclass(frozen=True, slots=True)
class Entry:
    """One record about a subject: `fact` is its code, `words` what was typed with it."""

    seq: int
    at: datetime
    fact: str
    who: Person | None
    claimed: str | None
    words: str | None


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


def _cited(details: dict[str, object]) -> tuple[str, ...]:
    """The ids of the texts that a record vouches for, in the order of the fields that they stand in."""
    texts_of = details.get(CITED)
    vouched = texts_of if isinstance(texts_of, dict) else {}
    return tuple(value for value in details.values() if isinstance(value, str) and value in vouched)
