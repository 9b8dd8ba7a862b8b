"""What tests of sources begin with."""

from collections.abc import Iterator

import pytest

from tests.sources.system import System, serving


@pytest.fixture
def system() -> Iterator[System]:
    """A system on loopback that answers as told."""
    with serving() as running:
        yield running
