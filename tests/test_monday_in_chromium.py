"""A Monday in a real browser: the clock moved there, the digest read, a line acknowledged, put off and explained."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.domain.digests.editions import EditionState
from tests.browser import DESK, PHONE
from tests.delivery.newsroom import Readers, readers_in, switch
from tests.pages import Become, message, shot
from tests.slack.cast import ANA
from tests.slack.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot."""
    place = Office(tmp_path_factory.mktemp("monday"))
    yield place
    place.close()


@pytest.fixture
def readers(office: Office) -> Iterator[Readers]:
    """A team with a workflow that reads its own digest."""
    found = readers_in(office)
    yield found
    switch(office, found.case, on=False)


def moves_to_monday(page: Page, office: Office, readers: Readers, size: dict[str, int]) -> None:
    """The clock moved on by the page's own button; the bot's scheduler then looks at it, as it does all the time."""
    if size is PHONE:
        page.get_by_test_id("back").click()
    page.get_by_test_id("clock-toggle").click()
    page.get_by_test_id("clock-monday").click()
    expect(page.get_by_test_id("clock")).to_contain_text("Mon")
    if size is PHONE:
        page.get_by_test_id(f"channel-{readers.room.name}").click()
    office.bot.parts.schedule.tick()
    readers.becomes(EditionState.POSTED)


def chooses(line: Locator, page: Page, choice: str) -> None:
    """One choice of a line's menu."""
    line.click()
    page.get_by_role("menuitem", name=choice).click()


def menu_of(digest: Locator, words: str) -> Locator:
    """The menu beside a line of the digest."""
    return digest.locator(".block-section", has_text=words).locator("[data-action-id='finding.menu']")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_digest_is_read_acknowledged_put_off_and_explained(
    office: Office, become: Become, readers: Readers, size: dict[str, int]
) -> None:
    ana = become(ANA, readers.case.room, size)
    moves_to_monday(ana, office, readers, size)
    digest = message(ana, "Rollout digest")
    expect(digest).to_contain_text("3 warnings")
    expect(digest).to_contain_text("nobody is eval owner")
    shot(ana, f"digest-{size['width']}")
    assert ana.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0

    chooses(menu_of(digest, "nobody is eval owner"), ana, "Acknowledge")
    expect(digest).to_contain_text("Acknowledged by @Ana Duarte")

    chooses(menu_of(digest, "nobody is data gatekeeper"), ana, "Snooze…")
    window = ana.get_by_role("dialog")
    window.get_by_label("Why").fill("She joins us next week.")
    shot(ana, f"digest-snooze-{size['width']}")
    window.get_by_role("button", name="Snooze").click()
    expect(window).to_have_count(0)
    expect(digest).to_contain_text("Snoozed until")

    chooses(menu_of(digest, "required items are past due"), ana, "Why?")
    expect(message(ana, "Rule item.overdue")).to_contain_text("items: ")
    shot(ana, f"digest-why-{size['width']}")
