"""Signals, metrics and red lines at the command line."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Rollout
from tests.signals.samples import BODIES, entry, line

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-30T09:00:00Z"
NOT_THERE = {"line": 2, "why": "There is no workflow 'refunds_agnt'. Did you mean refunds_agent?"}


def test_a_file_with_every_type_is_taken_in_and_taken_in_again_changes_nothing(
    rollout: Rollout, refunds: str, tmp_path: Path
) -> None:
    (tmp_path / "all.jsonl").write_text("".join(line(kind, id=kind) for kind in BODIES))
    first = rollout(f"ingest all.jsonl {AT}")
    assert (first.status, first.answer) == (0, {"accepted": 12, "duplicate": 0, "rejected": []})
    again = rollout(f"ingest all.jsonl {AT}")
    assert (again.status, again.answer) == (0, {"accepted": 0, "duplicate": 12, "rejected": []})


def test_one_refused_line_makes_the_status_1_and_the_others_are_kept(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = (line("rework", id="1") + line("rework", id="2", workflow="refunds_agnt")).encode() + b"\xff\n"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(sent)))
    ran = rollout(f"ingest - {AT}")
    assert ran.status == 1
    assert ran.answer == {
        "accepted": 1,
        "duplicate": 0,
        "rejected": [
            NOT_THERE,
            {"line": 3, "why": "This is not valid JSON: expecting value (character 1)."},
        ],
    }


def test_an_array_and_a_table_are_taken_in_too(rollout: Rollout, refunds: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([entry("rework", id="1"), entry("rework", id="2")]))
    (tmp_path / "b.csv").write_text(
        "type,workflow,at,source,metric,value\nmetric,refunds_agent,2026-03-28T11:00:00Z,sheet,csat,4.2\n"
    )
    assert rollout(f"ingest a.json {AT}").answer["accepted"] == 2
    assert rollout(f"ingest b.csv {AT}").answer["accepted"] == 1


def test_a_file_that_is_not_there_is_one_sentence_and_makes_no_database(rollout: Rollout, tmp_path: Path) -> None:
    refused = rollout("ingest none.jsonl --db sqlite:///other.db")
    assert (refused.status, refused.out, refused.err) == (
        1,
        "",
        "none.jsonl cannot be read: no such file or directory.\n",
    )
    assert not (tmp_path / "other.db").exists()


def test_metrics_are_defined_made_stricter_and_listed_with_their_last_value(
    rollout: Rollout, refunds: str, tmp_path: Path
) -> None:
    line_of = "metric define refunds_agent csat --kind success --better higher --as UANA"
    assert rollout(f"{line_of} --baseline 4 --target 4.5 {AT}").answer == {
        "id": refunds,
        "metric": "csat",
        "version": 1,
    }
    assert rollout(f"{line_of} --baseline 4 --target 4.6 {AT}").answer["version"] == 2
    rollout(f"metric define refunds_agent defects --kind guardrail --limit -1.5 --better lower --as UANA {AT}")
    (tmp_path / "one.jsonl").write_text(line("metric"))
    rollout(f"ingest one.jsonl {AT}")
    assert rollout("metric list refunds_agent").answer == {
        "metrics": [
            {
                "metric": "csat",
                "kind": "success",
                "better": "higher",
                "baseline": "4",
                "target": "4.6",
                "limit": None,
                "value": "4.25",
                "at": "2026-03-28T11:00:00.000000Z",
            },
            {
                "metric": "defects",
                "kind": "guardrail",
                "better": "lower",
                "baseline": None,
                "target": None,
                "limit": "-1.5",
                "value": None,
                "at": None,
            },
        ]
    }


def test_what_makes_a_metric_easier_is_asked_for_and_holds_once_approved(rollout: Rollout, refunds: str) -> None:
    line_of = f"metric define refunds_agent csat --kind success --better higher --baseline 4 --as UANA {AT}"
    rollout(f"{line_of} --target 4.5")
    asked = rollout(f"{line_of} --target 4.4 --reason 'The survey changed.'")
    request = asked.answer["request"]
    assert (asked.status, asked.answer) == (0, {"id": refunds, "metric": "csat", "request": request})
    assert rollout("metric list refunds_agent").answer["metrics"][0]["target"] == "4.5"
    waiting = rollout(f"requests --format text {AT}")
    assert "make csat of refunds_agent easier: target 4.4 instead of 4.5" in waiting.out
    assert "The survey changed." in waiting.out
    assert rollout(f"approve {request} --as UANA {AT}").status == 1
    assert rollout(f"approve {request} --as UAPP {AT}").answer == {
        "id": request,
        "kind": "metric",
        "outcome": "approved",
    }
    assert rollout("metric list refunds_agent").answer["metrics"][0]["target"] == "4.4"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--kind success --better higher", "A success metric needs a target: give the value that it should reach.\n"),
        ("--kind guardrail --better lower", "A guardrail needs a limit: give the value that it must not pass.\n"),
    ],
)
def test_a_metric_without_its_numbers_is_bad_usage(rollout: Rollout, refunds: str, options: str, told: str) -> None:
    refused = rollout(f"metric define refunds_agent csat {options} --as UANA")
    assert (refused.status, refused.out, refused.err) == (2, "", told)


def test_a_missing_baseline_is_remarked(rollout: Rollout, refunds: str) -> None:
    made = rollout(f"metric define refunds_agent csat --kind success --better higher --target 4.5 --as UANA {AT}")
    assert (made.status, made.err) == (
        0,
        "It has no baseline yet, and gates ask for one: define it again with --baseline once it is known.\n",
    )


def test_red_lines_are_defined_and_listed_with_the_test_that_fired_them(
    rollout: Rollout, refunds: str, tmp_path: Path
) -> None:
    made = rollout(f"redline define refunds_agent no_pii --text 'Never quote a card number.' --as UANA {AT}")
    assert made.answer == {"id": refunds, "rule": "no_pii", "version": 1}
    (tmp_path / "one.jsonl").write_text(line("red_line"))
    rollout(f"ingest one.jsonl {AT}")
    assert rollout("redline list refunds_agent").answer == {
        "red_lines": [
            {
                "rule": "no_pii",
                "text": "Never quote a card number.",
                "version": 1,
                "fired_at": "2026-03-28T11:00:00.000000Z",
            }
        ]
    }
    refused = rollout(f"redline define refunds_agent no_pii --text x --as UEVE {AT}")
    assert (refused.status, refused.err) == (1, "You can't change this workflow: UANA or ULEAD can.\n")


def test_a_wrong_signal_is_asked_to_be_taken_back_and_an_approver_does_so_at_once(
    rollout: Rollout, refunds: str, tmp_path: Path
) -> None:
    (tmp_path / "two.jsonl").write_text(line("metric", id="m-1") + line("metric", id="m-2", value=42))
    rollout(f"ingest two.jsonl {AT}")
    asked = rollout(f"signal void ci/m-2 --reason 'A slip of the keyboard.' --as UEVE {AT}")
    request = asked.answer["request"]
    assert (asked.status, asked.answer) == (0, {"id": "m-2", "source": "ci", "voided": False, "request": request})
    waiting = rollout(f"requests --format text {AT}").out
    assert "take back a signal of refunds_agent: metric, csat 42, 28 Mar 2026 (ci/m-2)" in waiting
    assert rollout(f"approve {request} --as UAPP {AT}").answer["outcome"] == "approved"
    done = rollout(f"signal void m-1 --reason 'Never measured.' --as UAPQ {AT}")
    assert done.answer == {"id": "m-1", "source": "ci", "voided": True, "request": None}
    again = rollout(f"signal void m-1 --reason x --as UAPQ {AT}")
    assert (again.status, again.err) == (
        1,
        "ci/m-1 was taken back already, on 30 Mar 2026 at 09:00 UTC, so nothing changed.\n",
    )
    assert rollout("audit verify").answer["ok"]


def test_where_slack_says_who_people_are_an_approver_asks_at_the_command_line_like_everyone(
    rollout: Rollout, refunds: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.jsonl").write_text(line("metric", id="m-1"))
    rollout(f"ingest one.jsonl {AT}")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2-sample")
    asked = rollout(f"signal void m-1 --reason 'Never measured.' --as UAPP {AT}")
    assert (asked.answer["voided"], bool(asked.answer["request"])) == (False, True)
