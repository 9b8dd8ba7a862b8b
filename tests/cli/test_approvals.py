"""`rollout decide --ask` and `rollout approvals`: an agent asks, a person answers, the agent acts once."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Rollout

NOON, QUARTER = "--at 2026-03-02T12:00:00Z", "--at 2026-03-02T12:15:00Z"
POLICY = """\
workflow: refunds_agent
mode: scoped_autonomy
actions:
  - name: propose_refund
    max_amount_usd: 100
logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}
"""
FACTS = {"amount_usd": 42, "order": "8812"}
ASK = "--ask order-8812 --summary '$42.00 for order 8812' --url https://desk.example.com/HC-4471"


@pytest.fixture
def granted(rollout: Rollout, refunds: str, tmp_path: Path) -> None:
    """The agent may propose refunds, with a person each time."""
    assert refunds
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (asked,) = rollout(f"grant request policy.yaml --as UANA {NOON}").answer["requests"]
    assert rollout(f"approve {asked['id']} --as UAPP {NOON}").status == 0


def decide(rollout: Rollout, more: str, facts: Any = FACTS, at: str = NOON) -> Any:
    ran = rollout(f"decide refunds_agent propose_refund --as agent:refunds {at} {more} --facts", json.dumps(facts))
    assert ran.status == 0, ran.err
    return ran.answer


def asked(rollout: Rollout) -> str:
    return str(decide(rollout, ASK)["approval"]["id"])


def answered(rollout: Rollout, line: str) -> Ran:
    return rollout(f"approvals {line} {NOON}")


@pytest.mark.usefixtures("granted")
def test_from_the_question_to_the_one_use(rollout: Rollout) -> None:
    found = decide(rollout, ASK)
    question = found["approval"]["id"]
    assert (found["decision"], found["approval"]) == (
        "needs_approval",
        {"id": question, "state": "pending", "expires_at": "2026-03-02T16:00:00.000000Z"},
    )
    assert decide(rollout, ASK)["approval"]["id"] == question
    assert "approval" not in decide(rollout, "")
    (waiting,) = answered(rollout, "list refunds_agent").answer["approvals"]
    assert (waiting["id"], waiting["facts"], waiting["url"]) == (question, FACTS, "https://desk.example.com/HC-4471")
    assert (
        "propose_refund: $42.00 for order 8812; expires 2 Mar 2026, 16:00 (UTC)"
        in answered(rollout, "list --format text").out
    )
    shown = answered(rollout, f"show {question} --format text").out
    assert "amount_usd: 42" in shown
    assert "It waits for an answer until" in shown

    approved = answered(rollout, f"approve {question} --note 'Fine.' --as UANA").answer
    assert (approved["state"], approved["answered_by"], approved["used"]) == ("approved", "UANA", False)
    assert approved["facts"] == FACTS
    assert answered(rollout, "list").answer == {"approvals": []}
    assert answered(rollout, "list --format text").out == "No question waits for an answer.\n"
    used = decide(rollout, f"--approval {question}")
    assert (used["decision"], used.get("approval")) == ("allow", None)
    (logged,) = rollout(f"decisions list --id {used['id']}").answer["decisions"]
    assert logged["approval"] == question
    text = rollout(f"decisions list --id {used['id']} --format text").out
    assert text.splitlines()[1:] == [
        "  A person let this through, once.",
        "  With amount_usd: 42",
        f"  It rests on the answer to {question}.",
    ]
    assert decide(rollout, f"--approval {question}")["codes"] == ["approval.mismatch"]
    assert "It was used" in answered(rollout, f"show {question} --format text").out
    assert rollout("audit verify").status == 0


@pytest.mark.usefixtures("granted")
def test_an_edit_is_shown_with_what_was_made_of_the_facts(rollout: Rollout) -> None:
    question = asked(rollout)
    beyond = answered(rollout, f"edit {question} --facts '{{\"amount_usd\": 101}}' --as UANA")
    assert (beyond.status, "can't be let through" in beyond.err) == (1, True)
    edited = answered(rollout, f"edit {question} --facts '{{\"amount_usd\": 20}}' --as UANA").answer
    assert (edited["state"], edited["facts"]) == ("edited", {"amount_usd": 20, "order": "8812"})
    assert decide(rollout, ASK)["approval"]["state"] == "edited"
    assert decide(rollout, f"--approval {question}")["decision"] == "deny"
    assert decide(rollout, f"--approval {question}", {**FACTS, "amount_usd": 20.0})["decision"] == "allow"


@pytest.mark.usefixtures("granted")
def test_a_rejection_and_time_let_nothing_through(rollout: Rollout) -> None:
    question = asked(rollout)
    refused = answered(rollout, f"reject {question} --reason 'Wrong order.' --as USOMEONE")
    assert (refused.status, "You can't answer this agent's question" in refused.err) == (1, True)
    rejected = answered(rollout, f"reject {question} --reason 'Wrong order.' --as UANA").answer
    assert (rejected["state"], rejected["note"], rejected["facts"]) == ("rejected", "Wrong order.", None)
    assert "Rejected by @" in answered(rollout, f"show {question} --format text").out
    assert decide(rollout, f"--approval {question}")["codes"] == ["approval.mismatch"]
    other = decide(rollout, ASK.replace("order-8812", "again"))["approval"]["id"]
    answered(rollout, f"approve {other} --as UANA")
    void = rollout(f"approvals show {other} {QUARTER}").answer
    assert (void["state"], void["facts"]) == ("void", None)
    assert decide(rollout, f"--approval {other}", at=QUARTER)["decision"] == "deny"
    assert "void" in rollout(f"approvals show {other} --format text {QUARTER}").out


@pytest.mark.usefixtures("granted")
def test_what_was_asked_wrongly_is_bad_usage_and_another_text_a_refusal(rollout: Rollout) -> None:
    line = f"decide refunds_agent propose_refund {NOON} --facts '{{\"amount_usd\": 42}}'"
    assert rollout(f"{line} --summary text").status == 2
    assert rollout(f"{line} --ask key").status == 2
    assert rollout(f"{line} --ask key --summary text --url nowhere").status == 2
    assert rollout(f"{line} --ask key --summary text").status == 0
    other = rollout(f"{line} --ask key --summary another")
    assert (other.status, "was used for another question" in other.err) == (1, True)
    assert rollout(f"approvals show ask_none {NOON}").status == 1


@pytest.mark.usefixtures("granted")
def test_beside_a_bot_answering_is_refused_unless_the_settings_say_otherwise(
    rollout: Rollout, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(rollout)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2-3")
    for line in (
        f"approve {question}",
        f"edit {question} --facts '{{\"amount_usd\": 1}}'",
        f"reject {question} --reason no",
    ):
        refused = answered(rollout, f"{line} --as UANA")
        assert (refused.status, "Questions of agents are decided in Slack" in refused.err) == (1, True)
    assert answered(rollout, f"show {question}").answer["state"] == "pending"
    monkeypatch.setenv("ROLLOUT_CLI_APPROVALS", "on")
    assert answered(rollout, f"approve {question} --as UANA").answer["state"] == "approved"


@pytest.mark.usefixtures("granted")
def test_answers_that_changed_or_refused_something_are_a_measure_of_the_policy(rollout: Rollout) -> None:
    for number, said in enumerate(("approve", "approve", "reject", "edit")):
        facts = {**FACTS, "order": str(number)}
        question = decide(rollout, f"--ask order-{number} --summary text", facts)["approval"]["id"]
        more = {"reject": "--reason No.", "edit": "--facts '{\"amount_usd\": 20}'"}.get(said, "")
        assert answered(rollout, f"{said} {question} {more} --as UANA").status == 0
    told = rollout(f"policy measures --format json {QUARTER}").answer
    assert (told["overridden_share"], [each["overridden_share"] for each in told["areas"]]) == (0.5, [0.5])
    assert "50 % of 4 answers to agents overridden" in rollout(f"policy measures {QUARTER}").out
    assert rollout(f"policy measures --since 2026-03-02T12:01:00Z --format json {QUARTER}").answer["requests"] == 0
