"""The newsroom of a module, and its readers, who stop reading at the end of each test."""

from collections.abc import Iterator

import pytest

from tests.blockkit.observer import Observer, checked_payloads
from tests.delivery.newsroom import Readers, draft, readers_in, switch
from tests.slack.conftest import judged, opened
from tests.slack.office import Office

__all__ = ["checked_payloads"]


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with a bot whose digests have the simplest words."""
    office = Office(tmp_path_factory.mktemp("newsroom"))
    office.draft = office.desk.draft = draft
    yield from opened(office)


@pytest.fixture
def office(premises: Office, checked_payloads: Observer) -> Iterator[Office]:
    """The module's newsroom for one test; a slow answer is a lost one after a second."""
    client = premises.bot.parts.messenger.client
    kept, client.timeout = client.timeout, 1
    yield from judged(premises)
    client.timeout = kept


@pytest.fixture
def readers(office: Office) -> Iterator[Readers]:
    """A team that reads a digest for as long as the test lasts."""
    found = readers_in(office)
    yield found
    office.workspace.faults.clear()
    switch(office, found.case, on=False)
