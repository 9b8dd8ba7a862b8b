"""`rollout digest`: the shape for programs, the words for people, the blocks for Slack; and nothing changes by it."""

import json

import pytest

from tests.blockkit.oracle import assert_valid_message
from tests.cli.conftest import Rollout

AT = "--at 2026-03-09T09:00:00Z"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def measured(rollout: Rollout, refunds: str) -> str:
    """A value that Ana typed on Thursday."""
    signal = {
        "id": "m-1",
        "source": "typed",
        "type": "metric",
        "workflow": "refunds_agent",
        "at": "2026-03-05T10:00:00Z",
        "metric": "csat",
        "value": 4.4,
    }
    with open("one.jsonl", "w", encoding="utf-8") as file:
        file.write(json.dumps(signal))
    assert rollout("ingest one.jsonl --as UANA --at 2026-03-05T10:01:00Z").status == 0
    return refunds


def test_the_shape_for_programs_is_exactly_the_agreed_one(rollout: Rollout, measured: str) -> None:
    told = rollout(f"digest --format json {AT}").answer
    assert {**told, "findings": [], "agenda": [], "all_clear": True, "counts": {}} == {
        "audience": "leaders",
        "week": "2026-W10",
        "window": ["2026-03-02T09:00:00Z", "2026-03-09T09:00:00Z"],
        "complete": True,
        "all_clear": True,
        "sources": [],
        "counts": {},
        "findings": [],
        "quality_saves": [],
        "agenda": [],
    }
    assert set(told["counts"]) == {"new", "carried", "resolved", "on_track"}


def test_people_read_it_from_the_gravest_to_the_head_of_the_log(rollout: Rollout, measured: str) -> None:
    told = rollout(f"digest {AT}").out
    assert told.startswith("Rollout digest · week 10, 2–8 March 2026: ")
    assert "State of Monday 9 March 2026, 09:00 (UTC). Audit log: record " in told


def test_a_teams_week_is_that_of_its_zone(rollout: Rollout, refunds: str, support: str) -> None:
    for name in ("Support", "support", f"team:{support}"):
        told = rollout(f"digest --audience {name} --format json --at 2026-03-30T08:00:00Z").answer
        assert told["audience"] == f"team:{support}"
        assert told["window"] == ["2026-03-23T09:00:00Z", "2026-03-30T08:00:00Z"]


def test_blocks_are_what_slack_takes(rollout: Rollout, measured: str) -> None:
    told = rollout(f"digest --format blocks {AT}").answer
    thread = told.pop("thread")
    for message in (told, *thread):
        assert_valid_message(message)


def test_a_look_changes_nothing(rollout: Rollout, measured: str) -> None:
    before = rollout("audit export").out
    first, second = rollout(f"digest {AT}").out, rollout(f"digest {AT}").out
    assert first == second
    assert rollout("audit export").out == before


@pytest.mark.parametrize(
    ("line", "status", "why"),
    [
        ("digest --replay 2026-W10", 1, "No digest of leaders for 2026-W10 was posted"),
        ("digest --replay 2026-W54", 2, "'2026-W54' is no ISO week: write year and week as 2026-W10."),
        ("digest --replay yesterday", 2, "'yesterday' is no ISO week"),
        ("digest --audience Suport", 1, "There is no team 'Suport'. Did you mean Support?"),
        ("digest --format pdf", 2, "'pdf' is not one of"),
    ],
)
def test_a_refusal_says_why(rollout: Rollout, refunds: str, line: str, status: int, why: str) -> None:
    ran = rollout(line)
    assert (ran.status, ran.out) == (status, "")
    assert why in ran.err
