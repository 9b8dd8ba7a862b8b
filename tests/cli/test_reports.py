"""`rollout report`: the shape for programs, the words for people, and the document."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Rollout
from tests.readme_tables import README

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

NOTHING = """\
Ninety-day report of refunds_agent · Support  —  so far, pilot, day 3 of 90

From baseline to now: no data, no metric is defined

Autonomy reached: copilot (10–25 % faster expected, no data on what it brought)
Granted: nothing; a person did or approved whatever the agent proposed
Phases: pilot from Mon 2 Mar
No gate was overridden

What it cost
Rework: no data
Reviews: no data
Seats of the team: no data

Quality
Saves: none on record
Incidents: none on record
Findings: no data

Decisions
The agent asked: no data
Memos filed: 0

No chart: it needs a success metric with baseline and target.
"""

TOLD = """\
Ninety-day report of refunds_agent · Support  —  pilot, day 92

From baseline to now
csat (success, higher is better): baseline 4.1, target 4.5; first 4.12 on Wed 4 Mar, latest 4.5 on Thu 5 Mar: target met
defects | *bold* (guardrail, lower is better): limit 3; no data

Autonomy reached: copilot (10–25 % faster expected, no data on what it brought)
Granted: nothing; a person did or approved whatever the agent proposed
Phases: pilot from Mon 2 Mar
No gate was overridden

What it cost
Rework: rollback 1, $500; defect 2, $30.50; together $530
Reviews: 2 outputs, 1 reviewed (50 %), 1 edited or rejected (100 % of the reviewed)
Seats of the team: 12 people, 9 trained, $240 a month

Quality
Saves: 1, the last: “Stopped a *second* payout | in time” by UMEI
Incidents: sev2: 2 opened, 1 resolved, 1 open, 0 postmortems accepted
Findings: no data

Decisions
The agent asked: 1 time; 0 allowed, 0 needed a person, 1 denied
Memos filed: 0

Chart of csat of refunds_agent, day 92; higher is better. The plan leads from the baseline 4.1 on day 30 to the \
target 4.5 on day 90. Last value of each week: 4.5. The target is met. Phases so far: pilot for 91 days.
"""

SIGNALS: tuple[dict[str, Any], ...] = (
    {"type": "metric", "metric": "csat", "value": 4.12, "at": "2026-03-04T12:00:00Z"},
    {"type": "metric", "metric": "csat", "value": 4.5, "at": "2026-03-05T12:00:00Z"},
    {"type": "rework", "kind": "defect", "cost_usd": 20.5, "at": "2026-03-05T12:00:00Z"},
    {"type": "rework", "kind": "defect", "cost_usd": 10, "at": "2026-03-06T12:00:00Z"},
    {"type": "rework", "kind": "rollback", "cost_usd": 500, "at": "2026-03-06T12:00:00Z"},
    {"type": "review", "output_id": "o1", "submitted_at": "2026-03-06T12:00:00Z", "at": "2026-03-06T13:00:00Z",
     "reviewed_at": "2026-03-06T13:00:00Z", "outcome": "edited", "reviewer": "UREV"},
    {"type": "review", "output_id": "o2", "submitted_at": "2026-03-06T12:00:00Z", "at": "2026-03-06T12:00:00Z"},
    {"type": "incident", "key": "INC-1", "severity": 2, "status": "open", "title": "x", "at": "2026-03-06T12:00:00Z"},
    {"type": "incident", "key": "INC-1", "severity": 2, "status": "resolved", "title": "x",
     "at": "2026-03-07T12:00:00Z"},
    {"type": "incident", "key": "INC-2", "severity": 2, "status": "open", "title": "y", "at": "2026-03-08T12:00:00Z"},
    {"type": "quality_save", "summary": "Stopped a *second* payout | in time", "by": "UMEI",
     "at": "2026-03-08T12:00:00Z"},
    {"type": "seat", "team": "Support", "tier": "pro", "people": 12, "trained": 9, "cost_usd_month": 240,
     "at": "2026-03-08T12:00:00Z"},
)  # fmt: skip


@pytest.fixture
def told(rollout: Rollout, refunds: str, tmp_path: Path) -> str:
    """The workflow with two metrics and some signals."""
    at = "--as UANA --at 2026-03-03T09:00:00Z"
    rollout(f"metric define {refunds} csat --kind success --better higher --baseline 4.10 --target 4.5 {at}")
    rollout(f"metric define {refunds} 'defects | *bold*' --kind guardrail --better lower --limit 3 {at}")
    file = tmp_path / "signals.jsonl"
    about = ({"id": f"s{place}", "source": "ci"} for place in range(len(SIGNALS)))
    lines = (
        each | ids | ({} if "team" in each else {"workflow": "refunds_agent"})
        for each, ids in zip(SIGNALS, about, strict=True)
    )
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert rollout(f"ingest {file} --at 2026-03-09T09:00:00Z").answer["rejected"] == []
    rollout("decide refunds_agent issue_refund --facts '{}' --as agent:refunds --at 2026-03-09T09:00:00Z")
    return refunds


def test_a_workflow_without_any_data_reads_so_from_end_to_end(rollout: Rollout, refunds: str) -> None:
    assert rollout("report refunds_agent --at 2026-03-04T09:00:00Z").out == NOTHING


def test_people_read_every_number_and_what_it_is_held_against(rollout: Rollout, told: str) -> None:
    assert rollout("report refunds_agent --at 2026-06-01T09:00:00Z").out == TOLD


def test_the_shape_for_programs_is_the_one_in_the_readme(rollout: Rollout, told: str) -> None:
    answer = rollout("report refunds_agent --format json --at 2026-06-01T09:00:00Z").answer
    guardrail = {"limit": "3", "baseline": None, "target": None, "first": None, "latest": None, "met": None}
    assert answer == {
        "workflow": "refunds_agent",
        "team": "Support",
        "playbook": "ninety_day",
        "phase": "pilot",
        "outcome": None,
        "at": "2026-06-01T09:00:00Z",
        "started_on": "2026-03-02",
        "closed_on": None,
        "day": 92,
        "days": 90,
        "metrics": [
            {
                "metric": "csat",
                "kind": "success",
                "better": "higher",
                "baseline": "4.10",
                "target": "4.5",
                "limit": None,
                "first": {"at": "2026-03-04T12:00:00Z", "value": "4.12"},
                "latest": {"at": "2026-03-05T12:00:00Z", "value": "4.5"},
                "met": True,
                "loosened_at": None,
            },
            {"metric": "defects | *bold*", "kind": "guardrail", "better": "lower", "loosened_at": None} | guardrail,
        ],
        "autonomy": {
            "rung": "copilot",
            "highest": "copilot",
            "granted": [],
            "phases": [{"phase": "pilot", "since": "2026-03-02", "until": None}],
            "overrides": [],
            "faster_percent": None,
        },
        "cost": {
            "rework": [
                {"kind": "rollback", "count": 1, "usd": "500"},
                {"kind": "defect", "count": 2, "usd": "30.5"},
            ],
            "reviews": {"outputs": 2, "reviewed": 1, "overridden": 1},
            "reviews_typed": None,
            "seats": {"people": 12, "trained": 9, "usd_month": "240"},
        },
        "quality_saves": {
            "count": 1,
            "last": [{"summary": "Stopped a *second* payout | in time", "by": "UMEI", "url": None}],
        },
        "incidents": [{"severity": 2, "opened": 2, "resolved": 1, "open": 1, "postmortems": 0}],
        "findings": {"came": 0, "not_useful": 0, "precision": None},
        "decisions": {"allow": 0, "needs_approval": 0, "deny": 1},
        "memos": {"filed": 0, "superseded": 0},
        "chart": {
            "metric": "csat",
            "plan": [[29, "4.10"], [89, "4.5"]],
            "weeks": [[3, "4.5"]],
            "phases": [["pilot", 0, 91]],
        },
    }


def demand_same_names(one: Any, other: Any) -> None:
    """Fails unless two JSON values have the same names, as deep as both of them go."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert set(one) == set(other)
        for name in one:
            demand_same_names(one[name], other[name])
    elif isinstance(one, list) and isinstance(other, list) and one and other:
        demand_same_names(one[0], other[0])


def test_the_readme_shows_that_shape(rollout: Rollout, told: str) -> None:
    section = README.read_text("utf-8").partition("## The ninety-day report")[2]
    shown = json.loads(section.partition("```json")[2].partition("```")[0])
    demand_same_names(shown, rollout("report refunds_agent --format json --at 2026-06-01T09:00:00Z").answer)


def test_nobody_s_count_or_speed_stands_in_it(rollout: Rollout, told: str) -> None:
    for form in ("text", "json", "markdown"):
        assert "UREV" not in rollout(f"report refunds_agent --format {form} --at 2026-06-01T09:00:00Z").out


def test_the_document_is_markdown_in_which_foreign_text_marks_nothing_up(rollout: Rollout, told: str) -> None:
    lines = rollout("report refunds_agent --format markdown --at 2026-06-01T09:00:00Z").out.splitlines()
    assert lines[0] == r"# Ninety-day report of refunds\_agent"
    assert [line for line in lines if line.startswith("## ")] == [
        "## From baseline to now",
        "## Autonomy reached",
        "## What it cost",
        "## Quality",
        "## Decisions",
    ]
    assert "| csat | success | higher | 4.1 | 4.5 | 4.12 on Wed 4 Mar | 4.5 on Thu 5 Mar | yes |" in lines
    assert r"| defects \| \*bold\* | guardrail | lower | – | 3 | no data | no data | no data |" in lines
    assert r"  - Stopped a \*second\* payout \| in time (UMEI)" in lines
    assert "- Rework, defect: 2, $30.50" in lines
    assert "- Incidents, sev2: 2 opened, 1 resolved, 1 open, 0 postmortems accepted" in lines


def test_a_closed_one_says_how_and_when_it_ended(rollout: Rollout, told: str) -> None:
    rollout("close refunds_agent --outcome done --reason 'It works.' --as UANA --at 2026-03-20T09:00:00Z")
    told_of = rollout("report refunds_agent --at 2026-06-01T09:00:00Z").out.splitlines()
    assert told_of[0] == "Ninety-day report of refunds_agent · Support  —  closed as done on Fri 20 Mar, day 19"
    answer = rollout(f"report {told} --format json --at 2026-06-01T09:00:00Z").answer
    assert (answer["outcome"], answer["closed_on"], answer["day"]) == ("done", "2026-03-20", 19)


def test_an_unknown_workflow_is_refused_with_the_nearest_name(rollout: Rollout, refunds: str) -> None:
    ran = rollout("report refund_agent")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "There is no workflow 'refund_agent'. Did you mean refunds_agent?\n"
