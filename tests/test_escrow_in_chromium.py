"""Escrow in a real browser: an agent's program asks and waits, a person approves, the agent acts once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.domain.workflows import Role
from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot
from tests.slack.cast import BO, MEI
from tests.slack.granting import granted, policy
from tests.slack.office import Case, Office

AGENT = """\
import json, subprocess, sys, time

rollout, workflow = json.loads(sys.argv[1]), sys.argv[2]
facts = json.dumps({"amount_usd": 42, "tenure_days": 412, "order": "8812"})

def run(*arguments):
    done = subprocess.run([*rollout, *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)

def decide(*more):
    return run("decide", workflow, "propose_refund", "--facts", facts, *more)

asked = decide("--ask", "order-8812", "--summary", "for order 8812")
question = asked["approval"]["id"]
print(json.dumps(asked["decision"]), flush=True)
for _ in range(60):
    if run("approvals", "show", question)["state"] != "pending":
        break
    time.sleep(0.5)
for _ in range(2):
    print(json.dumps(decide("--approval", question)["decision"]), flush=True)
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("escrow"))
    yield place
    place.close()


def agent(office: Office, case: Case, folder: Path) -> Any:
    """The agent's program, at work beside the bot."""
    script = folder / "agent.py"
    script.write_text(AGENT, "utf-8")
    at = office.clock.now().isoformat()
    rollout = [sys.executable, "-m", "bot", "--db", office.database_url, "--at", at, "--as", "agent:refunds"]
    return subprocess.Popen(
        [sys.executable, str(script), json.dumps(rollout), case.name], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_agent_asks_and_waits_a_person_approves_and_it_acts_once(
    office: Office, become: Become, tmp_path: Path, size: dict[str, int]
) -> None:
    case = office.case(approvers=(MEI,), roles={Role.STEWARD: BO})
    granted(
        office,
        case,
        policy(case, "max_amount_usd: 100", "min_tenure_days: 90", action="propose_refund").replace(
            "    allowed_when:\n      - confidence_score >= 0.95\n", ""
        ),
    )
    with agent(office, case, tmp_path) as program:
        assert json.loads(program.stdout.readline()) == "needs_approval"
        office.settle()
        bo = become(BO, case.room, size)
        day = message(bo, f"Questions of {case.name} today")
        expect(day).to_contain_text("1 open, 0 answered")
        shot(bo, f"escrow-day-{size['width']}")
        day.get_by_test_id("replies").click()
        card = bo.get_by_test_id("message").filter(has_text="for order 8812").last
        expect(card).to_contain_text("$42.00")
        shot(bo, f"escrow-card-{size['width']}")
        card.get_by_role("button", name="Approve").click()
        expect(card).to_contain_text("Approved by")
        assert [json.loads(line) for line in program.stdout.read().splitlines()] == ["allow", "deny"]
    office.settle()
    expect(card).to_contain_text("Used")
    shot(bo, f"escrow-used-{size['width']}")
