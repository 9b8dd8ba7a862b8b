"""Documents in a real browser: a spec with its review, and a red-team review that unlocks a grant."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.actions import workflows
from bot.actions.desk import Asked
from bot.actions.workflows import Correction
from bot.domain.workflows import Domain
from tests.browser import PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.granting import request
from tests.slack.office import Office

TESTS = "Order 8812, $20 -> propose $20\nNo order number -> ask for it"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("documents"))
    yield place
    place.close()


def window(page: Page, title: str) -> Locator:
    """The open window, once it bears this title."""
    found = page.get_by_test_id("modal")
    expect(found).to_contain_text(title)
    return found


def fill(page: Page, **answers: str) -> None:
    """Fields of the open window, by block."""
    for name, answer in answers.items():
        block = page.get_by_test_id("modal").locator(f"[data-block-id={name}]")
        block.locator("input, textarea").first.fill(answer)


def on(page: Page, step: str, /, **answers: str) -> None:
    """A step of the window filled in, and the next one asked for."""
    window(page, step)
    fill(page, **answers)
    page.get_by_test_id("modal-submit").click()


def test_a_spec_is_written_found_wanting_rejected_mended_and_accepted(office: Office, become: Become) -> None:
    case = office.case(approvers=(MEI,))
    bo = become(BO, case.room)
    types(bo, f"/rollout spec {case.name}")
    on(bo, "Spec, 1 of 3", title="Refunds up to $25", goal="Answer within an hour.", metric="Hours.", owner="Ana.")
    on(bo, "Spec, 2 of 3", requirements="It asks.", authoritative_inputs="Orders.")
    window(bo, "Spec, 3 of 3")
    shot(bo, "spec-tests")
    on(bo, "Spec, 3 of 3", acceptance_tests=TESTS, counterexamples="An order of 2019 -> pays")
    expect(window(bo, "Spec, 2 of 3")).to_contain_text("Missing or not right: Non-negotiable constraints.")
    shot(bo, "spec-missing")
    on(bo, "Spec, 2 of 3", non_negotiable_constraints="Never above $25.")
    on(bo, "Spec, 3 of 3")
    card = message(bo, "asks to review a spec")
    expect(card).to_contain_text("Answer within an hour.")
    shot(bo, "spec-card")

    mei = become(MEI, case.room)
    message(mei, "asks to review a spec").get_by_role("button", name="Show").click()
    expect(window(mei, "Document")).to_contain_text("No order number -> ask for it")
    shot(mei, "spec-shown")
    mei.keyboard.press("Escape")
    message(mei, "asks to review a spec").get_by_role("button", name="Reject…").click()
    on(mei, "Reject", reason="Say what happens at night.")
    expect(message(mei, "Rejected by")).to_contain_text("Say what happens at night.")

    message(bo, "Rejected by").get_by_role("button", name="Edit…").click()
    on(bo, "Spec, 1 of 3", goal="Answer within an hour, at night by nine.")
    on(bo, "Spec, 2 of 3")
    on(bo, "Spec, 3 of 3")
    again = message(mei, "asks to review a spec")
    expect(again).to_contain_text("at night by nine")
    again.get_by_role("button", name="Show").click()
    window(mei, "Document").get_by_role("button", name="What changed").click()
    expect(window(mei, "What changed")).to_contain_text("+ Answer within an hour, at night by nine.")
    shot(mei, "spec-changes")
    mei.get_by_test_id("modal-close").click()
    window(mei, "No order number").get_by_test_id("modal-close").click()
    expect(mei.get_by_test_id("modal")).to_be_hidden()
    message(mei, "asks to review a spec").get_by_role("button", name="Accept").click()
    expect(message(mei, "Spec of")).to_contain_text("Accepted by")
    shot(mei, "spec-accepted")


def test_a_red_team_review_unlocks_a_grant(office: Office, become: Become) -> None:
    case = office.case(approvers=(MEI,))
    office.desk.do(Asked(office.desk.actor(ANA)), workflows.edit, case.workflow, Correction(domain=Domain.BILLING))
    request(office, case)
    mei = become(MEI, case.room)
    asked = message(mei, "asks to let")
    expect(asked).to_contain_text("red-team review missing")
    asked.get_by_label("I saw that there is no data").check()
    asked.get_by_role("button", name="Approve").click()
    expect(message(mei, "needs an accepted red-team review")).to_be_visible()
    shot(mei, "grant-wants-review")

    bo = become(BO, case.room, PHONE)
    message(bo, "asks to let").get_by_role("button", name="Write the red-team review…").click()
    window(bo, "Red-team review, 1 of 3")
    picker = bo.get_by_test_id("modal").locator("[data-block-id=reviewers]")
    picker.locator("[data-action-id=value]").click()
    bo.get_by_role("option", name="Bo Lindqvist").click()
    bo.keyboard.press("Escape")
    shot(bo, "phone-red-team")
    on(bo, "Red-team review, 1 of 3", title="Attacks on refunds", scope="The prompt.")
    on(bo, "Red-team review, 2 of 3", attacks_tried="Ten prompts.", outcomes="Nine held.")
    on(bo, "Red-team review, 3 of 3", score="9 of 10", verdict="Fit for $25.")
    expect(message(bo, "asks to review a red-team review")).to_contain_text("Fit for $25.")

    chidi = become(CHIDI, case.room)
    message(chidi, "asks to review a red-team review").get_by_role("button", name="Accept").click()
    expect(message(chidi, "Red-team review of")).to_contain_text("Accepted by")
    asked = message(mei, "asks to let")
    asked.get_by_role("button", name="Approve").click()
    expect(message(mei, "asks to let")).to_contain_text("Approved by")
    shot(mei, "grant-after-review")
