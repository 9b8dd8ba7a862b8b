"""A connection that breaks at its COMMIT, so that whoever waits for it can't know whether it was done."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import PoolProxiedConnection
from sqlalchemy.engine.default import DefaultDialect


def silenced_at_commit(monkeypatch: pytest.MonkeyPatch, url: str, *, is_done: bool = True) -> list[int]:
    """Breaks the connection of the next change on PostgreSQL, just after its COMMIT was done or just before.

    The list then holds the number of its backend.
    """
    commit: Callable[[DefaultDialect, PoolProxiedConnection], None] = DefaultDialect.do_commit
    broken: list[int] = []

    def commit_and_fall_silent(dialect: DefaultDialect, pooled: PoolProxiedConnection) -> None:
        driver = pooled.driver_connection
        if broken or driver is None or driver.read_only:
            commit(dialect, pooled)
            return
        if is_done:
            commit(dialect, pooled)
        broken.append(driver.info.backend_pid)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", broken)
        driver.execute("SELECT 1")

    monkeypatch.setattr(DefaultDialect, "do_commit", commit_and_fall_silent)
    return broken
