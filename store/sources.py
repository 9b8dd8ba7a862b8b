"""How far sources were read, written beside the signals that they gave."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store import leases
from store.reading.sources import Sources
from store.tables.sources import sources

LEASE_S = 600.0
"""How long a run may go without a word before another replica takes over."""


def note(connection: Connection, names: Iterable[str]) -> None:
    """These sources are configured; what was read of them before stands."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    for name in sorted(names):
        row = insert(sources).values(name=name, configured=True, cursors={})
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"configured": True}))


def note_all(connection: Connection, names: Iterable[str]) -> None:
    """These sources are configured, and no others: what is not read any more is no gap."""
    known = sorted(names)
    connection.execute(update(sources).where(sources.c.name.not_in(known)).values(configured=False))
    note(connection, known)


def claim(connection: Connection, name: str, owner: str) -> int | None:
    """The fence under which `owner` reads the source; None while someone else does. A claim again prolongs it."""
    return leases.take(connection, f"source:{name}", owner, LEASE_S)


def give_back(connection: Connection, name: str, fence: int) -> bool:
    """Whether the claim was still held; the source is free now."""
    return leases.give_back(connection, f"source:{name}", fence)


def go_on(connection: Connection, name: str, strand: str, cursor: str) -> None:
    """The strand goes on from `cursor` next time; only whoever holds the claim writes this."""
    known = Sources(connection).one(name)
    cursors = {**known.cursors, strand: cursor}
    connection.execute(update(sources).where(sources.c.name == name).values(cursors=cursors))


def end(connection: Connection, name: str, read_at: datetime) -> None:
    """The source was read to the end, up to `read_at`."""
    done = {"read_at": read_at, "why_not": None, "not_before": None}
    connection.execute(update(sources).where(sources.c.name == name).values(done))


def fail(connection: Connection, name: str, why: str, not_before: datetime | None) -> None:
    """The source was not read to the end, for that reason; what it gave before stands."""
    failed = {"why_not": why, "not_before": not_before}
    connection.execute(update(sources).where(sources.c.name == name).values(failed))
