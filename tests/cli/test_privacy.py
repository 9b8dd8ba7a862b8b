"""`rollout privacy`: what is kept about a person, and its erasure."""

import json

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


@pytest.fixture(autouse=True)
def _admin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_ADMINS", "UADA")


def test_what_is_kept_is_shown_and_erased_and_the_log_stays_whole(rollout: Rollout, refunds: str) -> None:
    rollout(f"item block refunds_agent plan_review --note 'Legal is on leave.' --as UANA {AT}")
    kept = rollout("privacy export UANA").answer
    assert (kept["handle"], kept["signals"]) == ("UANA", [])
    assert "owner of refunds_agent" in kept["roles"]
    assert "Legal is on leave." in [each["text"] for each in kept["texts"]]
    assert "item_blocked" in [each["fact"] for each in kept["records"]]

    erased = rollout(f"privacy erase UANA --reason 'They left.' --as UADA {AT}")
    assert (erased.answer["id"], erased.answer["texts"]) == (kept["id"], len(kept["texts"]))
    assert "What stands in Slack stays there" in erased.err
    assert "They were owner of refunds_agent: nobody can be asked there now, so name someone else." in erased.err
    assert "Legal" not in rollout("status refunds_agent").out
    assert rollout("audit verify").answer["ok"]


def test_a_stranger_and_a_missing_reason_are_refused(rollout: Rollout, refunds: str) -> None:
    assert "Nobody known here goes by 'UNOBODY'" in rollout("privacy export UNOBODY").err
    assert rollout("privacy erase UANA").status == 2
    assert "why this person is erased" in rollout("privacy erase UANA --reason ' ' --as UADA").err


@pytest.mark.parametrize("who", ["", "--as UANA", "--as ULEAD", "--as UAPP"])
def test_whoever_holds_the_database_may_read_and_only_an_admin_erases(rollout: Rollout, refunds: str, who: str) -> None:
    assert rollout(f"privacy export UANA {who}").status == 0
    refused = rollout(f"privacy erase UANA --reason 'They left.' {who} {AT}")
    assert (refused.status, "for an admin (ROLLOUT_ADMINS)" in refused.err) == (1, True)
    assert rollout("privacy export UANA").answer["handle"] == "UANA"
    records = [json.loads(line) for line in rollout("audit export").out.splitlines()]
    assert records[-1]["fact"] == "denied"
