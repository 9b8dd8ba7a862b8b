"""PostgreSQL databases that one test after another uses: emptied in between, and given up once their schema changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.postgres import Server

USES = 100
"""How many tests use one database: what they deleted stays in its tables as dead rows."""

_LEAVE_S = 10

_SCHEMA = " UNION ALL ".join(
    f"SELECT '{catalog}', count(*), max(xmin::text::bigint) FROM {catalog}"
    for catalog in ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_namespace", "pg_proc", "pg_trigger")
)
"""How many rows each catalog has, and when the youngest was written: any change of the schema moves that."""

_OTHERS = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(slots=True)
class Reusable:
    """A database, how often it was used, how its schema stood at first, and the rows that every test finds there."""

    name: str
    connection: psycopg.Connection
    schema: list[tuple[object, ...]]
    emptying: sql.Composed
    uses: int = 0

    @classmethod
    def opened(cls, name: str, connection: psycopg.Connection) -> "Reusable":
        """A new database, as it came from its template."""
        connection.execute("SET session_replication_role = replica")  # No trigger and no foreign key minds the emptying
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        parts = [part for (table,) in names for part in _restoring(connection, table)]
        parts += _numbered_anew(connection)
        return cls(name, connection, _schema(connection), sql.SQL("; ").join(parts))

    def emptied(self) -> bool:
        """Whether the database stands as it came from its template."""
        self.uses += 1
        self.connection.execute(_OTHERS, [_LEAVE_S * 1000])
        if self.uses >= USES or _schema(self.connection) != self.schema:
            return False
        self.connection.execute(self.emptying)
        return True


def _restoring(connection: psycopg.Connection, table: str) -> Iterator[sql.Composable]:
    place = sql.Identifier(table)
    yield sql.SQL("DELETE FROM {}").format(place)
    for row in connection.execute(sql.SQL("SELECT * FROM {}").format(place)):
        yield sql.SQL("INSERT INTO {} VALUES ({})").format(place, sql.SQL(", ").join(map(sql.Literal, row)))


def _numbered_anew(connection: psycopg.Connection) -> list[sql.Composable]:
    """What makes each sequence count on from where it stood at first."""
    rows = connection.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences").fetchall()
    return [
        sql.SQL("SELECT setval({}, {}, {})").format(
            sql.Literal(f"{schema}.{name}"), sql.Literal(1 if last is None else last), sql.Literal(last is not None)
        )
        for schema, name, last in rows
    ]


def _schema(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(_SCHEMA).fetchall()


@dataclass(slots=True)
class Reused:
    """The databases of one worker that came from one template; `free` are those that no test uses now."""

    server: Server
    template: str
    free: list[Reusable] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a database with the content of the template, for one test."""
        taken = self.free.pop() if self.free else self._made()
        try:
            yield self.server.url(taken.name)
        finally:
            self._give_back(taken)

    def close(self) -> None:
        """Lets go of every database; they end with their server."""
        for each in self.free:
            each.connection.close()

    def _made(self) -> Reusable:
        name = self.server.create(self.template)
        return Reusable.opened(name, psycopg.connect(self.server.url(name), autocommit=True))

    def _give_back(self, taken: Reusable) -> None:
        try:
            kept = taken.emptied()
        except psycopg.OperationalError:
            kept = False
        if kept:
            self.free.append(taken)
            return
        taken.connection.close()
        self.server.drop(taken.name)
