"""Whether the database's guards still stand as they were put up."""

from sqlalchemy import Connection, text

from store.tables.guards import FUNCTION_BODY, GUARDS, postgresql_triggers, sqlite_triggers

_ON_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")

_ON_POSTGRESQL = text(
    "SELECT t.tgname, t.tgenabled, f.prosrc, pg_get_triggerdef(t.oid) AS definition"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid"
    " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
)


def missing_guard(connection: Connection) -> str | None:
    """The name of a trigger that is missing, changed or switched off; None while all stand."""
    if connection.dialect.name == "postgresql":
        return _missing_on_postgresql(connection)
    found = {row.name: row.sql for row in connection.execute(_ON_SQLITE)}
    wanted = (trigger for guard in GUARDS for trigger in sqlite_triggers(guard))
    return next((trigger.name for trigger in wanted if found.get(trigger.name) != trigger.sql), None)


def _missing_on_postgresql(connection: Connection) -> str | None:
    found = {row.tgname: row for row in connection.execute(_ON_POSTGRESQL)}
    for guard in GUARDS:
        for trigger in postgresql_triggers(guard):
            row = found.get(trigger.name)
            # The server words conditions its own way, so of a condition only its presence is compared.
            if (
                row is None
                or row.tgenabled not in {"O", "A"}
                or row.prosrc != FUNCTION_BODY
                or ("WHEN" in trigger.sql) != (" WHEN " in row.definition)
            ):
                return trigger.name
    return None
