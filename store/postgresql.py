"""A PostgreSQL database: how it is reached, and how long one waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, event

if TYPE_CHECKING:
    from psycopg import Connection as Driver

CONNECTIONS = 24

# A replica that freezes inside a transaction must not hold the audit head for ever, hence the third limit.
_LIMITS = (
    "SET lock_timeout = '2s'; SET statement_timeout = '10s'; "
    "SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'"
)


class PostgresqlDatabase:
    """One PostgreSQL database; any number of bots may share it."""

    name = "postgresql"
    warning = None

    def __init__(self, url: URL) -> None:
        self.place = f"the database {url.render_as_string(hide_password=True).replace('+psycopg', '')}"
        self.writer = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=CONNECTIONS - 8,
            pool_timeout=5,
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 5},
        )
        event.listen(self.writer, "connect", _set_limits)
        self.engines = (self.writer,)
        # One reading sees one state of the whole database, as it does on SQLite.
        self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def turn(self, wait_s: float) -> Iterator[dict[str, int]]:
        """The right to write at once: the server itself puts writers in order."""
        del wait_s
        yield {}

    def demand_same_file(self) -> None:
        """Nothing: a server has no file to watch."""

    def create(self) -> None:
        """Nothing: whoever runs the server creates the database."""

    def empty_log(self, driver: object) -> None:
        """Nothing: the server's own vacuum frees what was there before."""

    @contextmanager
    def claim_as_bot(self) -> Iterator[None]:
        """Nothing to hold: several bots may run on one server."""
        yield


def _set_limits(driver: "Driver", record: object) -> None:
    del record
    driver.autocommit = True
    driver.execute(_LIMITS)
    driver.autocommit = False
