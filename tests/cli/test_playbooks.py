"""`rollout playbook check`: every error by file, line and key."""

from pathlib import Path

import pytest

import bot
from tests.cli.conftest import Rollout

SHIPPED = Path(bot.__file__).parent.parent / "playbooks"


def test_the_shipped_files_are_sound(anywhere: Rollout) -> None:
    files = [str(file) for file in sorted(SHIPPED.glob("*.yaml"))]
    checked = anywhere("playbook check", *files)
    assert (checked.status, checked.out, checked.err) == (0, f"{len(files)} files checked, no problem found.\n", "")


@pytest.fixture
def two_mistakes(tmp_path: Path) -> Path:
    text = (SHIPPED / "starter.yaml").read_text("utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("id: starter\n", "id: Starter!\n", 1) + "colour: blue\n", "utf-8")
    return file


def line_of(words: str, file: Path) -> int:
    return file.read_text("utf-8").splitlines().index(words) + 1


def test_every_error_is_named_with_file_line_and_key(anywhere: Rollout, two_mistakes: Path) -> None:
    checked = anywhere("playbook check", str(two_mistakes))
    lines = checked.err.splitlines()
    assert (checked.status, checked.out, len(lines)) == (1, "", 2)
    assert lines[0].startswith(f"{two_mistakes}:{line_of('id: Starter!', two_mistakes)}: id: ")
    assert lines[1].startswith(f"{two_mistakes}:{line_of('colour: blue', two_mistakes)}: colour: ")


def test_programs_get_the_problems_as_json(anywhere: Rollout, two_mistakes: Path) -> None:
    checked = anywhere("playbook check --format json", str(two_mistakes))
    assert (checked.status, checked.err) == (1, "")
    assert [(problem["line"], problem["key"]) for problem in checked.answer["problems"]] == [
        (line_of("id: Starter!", two_mistakes), "id"),
        (line_of("colour: blue", two_mistakes), "colour"),
    ]


def test_a_file_that_is_not_there_is_a_problem_too(anywhere: Rollout) -> None:
    checked = anywhere("playbook check nowhere.yaml")
    assert (checked.status, checked.err) == (1, "nowhere.yaml:1: cannot be read: no such file or directory.\n")


MEMO = """\
---
title: A plan that fits
category: other
reversible: true
workflow: refunds_agent
---
## Decision

We are few.

## Context

## Options considered
"""


def test_a_workflow_moves_to_a_stricter_playbook_at_once_and_to_a_looser_one_by_approval(
    rollout: Rollout, refunds: str, tmp_path: Path
) -> None:
    noon = "--at 2026-03-02T12:00:00Z"
    (tmp_path / "memo.md").write_text(MEMO, "utf-8")
    memo = rollout(f"memo file memo.md --as UANA {noon}").answer["id"]
    looked = rollout(f"playbook move refunds_agent ninety_day_high_risk --as UANA {noon}").answer
    assert (looked["moved"], looked["request"], looked["difference"]["loosened"]) == (False, None, [])
    assert looked["difference"]["from"] == "ninety_day, version 1"
    assert "name_red_team" in looked["difference"]["added"]
    strict = rollout(f"playbook move refunds_agent ninety_day_high_risk --memo {memo} --as UANA {noon}").answer
    assert strict == looked | {"moved": True}
    loose = rollout(f"playbook move refunds_agent starter --memo {memo} --as UANA {noon}")
    request = loose.answer["request"]
    assert (loose.status, loose.answer["moved"], bool(loose.answer["difference"]["loosened"])) == (0, False, True)
    assert rollout(f"requests --format text {noon}").out == (
        f"{request}: @UANA asks to move refunds_agent to the playbook starter, version 1, by memo {memo} "
        "(lapses 9 Mar 2026, 12:00 (UTC))\n"
        "  playbook move · waits 0 hours · asked: @UAPP\n"
    )
    approved = rollout(f"approve {request} --as UAPP {noon}")
    assert approved.answer == {"id": request, "kind": "playbook_move", "outcome": "approved"}
    (entry,) = rollout(f"status --format json {noon}").answer["workflows"]
    assert entry["playbook"] == "starter"
    assert rollout("audit verify").answer["ok"] is True


def test_a_look_at_a_move_says_in_words_what_would_change_and_changes_nothing(rollout: Rollout, refunds: str) -> None:
    told = rollout("playbook move refunds_agent starter --format text").out
    assert "refunds_agent: from ninety_day, version 1 to starter, version 1\n" in told
    assert "  loosened: pilot gate eval_passed" in told
    assert told.endswith("Nothing was moved: give --memo ID to move it, which someone else has to approve.\n")
    refused = rollout("playbook move refunds_agent ninety_day")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("refunds_agent follows ninety_day, version 1, just as it is shipped now")
