"""The workspace's page, opened in a browser as somebody, for the tests that look at it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from bot.sandbox.echo import make_echo
from tests.browser import open_page
from tests.sandbox.conftest import Stage, start_stage

Open = Callable[..., Page]


@pytest.fixture
def workspace() -> Iterator[Stage]:
    """A workspace as patient as Slack: a browser beside it may be slow."""
    running = start_stage(ack_timeout_s=3.0, trigger_life_s=3.0)
    yield running
    running.close()


@pytest.fixture
def echo(workspace: Stage) -> Stage:
    """The workspace with the sample app connected."""
    workspace.connect(make_echo(workspace.server.url, workspace.profile))
    return workspace


@pytest.fixture
def open_as(workspace: Stage, browser: Browser) -> Iterator[Open]:
    """Opens the page as somebody; at the end no page may have met an error."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_it(user: str = "U0ANA", query: str = "", size: dict[str, int] | None = None) -> Page:
        page = open_page(browser, f"{workspace.server.url}/?as={user}{query}", size)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"a dialog said {dialog.message}"))
        pages.append(page)
        return page

    yield open_it
    for page in pages:
        page.context.close()
    assert errors == []


def say(page: Page, text: str, field: str = "composer") -> None:
    page.get_by_test_id(field).fill(text)
    page.get_by_test_id(field).press("Enter")


def messages(page: Page) -> Locator:
    return page.locator("#main").get_by_test_id("message")


def action(page: Page, action_id: str) -> Locator:
    return page.locator(f"[data-action-id={action_id}]")


def overflow_px(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
