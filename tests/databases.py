"""Databases for tests: each test that asks for one runs on SQLite and on PostgreSQL.

`empty_url` is a database without tables, `database_url` one with them, `database` that one opened.
A test for one engine only says so with `@pytest.mark.parametrize("engine_name", ["sqlite"])`.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.engine import Database
from store.migrating import upgrade
from tests.emptying import Reused
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Which engine this run of the test is about."""
    return str(request.param)


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without tables; on SQLite there is not even a file."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'rollout.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    try:
        yield server.url(name)
    finally:
        server.drop(name)


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of its own with all tables and nothing in them."""
    if engine_name == "sqlite":
        file = tmp_path / "rollout.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    reused: Reused = request.getfixturevalue("postgres_databases")
    with reused.one() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of its own with all tables and nothing in them, opened."""
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, for copying."""
    file = tmp_path_factory.mktemp("template") / "rollout.db"
    _upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_databases(postgres: Server) -> Iterator[Reused]:
    """PostgreSQL databases with all tables, for one test after another."""
    template = postgres.create()
    _upgrade(postgres.url(template))
    with closing(Reused(postgres, template)) as databases:
        yield databases


def _upgrade(url: str) -> None:
    with closing(Database(url)) as template:
        upgrade(template)
