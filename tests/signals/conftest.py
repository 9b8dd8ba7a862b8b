"""A database with a program to which signals can be sent."""

import pytest

from store.engine import Database
from tests.signals.samples import make_program


@pytest.fixture
def program(database: Database) -> Database:
    """A database with a team and two workflows, and no signals."""
    with database.writing() as connection:
        make_program(connection)
    return database
