"""Policies, a quality save and seats in a real browser: typed in windows, and read where people look for them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import DESK, PHONE
from tests.pages import Become, message, shot, types
from tests.slack.cast import ANA
from tests.slack.office import Case, Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("registry"))
    yield place
    place.close()


def chooses(page: Page, menu: Locator, choice: str) -> None:
    """Choose from a menu of the window."""
    menu.click()
    page.get_by_role("option", name=choice, exact=True).click()


def adds_a_policy(page: Page, name: str, width: int) -> None:
    """A policy written in its window."""
    types(page, "/rollout policy")
    page.get_by_role("button", name="Add…").last.click()
    window = page.get_by_role("dialog")
    window.get_by_label("Name").fill(name)
    chooses(page, window.get_by_role("combobox").first, "Financial actions")
    window.get_by_label("Its words, or a link to them").fill("At most $100 without a person.\nAbove it, ask the lead.")
    window.get_by_label("When is it looked at again?").fill("2026-09-01")
    shot(page, f"policy-add-{width}")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window).to_have_count(0)
    expect(message(page, name)).to_contain_text("Above it, ask the lead.")
    types(page, "/rollout policy without a person")
    shot(page, f"policy-{width}")


def saves_something(page: Page, case: Case, width: int) -> None:
    """A mistake told of, and the word of thanks in the channel."""
    types(page, "/rollout save A second payout run was stopped before it went out")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Who caught it?")
    shot(page, f"save-{width}")
    window.get_by_role("button", name="Say thank you").click()
    expect(message(page, "Thank you, @Ana Duarte")).to_contain_text(case.name)


def sets_seats(page: Page, width: int) -> None:
    """Seats typed in, and the table of all teams."""
    types(page, "/rollout seats")
    page.get_by_role("button", name="Change…").last.click()
    window = page.get_by_role("dialog")
    window.get_by_label("Tier").fill("pro")
    window.get_by_label("How many people have such a seat?").fill("12")
    window.get_by_label("How many of them are trained?").fill("9")
    window.get_by_label("What do they cost a month together").fill("240.50")
    shot(page, f"seats-change-{width}")
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window).to_have_count(0)
    expect(message(page, "Seats by team")).to_contain_text("9 (75 %)")
    shot(page, f"seats-{width}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_policy_a_save_and_seats_are_written_and_read(office: Office, become: Become, size: dict[str, int]) -> None:
    case, width = office.case(), size["width"]
    ana = become(ANA, case.room, size)
    adds_a_policy(ana, office.fresh("Refund limits "), width)
    saves_something(ana, case, width)
    sets_seats(ana, width)
    assert ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
