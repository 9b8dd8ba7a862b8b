"""Teams, roles and items at the command line: what each command answers."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


def test_a_team_is_listed_with_all_that_it_was_given(rollout: Rollout, support: str) -> None:
    assert rollout("team list").answer == {
        "teams": [
            {
                "id": support,
                "name": "Support",
                "channel": "C0SUPPORT",
                "lead": "ULEAD",
                "approvers": ["UAPP", "UAPQ"],
                "timezone": "Europe/Lisbon",
                "hours": "9-18",
                "digest": "off",
            }
        ]
    }
    assert rollout("team list --format text").out == (
        "Support: lead @ULEAD, channel C0SUPPORT, Europe/Lisbon, 9-18, approved by @UAPP and @UAPQ\n"
    )


@pytest.mark.parametrize(
    "approvers", ["--approvers U1 U2 U3", "--approvers U1,U2 --approvers U3", "--approvers 'U1 U2' U3 U1"]
)
def test_approvers_may_be_separated_in_any_way(rollout: Rollout, approvers: str) -> None:
    rollout(f"team add Sales {approvers} --channel C9 --lead ULEAD --timezone UTC")
    assert rollout("team list").answer["teams"][0]["approvers"] == ["U1", "U2", "U3"]


def test_an_edit_changes_what_it_names_and_nothing_else(rollout: Rollout, support: str) -> None:
    edited = rollout("team edit Support --name 'Customer Support' --hours 8-16 --approvers '' --as ULEAD")
    assert edited.answer == {"id": support}
    (team,) = rollout("team list").answer["teams"]
    assert team == {
        "id": support,
        "name": "Customer Support",
        "channel": "C0SUPPORT",
        "lead": "ULEAD",
        "approvers": [],
        "timezone": "Europe/Lisbon",
        "hours": "8-16",
        "digest": "off",
    }


def test_a_digest_of_its_own_is_switched_on_and_off(rollout: Rollout, support: str) -> None:
    for wish in ("on", "off"):
        rollout(f"team edit Support --digest {wish} --as ULEAD")
        assert rollout("team list").answer["teams"][0]["digest"] == wish


def test_nobody_yet_reads_as_words(rollout: Rollout) -> None:
    assert rollout("team list --format text").out == "There is no team yet. Make one with `rollout team add`.\n"
    assert rollout("requests --format text").out == "Nothing waits for a decision.\n"
    assert rollout("status").out == (
        "There is no workflow yet. Make a team with `rollout team add`, then start one with `rollout start`.\n"
    )


def test_a_role_passes_from_hand_to_hand(rollout: Rollout, refunds: str) -> None:
    assert rollout(f"role set refunds_agent owner UBEN --as ULEAD {AT}").answer == {
        "id": refunds,
        "role": "owner",
        "person": "UBEN",
        "before": ["UANA"],
    }
    assert rollout(f"role clear refunds_agent owner --as ULEAD {AT}").answer == {
        "id": refunds,
        "role": "owner",
        "person": "UBEN",
    }


def test_there_may_be_many_reviewers(rollout: Rollout, refunds: str) -> None:
    first = rollout(f"role set refunds_agent reviewer UREV --as ULEAD {AT}").answer
    second = rollout(f"role set refunds_agent reviewer UREW --as ULEAD {AT}").answer
    assert (first["before"], second["before"]) == ([], [])
    assert rollout(f"role clear refunds_agent reviewer UREV --as ULEAD {AT}").answer["person"] == "UREV"


def test_an_item_goes_through_its_states_and_back(rollout: Rollout, refunds: str) -> None:
    def act(verb: str, more: str = "") -> tuple[str, str]:
        answer = rollout(f"item {verb} refunds_agent choose_workflow {more} --as UANA {AT}").answer
        assert (answer["id"], answer["item"]) == (f"{refunds}/choose_workflow", "choose_workflow")
        return answer["before"], answer["state"]

    assert act("block", "--note 'No data yet.'") == ("open", "blocked")
    assert act("reopen") == ("blocked", "open")
    assert act("done", "--evidence https://x.example/1 --note 'As agreed.'") == ("open", "done")
    assert act("restore") == ("done", "open")


def test_whoever_is_given_an_item_may_tick_it(rollout: Rollout, refunds: str) -> None:
    given = rollout(f"item assign refunds_agent choose_workflow UEVE --as UANA {AT}")
    assert given.answer == {"id": f"{refunds}/choose_workflow", "item": "choose_workflow", "assignee": "UEVE"}
    assert rollout(f"item done refunds_agent choose_workflow --evidence https://x.example/1 --as UEVE {AT}").status == 0


def test_ids_serve_as_well_as_names(rollout: Rollout, refunds: str, support: str) -> None:
    assert rollout(f"status {refunds} --format json").answer["workflows"][0]["workflow"] == "refunds_agent"
    assert rollout(f"team edit {support} --hours 8-16 --as ULEAD").answer == {"id": support}


def test_an_edit_of_a_workflow_answers_with_its_id(rollout: Rollout, refunds: str) -> None:
    edited = rollout(f"edit refunds_agent --name refunds --domain billing --start 2026-03-03 --as UANA {AT}")
    assert edited.answer == {"id": refunds, "request": None}
    assert rollout(f"status refunds --format json {AT}").answer["workflows"][0]["day"] == 7


def test_a_pause_may_leave_the_agent_running(rollout: Rollout, refunds: str) -> None:
    paused = rollout(f"pause refunds_agent --no-freeze --reason 'Holidays.' --as UANA {AT}")
    assert paused.answer == {"id": refunds, "paused_on": "2026-03-09", "frozen": False}
    told = rollout(f"status refunds_agent {AT}").out
    assert "PAUSED in pilot · day 8 of 90" in told
    assert "The agent is not stopped: what it was granted stays in force." in told


def test_closing_takes_back_what_waited(rollout: Rollout, refunds: str) -> None:
    asked = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}")
    closed = rollout(f"close refunds_agent --outcome merged --reason 'Into triage.' --as UANA {AT}")
    assert closed.answer == {"id": refunds, "outcome": "merged", "withdrawn": [asked.answer["request"]]}
    assert "CLOSED as merged" in rollout(f"status refunds_agent {AT}").out
