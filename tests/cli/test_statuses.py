"""`rollout status` and `rollout checklist`: the shape for programs, the words for people."""

import re

import pytest

from tests.cli.conftest import Rollout

GATE = """\
    required_items: 0 of 23 done; not done: Choose a workflow of clear value and bounded risk, Name the owner, \
steward, eval owner and gate… (needs all required items of pilot done) → owner
    roles_held: 2 of 4 held by 1 person; eval owner vacant; data gatekeeper vacant (needs all 4 roles held by active \
people) → owner
    metrics_fresh: no success metric with baseline and target; 0 of 1 guardrail (needs a success metric with baseline \
and target and ≥ 1 guardrail, each with a value in 14 days) → owner
    eval_passed: no run (needs ≥ 95 % of ≥ 200 cases passed, ≤ 14 days old) → eval owner
    red_lines_fired: 0 of 0 red lines seen firing (needs ≥ 1 red line, each seen firing in a test) → steward
    memo_filed: none filed (needs a memo whose move is pilot→production) → owner
"""

LATE = (
    "7 required items are past due, the oldest by 9 days: “Choose a workflow of clear value and bounded risk”, “Name "
    "the owner, steward, eval owner and gatekeeper”, “Write down today's volume, cost and time” and 4 more"
)
VACANT = "nobody is {}, and somebody was to be by 4 Mar 2026"
FINDINGS = """\
  Findings: 3
    warning: 2 required items are past due, the oldest by 2 days: “Choose a workflow of clear value and bounded risk”, \
“Name the owner, steward, eval owner and gatekeeper” → @UANA (fnd_…)
    warning: nobody is eval owner, and somebody was to be by 4 Mar 2026 → @UANA (fnd_…)
    warning: nobody is data gatekeeper, and somebody was to be by 4 Mar 2026 → @UANA (fnd_…)
"""

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_the_shape_for_programs_is_exactly_the_agreed_one(rollout: Rollout, refunds: str) -> None:
    told = rollout("status --format json --at 2026-03-12T10:00:00Z").answer
    missing = told["workflows"][0]["gate"].pop("missing")
    assert {tuple(each) for each in missing} == {("check", "found", "needs")}
    assert told == {
        "workflows": [
            {
                "workflow": "refunds_agent",
                "team": "Support",
                "playbook": "ninety_day",
                "phase": "pilot",
                "day": 11,
                "days": 90,
                "progress": {"done": 0, "skipped": 0, "blocked": 0, "open": 24},
                "gate": {"to": "production", "ready": False},
                "grants": [],
                "findings": [
                    {"rule": "item.overdue", "severity": "critical", "summary": LATE},
                    {"rule": "role.vacant", "severity": "warning", "summary": VACANT.format("eval owner")},
                    {"rule": "role.vacant", "severity": "warning", "summary": VACANT.format("data gatekeeper")},
                ],
            }
        ]
    }


@pytest.mark.parametrize(("at", "day"), [("2026-02-27T10:00:00Z", -2), ("2026-06-20T10:00:00Z", 111)])
def test_the_day_counts_on_before_the_start_and_past_the_end(rollout: Rollout, refunds: str, at: str, day: int) -> None:
    (entry,) = rollout(f"status --format json --at {at}").answer["workflows"]
    assert (entry["day"], entry["days"]) == (day, 90)


def test_days_are_those_of_the_teams_zone(rollout: Rollout) -> None:
    rollout("team add Auckland --channel C1 --lead ULEAD --timezone Pacific/Auckland")
    rollout("start late_night --team Auckland --start 2026-03-02 --at 2026-03-02T00:00:00Z")
    for at, day in (("2026-03-02T10:59:59Z", 1), ("2026-03-02T11:00:00Z", 2)):
        assert rollout(f"status late_night --format json --at {at}").answer["workflows"][0]["day"] == day


def test_one_workflow_reads_within_seconds(rollout: Rollout, refunds: str) -> None:
    rollout("item block refunds_agent plan_review --note 'Legal is on leave.' --as UANA --at 2026-03-09T10:00:00Z")
    told = rollout("status refunds_agent --at 2026-03-05T10:00:00Z").out
    assert re.sub(r"fnd_[0-9a-f]{10}", "fnd_…", told) == (
        "refunds_agent · Support — PILOT · day 4 of 90\n"
        "  0 of 24 done · 0 skipped · 1 blocked · 23 open\n"
        "  In the way: 3 things\n"
        "    late: Choose a workflow of clear value and bounded risk (2 days late) → @UANA\n"
        "    late: Name the owner, steward, eval owner and gatekeeper (1 day late) → @UANA\n"
        "    blocked: Plan the reviews, with names and hours a week (Legal is on leave.)\n"
        "  Vacant: eval owner and data gatekeeper\n"
        "  Autonomy: copilot (10–25 % faster expected, no data on what it brought) · "
        "nothing granted, a person does or approves whatever this agent proposes\n"
        "  Gate to production: 6 of 6 checks do not pass, 26 days left\n"
        f"{GATE}"
        f"{FINDINGS}"
        "  Next: Choose a workflow of clear value and bounded risk, due Tue 3 Mar → @UANA\n"
        "  Next: Name the owner, steward, eval owner and gatekeeper, due Wed 4 Mar → @UANA\n"
        "  Next: Write down today's volume, cost and time, due Fri 6 Mar → @UANA\n"
    )


def test_all_workflows_come_with_the_most_trouble_first(rollout: Rollout, refunds: str) -> None:
    rollout(
        "start triage --team Support --start 2026-03-09 --owner UANA --steward UANA --eval-owner UANA "
        "--gatekeeper UANA --at 2026-03-09T10:00:00Z"
    )
    told = rollout("status --at 2026-03-09T10:00:00Z").out
    assert [line.split(" · ")[0] for line in told.splitlines() if " — " in line] == ["refunds_agent", "triage"]
    entries = rollout("status --format json --at 2026-03-09T10:00:00Z").answer["workflows"]
    assert [entry["workflow"] for entry in entries] == ["refunds_agent", "triage"]


def test_a_request_that_waits_is_named_with_its_id(rollout: Rollout, refunds: str) -> None:
    at = "--at 2026-03-03T10:00:00Z"
    asked = rollout(f"item skip refunds_agent plan_review --note 'Later.' --until 2026-04-01 --as UANA {at}")
    request = asked.answer["request"]
    assert f"    waiting: {request}, asked by @UANA\n" in rollout(f"status refunds_agent {at}").out
    assert rollout(f"requests --format text {at}").out == (
        f"{request}: @UANA asks to skip plan_review of refunds_agent until 2026-04-01 "
        "(lapses 10 Mar 2026, 10:00 (UTC))\n"
        "  skip · waits 0 hours · asked: @UAPP\n"
        "  Later.\n"
    )


def test_times_are_told_in_the_programs_zone(rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at = "--at 2026-03-03T10:00:00Z"
    rollout(f"item skip refunds_agent plan_review --note 'Later.' --until 2026-04-01 --as UANA {at}")
    monkeypatch.setenv("ROLLOUT_TIMEZONE", "Asia/Tokyo")
    assert "10 Mar 2026, 19:00 (Asia/Tokyo)" in rollout(f"requests --format text {at}").out


def test_a_checklist_shows_ids_states_due_days_and_people(rollout: Rollout, refunds: str) -> None:
    at = "--at 2026-03-04T10:00:00Z"
    rollout(f"item done refunds_agent choose_workflow --evidence https://x.example/1 --as UANA {at}")
    lines = rollout(f"checklist refunds_agent {at}").out.splitlines()
    assert lines[:8] == [
        "refunds_agent · Support, 1 of 24 done",
        "",
        "PILOT: Define success (day 1 to 15)",
        "  [done] choose_workflow: Choose a workflow of clear value and bounded risk",
        "      was due Tue 3 Mar → @UANA",
        "  [open] name_roles: Name the owner, steward, eval owner and gatekeeper",
        "      due Wed 4 Mar, today → @UANA",
        "  [open] measure_today: Write down today's volume, cost and time",
    ]
    assert "PRODUCTION: Instrument and gate access (day 31 to 60)" in lines


def test_words_from_outside_cannot_break_the_layout(rollout: Rollout, refunds: str) -> None:
    at = "--at 2026-03-04T10:00:00Z"
    rollout(f"item block refunds_agent plan_review --as UANA {at} --note", "one\ntwo \x1b[31m\u202ethree")
    assert (
        "    blocked: Plan the reviews, with names and hours a week (one two [31mthree)\n"
        in rollout(f"status {at}").out
    )
