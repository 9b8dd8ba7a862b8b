"""Who someone is at the command line, what they may do there, and what the record says of it."""

import json
import socket
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from store import Database
from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


def last_record(rollout: Rollout) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(rollout("audit export").out.splitlines()[-1])
    return record


def test_a_claimed_name_is_recorded_beside_the_user_and_host(rollout: Rollout, refunds: str) -> None:
    rollout(f"pause refunds_agent --reason x --as UANA {AT}")
    record = last_record(rollout)
    assert {name: record[name] for name in ("principal_kind", "through", "claimed", "effective_at", "fact")} == {
        "principal_kind": "human",
        "through": "cli",
        "claimed": f"tester@{socket.gethostname()}",
        "effective_at": "2026-03-09T10:00:00.000000Z",
        "fact": "workflow_paused",
    }
    assert record["details"]["allowed_because"] == "accountable owner of refunds_agent"


def test_without_a_name_the_operating_systems_user_acts_as_a_member(rollout: Rollout) -> None:
    rollout("team add Sales --channel C9 --lead ULEAD --timezone UTC")
    record = last_record(rollout)
    assert (record["principal_kind"], record["claimed"]) == ("human", f"tester@{socket.gethostname()}")
    refused = rollout("team edit Sales --name Field")
    assert (refused.status, refused.err) == (1, "You can't change this team: ULEAD can.\n")


def test_an_attempt_without_the_right_is_recorded(rollout: Rollout, refunds: str) -> None:
    rollout(f"pause refunds_agent --reason x --as agent:refunds {AT}")
    record = last_record(rollout)
    assert (record["fact"], record["principal_kind"], record["principal"], record["subject"]) == (
        "denied",
        "agent",
        "agent:refunds",
        refunds,
    )


def test_the_user_ids_in_the_settings_have_their_rights(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_ADMINS", "UADMIN S0GROUP")
    assert rollout(f"pause refunds_agent --reason x --as UADMIN {AT}").status == 0
    assert last_record(rollout)["details"]["allowed_because"] == "named as admin in the settings"
    monkeypatch.setenv("ROLLOUT_APPROVERS", "UOTHER")
    assert rollout(f"resume refunds_agent --reason x --as UOTHER {AT}").status == 0
    assert last_record(rollout)["details"]["allowed_because"] == "named as approver in the settings"


def test_back_filling_judges_by_the_given_time_and_keeps_both(rollout: Rollout, refunds: str) -> None:
    rollout(f"pause refunds_agent --reason x --as UANA {AT}")
    earlier = rollout(
        "item done refunds_agent choose_workflow --evidence https://x.example/1 --as UANA "
        "--at 2026-03-04T08:00:00+01:00"
    )
    assert earlier.status == 0
    record = last_record(rollout)
    assert record["effective_at"] == "2026-03-04T07:00:00.000000Z"
    assert record["real_at"] > record["effective_at"]


@pytest.mark.parametrize("verb", ["approve {request}", "decline {request} --reason no"])
def test_beside_a_bot_token_requests_are_decided_in_slack(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    asked = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}")
    line = f"{verb.format(request=asked.answer['request'])} --as UAPP {AT}"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
    refused = rollout(line)
    assert (refused.status, refused.err) == (
        1,
        "Requests are decided in Slack, where people prove who they are: a bot token is configured. To decide at the "
        "command line all the same, set ROLLOUT_CLI_APPROVALS=on.\n",
    )
    monkeypatch.setenv("ROLLOUT_CLI_APPROVALS", "on")
    assert rollout(line).status == 0


def test_people_are_called_as_the_store_knows_them(rollout: Rollout, refunds: str, database_url: str) -> None:
    with closing(Database(database_url)) as database, database.writing() as connection:
        connection.execute(text("UPDATE people SET name = 'Ana Reis', zone = 'Europe/Lisbon' WHERE handle = 'UANA'"))
    refused = rollout(f"pause refunds_agent --reason x --as UEVE {AT}")
    assert refused.err == "You can't change this workflow: Ana Reis or ULEAD can.\n"
    assert rollout(f"pause refunds_agent --reason x --as UANA {AT}").status == 0
    assert "Paused by @Ana Reis on Mon 9 Mar: x" in rollout(f"status refunds_agent {AT}").out
