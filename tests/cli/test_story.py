"""A workflow's life at the command line, from the first team to the end, on both databases."""

import json

import pytest

from tests.cli.conftest import Rollout

MONDAY = "--at 2026-03-09T10:00:00Z"


def test_a_program_is_scripted_from_its_first_team_to_its_end(
    anywhere: Rollout, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_DATABASE_URL", empty_url)
    rollout = anywhere

    made = rollout("team add Support --channel C1 --lead ULEAD --timezone Europe/Lisbon --approvers UAPP")
    assert made.status == 0
    assert made.answer == {"id": made.answer["id"]}
    assert made.err.startswith("There was none yet, so it was made: the database")

    started = rollout(
        "start Refunds_Agent --team Support --start 2026-03-02 --owner UANA --steward UBEN --purpose 'Drafts refunds.' "
        "--as ULEAD --at 2026-03-02T09:00:00Z"
    )
    assert (started.status, started.err) == (0, "")
    workflow = started.answer["id"]
    assert started.answer == {"id": workflow}

    ticked = rollout(f"item done refunds_agent choose_workflow --evidence https://docs.example/1 --as UANA {MONDAY}")
    assert ticked.answer == {
        "id": f"{workflow}/choose_workflow",
        "item": "choose_workflow",
        "state": "done",
        "before": "open",
    }

    asked = rollout(
        f"item skip refunds_agent plan_review --note 'Nobody reviews yet.' --until 2026-04-01 --as UANA {MONDAY}"
    )
    request = asked.answer["request"]
    assert asked.answer == {"request": request}
    assert rollout(f"requests refunds_agent {MONDAY}").answer == {
        "requests": [
            {
                "id": request,
                "kind": "skip",
                "workflow": "refunds_agent",
                "item": "plan_review",
                "terms": {"until": "2026-04-01"},
                "reason": "Nobody reviews yet.",
                "asked_by": "UANA",
                "asked_at": "2026-03-09T10:00:00.000000Z",
                "lapses_at": "2026-03-16T10:00:00.000000Z",
                "asked": ["UAPP"],
            }
        ]
    }
    approved = rollout(f"approve {request} --as UAPP {MONDAY}")
    assert approved.answer == {"id": request, "kind": "skip", "outcome": "approved"}
    assert rollout(f"requests {MONDAY}").answer == {"requests": []}

    paused = rollout(f"pause refunds_agent --reason 'Waiting for data.' --as UBEN {MONDAY}")
    assert paused.answer == {"id": workflow, "paused_on": "2026-03-09", "frozen": True}
    resumed = rollout("resume refunds_agent --reason 'The data is here.' --as UBEN --at 2026-03-12T10:00:00Z")
    assert resumed.answer == {"id": workflow, "days": 3, "unfrozen": True}

    (entry,) = rollout("status refunds_agent --format json --at 2026-03-12T10:00:00Z").answer["workflows"]
    assert entry["day"] == 8
    assert entry["progress"] == {"done": 1, "skipped": 1, "blocked": 0, "open": 22}

    closed = rollout("close refunds_agent --outcome stopped --reason 'Too little volume.' --as UANA")
    assert closed.answer == {"id": workflow, "outcome": "stopped", "withdrawn": []}
    assert rollout("status --format json").answer == {"workflows": []}

    verified = rollout("audit verify").answer
    lines = [json.loads(line) for line in rollout("audit export").out.splitlines()]
    assert verified["ok"]
    assert verified["records"] == len(lines)
    assert [line["fact"] for line in lines] == [
        "team_made",
        "workflow_started",
        "role_given",
        "role_given",
        "item_done",
        "request_made",
        "request_approved",
        "item_skipped",
        "workflow_paused",
        "workflow_resumed",
        "workflow_closed",
    ]


def test_a_late_start_date_goes_through_a_request(rollout: Rollout, refunds: str) -> None:
    late = "--at 2026-03-20T09:00:00Z"
    edited = rollout(f"edit refunds_agent --start 2026-03-09 --purpose 'Refunds.' --reason 'A typo.' --as UANA {late}")
    request = edited.answer["request"]
    assert edited.answer == {"id": refunds, "request": request}
    assert rollout(f"status --format json {late}").answer["workflows"][0]["day"] == 19

    assert rollout(f"approve {request} --as UAPQ {late}").answer["kind"] == "start_date"
    assert rollout(f"status --format json {late}").answer["workflows"][0]["day"] == 12


def test_what_was_asked_can_be_declined_or_taken_back(rollout: Rollout, refunds: str) -> None:
    at = "--at 2026-03-03T09:00:00Z"
    ask = f"item skip refunds_agent plan_review --note 'Not now.' --until 2026-04-01 --as UANA {at}"
    first = rollout(ask).answer["request"]
    assert rollout(f"decline {first} --reason 'It matters.' --as UAPP {at}").answer == {
        "id": first,
        "kind": "skip",
        "outcome": "declined",
    }
    second = rollout(ask).answer["request"]
    assert rollout(f"withdraw {second} --as UANA {at}").answer == {
        "id": second,
        "kind": "skip",
        "outcome": "withdrawn",
    }


def test_a_backup_brings_back_what_was(anywhere: Rollout) -> None:
    anywhere("team add Support --channel C1 --lead ULEAD --timezone UTC")
    saved = anywhere("db backup monday.db").answer
    assert saved == {"file": "monday.db", "records": 1, "head": {"seq": 1, "hash": saved["head"]["hash"]}}
    anywhere("team add Sales --channel C2 --lead ULEAD --timezone UTC")

    refused = anywhere("db restore monday.db")
    assert (refused.status, "is not empty, so nothing was restored" in refused.err) == (1, True)
    assert anywhere("db restore monday.db --force").status == 0
    assert [team["name"] for team in anywhere("team list").answer["teams"]] == ["Support"]
