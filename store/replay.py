"""Signatures of requests already seen, shared by all replicas, so that a captured request runs once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.tables.ledger import replayed

KEPT = timedelta(minutes=10)


def remember(connection: Connection, seen: Mapping[str, datetime]) -> frozenset[str]:
    """Which of these signatures, each with when it came, are new: not seen in the ten minutes before."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    rows = insert(replayed).values([{"signature_hash": hash_, "at": seen[hash_]} for hash_ in sorted(seen)])
    fresh = rows.on_conflict_do_update(
        index_elements=["signature_hash"],
        set_={"at": rows.excluded.at},
        where=replayed.c.at < min(seen.values()) - KEPT,
    )
    return frozenset(connection.scalars(fresh.returning(replayed.c.signature_hash)))


def prune(connection: Connection, at: datetime) -> int:
    """How many signatures older than ten minutes were let go."""
    return connection.execute(replayed.delete().where(replayed.c.at < at - KEPT)).rowcount
