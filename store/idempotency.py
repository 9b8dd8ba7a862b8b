"""Idempotency keys: the same request is carried out once, however often it arrives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.errors import AlreadyDone, KeyReused
from store.tables.ledger import idempotency

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered the first time; `value` is None where nothing was kept."""

    value: object


def once(connection: Connection, key: str, digest: str, at: datetime) -> Reply | None:
    """None for the first to come with this key, who goes on; else the reply that was kept.

    `digest` is a hash of the request's content: the same key with another content is KeyReused. Call it
    first in the transaction that has the effect, so that key and effect are committed together.
    """
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    fresh = insert(idempotency).values(key=key, digest=digest, at=at).on_conflict_do_nothing()
    made = connection.execute(fresh.returning(idempotency.c.key)).one_or_none()
    if made is not None:
        return None
    kept = connection.execute(select(idempotency.c.digest, idempotency.c.reply).where(idempotency.c.key == key)).one()
    if kept.digest != digest:
        raise KeyReused(
            "This request came before with another content under the same key; nothing was changed. "
            "Use a new key for a new request."
        )
    return Reply(kept.reply)


def claim(connection: Connection, key: str, at: datetime) -> None:
    """Nothing for the first to come with this key; AlreadyDone for everyone after."""
    if once(connection, key, "", at) is not None:
        raise AlreadyDone("This was done already, so nothing was changed; look at how it stands now.")


def keep_reply(connection: Connection, key: str, reply: object) -> None:
    """Keeps what was answered (a value that `canonical` takes) for whoever comes with this key again."""
    connection.execute(idempotency.update().where(idempotency.c.key == key).values(reply=reply))


def prune(connection: Connection, at: datetime) -> int:
    """How many keys older than seven days were let go."""
    return connection.execute(idempotency.delete().where(idempotency.c.at < at - KEPT)).rowcount
