"""A throwaway PostgreSQL server for the tests of one worker, and databases on it.

A test that is over leaves its database to the next one, emptied: that takes a tenth of what making one does.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from glob import glob
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.memory import quick_folder

_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "120",
    "listen_addresses": "127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; anyone on this machine's loopback may enter as `rollout` without a password."""

    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://rollout@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0") -> str:
        """The name of a new database with the content of `template`."""
        name = f"t{next(self.numbers)}"
        # Copied as files: through the log, as is usual since PostgreSQL 15, it takes three times as long here.
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Carries out one statement as the server's owner."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of this worker's own; where PostgreSQL is not installed, a skip (in CI a failure)."""
    programs = installed()
    if programs is None:
        reason = "PostgreSQL is not installed (no initdb on the PATH or in /usr/lib/postgresql/*/bin)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; CI installs it")
        pytest.skip(f"{reason}; install it to run the store's tests on PostgreSQL too")
    with running(programs) as server:
        yield server


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server made for this, and gone afterwards; `programs` is the folder of initdb and pg_ctl."""
    folder = Path(tempfile.mkdtemp(prefix="rollout-postgres-", dir=quick_folder()))
    user = _plain_user()
    if user is not None:
        os.chown(folder, user, -1)
    try:
        data = folder / "data"
        _run(user, programs / "initdb", "--pgdata", data, "--username", "rollout", "--no-sync",
             "--auth", "trust", "--encoding", "UTF8", "--locale", "C")  # fmt: skip
        port = _start(user, programs, folder)
        try:
            yield Server(port)
        finally:
            _run(user, programs / "pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(user: int | None, programs: Path, folder: Path) -> int:
    for _ in range(5):
        port = _free_port()
        settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        try:
            _run(user, programs / "pg_ctl", "--pgdata", folder / "data", "--log", folder / "log",
                 "--wait", "--options", options, "start")  # fmt: skip
        except subprocess.CalledProcessError:
            continue
        return port
    raise AssertionError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _run(user: int | None, program: Path, *arguments: str | Path) -> None:
    subprocess.run(
        [program, *arguments],
        check=True,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def installed() -> Path | None:
    """Where PostgreSQL's programs are on this machine, if they are."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted((Path(each) for each in glob("/usr/lib/postgresql/*/bin")), reverse=True)
    return next((each for each in found if (each / "initdb").exists() and (each / "pg_ctl").exists()), None)


def _plain_user() -> int | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return names.get("postgres", names.get("nobody"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
