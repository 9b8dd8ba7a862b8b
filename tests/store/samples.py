"""Sample records and times for the store's tests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from store import audit
from store.audit import AuditEntry
from store.engine import Database

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    """A record that differs from every other number's."""
    return AuditEntry(
        real_at=AT + timedelta(seconds=number),
        effective_at=AT - timedelta(days=number),
        principal_kind="human",
        principal="p_ana",
        through="slack",
        fact="item_done",
        subject=f"refunds/item-{number}",
        details={"before": "open", "number": number},
    )


def record(database: Database, number: int) -> None:
    """Appends that many records, each in a transaction of its own."""
    for each in range(1, number + 1):
        with database.writing() as connection:
            audit.append(connection, entry(each))


def unguarded(connection: Connection, *statements: str) -> None:
    """Carries out statements as an insider would who first takes the guards away and then puts them back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("SET session_replication_role = DEFAULT"))
        return
    standing = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for trigger in standing:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
    for statement in statements:
        connection.execute(text(statement))
    for trigger in standing:
        connection.exec_driver_sql(trigger.sql)
