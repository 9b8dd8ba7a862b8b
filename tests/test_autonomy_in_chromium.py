"""Autonomy in a real browser: asked for, approved by another, used, lost when evals fall, given back by a person."""

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.actions.desk import Asked, Turn
from bot.cli.application import main
from bot.domain.facts import PhaseChanged
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Role
from tests.browser import PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA, BO, MEI
from tests.slack.granting import granted, policy
from tests.slack.office import Case, Office

FACTS = '{"recipients": 1, "confidence_score": 0.97}'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot, in which nothing has been granted."""
    place = Office(tmp_path_factory.mktemp("autonomy"))
    yield place
    place.close()


def rollout(office: Office, *arguments: str) -> Any:
    """What the command line prints beside the running bot, as an agent's own program would call it."""
    printed = StringIO()
    at = office.clock.now().isoformat()
    with redirect_stdout(printed):
        main([*arguments, "--db", office.database_url, "--at", at, "--as", "agent:macros"])
    return json.loads(printed.getvalue())


def decided(office: Office, case: Case) -> str:
    """What the agent is told that wants to send one macro."""
    return str(rollout(office, "decide", case.name, "send_macro", "--facts", FACTS)["decision"])


def enter(office: Office, case: Case, phase: PhaseName) -> None:
    """The workflow in another phase, as a gate would write it."""
    here = case.workflow
    fact = PhaseChanged(
        workflow_id=here.id, seen_version=here.version, left=here.phase, entered=phase, because="sample"
    )

    def move(turn: Turn) -> None:
        turn.record(fact)

    office.desk.do(Asked(office.desk.actor(ANA)), move)
    office.settle()


def eval_run(office: Office, case: Case, folder: Path, *, passed: int) -> None:
    """An eval run of 200 cases, taken in a minute later."""
    office.clock.advance(60)
    run = {"suite": "macros", "cases": 200, "passed": passed, "prompt_version": "p7", "model": "m2"}
    at = office.clock.now().isoformat()
    line = {"id": at, "type": "eval_run", "workflow": case.name, "at": at, "source": "ci", **run}
    file = folder / "signals.jsonl"
    file.write_text(json.dumps(line) + "\n", "utf-8")
    assert rollout(office, "ingest", str(file))["accepted"] == 1
    office.settle()


def opens_resume(page: Page, case: Case) -> None:
    """The menu of the grant that stands still, in a table asked for just now."""
    types(page, f"/rollout grants {case.name}")
    table = message(page, f"Grants of {case.name}")
    expect(table).to_contain_text("suspended because")
    table.locator("[data-action-id='grant.more']").first.click()
    page.get_by_role("menuitem", name="Resume…").click()


def field(page: Page, name: str) -> Locator:
    """A field of the open window."""
    return page.get_by_test_id("modal").locator(f"[data-block-id={name}]").locator("input, textarea").first


def test_autonomy_is_approved_used_lost_with_the_evidence_and_given_back_by_a_person(
    office: Office, become: Become, tmp_path: Path
) -> None:
    case = office.case(day=70, approvers=(MEI,), roles={Role.STEWARD: BO})
    enter(office, case, PhaseName.SCALING)
    eval_run(office, case, tmp_path, passed=198)
    ana = become(ANA, case.room)
    types(ana, f"/rollout grant {case.name}")
    field(ana, "policy").fill(policy(case, "max_recipients: 1", "requires_human_approval: false"))
    shot(ana, "grant-window")
    ana.get_by_test_id("modal-submit").click()
    card = message(ana, "asks to let")
    expect(card).to_contain_text("198/200")
    shot(ana, "grant-card")
    card.get_by_role("button", name="Approve").click()
    expect(message(ana, "You can't decide this")).to_be_visible()
    assert decided(office, case) == "deny"

    mei = become(MEI, case.room)
    asked = message(mei, "asks to let")
    expect(asked).to_contain_text("no data: no send_macro was logged")
    asked.get_by_role("button", name="Approve").click()
    expect(message(mei, "There is no history to judge this grant by")).to_be_visible()
    asked.get_by_label("I saw that there is no data").check()
    shot(mei, "grant-no-history")
    asked.get_by_role("button", name="Approve").click()
    expect(message(mei, "asks to let")).to_contain_text("Approved by")
    assert decided(office, case) == "allow"

    eval_run(office, case, tmp_path, passed=180)
    assert decided(office, case) == "deny"
    expect(message(ana, "stands still")).to_contain_text("180 of 200")
    shot(ana, "grant-suspended")
    bo = become(BO, case.room)
    opens_resume(bo, case)
    expect(bo.get_by_test_id("modal")).to_contain_text("last 2 runs")
    shot(bo, "grant-not-yet")
    bo.keyboard.press("Escape")

    for passed in (190, 200):
        eval_run(office, case, tmp_path, passed=passed)
        assert decided(office, case) == "deny"
    opens_resume(bo, case)
    field(bo, "reason").fill("The prompt was mended, and two runs pass.")
    bo.get_by_test_id("modal-submit").click()
    expect(message(bo, "is in force again")).to_be_visible()
    shot(bo, "grant-resumed")
    assert decided(office, case) == "allow"


def test_the_table_of_grants_fits_a_phone(office: Office, become: Become) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    ana = become(ANA, case.room, PHONE)
    types(ana, f"/rollout grants {case.name}")
    expect(message(ana, f"Grants of {case.name}")).to_contain_text("with a person each time")
    shot(ana, "phone-grants")
    assert ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
