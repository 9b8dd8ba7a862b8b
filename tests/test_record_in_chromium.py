"""Numbers by hand in a real browser: a metric's value, an eval run below the floor, and what the answer says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.actions import metrics
from bot.actions.desk import Asked
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.grants.life import GrantState
from bot.domain.metrics import MetricEntry, number_in
from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA, MEI
from tests.slack.granting import granted, state_of
from tests.slack.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("record"))
    yield place
    place.close()


def chooses(page: Page, menu: Locator, choice: str) -> None:
    """Choose from a menu of the window."""
    menu.click()
    page.get_by_role("option", name=choice, exact=True).click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_value_and_a_run_below_the_floor_are_recorded_and_the_answer_says_what_they_cause(
    office: Office, become: Become, size: dict[str, int]
) -> None:
    case = office.case(approvers=(MEI,))
    csat = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, number_in("4", "x"), number_in("4.5", "x"))
    office.desk.do(Asked(office.desk.actor(ANA)), metrics.define, case.workflow, csat)
    grant = granted(office, case)
    ana = become(ANA, case.room, size)
    types(ana, f"/rollout record {case.name}")
    window = ana.get_by_role("dialog")
    window.get_by_label("Value").fill("4,2")
    shot(ana, f"record-metric-{size['width']}")
    window.get_by_role("button", name="Record", exact=True).click()
    expect(window).to_contain_text("no plain number")
    window.get_by_label("Value").fill("4.2")
    window.get_by_role("button", name="Record", exact=True).click()
    answer = message(ana, "metric, csat 4.2")
    shot(ana, f"record-answer-{size['width']}")
    answer.get_by_role("button", name="Record another…").click()
    chooses(ana, window.get_by_role("combobox").first, "An eval run")
    window.get_by_label("Which suite?").fill("core")
    window.get_by_label("Passed").fill("150 of 200")
    shot(ana, f"record-eval-{size['width']}")
    window.get_by_role("button", name="Record", exact=True).click()
    answer = message(ana, "eval run, core: 150 of 200 passed")
    expect(answer).to_contain_text("send_macro stands still by this")
    office.settle()
    shot(ana, f"record-stopped-{size['width']}")
    assert state_of(office, grant) is GrantState.SUSPENDED
    answer.get_by_role("button", name="Correct…").click()
    expect(window).to_contain_text("What was wrong?")
    shot(ana, f"record-correct-{size['width']}")
    window.get_by_role("button", name="Cancel").click()
    expect(window).to_have_count(0)
