"""Drafts: what someone typed into a window and has not handed in yet. They change nothing and stand in no log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store import people
from store.tables.drafts import drafts

KEPT = timedelta(days=14)
MOST = 3
"""So many of one person and kind are kept, the newest."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of a window, by field, as it was typed; `saved_at` is when it was kept last."""

    id: str
    given: Mapping[str, str]
    saved_at: datetime


def keep(connection: Connection, handle: str, kind: str, draft: Draft) -> None:
    """The draft kept for whoever goes by that handle, in place of how it stood before; nobody else's is touched."""
    person = people.known(connection, handle, draft.saved_at)
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    # Escaped, what people paste can be stored whatever it is: half a character, NUL.
    row = {"given": json.dumps(dict(draft.given)), "saved_at": draft.saved_at}
    statement = insert(drafts).values(id=draft.id, person=person, kind=kind, **row)
    own = (drafts.c.person == person) & (drafts.c.kind == kind)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row, where=own))
    newest = select(drafts.c.id).where(own).order_by(drafts.c.saved_at.desc(), drafts.c.id).limit(MOST)
    connection.execute(drafts.delete().where(own, drafts.c.id.not_in(newest.scalar_subquery())))


def kept_for(connection: Connection, handle: str, kind: str, at: datetime) -> tuple[Draft, ...]:
    """The drafts of whoever goes by that handle which are not too old at `at`, the newest first."""
    whose = people.find(connection, handle)
    wanted = select(drafts).where(drafts.c.person == whose, drafts.c.kind == kind, drafts.c.saved_at > at - KEPT)
    rows = connection.execute(wanted.order_by(drafts.c.saved_at.desc(), drafts.c.id)) if whose else ()
    return tuple(Draft(row.id, json.loads(row.given), row.saved_at) for row in rows)


def forget(connection: Connection, handle: str, draft_id: str) -> None:
    """One draft of whoever goes by that handle, gone."""
    whose = people.find(connection, handle)
    connection.execute(drafts.delete().where(drafts.c.id == draft_id, drafts.c.person == whose))


def prune(connection: Connection, at: datetime) -> int:
    """How many drafts were let go that nobody touched for fourteen days."""
    return connection.execute(drafts.delete().where(drafts.c.saved_at <= at - KEPT)).rowcount
