"""Escrow in a real browser: an agent's program asks and waits, a person approves, the agent acts once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.actions import tokens
from bot.actions.desk import Asked
from bot.actions.tokens import TokenEntry
from bot.domain.people import PrincipalKind
from bot.domain.tokens import Scope
from bot.domain.workflows import Role
from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot
from tests.slack.cast import BO, MEI, RUI
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


HTTP_AGENT = """\
import json, sys, urllib.request

here, secret, workflow = sys.argv[1:]
facts = {"amount_usd": 42, "tenure_days": 412, "order": "8813"}

def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(here + path, data, {"Authorization": "Bearer " + secret})
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.load(answer)

def decide(**more):
    return call("/v1/decisions", {"workflow": workflow, "action": "propose_refund", "facts": facts, **more})

asked = decide(ask={"key": "order-8813", "summary": "for order 8813"})
print(json.dumps(asked["decision"]), flush=True)
seen = call("/v1/approvals/" + asked["approval"]["id"] + "?wait=30")
print(json.dumps([seen["state"], seen["facts"] == facts, seen["used"]]), flush=True)
for _ in range(2):
    print(json.dumps(decide(approval=asked["approval"]["id"])["decision"]), flush=True)
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


def case_with_grant(office: Office) -> Case:
    """A workflow whose agent may propose refunds, with a person each time; Bo is its steward."""
    case = office.case(approvers=(MEI,), roles={Role.STEWARD: BO})
    granted(
        office,
        case,
        policy(case, "max_amount_usd: 100", "min_tenure_days: 90", action="propose_refund").replace(
            "    allowed_when:\n      - confidence_score >= 0.95\n", ""
        ),
    )
    return case


def agent_over_http(office: Office, case: Case, folder: Path) -> Any:
    """The agent's program, at work elsewhere: it has nothing but an address and a token."""
    last_day = office.clock.now().date() + timedelta(days=30)
    entry = TokenEntry(f"{case.name}-agent", PrincipalKind.AGENT, (Scope.DECISIONS,), (case.workflow,), last_day)
    secret = office.desk.do(Asked(office.desk.actor(RUI)), tokens.make, entry, "UTC").secret
    script = folder / "http_agent.py"
    script.write_text(HTTP_AGENT, "utf-8")
    assert office.bot.web is not None
    here = f"http://127.0.0.1:{office.bot.web.port}"
    return subprocess.Popen([sys.executable, str(script), here, secret, case.name], stdout=subprocess.PIPE, text=True)


def test_an_agent_over_http_waits_for_the_click_and_hears_of_it_once(
    office: Office, become: Become, tmp_path: Path
) -> None:
    case = case_with_grant(office)
    with agent_over_http(office, case, tmp_path) as program:
        assert json.loads(program.stdout.readline()) == "needs_approval"
        office.settle()
        bo = become(BO, case.room, DESK)
        message(bo, f"Questions of {case.name} today").get_by_test_id("replies").click()
        card = bo.get_by_test_id("message").filter(has_text="for order 8813").last
        card.get_by_role("button", name="Approve").click()
        expect(card).to_contain_text("Approved by")
        heard = [json.loads(line) for line in program.stdout.read().splitlines()]
    assert heard == [["approved", True, False], "allow", "deny"]
    office.settle()
    expect(card).to_contain_text("Used")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_agent_asks_and_waits_a_person_approves_and_it_acts_once(
    office: Office, become: Become, tmp_path: Path, size: dict[str, int]
) -> None:
    case = case_with_grant(office)
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
