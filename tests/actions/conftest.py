"""What a test of a use case begins with: a program on each engine, and one with refunds_agent on its first day."""

import pytest

from store import Database
from tests.program import Program


@pytest.fixture
def program(database: Database) -> Program:
    """A program without teams and workflows."""
    return Program(database)


@pytest.fixture
def refunds(program: Program) -> Program:
    """A program with team Support and its workflow refunds_agent, on day 1."""
    program.start()
    return program
