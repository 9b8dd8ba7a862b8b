"""The model's peer, one for all tests of this folder in a process."""

from collections.abc import Iterator

import pytest

from tests.drafting.peer import Peer, serving, why_missing


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """A running server that answers as OpenAI's does."""
    if reason := why_missing():
        pytest.skip(reason)
    with serving(tmp_path_factory.mktemp("peer")) as running:
        yield running
