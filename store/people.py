"""People behind random ids: the chain knows only the id, and everything else here can be erased."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store import chance
from store.tables.drafts import drafts
from store.tables.ledger import people


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person as known here; handle, name and zone are None for someone who was erased."""

    id: str
    handle: str | None
    name: str | None
    zone: str | None


def known(connection: Connection, handle: str, at: datetime) -> str:
    """The random id of whoever goes by that handle, made on the first meeting."""
    found = find(connection, handle)
    if found is not None:
        return found
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(
        insert(people)
        .values(id=f"p_{chance.token(10)}", handle=handle, seen_at=at)
        .on_conflict_do_nothing(index_elements=["handle"])
    )
    met = find(connection, handle)
    assert met is not None
    return met


def find(connection: Connection, handle: str) -> str | None:
    """The id of whoever goes by that handle, or None; nobody is made."""
    return connection.execute(select(people.c.id).where(people.c.handle == handle)).scalar_one_or_none()


def describe(connection: Connection, person: str, name: str, zone: str | None) -> None:
    """Notes a person's name and time zone as Slack has them now; an erased person stays erased."""
    connection.execute(
        people.update().where(people.c.id == person, people.c.erased_at.is_(None)).values(name=name, zone=zone)
    )


def read(connection: Connection, ids: Iterable[str]) -> Mapping[str, StoredPerson]:
    """People by id; there is no entry for ids that nobody has."""
    wanted = select(people.c.id, people.c.handle, people.c.name, people.c.zone)
    rows = connection.execute(wanted.where(people.c.id.in_(set(ids))))
    return {row.id: StoredPerson(row.id, row.handle, row.name, row.zone) for row in rows}


def erase(connection: Connection, person: str, at: datetime) -> bool:
    """Whether there was someone to erase: handle, name and zone are gone, and their drafts; the random id stays."""
    connection.execute(drafts.delete().where(drafts.c.person == person))
    gone = people.update().where(people.c.id == person, people.c.erased_at.is_(None))
    done = connection.execute(gone.values(handle=None, name=None, zone=None, erased_at=at))
    return done.rowcount == 1
