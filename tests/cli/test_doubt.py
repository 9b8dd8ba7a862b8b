"""Commands whose connection broke just after COMMIT: done once, and answered with what was done."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Rollout
from tests.cli.test_approvals import FACTS, NOON, POLICY
from tests.store.silence import silenced_at_commit

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

GRANT = POLICY.replace("propose_refund\n    max_amount_usd: 100", "draft_reply\n    requires_human_approval: false")
MEMO = "---\ntitle: Refunds stay\ncategory: other\nreversible: true\n---\n\n## Decision\n\nAs it is.\n"


@pytest.fixture
def granted(rollout: Rollout, refunds: str) -> None:
    """The agent may draft replies by itself."""
    assert refunds
    Path("policy.yaml").write_text(GRANT, "utf-8")
    (asked,) = rollout(f"grant request policy.yaml --as UANA {NOON}").answer["requests"]
    assert rollout(f"approve {asked['id']} --as UAPP {NOON}").status == 0


@pytest.mark.usefixtures("granted")
def test_a_decision_is_logged_and_counted_once(
    rollout: Rollout, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = silenced_at_commit(monkeypatch, database_url)
    ran = rollout(f"decide refunds_agent draft_reply --as agent:refunds {NOON} --facts", json.dumps(FACTS))
    assert (ran.status, ran.answer["decision"], len(broken)) == (0, "allow", 1)
    logged = rollout(f"decisions list refunds_agent {NOON}").answer["decisions"]
    assert [each["id"] for each in logged] == [ran.answer["id"]]
    assert rollout("audit verify").status == 0


@pytest.mark.usefixtures("refunds")
def test_a_memo_is_filed_once_and_its_id_is_told(
    rollout: Rollout, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("memo.md").write_text(MEMO, "utf-8")
    broken = silenced_at_commit(monkeypatch, database_url)
    ran = rollout(f"memo file memo.md --as UANA {NOON}")
    assert (ran.status, len(broken)) == (0, 1)
    assert [each["id"] for each in rollout("memo list").answer["memos"]] == [ran.answer["id"]]


@pytest.mark.usefixtures("granted")
def test_what_was_not_committed_is_done_anew(
    rollout: Rollout, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = silenced_at_commit(monkeypatch, database_url, is_done=False)
    ran = rollout(f"decide refunds_agent draft_reply --as agent:refunds {NOON} --facts", json.dumps(FACTS))
    assert (ran.status, ran.answer["decision"], len(broken)) == (0, "allow", 1)
    logged = rollout(f"decisions list refunds_agent {NOON}").answer["decisions"]
    assert [each["id"] for each in logged] == [ran.answer["id"]]
