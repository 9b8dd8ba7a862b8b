"""The command as a whole: help, exit statuses, and what happens when something breaks that nobody foresaw."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from bot.cli import policies, words
from bot.cli.application import commands
from bot.domain.deviations import DeviationArea
from bot.domain.documents import DocumentKind
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.grants.decisions import Outcome as Answer
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import IncidentStatus, RedLineKind, ReworkKind
from bot.domain.workflows import Domain, Outcome, Role
from bot.policies.export import LANGUAGES
from tests.cli.conftest import Rollout

PROGRAM = Path(sys.executable).parent / "rollout"


def test_help_names_every_noun_and_needs_no_database(anywhere: Rollout, tmp_path: Path) -> None:
    helped = anywhere("--help")
    assert (helped.status, helped.err) == (0, "")
    for name in {usage.split()[1] for usage, _ in commands()}:
        assert f"  {name} " in helped.out
    assert list(tmp_path.iterdir()) == []


def test_every_command_has_help_and_takes_the_shared_options(anywhere: Rollout) -> None:
    for usage, what in commands():
        path = [word for word in usage.split()[1:3] if word.islower() and word.isalpha()]
        told = anywhere(f"{' '.join(path)} --help").out
        assert what.split(".")[0].split()[0] in told
        assert [option in told for option in ("--db URL", "--at RFC3339", "--as WHO")] == [True] * 3, path


def test_a_bare_command_shows_help_as_bad_usage(anywhere: Rollout) -> None:
    for line in ("", "team"):
        shown = anywhere(line)
        assert (shown.status, shown.out, shown.err.startswith("Usage: rollout")) == (2, "", True)


def test_the_usages_are_those_of_the_agreed_interface() -> None:
    usages = {usage for usage, _ in commands()}
    assert {
        "rollout db backup FILE",
        "rollout playbook check FILE… [--format text|json]",
        "rollout close WORKFLOW --outcome done|stopped|merged|moved --reason TEXT",
        "rollout role set WORKFLOW ROLE U",
        "rollout pause WORKFLOW --reason TEXT [--freeze/--no-freeze]",
        "rollout item skip WORKFLOW ITEM --note TEXT --until DATE",
        "rollout status [WORKFLOW] [--format text|json]",
        "rollout decline REQUEST --reason TEXT",
    } <= usages


def test_every_command_says_what_it_does_in_a_sentence() -> None:
    assert [what for _, what in commands() if not what.endswith(".")] == []


def test_words_that_help_shows_are_those_of_the_domain() -> None:
    assert get_args(words.DomainName) == tuple(Domain)
    assert get_args(words.OutcomeName) == tuple(Outcome)
    assert get_args(words.PhaseName) == tuple(PhaseName)
    assert get_args(words.ReworkKindName) == tuple(ReworkKind)
    assert get_args(words.IncidentStatusName) == tuple(IncidentStatus)
    assert set(get_args(words.RedLineKindName)) == set(RedLineKind)
    assert get_args(words.RoleName) == tuple(Role)
    assert get_args(words.KindName) == tuple(DocumentKind)
    assert get_args(words.AreaName) == tuple(DeviationArea)
    assert get_args(words.MetricKindName) == tuple(MetricKind)
    assert get_args(words.BetterName) == tuple(Better)
    assert get_args(words.AnswerName) == tuple(Answer)
    assert get_args(policies.Language) == tuple(LANGUAGES)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_shared_options_stand_before_the_command_or_after_it(rollout: Rollout, refunds: str) -> None:
    before = rollout("--as UANA --at 2026-03-09T10:00:00Z pause refunds_agent --reason x")
    after = rollout(
        "--as UEVE --at 2020-01-01T00:00:00Z resume refunds_agent --reason x --as UANA --at 2026-03-10T10:00:00Z"
    )
    assert (before.answer["paused_on"], after.answer["days"]) == ("2026-03-09", 1)


def _break(*_: object) -> None:
    raise ZeroDivisionError("a secret detail")


def test_the_unforeseen_is_a_reference_and_no_traceback(anywhere: Rollout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playbooks.check", _break)
    broken = anywhere("playbook check x.yaml")
    assert (broken.status, broken.out, broken.err.count("\n")) == (1, "", 1)
    assert broken.err.startswith("Something went wrong that Rollout did not expect (reference ")
    assert "secret detail" not in broken.err


def test_the_log_tells_more_at_debug(anywhere: Rollout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playbooks.check", _break)
    monkeypatch.setenv("ROLLOUT_LOG_LEVEL", "debug")
    broken = anywhere("playbook check x.yaml")
    reference = broken.err.rpartition("(reference ")[2][:8]
    assert broken.err.startswith(f"debug: reference {reference}\nTraceback (most recent call last):\n")
    assert "ZeroDivisionError: a secret detail" in broken.err


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


def test_the_installed_program_does_refuses_and_complains_with_its_status() -> None:
    made = _run("team", "add", "Équipe", "--channel", "C1", "--lead", "ULEAD", "--timezone", "Europe/Paris")
    listed = _run("team", "list")
    refused = _run("status", "nothing")
    unknown = _run("frobnicate")
    assert [each.returncode for each in (made, listed, refused, unknown)] == [0, 0, 1, 2]
    assert json.loads(listed.stdout)["teams"][0]["name"] == "Équipe"
    assert refused.stderr.startswith("There is no workflow 'nothing'.")
    assert unknown.stderr == "No such command 'frobnicate'. See `rollout --help`.\n"


def test_bytes_that_are_no_text_are_refused_plainly() -> None:
    refused = subprocess.run(
        [PROGRAM, "team", "add", b"\xff\xfe", "--channel", "C1", "--lead", "ULEAD", "--timezone", "UTC"],
        capture_output=True,
        check=False,
    )
    assert (refused.returncode, refused.stdout, b"Traceback" in refused.stderr) == (1, b"", False)


def test_a_reader_that_goes_away_early_is_no_error_to_shout_about() -> None:
    _run("team", "add", "Support", "--channel", "C1", "--lead", "ULEAD", "--timezone", "UTC")
    with subprocess.Popen([PROGRAM, "audit", "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_help_loads_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "pydantic", "slack_sdk", "slack_bolt", "yaml", "jinja2", "rich", "alembic")
    probe = (
        "import sys; from bot.__main__ import main; main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert found.stderr == "[]\n"
