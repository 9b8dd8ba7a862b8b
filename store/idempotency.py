"""Idempotency keys: the same request is carried out once, however often it arrives."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.errors import AlreadyDone
from store.tables.ledger import idempotency

KEPT = timedelta(days=7)

_CLAIM: Mapping[str, Any] = {
    "sqlite": sqlite_insert(idempotency).on_conflict_do_nothing().returning(idempotency.c.key),
    "postgresql": postgresql_insert(idempotency).on_conflict_do_nothing().returning(idempotency.c.key),
}


def claim(connection: Connection, key: str, at: datetime) -> None:
    """Nothing for the first to come with this key; AlreadyDone for everyone after, who then looks how it stands.

    Call it first in the transaction that has the effect, so that key and effect are committed together.
    """
    if connection.execute(_CLAIM[connection.dialect.name], {"key": key, "at": at}).one_or_none() is None:
        raise AlreadyDone("This was done already, so nothing was changed; look at how it stands now.")


def prune(connection: Connection, at: datetime) -> int:
    """How many keys older than seven days were let go."""
    return connection.execute(idempotency.delete().where(idempotency.c.at < at - KEPT)).rowcount
