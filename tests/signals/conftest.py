"""A database with a program to which signals can be sent."""

import pytest

from store.engine import Database
from store.tables import metadata
from store.tables.signals import TABLE_OF, signals
from tests.signals.samples import make_program


@pytest.fixture
def program(database: Database) -> Database:
    """A database with a team and two workflows, and no signals."""
    with database.rebuilding() as connection:
        metadata.drop_all(connection, tables=[signals, *TABLE_OF.values()])
        metadata.create_all(connection, tables=[signals, *TABLE_OF.values()])
        make_program(connection)
    return database
