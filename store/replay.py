"""Signatures of requests already seen, shared by all replicas, so that a captured request runs once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.tables.ledger import replayed

KEPT = timedelta(minutes=10)


def remember(connection: Connection, signature_hash: str, at: datetime) -> bool:
    """Whether this signature is new; False for one that was seen in the last ten minutes."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    seen = insert(replayed).values(signature_hash=signature_hash, at=at)
    fresh = seen.on_conflict_do_update(
        index_elements=["signature_hash"], set_={"at": at}, where=replayed.c.at < at - KEPT
    )
    row = connection.execute(fresh.returning(replayed.c.signature_hash)).one_or_none()
    return row is not None


def prune(connection: Connection, at: datetime) -> int:
    """How many signatures older than ten minutes were let go."""
    return connection.execute(replayed.delete().where(replayed.c.at < at - KEPT)).rowcount
