"""Leases by the database's own clock, which no caller and no skewed replica can move."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.tables.ledger import leases
from store.types import Instant

_ON_SQLITE = text("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at").columns(at=Instant)
_ON_POSTGRESQL = text("SELECT clock_timestamp() AS at").columns(at=Instant)


def database_now(connection: Connection) -> datetime:
    """The time by the database's clock."""
    asked = _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE
    now: datetime = connection.execute(asked).scalar_one()
    return now


def take(connection: Connection, name: str, owner: str, lease_s: float) -> int | None:
    """The fence under which `owner` now holds the lease, or None while someone else does.

    Taking one's own lease again prolongs it under the same fence; any other change of hands raises it.
    """
    now = database_now(connection)
    until = now + timedelta(seconds=lease_s)
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    fresh = insert(leases).values(name=name, owner=owner, fence=1, until=until)
    made = connection.execute(fresh.on_conflict_do_nothing().returning(leases.c.fence)).scalar_one_or_none()
    if made is not None:
        return int(made)
    mine = (leases.c.owner == owner) & (leases.c.until >= now)
    for whose, fence in ((mine, leases.c.fence), (leases.c.until < now, leases.c.fence + 1)):
        taken = leases.update().where(leases.c.name == name, whose)
        row = connection.execute(
            taken.values(owner=owner, until=until, fence=fence).returning(leases.c.fence)
        ).one_or_none()
        if row is not None:
            return int(row.fence)
    return None


def give_back(connection: Connection, name: str, fence: int) -> bool:
    """Whether the lease was still held under that fence; it is free now."""
    over = leases.update().where(leases.c.name == name, leases.c.fence == fence)
    past = database_now(connection) - timedelta(seconds=1)
    return connection.execute(over.values(until=past)).rowcount == 1
