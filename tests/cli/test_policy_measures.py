"""`rollout policy measures`: how the policy itself does."""

from pathlib import Path

from tests.cli.conftest import Rollout

FILE = """\
workflow: refunds_agent
actions:
  - name: draft_note
    allowed_when: [confidence_score >= 0.5]
  - name: propose_refund
    max_amount_usd: 100
"""


def test_without_a_request_there_is_no_data(rollout: Rollout, refunds: str) -> None:
    told = rollout("policy measures --format json").answer
    assert told == {
        "requests": 0,
        "granted": 0,
        "pattern_share": None,
        "median_hours": None,
        "declined_share": None,
        "overridden_share": None,
        "areas": [],
    }
    assert "all areas: 0 requests, 0 granted, no data from a shipped pattern" in rollout("policy measures").out


def test_patterns_answers_and_refusals_are_counted_by_area(rollout: Rollout, refunds: str, tmp_path: Path) -> None:
    (tmp_path / "shipped.yaml").write_text(rollout("policy pattern draft_reply --workflow refunds_agent").out, "utf-8")
    (tmp_path / "own.yaml").write_text(FILE, "utf-8")
    first = rollout("grant request shipped.yaml --as UANA --at 2026-03-02T09:00:00Z").answer["requests"]
    own = rollout("grant request own.yaml --as UANA --at 2026-03-03T09:00:00Z").answer["requests"]
    rollout(f"approve {first[0]['id']} --as UAPP --at 2026-03-02T11:00:00Z")
    rollout(f"approve {own[0]['id']} --as UAPP --at 2026-03-03T13:00:00Z")
    rollout(f"decline {own[1]['id']} --reason No. --as UAPP --at 2026-03-03T19:00:00Z")
    late = "--at 2026-03-04T09:00:00Z"
    told = rollout(f"policy measures --format json {late}").answer
    assert (told["requests"], told["granted"], told["pattern_share"]) == (3, 2, 0.5)
    assert (told["median_hours"], told["declined_share"], told["overridden_share"]) == (4.0, 0.3333, None)
    assert sum(each["requests"] for each in told["areas"]) == 3
    since = rollout(f"policy measures --since 2026-03-03T00:00:00Z --format json {late}").answer
    assert (since["requests"], since["pattern_share"], since["median_hours"]) == (2, 0.0, 7.0)
    assert "4.0 h to an answer (median); 33.3 % declined; overridden: no data" in rollout(f"policy measures {late}").out
