"""`rollout promote` and `demote`, and the gate in the status for programs."""

from pathlib import Path

import pytest

from tests.cli.conftest import Rollout

NOON = "--at 2026-03-02T12:00:00Z"
MEMO = """\
---
title: On to production all the same
category: phase_move
reversible: true
workflow: refunds_agent
---
## Decision

The season begins in a week, and every refund is read by a person.

## Context

## Options considered
"""
PILOT_CHECKS = [
    "required_items",
    "roles_held",
    "metrics_fresh",
    "eval_passed",
    "red_lines_fired",
    "memo_filed",
]


@pytest.fixture
def memo(rollout: Rollout, refunds: str, tmp_path: Path) -> str:
    """The id of a memo about refunds_agent that UANA filed."""
    (tmp_path / "memo.md").write_text(MEMO, "utf-8")
    return str(rollout(f"memo file memo.md --as UANA {NOON}").answer["id"])


def status(rollout: Rollout) -> dict[str, object]:
    (entry,) = rollout(f"status --format json {NOON}").answer["workflows"]
    return dict(entry)


def test_a_gate_that_is_shut_is_refused_with_everything_that_is_missing(rollout: Rollout, refunds: str) -> None:
    asked = rollout(f"promote refunds_agent --as UANA {NOON}")
    missing = asked.answer["missing"]
    assert (asked.status, asked.answer["request"], asked.answer["ready"]) == (1, None, False)
    assert [each["check"] for each in missing] == PILOT_CHECKS
    assert missing[1] == {
        "check": "roles_held",
        "found": "2 of 4 held by 1 person; eval owner vacant; data gatekeeper vacant",
        "needs": "all 4 roles held by active people",
    }
    assert status(rollout)["gate"] == {"to": "production", "ready": False, "missing": missing}
    assert rollout(f"requests {NOON}").answer == {"requests": []}


def test_an_override_is_asked_for_approved_by_another_and_undone_by_a_demotion(rollout: Rollout, memo: str) -> None:
    asked = rollout(f"promote refunds_agent --override --memo {memo} --until 2026-05-01 --as UANA {NOON}")
    request = asked.answer["request"]
    assert (asked.status, asked.answer["ready"], len(asked.answer["missing"])) == (0, False, len(PILOT_CHECKS))
    assert (
        f"{request}: @UANA asks to move refunds_agent to production although checks fail, by memo {memo} "
        "until 2026-05-01 (lapses 9 Mar 2026, 12:00 (UTC))\n"
        "  override · waits 0 hours · asked: @UAPP\n"
    ) == rollout(f"requests --format text {NOON}").out
    own = rollout(f"approve {request} --as UANA {NOON}")
    assert (own.status, own.out, own.err) == (1, "", "You can't decide this: you asked for it. UAPP or UAPQ can.\n")
    approved = rollout(f"approve {request} --as UAPP {NOON}")
    assert approved.answer == {"id": request, "kind": "override", "outcome": "approved"}
    moved = status(rollout)
    assert moved["phase"] == "production"
    assert isinstance(moved["gate"], dict)
    assert (moved["gate"]["to"], moved["gate"]["ready"]) == ("scaling", False)
    back = rollout(f"demote refunds_agent --reason 'Refunds were sent twice.' --as UANA {NOON}")
    assert (back.answer["left"], back.answer["phase"], status(rollout)["phase"]) == ("production", "pilot", "pilot")
    assert rollout("audit verify").answer["ok"] is True


def test_an_agent_neither_promotes_nor_approves(rollout: Rollout, memo: str) -> None:
    wish = f"--override --memo {memo} --until 2026-05-01"
    request = rollout(f"promote refunds_agent {wish} --as UANA {NOON}").answer["request"]
    for line in (f"promote refunds_agent {wish}", f"approve {request}", "demote refunds_agent --reason Because."):
        refused = rollout(f"{line} --as agent:refunds {NOON}")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith("This asks for a person, and refunds is none (agent)")
    assert status(rollout)["phase"] == "pilot"


@pytest.mark.parametrize(
    "options", ["--override", "--memo memo_1 --until 2026-05-01", "--override --memo memo_1", "--until 2026-05-01"]
)
def test_half_an_override_is_bad_usage(rollout: Rollout, refunds: str, options: str) -> None:
    asked = rollout(f"promote refunds_agent {options} --as UANA {NOON}")
    assert (asked.status, asked.err) == (2, "An override takes all three: --override, --memo ID and --until DATE.\n")


def test_a_workflow_that_is_under_way_is_taken_over_at_day_40_once_another_approved(
    rollout: Rollout, support: str, tmp_path: Path
) -> None:
    (tmp_path / "memo.md").write_text(MEMO.replace("workflow: refunds_agent\n", ""), "utf-8")
    memo = rollout(f"memo file memo.md --as UANA {NOON}").answer["id"]
    begin = f"start refunds_agent --team {support} --start 2026-01-22 --owner UANA --as UANA {NOON}"
    for half in ("--take-over production", f"--take-over production --memo {memo}", "--until 2026-05-01"):
        refused = rollout(f"{begin} {half}")
        assert (refused.status, refused.out) == (2, "")
        assert refused.err == "A take-over takes all three: --take-over PHASE, --memo ID and --until DATE.\n"
    started = rollout(f"{begin} --take-over production --memo {memo} --until 2026-05-01")
    request = started.answer["request"]
    assert (started.status, set(started.answer), status(rollout)["phase"]) == (0, {"id", "request"}, "pilot")
    assert (
        f"{request}: @UANA asks to take refunds_agent over in production although checks fail, by memo {memo} "
        "until 2026-05-01 (lapses 9 Mar 2026, 12:00 (UTC))\n"
        "  take over · waits 0 hours · asked: @UAPP\n"
    ) == rollout(f"requests --format text {NOON}").out
    approved = rollout(f"approve {request} --as UAPP {NOON}")
    assert approved.answer == {"id": request, "kind": "take_over", "outcome": "approved"}
    taken = status(rollout)
    assert (taken["phase"], taken["day"], taken["progress"]) == (
        "production",
        40,
        {"done": 0, "skipped": 0, "blocked": 0, "open": 12},
    )
    shown = rollout(f"status refunds_agent {NOON}").out
    assert "Nothing in the way" in shown
    assert "24 taken over" in shown
    assert "Gate to scaling: " in shown
    assert f"  Entered production by override, memo {memo}, until Fri 1 May: required_items" in shown
    assert rollout("audit verify").answer["ok"] is True
