"""What a person sees and does on the workspace's page while the real bot is connected to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser import DESK, open_page
from tests.slack.office import Office

SCREENS = Path(__file__).parents[1] / "screens"
"""Where the pictures go that a person may look at; not in git."""

Become = Callable[..., Page]


@pytest.fixture
def become(office: Office, browser: Browser) -> Iterator[Become]:
    """Opens the page as somebody, in a channel; at the end no page may have met an error."""
    errors: list[str] = []
    pages: list[Page] = []

    def open_as(user: str, room: str, size: dict[str, int] = DESK) -> Page:
        page = open_page(browser, f"{office.server.url}/?as={user}&at={room}", size)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        return page

    yield open_as
    for page in pages:
        page.context.close()
    assert errors == []


def types(page: Page, text: str) -> None:
    """Type something where one talks, and send it."""
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def latest(page: Page) -> Locator:
    """The newest message."""
    return page.locator("#main").get_by_test_id("message").last


def message(page: Page, words: str) -> Locator:
    """The newest message that holds these words."""
    return page.locator("#main").get_by_test_id("message").filter(has_text=words).last


def shot(page: Page, name: str) -> None:
    """A picture of the page as it is now."""
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")
