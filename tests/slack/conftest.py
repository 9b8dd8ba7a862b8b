"""The office of a module, and the judge of every test: nothing left for Slack that Slack would not take."""

from collections.abc import Iterator

import pytest

from tests.blockkit.observer import Observer, checked_payloads
from tests.slack.office import Office

__all__ = ["checked_payloads"]


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot in Socket Mode, shared by the tests of a module."""
    yield from opened(Office(tmp_path_factory.mktemp("office")))


@pytest.fixture
def office(premises: Office, checked_payloads: Observer) -> Iterator[Office]:
    """The module's office for one test, which ends when the bot is at rest and no rule of Slack's was broken."""
    yield from judged(premises)


def opened(office: Office) -> Iterator[Office]:
    """An office until it is no longer needed."""
    yield office
    office.close()


def judged(office: Office) -> Iterator[Office]:
    """An office for one test."""
    yield office
    office.workspace.faults.clear()
    office.settle()
    office.forget_people()
    office.judge()
