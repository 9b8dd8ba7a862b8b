"""A change runs again after a collision or a lost connection, and has its effect once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest
from sqlalchemy import Connection, PoolProxiedConnection, event, func, select

from store import idempotency
from store.engine import Database
from store.errors import AlreadyDone, StoreUnreachable
from store.tables.ledger import people
from tests.store.samples import AT
from tests.store.together import together

only_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"])


def _meet(connection: Connection, name: str) -> None:
    connection.execute(people.insert().values(id=name, handle=name, seen_at=AT))


def _count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(people)).scalar_one())


@contextmanager
def _failing(database: Database, url: str, times: int) -> Iterator[list[int]]:
    """Ends the server's side of the first `times` connections that come to their commit."""
    fallen: list[int] = []

    def fall(connection: Connection, *others: object) -> None:
        if len(fallen) < times:
            backend = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            fallen.append(backend)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [backend])

    engine = database._server.writer
    event.listen(engine, "commit", fall)
    try:
        yield fallen
    finally:
        event.remove(engine, "commit", fall)


@only_postgresql
@pytest.mark.parametrize("times", [1, 3])
def test_a_change_runs_again_when_its_connection_is_lost_before_the_commit(
    database: Database, database_url: str, times: int
) -> None:
    def change(connection: Connection) -> str:
        idempotency.claim(connection, "click-1", AT)
        _meet(connection, "ana")
        return "done"

    with _failing(database, database_url, times) as fallen:
        assert database.retrying(change) == "done"
    assert (len(fallen), _count(database)) == (times, 1)


@only_postgresql
def test_a_change_is_given_up_after_six_lost_connections(database: Database, database_url: str) -> None:
    with _failing(database, database_url, 99) as fallen, pytest.raises(StoreUnreachable, match="was lost"):
        database.retrying(lambda connection: _meet(connection, "ana"))
    assert (len(fallen), _count(database)) == (6, 0)


@only_postgresql
def test_two_changes_that_cross_are_both_saved_in_the_end(database: Database) -> None:
    with database.writing() as connection:
        _meet(connection, "ana")
        _meet(connection, "rui")
    both_hold_one = threading.Barrier(2, timeout=10)
    crossings: list[str] = []

    def rename(first: str, second: str) -> None:
        def change(connection: Connection) -> None:
            for place, person in enumerate((first, second)):
                connection.execute(people.update().where(people.c.id == person).values(name=first))
                if place == 0 and first not in crossings:
                    crossings.append(first)
                    both_hold_one.wait()

        database.retrying(change)

    together([partial(rename, "ana", "rui"), partial(rename, "rui", "ana")])
    with database.reading() as connection:
        names = set(connection.scalars(select(people.c.name)))
    assert names in ({"ana"}, {"rui"})


@only_postgresql
def test_a_change_that_was_committed_though_its_connection_was_lost_is_not_done_twice(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = database._server.writer.dialect
    commit, runs = dialect.do_commit, list[str]()

    def commit_and_fall_silent(pooled: PoolProxiedConnection) -> None:
        commit(pooled)
        driver = pooled.driver_connection
        assert driver is not None
        if len(runs) == 1:
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [driver.info.backend_pid])
            driver.execute("SELECT 1")

    def change(connection: Connection) -> None:
        runs.append("one more")
        idempotency.claim(connection, "click-1", AT)
        _meet(connection, "ana")

    monkeypatch.setattr(dialect, "do_commit", commit_and_fall_silent)
    with pytest.raises(AlreadyDone):
        database.retrying(change)
    assert (len(runs), _count(database)) == (2, 1)
