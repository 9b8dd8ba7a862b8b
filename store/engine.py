"""The database: reading and writing in whole transactions, the same on SQLite and PostgreSQL."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, event, make_url
from sqlalchemy.exc import ArgumentError

from store.errors import BadDatabaseUrl, StoreError
from store.failures import told_plainly
from store.postgresql import PostgresqlDatabase
from store.sqlite import SqliteFile
from store.types import demand_storable

T = TypeVar("T")

PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""How long `retrying` waits after each failure, each drawn between half and one and a half of it."""

REBUILDING_WAIT_S = 60.0
"""How long a migration waits on SQLite for another one that is under way."""

_FORMS = "sqlite:///rollout.db or postgresql://user:password@host/name"


class Database:
    """One database, by its URL; nothing is opened before the first reading or writing.

    Raises BadDatabaseUrl for an address that cannot be used. `wait_s` bounds how long a change waits for
    others on SQLite; PostgreSQL has limits of its own (2 s for a lock, 10 s for a statement). A SQLite file that is
    not `is_durable` may be broken after a power cut, and is written several times as fast: only for what is made up.
    """

    def __init__(self, url: str, *, wait_s: float = 5.0, is_durable: bool = True) -> None:
        self._server = _server_of(url, is_durable=is_durable)
        self._wait_s = wait_s
        for engine in self._server.engines:
            event.listen(engine, "before_cursor_execute", _demand_storable, named=True)

    @property
    def name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._server.name

    @property
    def place(self) -> str:
        """Where the database is, in words that hold no password."""
        return self._server.place

    @property
    def file(self) -> Path | None:
        """The database file of SQLite, None on PostgreSQL."""
        return self._server.file if isinstance(self._server, SqliteFile) else None

    @property
    def warning(self) -> str | None:
        """What an operator should know about the database library in use, or None."""
        return self._server.warning

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the whole database and cannot change it."""
        with told_plainly(self.place):
            self._server.demand_same_file()
            with self._server.reader.connect() as connection, connection.begin():
                yield connection

    def glance(self, query: Select[Any], **values: str) -> tuple[Any, ...] | None:
        """The first row of a query by itself, without a transaction around it, or None.

        On SQLite it costs a tenth of a reading. None also where the file cannot be read: a reading says why.
        """
        for value in values.values():
            demand_storable(value)
        if isinstance(self._server, SqliteFile):
            return self._server.glance(query, values)
        with self.reading() as connection:
            row = connection.execute(query, values).first()
        return tuple(row) if row else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are committed together at the end, or not at all.

        On SQLite one thread of a process writes at a time, in the order of asking.
        """
        with self._writer(self._wait_s) as connection, connection.begin():
            yield connection

    def retrying(self, change: Callable[[Connection], T]) -> T:
        """What `change` returns, once it is committed; it runs again after collisions and lost connections.

        A connection may be lost while COMMIT is under way, when nobody knows whether it was done. So `change`
        must be safe to run twice: it begins with `idempotency.claim`, writes under a key that is unique, or looks for
        what it wrote, as `Store.change` does.
        """
        for pause_s in PAUSES_S:
            try:
                with self.writing() as connection:
                    return change(connection)
            except StoreError as error:
                if not error.again:
                    raise
            time.sleep(pause_s * random.uniform(0.5, 1.5))
        with self.writing() as connection:
            return change(connection)

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A writing connection for migrations: made where there is no file yet, foreign keys not enforced.

        On SQLite they can only be switched off before a transaction begins; whoever rebuilds tables checks
        them before the end. On PostgreSQL there is nothing to switch.
        """
        self._server.create()
        with self._writer(REBUILDING_WAIT_S) as connection, _foreign_keys_off(connection), connection.begin():
            yield connection

    def empty_log(self) -> None:
        """What was erased gone from where changes wait to be put in their place, as far as it is this program's."""
        with self._writer(self._wait_s) as connection:
            self._server.empty_log(connection.connection.driver_connection)  # type: ignore[arg-type]

    def claim_as_bot(self) -> AbstractContextManager[None]:
        """Holds a SQLite file for one bot process (BotAlreadyRuns for the second); nothing on PostgreSQL."""
        return self._server.claim_as_bot()

    def close(self) -> None:
        """Closes every connection that is not in use."""
        for engine in self._server.engines:
            engine.dispose()

    @contextmanager
    def _writer(self, wait_s: float) -> Iterator[Connection]:
        with (
            told_plainly(self.place),
            self._server.turn(wait_s) as options,
            self._server.writer.connect() as connection,
        ):
            connection.execution_options(**options)
            yield connection


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        # A connection that was torn away is closed already; its successor starts with them on.
        if not connection.invalidated:
            driver.execute("PRAGMA foreign_keys=ON")


def _server_of(url: str, *, is_durable: bool) -> SqliteFile | PostgresqlDatabase:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadDatabaseUrl(f"The database address cannot be read; write it as {_FORMS}.") from None
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return PostgresqlDatabase(parsed.set(drivername="postgresql+psycopg"))
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise BadDatabaseUrl(f"Databases of kind {parsed.drivername} are not supported; use {_FORMS}.")
    if parsed.database in {None, "", ":memory:"}:
        raise BadDatabaseUrl(f"A database in memory would keep nothing; name a file, as in {_FORMS}.")
    return SqliteFile(Path(str(parsed.database)), is_durable=is_durable)


def _demand_storable(*, parameters: object, executemany: bool, **others: object) -> None:
    del others
    rows = parameters if executemany and isinstance(parameters, list | tuple) else (parameters,)
    for row in rows:
        for value in row.values() if isinstance(row, dict) else row:
            if isinstance(value, str):
                demand_storable(value)
