"""What a test of gathering begins with: a program on each engine."""

import pytest

from store import Database
from tests.grants_program import GrantsProgram


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """A program without teams and workflows."""
    return GrantsProgram(database)
