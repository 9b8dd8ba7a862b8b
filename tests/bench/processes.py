"""The processes of the bench: the bot as people run it, the bare app, Slack, and the crowd."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.crowd import SECRET, Crowd, Outcome

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 30
POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class Child:
    """A process that serves on a port of this machine, and how long it took until it did."""

    pid: int
    port: int
    ready_s: float

    @property
    def resident_bytes(self) -> tuple[int, ...]:
        """The memory that it and each process it started hold now."""
        return tuple(_resident_bytes(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def bot(database_url: str, slack: Child) -> Iterator[Child]:
    """`rollout run` over HTTP, ready."""
    port = free_port()
    environment = _bare_environment() | {
        "ROLLOUT_DATABASE_URL": database_url,
        "ROLLOUT_PORT": str(port),
        "ROLLOUT_LOG_LEVEL": "error",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/",
    }
    begun_s = time.perf_counter()
    with _started(["-m", "bot", "run"], environment) as process:
        _wait_until_ready(process, port)
        yield Child(process.pid, port, time.perf_counter() - begun_s)


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[Child]:
    """One of the bench's own servers, which tells its port when it is ready."""
    begun_s = time.perf_counter()
    with _started(["-m", f"tests.bench.{module}", *arguments], _bare_environment()) as process:
        assert process.stdout is not None
        word, _, port = process.stdout.readline().partition(" ")
        if word != "ready":
            raise AssertionError(f"{module} did not start: it ended with status {process.wait()}.")
        yield Child(process.pid, int(port), time.perf_counter() - begun_s)


def sent(crowd: Crowd) -> Outcome:
    """What came of a crowd, in a process of its own so that it takes no time from the server's threads."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.crowd"],
        input=json.dumps(asdict(crowd)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if ran.returncode:
        raise AssertionError(f"The crowd could not do what it was told:\n{ran.stderr[-2000:]}")
    found = json.loads(ran.stdout)
    return Outcome(found["took_s"], tuple(found["waits_s"]), found["mean_bytes"])


def pictures_in(slack: Child) -> int:
    """How many pictures Slack was given."""
    with urllib.request.urlopen(f"http://127.0.0.1:{slack.port}/counts/", timeout=5) as answer:
        return int(json.load(answer).get("files.completeUploadExternal", 0))


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("ROLLOUT_", "SLACK_"))}


@contextmanager
def _started(arguments: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    # What it remarks is kept back, as libraries remark on how the bench sets them up, and shown if all fails.
    with (
        tempfile.TemporaryFile("w+") as remarks,
        subprocess.Popen(
            [sys.executable, *arguments],
            env=environment,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=remarks,
        ) as process,
    ):
        try:
            yield process
        except AssertionError as error:
            remarks.seek(0)
            raise AssertionError(f"{error}\n{remarks.read()[-3000:]}") from None
        finally:
            process.terminate()
            process.communicate()


def _wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    over_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < over_s:
        if process.poll() is not None:
            raise AssertionError(f"The bot ended with status {process.returncode} before it was ready.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(POLL_S)
    raise AssertionError(f"The bot was not ready within {PATIENCE_S} s.")


def _resident_bytes(pid: int) -> int:
    answer = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(answer.stdout.strip() or 0) * 1024


def _children(pid: int) -> list[int]:
    answer = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in answer.stdout.split()]
