"""What a test of the command line begins with: `rollout("status")`, in a folder and an environment of its own."""

import json
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command did: its exit status, what it answered and what it remarked."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """What it answered, as JSON."""
        return json.loads(self.out)


_OURS = (
    "ROLLOUT_", "SLACK_", "OPENAI_", "GITHUB_", "JIRA_", "LINEAR_", "PAGERDUTY_", "INCIDENT_IO_", "LANGFUSE_",
    "LANGSMITH_", "SOURCE_TOKEN_",
)  # fmt: skip
Rollout = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and a folder of the test's own."""
    for name in list(os.environ):
        if name.startswith(
            (
                "ROLLOUT_",
                "SLACK_",
                "OPENAI_",
                "GITHUB_",
                "JIRA_",
                "LINEAR_",
                "PAGERDUTY_",
                "INCIDENT_IO_",
                "LANGFUSE_",
                "LANGSMITH_",
                "SOURCE_TOKEN_",
            )
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LOGNAME", "tester")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def anywhere(capsys: pytest.CaptureFixture[str]) -> Rollout:
    """Runs a command line as typed; further arguments follow it just as they are."""

    def run(line: str, *more: str) -> Ran:
        capsys.readouterr()
        status = main([*shlex.split(line), *more])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def rollout(anywhere: Rollout, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Rollout:
    """Runs a command line on a database with all tables and nothing in them."""
    monkeypatch.setenv("ROLLOUT_DATABASE_URL", database_url)
    return anywhere


@pytest.fixture
def support(rollout: Rollout) -> str:
    """The id of a team in Lisbon, led by ULEAD, with the approvers UAPP and UAPQ."""
    made = rollout(
        "team add Support --channel C0SUPPORT --lead ULEAD --timezone Europe/Lisbon --approvers UAPP UAPQ "
        "--at 2026-03-01T09:00:00Z"
    )
    return str(made.answer["id"])


@pytest.fixture
def refunds(rollout: Rollout, support: str) -> str:
    """The id of that team's workflow `refunds_agent`, day 1 on 2 March 2026; UANA owns and stewards it."""
    started = rollout(
        f"start refunds_agent --team {support} --start 2026-03-02 --owner UANA --steward UANA "
        "--as ULEAD --at 2026-03-02T09:00:00Z"
    )
    return str(started.answer["id"])
