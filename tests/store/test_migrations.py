"""What single migrations make of the rows that they find."""

from datetime import timedelta

import pytest

from store import Database
from store.migrating import upgrade
from store.revisions import newest
from tests.program import Program

_AS_BEFORE = {
    "0006": (
        "ALTER TABLE requests DROP COLUMN lapses_at",
        "DROP INDEX decisions_with_facts",
        "DROP INDEX questions_with_facts",
    ),
}
"""What takes a database from the newest revision back to that one."""


@pytest.fixture
def refunds(database: Database) -> Program:
    """refunds_agent on its first day."""
    program = Program(database)
    program.start()
    return program


def go_back(program: Program, to: str) -> None:
    """The database as the version of the program left it that knew no newer revision."""
    with program.database.rebuilding() as connection:
        for statement in (*_AS_BEFORE[to], f"UPDATE alembic_version SET version_num = '{to}'"):
            connection.exec_driver_sql(statement)


def test_a_request_that_waits_lapses_after_seven_days_as_it_did_before(refunds: Program) -> None:
    refunds.clock.at += timedelta(microseconds=123)
    asked = refunds.request(refunds.ask_skip("choose_operating_model"))
    go_back(refunds, "0006")
    assert upgrade(refunds.database) == newest()
    assert refunds.request(asked.id) == asked
    assert asked.lapses_at == asked.asked_at + timedelta(days=7)
    refunds.approve(asked.id)
    assert refunds.verify().ok
