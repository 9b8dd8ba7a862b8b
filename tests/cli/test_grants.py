"""`rollout grant`, `freeze`, `decide` and `decisions`: a story from the request to the deny after a freeze."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Rollout

NOON = "--at 2026-03-02T12:00:00Z"
DRAFTS = """\
workflow: refunds_agent
mode: scoped_autonomy
actions:
  - name: propose_refund
    max_amount_usd: 100.5
    min_tenure_days: 90
    requires_human_approval: false
    allowed_when:
      - confidence_score >= 0.95
  - name: issue_refund
    requires_human_approval: false
    max_amount_usd: 500
logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}
"""
FACTS = {"amount_usd": 20.5, "tenure_days": 412, "confidence_score": 0.97, "customer": "Ana Sousa"}


@pytest.fixture
def asked(rollout: Rollout, refunds: str, tmp_path: Path) -> Ran:
    """What the policy file was answered."""
    (tmp_path / "policy.yaml").write_text(DRAFTS, "utf-8")
    return rollout(f"grant request policy.yaml --as UANA {NOON}")


@pytest.fixture
def grant(rollout: Rollout, asked: Ran) -> str:
    """The id of the grant to propose refunds, in force."""
    rollout(f"approve {asked.answer['requests'][0]['id']} --as UAPP {NOON}")
    return str(living(rollout)["id"])


def living(rollout: Rollout, at: str = NOON) -> dict[str, Any]:
    (found,) = rollout(f"grant list refunds_agent {at}").answer["grants"]
    return dict(found)


def decide(rollout: Rollout, facts: Any = FACTS, *, action: str = "propose_refund", more: str = NOON) -> Any:
    ran = rollout(f"decide refunds_agent {action} {more} --facts", json.dumps(facts))
    assert ran.status == 0, ran.err
    return ran.answer


def test_a_file_is_answered_action_by_action(rollout: Rollout, asked: Ran) -> None:
    proposal, refund = asked.answer["requests"]
    assert asked.status == 1
    assert (proposal["action"], proposal["tier"], proposal["state"], proposal["refused"]) == (
        "propose_refund",
        "low",
        "requested",
        None,
    )
    assert (refund["id"], refund["tier"], refund["state"]) == (None, "high", None)
    assert "issue_refund" in refund["refused"]
    (waiting,) = rollout(f"requests {NOON}").answer["requests"]
    assert (waiting["id"], waiting["kind"]) == (proposal["id"], "grant")
    assert living(rollout)["state"] == "requested"


def test_from_the_request_to_the_deny_after_a_freeze(rollout: Rollout, grant: str) -> None:
    shown = living(rollout)
    assert shown == {
        "id": grant,
        "workflow": "refunds_agent",
        "action": "propose_refund",
        "state": "active",
        "tier": "low",
        "requires_human_approval": False,
        "limits": {"max_amount_usd": 100.5, "min_tenure_days": 90},
        "conditions": ["confidence_score >= 0.95"],
        "expires_at": "2026-05-31T12:00:00.000000Z",
        "hash": shown["hash"],
    }
    allowed = decide(rollout)
    assert allowed == {
        "id": allowed["id"],
        "decision": "allow",
        "reasons": ["The grant allows it: every limit and condition holds."],
        "codes": [],
        "grant": grant,
        "hash": shown["hash"],
    }
    frozen = rollout(f"freeze refunds_agent --drill --reason 'A rehearsal.' --as UANA {NOON}").answer
    assert frozen == {"id": frozen["id"], "workflow": "refunds_agent", "took_s": frozen["took_s"]}
    assert 0 < frozen["took_s"] < 60
    denied = decide(rollout)
    assert (denied["decision"], denied["codes"], denied["grant"]) == ("deny", ["workflow.frozen"], grant)
    lifted = rollout(f"unfreeze refunds_agent --reason 'It stood.' --as UANA {NOON}")
    assert lifted.answer == {"id": frozen["id"], "workflow": "refunds_agent"}
    assert decide(rollout)["decision"] == "allow"
    log = rollout(f"decisions list refunds_agent {NOON}").answer["decisions"]
    assert [each["decision"] for each in log] == ["allow", "deny", "allow"]
    assert log[-1]["facts"] == {"amount_usd": "20.5", "tenure_days": "412", "confidence_score": "0.97"}
    assert rollout("audit verify").answer["ok"] is True


def test_the_status_has_the_living_grants_and_a_line_on_autonomy(rollout: Rollout, grant: str) -> None:
    (entry,) = rollout(f"status --format json {NOON}").answer["workflows"]
    assert entry["grants"] == [living(rollout)]
    line = (
        "Autonomy: copilot (10–25 % faster expected, no data on what it brought) · "
        "propose_refund (amount_usd ≤ 100.5, tenure_days ≥ 90)"
    )
    assert line in rollout(f"status refunds_agent {NOON}").out
    missed = "--at 2026-04-02T12:00:00Z"
    assert decide(rollout, more=missed)["codes"] == ["grant.suspended"]
    assert living(rollout, missed)["state"] == "suspended"
    (entry,) = rollout(f"status --format json {missed}").answer["workflows"]
    assert [each["state"] for each in entry["grants"]] == ["suspended"]
    assert "(suspended)" in rollout(f"status refunds_agent {missed}").out
    assert "suspended: its attestation is overdue" in rollout(f"grant list --format text {missed}").out
    shown = rollout(f"grant show {grant} {missed}").answer
    assert [each["because"] for each in shown["suspensions"]] == ["its attestation is overdue"]
    later = "--at 2026-06-01T12:00:00Z"
    assert living(rollout, later)["state"] == "expired"
    (entry,) = rollout(f"status --format json {later}").answer["workflows"]
    assert entry["grants"] == []


def test_an_approver_is_told_where_there_is_no_history_and_that_it_is_recorded(rollout: Rollout, asked: Ran) -> None:
    waiting = living(rollout)["id"]
    none = {"count": 0, "amount": 0}
    shown = rollout(f"grant show {waiting} {NOON}").answer
    assert shown["backtest"] == {
        "days": 28,
        "actions": 0,
        "allowed": none,
        "beyond_day": none,
        "reversed": none,
        "money": "amount_usd",
    }
    (calibration,) = shown["calibrations"]
    assert (calibration["fact"], calibration["threshold"], calibration["lower_bound"]) == (
        "confidence_score",
        0.95,
        None,
    )
    assert shown["no_data"] == ["backtest", "calibration"]
    approved = rollout(f"approve {asked.answer['requests'][0]['id']} --as UAPP {NOON}")
    assert (approved.status, approved.err) == (
        0,
        "No data: no propose_refund of refunds_agent was logged in the last 28 days, so there is no back-test and no "
        "calibration. With your approval it is recorded that you saw this.\n",
    )
    assert "backtest" not in rollout(f"grant show {waiting} {NOON}").answer


def test_with_history_an_approver_is_told_nothing_more(rollout: Rollout, asked: Ran, tmp_path: Path) -> None:
    usual = {"type": "agent_action", "workflow": "refunds_agent", "source": "agent", "action": "propose_refund"}
    (tmp_path / "actions.jsonl").write_text(
        "".join(
            json.dumps({**usual, "id": f"a{n}", "at": "2026-03-02T11:00:00Z", "outcome": "done", "reversed": n > 96,
                        "facts": {**FACTS, "amount_usd": 50.25}, "run_id": f"r{n}"}) + "\n"
            for n in range(100)
        ),
        "utf-8",
    )  # fmt: skip
    assert rollout(f"ingest actions.jsonl {NOON}").answer["accepted"] == 100
    shown = rollout(f"grant show {living(rollout)['id']} {NOON}").answer
    assert (shown["backtest"]["allowed"], shown["backtest"]["reversed"]) == (
        {"count": 100, "amount": 5025},
        {"count": 3, "amount": 150.75},
    )
    (calibration,) = shown["calibrations"]
    assert (calibration["right"], calibration["actions"], calibration["floor"]) == (97, 100, 0.9)
    assert (calibration["lower_bound"], calibration["refused"], shown["no_data"]) == (0.915479, None, [])
    assert rollout(f"approve {asked.answer['requests'][0]['id']} --as UAPP {NOON}").err == ""


def test_a_grant_is_suspended_resumed_attested_and_revoked(rollout: Rollout, grant: str) -> None:
    assert rollout(f"grant suspend {grant} --reason Odd. --as UANA {NOON}").answer == {
        "id": grant,
        "state": "suspended",
    }
    assert decide(rollout)["codes"] == ["grant.suspended"]
    assert "suspended: someone suspended it; Odd." in rollout(f"grant list --format text {NOON}").out
    own = rollout(f"grant resume {grant} --reason Mended. --as UANA {NOON}")
    assert (own.status, own.out) == (1, "")
    assert "you asked for the grant" in own.err
    assert rollout(f"grant resume {grant} --reason Mended. --as UAPP {NOON}").answer["state"] == "active"
    assert rollout(f"grant attest {grant} --note Needed. --as UANA {NOON}").answer == {"attested": [grant]}
    assert rollout(f"grant attest --workflow refunds_agent --as UANA {NOON}").answer == {"attested": [grant]}
    assert rollout(f"grant revoke {grant} --reason 'Not needed.' --as UANA {NOON}").answer["state"] == "revoked"
    assert decide(rollout)["codes"] == ["grant.none"]
    whole = rollout(f"grant show {grant} {NOON}").answer
    assert [each["fact"] for each in whole["history"]] == [
        "grant_requested",
        "grant_activated",
        "grant_suspended",
        "denied",
        "grant_resumed",
        "grant_attested",
        "grant_attested",
        "grant_revoked",
    ]
    assert (whole["effect"], whole["state"], whole["history"][-1]["words"]) == ("none", "revoked", "Not needed.")


def test_a_narrowing_is_in_force_at_once(rollout: Rollout, grant: str, tmp_path: Path) -> None:
    only = DRAFTS.split("  - name: issue_refund", maxsplit=1)[0].replace("100.5", "50") + DRAFTS.splitlines()[-1]
    (tmp_path / "narrow.yaml").write_text(only, "utf-8")
    (narrowed,) = rollout(f"grant request narrow.yaml --as UANA {NOON}").answer["requests"]
    assert (narrowed["state"], narrowed["refused"]) == ("active", None)
    states = {each["id"]: each["state"] for each in rollout(f"grant list {NOON}").answer["grants"]}
    assert states == {grant: "superseded", narrowed["id"]: "active"}


def test_a_policy_file_that_is_wrong_is_refused_by_line(rollout: Rollout, refunds: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(DRAFTS.replace("100.5", ".nan"), "utf-8")
    refused = rollout(f"grant request wrong.yaml --as UANA {NOON}")
    assert (refused.status, refused.out) == (1, "")
    assert "wrong.yaml:5" in refused.err
    missing = rollout(f"grant request nowhere.yaml --as UANA {NOON}")
    assert (missing.status, missing.out) == (1, "")
    assert "nowhere.yaml" in missing.err


def test_everyone_may_ask_and_an_unknown_action_is_denied(rollout: Rollout, grant: str) -> None:
    for who in ("UMAX", "agent:refunds", "service:gateway"):
        assert decide(rollout, more=f"--as {who} {NOON}")["decision"] == "allow"
    unknown = decide(rollout, action="launch_rocket")
    assert (unknown["decision"], unknown["codes"], unknown["grant"], unknown["hash"]) == (
        "deny",
        ["grant.none"],
        None,
        None,
    )
    nowhere = rollout("decide refund_agent propose_refund --facts {}")
    assert (nowhere.status, nowhere.out) == (1, "")
    assert nowhere.err == "There is no workflow 'refund_agent'. Did you mean refunds_agent?\n"


@pytest.mark.parametrize(
    "facts",
    ["[]", "nonsense", '"text"', ""],
)
def test_what_is_no_object_is_bad_usage(rollout: Rollout, refunds: str, facts: str) -> None:
    refused = rollout("decide refunds_agent propose_refund --facts", facts)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("The facts ")


def test_facts_come_from_a_file_or_standard_input_and_from_one_place(
    rollout: Rollout, grant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(FACTS), "utf-8")
    line = f"decide refunds_agent propose_refund {NOON}"
    assert rollout(f"{line} --facts-file facts.json").answer["decision"] == "allow"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(FACTS).encode())))
    assert rollout(f"{line} --facts-file -").answer["decision"] == "allow"
    for wrong in (line, f"{line} --facts {{}} --facts-file facts.json", f"{line} --facts-file nowhere.json"):
        assert rollout(wrong).status == 2


def test_the_log_is_asked_by_action_time_outcome_and_code(rollout: Rollout, grant: str) -> None:
    decide(rollout, {**FACTS, "amount_usd": 500}, more="--at 2026-03-02T13:00:00Z")
    decide(rollout, {}, more="--at 2026-03-02T14:00:00Z")
    decide(rollout, more="--at 2026-03-02T15:00:00Z")
    decide(rollout, more="--dry-run --at 2026-03-02T16:00:00Z")

    def hours(options: str) -> list[str]:
        return [each["at"][11:13] for each in rollout(f"decisions list {options}").answer["decisions"]]

    assert hours("") == ["15", "14", "13"]
    assert hours("refunds_agent --action propose_refund --outcome deny") == ["14", "13"]
    assert hours("--since 2026-03-02T14:00:00Z --until 2026-03-02T15:00:00Z") == ["14"]
    assert hours("--code limit.exceeded") == ["13"]
    assert hours("--code fact.missing:amount_usd") == ["14"]
    assert hours("--code fact.miss") == []
    assert hours("--dry-run") == ["16"]
    assert hours("--action other") == []
    text = rollout("decisions list --format text --outcome allow").out
    assert "allow  refunds_agent propose_refund, asked by" in text


def test_the_log_answers_why_in_one_step(rollout: Rollout, grant: str) -> None:
    over = decide(rollout, {**FACTS, "amount_usd": 500})["id"]
    dry = decide(rollout, more=f"--dry-run {NOON}")["id"]
    told = rollout(f"decisions list --id {over} --format text {NOON}").out.splitlines()
    assert told[0].endswith(f"[limit.exceeded:max_amount_usd], asked by tester ({over})")
    assert told[1:] == [
        "  amount_usd is 500, above the 100.5 of max_amount_usd.",
        "  With amount_usd: 500, confidence_score: 0.97, tenure_days: 412",
    ]
    for one in (over, dry):
        assert [each["id"] for each in rollout(f"decisions list --id {one}").answer["decisions"]] == [one]
    assert rollout("decisions list --id d_none --format text").out == "No decision matches.\n"


def test_the_hash_that_a_caller_enforces_is_kept_and_told_apart_from_the_one_in_force(
    rollout: Rollout, grant: str
) -> None:
    right, wrong = str(living(rollout)["hash"]), "0" * 64
    for more in ("", f"--grant-hash {right.upper()}", f"--grant-hash {wrong}"):
        assert decide(rollout, more=f"{more} {NOON}")["decision"] == "allow"
    assert decide(rollout, action="launch_rocket", more=f"--grant-hash {right} {NOON}")["hash"] is None
    log = rollout(f"decisions list {NOON}").answer["decisions"]
    assert [(each["hash"], each["reported_hash"], each["drift"]) for each in log] == [
        (None, right, True),
        (right, wrong, True),
        (right, right, False),
        (right, None, None),
    ]
    told = rollout(f"decisions list --format text {NOON}").out.splitlines()
    lines = [line for line in told if not line.startswith("  ")]
    assert [line.partition("; ")[2] for line in lines] == [
        f"it enforces another grant: {right[:12]}",
        "it enforces another grant: 000000000000",
        "",
        "",
    ]
    assert rollout("audit verify").answer["ok"] is True
    refused = rollout(f"decide refunds_agent propose_refund {NOON} --facts {{}} --grant-hash 00ff")
    assert (refused.status, refused.out) == (2, "")
    assert "64 digits" in refused.err


def test_freezing_all_counts_them_and_wants_a_word(rollout: Rollout, grant: str) -> None:
    asked = rollout(f"freeze --all --reason Stop. --as ULEAD {NOON}")
    assert (asked.status, asked.out, asked.err) == (
        2,
        "",
        "This stops 1 grants of 1 workflows: say --yes if that is meant.\n",
    )
    assert decide(rollout)["decision"] == "allow"
    (frozen,) = rollout(f"freeze --all --yes --reason Stop. --as ULEAD {NOON}").answer["frozen"]
    assert frozen["workflow"] == "refunds_agent"
    assert decide(rollout)["codes"] == ["workflow.frozen"]


@pytest.mark.parametrize("options", ["", "refunds_agent --all", "--all --drill"])
def test_it_must_be_clear_what_is_frozen(rollout: Rollout, refunds: str, options: str) -> None:
    asked = rollout(f"freeze {options} --reason Stop. --as UANA {NOON}")
    assert (asked.status, asked.out) == (2, "")
    assert asked.err.startswith("Say what is to be frozen")


@pytest.mark.parametrize("options", ["", "gr_1 --workflow refunds_agent"])
def test_it_must_be_clear_what_is_attested(rollout: Rollout, refunds: str, options: str) -> None:
    assert rollout(f"grant attest {options} --as UANA {NOON}").status == 2
