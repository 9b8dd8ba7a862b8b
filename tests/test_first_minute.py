"""A new user's first minute in a real browser: start, tick, be refused, skip with approval, read, move the clock."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE
from tests.pages import Become, latest, message, shot, types
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot, in which nothing has been started."""
    place = Office(tmp_path_factory.mktemp("first-minute"))
    yield place
    place.close()


def field(page: Page, name: str) -> Locator:
    return page.get_by_test_id("modal").locator(f"[data-block-id={name}]").locator("input, textarea").first


def submits(page: Page) -> None:
    page.get_by_test_id("modal-submit").click()


def starts(page: Page, name: str) -> None:
    types(page, "/rollout start")
    field(page, "name").fill(name)
    field(page, "purpose").fill("Proposes refunds for small orders; a person approves each.")
    shot(page, "start")
    submits(page)
    expect(message(page, f"{name} is on day 1 of 90")).to_be_visible()


def test_a_new_user_starts_a_workflow_ticks_skips_with_approval_and_moves_the_clock(
    office: Office, become: Become
) -> None:
    room = office.room()
    ana = become(ANA, room)

    starts(ana, "refunds_agent")
    message(ana, "is on day 1 of 90").get_by_role("button", name="Open checklist").click()
    checklist = message(ana, "Checklist of refunds_agent")
    expect(checklist).to_contain_text("Choose a workflow of clear value and bounded risk")
    shot(ana, "checklist")

    checklist.get_by_role("button", name="Done…").first.click()
    submits(ana)
    expect(ana.get_by_test_id("modal")).to_be_visible()
    field(ana, "evidence").fill("https://docs.example.com/choice")
    field(ana, "note").fill("Chosen with support and finance.")
    shot(ana, "evidence")
    submits(ana)
    expect(ana.get_by_test_id("modal")).to_be_hidden()
    expect(message(ana, "Checklist of refunds_agent")).to_contain_text("✓ Choose a workflow")
    shot(ana, "ticked")

    bo = become(BO, room)
    types(bo, "/rollout checklist refunds_agent")
    message(bo, "Checklist of refunds_agent").get_by_role("button", name="Done…").first.click()
    expect(latest(bo)).to_contain_text("You can't change this item")
    expect(latest(bo)).to_contain_text("Only visible to you")
    shot(bo, "refused")

    message(ana, "Checklist of refunds_agent").locator("[data-action-id='item.more']").first.click()
    ana.get_by_role("menuitem", name="Skip…").click()
    field(ana, "reason").fill("Finance keeps these numbers already.")
    shot(ana, "skip")
    submits(ana)
    card = message(ana, "asks to skip")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Approve").click()
    expect(latest(ana)).to_contain_text("You can't decide this: you asked for it.")
    shot(ana, "own-request")

    mei = become(MEI, room)
    message(mei, "asks to skip").get_by_role("button", name="Approve").click()
    expect(message(mei, "asks to skip")).to_contain_text("Approved by")
    expect(message(ana, "asks to skip").first).to_contain_text("Approved by")
    shot(mei, "approved")

    types(ana, "/rollout status refunds_agent")
    expect(message(ana, "PILOT · day 1 of 90")).to_contain_text("1 done · 1 skipped")
    expect(ana.locator("#main img").last).to_be_visible()
    shot(ana, "status")

    ana.get_by_test_id("clock-toggle").click()
    ana.get_by_test_id("clock-monday").click()
    types(ana, "/rollout status refunds_agent")
    expect(message(ana, "PILOT · day")).not_to_contain_text("day 1 of 90")
    expect(message(ana, "PILOT · day")).to_contain_text("late")
    shot(ana, "later")
    assert [entry.summary for entry in office.workspace.journal.problems] == []


def test_the_first_minute_fits_a_phone(office: Office, become: Become) -> None:
    room = office.room()
    ana = become(ANA, room, PHONE)

    starts(ana, "triage_agent")
    for verb in ("status triage_agent", "checklist triage_agent"):
        types(ana, f"/rollout {verb}")
        expect(message(ana, "PILOT · day 1 of 90")).to_be_visible()
        shot(ana, f"phone-{verb.split()[0]}")

    assert ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
