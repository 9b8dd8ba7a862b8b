"""A Chromium for the tests that look at the local workspace's page."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
PATIENCE_MS = 20_000
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for one module's tests; where none is installed, a skip (in CI a failure).

    Not for the session: while Playwright runs, its event loop counts as running in this thread, so that
    `asyncio.run` in another module's tests would be refused.
    """
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        reason = f"No Chromium is installed (none of {', '.join(PROGRAMS)} is on the PATH)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; .ci/run installs it.")
        pytest.skip(f"{reason}; install it to run the tests of the page.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield running
        running.close()


def open_page(browser: Browser, url: str, size: dict[str, int] | None = None) -> Page:
    """A page of its own profile at `url`, once the workspace has connected; its errors fail the test."""
    context = browser.new_context(viewport=size or DESK)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("body[data-connected=true]")
    return page
