"""What a test of the demo begins with: the sample on a database of its own, or the whole demo as a process."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.cast import company, rollout_app
from bot.demo.making import make_program
from store import Database

PATIENCE_S = 30.0
_HOSTILE = {
    "ROLLOUT_DATABASE_URL": "sqlite:////nowhere/the-real-one.db",
    "ROLLOUT_TIMEZONE": "Mars/Olympus",
    "SLACK_BOT_TOKEN": "xoxb-of-the-real-workspace",
    "SLACK_API_URL": "https://slack.invalid/api/",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}
"""An environment that the demo must not read."""

Sample = Callable[[datetime], Database]


@pytest.fixture(scope="session")
def sample(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The sample program as it stands at an instant, made once for all tests that only look at it."""
    made: dict[datetime, Database] = {}

    def find(at: datetime) -> Database:
        if at not in made:
            file = tmp_path_factory.mktemp("sample") / "sample.db"
            shutil.copy(sqlite_template, file)
            made[at] = Database(f"sqlite:///{file}")
            make_program(made[at], company(rollout_app(), at), at)
        return made[at]

    yield find
    for database in made.values():
        database.close()


@dataclass(frozen=True, slots=True)
class Demo:
    """`rollout demo` as it runs: its process, its address, and what it printed until one could click."""

    process: subprocess.Popen[str]
    url: str
    printed: tuple[str, ...]

    def ask(self, door: str, **query: str) -> Any:
        """What the page's API answers to a question."""
        with urllib.request.urlopen(f"{self.url}/_/{door}?{urllib.parse.urlencode(query)}") as answer:
            return json.load(answer)

    def do(self, door: str, **order: object) -> Any:
        """What the page's API answers to an order, which must succeed."""
        content = json.dumps(order).encode()
        request = urllib.request.Request(f"{self.url}/_/{door}", content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            found = json.load(answer)
        assert found["ok"], found
        return found

    def messages(self, who: str, channel: str) -> list[dict[str, Any]]:
        """What somebody reads in a channel."""
        found: list[dict[str, Any]] = self.ask("messages", **{"as": who, "channel": channel})["messages"]
        return found

    def room_with_rollout(self, who: str) -> str:
        """The direct message between somebody and Rollout."""
        rooms = self.ask("start", **{"as": who})["channels"]
        return next(str(room["id"]) for room in rooms if room["with"] == "U0ROLLOUTBOT")

    def end(self, number: int) -> int:
        """The exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


Launch = Callable[..., Demo]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Starts `rollout demo --no-open` in a folder of the test's own, in an environment that it must not read."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Demo:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--no-open", *options],
            cwd=tmp_path,
            env=os.environ | _HOSTILE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return _ready(process)

    yield start
    for process in running:
        process.kill()
        process.communicate()


def _ready(process: subprocess.Popen[str]) -> Demo:
    assert process.stdout
    assert process.stderr
    printed: list[str] = []
    for line in process.stdout:
        printed.append(line.rstrip())
        if "Ctrl-C" in line:
            return Demo(process, printed[0].rpartition(" ")[2], tuple(printed))
    raise AssertionError(f"the demo ended with {process.wait()}: {printed} {process.stderr.read()}")


def eventually(holds: Callable[[], bool]) -> bool:
    """True as soon as `holds()` is, False if it never is."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def killed(demo: Demo) -> None:
    """Ends the demo as a power cut would."""
    assert demo.end(signal.SIGKILL) == -signal.SIGKILL


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in a SQLite file."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()
