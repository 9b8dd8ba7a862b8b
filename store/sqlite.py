"""A SQLite file: how it is made, opened, watched and held by one bot."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, Select, create_engine, event
from sqlalchemy.sql.compiler import SQLCompiler

from store.errors import BotAlreadyRuns, StoreMissing, StoreReplaced
from store.turns import turns_of

READERS = 64

# Releases to which the mend of the WAL-reset fault (in 3.7.0 to 3.51.2) was carried back.
_MENDED = {(3, 44): 6, (3, 50): 7}


class SqliteFile:
    """One SQLite database file with an engine to read it and one to write it; every commit outlasts a power cut.

    Unless it is not `is_durable`: then nothing waits for the disk.
    """

    name = "sqlite"

    def __init__(self, file: Path, *, is_durable: bool = True) -> None:
        self.file = file.absolute()
        self._waits = "FULL" if is_durable else "OFF"
        self.place = f"the database file {self.file}"
        self._turns = turns_of(self.file)
        self._identity: tuple[int, int] | None = None
        self.reader = self._engine(readers=READERS)
        self.writer = self._engine(readers=0)
        self.engines = (self.reader, self.writer)

    @contextmanager
    def turn(self, wait_s: float) -> Iterator[dict[str, int]]:
        """The right to write, first come first served, as the options for the writing connection."""
        with self._turns.turn(wait_s) as left_s:
            self.demand_same_file()
            yield {"busy_ms": max(1, int(left_s * 1000))}

    def demand_same_file(self) -> None:
        """Nothing; refuses when there is no file, or another one than was opened first."""
        try:
            found = self.file.stat()
        except FileNotFoundError:
            found = None
        if found is None and self._identity is None:
            raise StoreMissing(f"There is no database at {self.file} yet; make it with `rollout db upgrade`.")
        if found is None or self._identity not in {None, (found.st_dev, found.st_ino)}:
            raise StoreReplaced(
                f"The database file {self.file} was deleted or replaced while it was in use; nothing more is "
                "saved. Put the right file back in its place and start the program again."
            )
        self._identity = (found.st_dev, found.st_ino)

    def glance(self, query: Select[Any], values: Mapping[str, object]) -> tuple[Any, ...] | None:
        """The first row of a query that is a statement of its own, past SQLAlchemy's bookkeeping; None if it fails."""
        self.demand_same_file()
        text, names, given = _compiled(query, self.reader.dialect)
        connection = self.reader.raw_connection()
        try:
            driver = connection.driver_connection
            assert driver is not None
            found: tuple[Any, ...] | None = driver.execute(
                text, [{**given, **values}[name] for name in names]
            ).fetchone()
        except sqlite3.Error:
            return None
        finally:
            connection.close()
        return found

    def create(self) -> None:
        """Makes an empty database file that only its owner may read, unless there is one."""
        if self._identity is not None or self.file.exists():
            return
        try:
            handle = os.open(self.file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        except FileExistsError:
            return
        except FileNotFoundError:
            raise StoreMissing(f"There is no folder {self.file.parent}; make it, then try again.") from None
        os.close(handle)

    def empty_log(self, driver: sqlite3.Connection) -> None:
        """What the write-ahead log still has of what was there before, gone; readers under way are waited for.

        Where one outlasts that, it goes the next time.
        """
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def claim_as_bot(self) -> Iterator[None]:
        """Holds the file for one bot; a second bot gets BotAlreadyRuns, the command line may still write."""
        lock = self.file.with_name(self.file.name + "-bot.lock")
        handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BotAlreadyRuns(
                    f"Another bot already runs on {self.file} (process {_process_in(handle)}); "
                    "stop it first. Several bots at once need PostgreSQL."
                ) from None
            os.truncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)

    @property
    def warning(self) -> str | None:
        """A sentence about a known fault of the SQLite library in use, or None."""
        version = sqlite3.sqlite_version_info
        mended = (version[:2] in _MENDED and version[2] >= _MENDED[version[:2]]) or version >= (3, 51, 3)
        if mended:
            return None
        return (
            f"SQLite {sqlite3.sqlite_version} has a rare fault when two connections write and checkpoint "
            "at once; this program lets only one thread write at a time. Keep other writing programs away "
            "from the file, or use SQLite 3.51.3 or newer."
        )

    def _engine(self, *, readers: int) -> Engine:
        engine = create_engine(
            f"sqlite:///{self.file}",
            creator=lambda: self._connect(writes=not readers),
            hide_parameters=True,
            pool_size=readers or 1,
            max_overflow=0,
        )
        event.listen(engine, "begin", _begin if readers else _begin_immediate)
        return engine

    def _connect(self, *, writes: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.file))}?mode=rw",
            uri=True,
            timeout=5.0,
            isolation_level=None,
            check_same_thread=False,
        )
        for pragma in (
            f"synchronous={self._waits}",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            *(("journal_mode=WAL", "secure_delete=ON") if writes else ("query_only=ON",)),
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


@lru_cache(maxsize=64)
def _compiled(query: Select[Any], dialect: Dialect) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    compiled = query.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    return str(compiled), tuple(compiled.positiontup or ()), compiled.params


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(options.get('busy_ms', 5000))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _process_in(handle: int) -> str:
    return os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
