"""A throwaway PostgreSQL server for the tests of one worker, and databases on it.

A test that is over leaves its database to the next one, emptied: that takes a tenth of what making one does.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
class Home:
    """Where a server's programs and its files are, and as whom it runs where that is not ourselves."""

    programs: Path
    folder: Path
    user: int | None

    @property
    def data(self) -> Path:
        """The folder of its databases."""
        return self.folder / "data"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Carries out one of PostgreSQL's programs on it."""
        subprocess.run(
            [self.programs / program, "--pgdata", self.data, *arguments],
            check=True,
            user=self.user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self, port: int) -> None:
        """At work on that port."""
        settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(self.folder)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self.run("pg_ctl", "--log", self.folder / "log", "--wait", "--options", options, "start")

    def stop(self) -> None:
        """Gone at once, as in a crash; the files stay."""
        self.run("pg_ctl", "--mode", "immediate", "stop")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; anyone on this machine's loopback may enter as `rollout` without a password."""

    port: int
    home: Home
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

    @contextmanager
    def crashed(self) -> Iterator[None]:
        """Nobody is there for as long as this lasts; afterwards the server recovers as after any crash."""
        self.home.stop()
        try:
            yield
        finally:
            self.home.start(self.port)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """For as long as this lasts none of the server's processes does anything; connections stay open."""
        first = int((self.home.data / "postmaster.pid").read_text().splitlines()[0])
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True, check=True)
        pids = [first, *map(int, listed.stdout.split())]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    """The folder of initdb and pg_ctl; where PostgreSQL is not installed, a skip (in CI a failure)."""
    programs = installed()
    if programs is None:
        reason = "PostgreSQL is not installed (no initdb on the PATH or in /usr/lib/postgresql/*/bin)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; CI installs it")
        pytest.skip(f"{reason}; install it to run the store's tests on PostgreSQL too")
    return programs


@pytest.fixture(scope="session")
def postgres(postgres_programs: Path) -> Iterator[Server]:
    """A server of this worker's own."""
    with running(postgres_programs) as server:
        yield server


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server made for this, and gone afterwards; `programs` is the folder of initdb and pg_ctl."""
    folder = Path(tempfile.mkdtemp(prefix="rollout-postgres-", dir=quick_folder()))
    home = Home(programs, folder, _plain_user())
    if home.user is not None:
        os.chown(folder, home.user, -1)
    try:
        home.run("initdb", "--username", "rollout", "--no-sync", "--auth", "trust", "--encoding", "UTF8",
                 "--locale", "C")  # fmt: skip
        port = _started(home)
        try:
            yield Server(port, home)
        finally:
            home.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(home: Home) -> int:
    """The port on which it is at work: one that was free a moment before."""
    for _ in range(5):
        port = _free_port()
        with suppress(subprocess.CalledProcessError):
            home.start(port)
            return port
    raise AssertionError(f"PostgreSQL did not start: {(home.folder / 'log').read_text()}")


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
