"""What tests of sources begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.peers.peers import PACKAGES, GitHub, specified, stateful
from tests.sources.system import System, serving


@pytest.fixture
def system() -> Iterator[System]:
    """A system on loopback that answers as told."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def _peers() -> None:
    """The packages of the peers, or a word why they cannot be had."""
    if reason := PACKAGES.why_missing():
        pytest.skip(reason)


@pytest.fixture
def remembering(_peers: None, tmp_path: Path) -> Iterator[GitHub]:
    """A GitHub with a memory."""
    with stateful(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def specified_github(_peers: None) -> Iterator[str]:
    """The address of a GitHub that answers by its specification."""
    with specified() as url:
        yield url
