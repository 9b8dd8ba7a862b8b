"""A memo in a real browser: from a message by its shortcut, laid open, filed, read, superseded and copied."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office

SAID = "We let refunds up to $25 go out alone: 198 of 200 evals passed."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("memo"))
    yield place
    place.close()


def chooses(page: Page, menu: Locator, choice: str) -> None:
    """Choose from a menu of the window."""
    menu.click()
    page.get_by_role("option", name=choice, exact=True).click()


def picks(page: Page, field: str, choice: str) -> None:
    """Choose in a field of the window, by the field's name."""
    chooses(page, page.get_by_role("dialog").get_by_role("combobox", name=field), choice)


def uses_shortcut(page: Page, words: str) -> None:
    """File a memo from a message by the menu beside it."""
    said = message(page, words)
    said.hover()
    said.get_by_test_id("more-actions").click()
    page.get_by_test_id("shortcut-memo.message").click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_message_becomes_a_memo_in_under_a_minute(office: Office, become: Become, size: dict[str, int]) -> None:
    case = office.case(approvers=(MEI,))
    office.person(BO).types(SAID, in_=case.room)
    ana = become(ANA, case.room, size)
    uses_shortcut(ana, SAID)
    window = ana.get_by_role("dialog")
    expect(window.get_by_label("Decision and why")).to_have_value(SAID)
    expect(window).to_contain_text("From a message of Bo Lindqvist")
    shot(ana, f"memo-from-message-{size['width']}")
    window.get_by_role("button", name="File", exact=True).click()
    expect(window).to_contain_text("Choose something here.")
    picks(ana, "Category", "grant")
    picks(ana, "Can it be undone?", "Yes")
    window.get_by_role("button", name="More…").click()
    expect(window.get_by_label("Which changes is it about?")).to_be_visible()
    expect(window.get_by_label("Decision and why")).to_have_value(SAID)
    window.get_by_label("Prediction: which metric?").fill("csat")
    window.get_by_role("button", name="File", exact=True).click()
    expect(window).to_contain_text("Say which value is expected")
    shot(ana, f"memo-laid-open-{size['width']}")
    window.get_by_label("Prediction: which metric?").fill("")
    window.get_by_role("button", name="File", exact=True).click()
    expect(window).to_have_count(0)
    expect(message(ana, "is filed (memo_")).to_be_visible()
    office.settle()
    card = message(ana, "Supersede…")
    expect(card).to_contain_text(SAID)
    expect(card).to_contain_text("Owner @Ana Duarte")
    expect(card.get_by_role("link", name="link", exact=True)).to_have_count(1)
    shot(ana, f"memo-card-{size['width']}")
    card.get_by_role("button", name="Export").click()
    expect(message(ana, "rollout memo import takes it in again")).to_contain_text("## Decision Outcome")
    shot(ana, f"memo-export-{size['width']}")
    types(ana, "/rollout memos evals passed")
    expect(message(ana, "with evals passed")).to_contain_text(SAID)
    shot(ana, f"memo-found-{size['width']}")


def test_a_memo_that_was_left_is_offered_again_and_taken_up(office: Office, become: Become) -> None:
    case = office.case()
    ana = become(ANA, case.room)
    types(ana, "/rollout memo We wait")
    window = ana.get_by_role("dialog")
    window.get_by_label("Decision and why").fill("Until the evals are back.")
    window.get_by_role("button", name="More…").click()
    expect(window.get_by_label("Options considered")).to_be_visible()
    window.get_by_role("button", name="Cancel").click()
    types(ana, "/rollout memo")
    expect(window).to_contain_text("Not filed yet")
    window.get_by_label("Title").fill("Something else")
    shot(ana, "memo-draft-offered")
    window.get_by_role("button", name="Take it up").click()
    expect(window.get_by_label("Title")).to_have_value("We wait")
    expect(window.get_by_label("Decision and why")).to_have_value("Until the evals are back.")
    shot(ana, "memo-draft-taken-up")
