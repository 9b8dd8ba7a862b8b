"""What single migrations make of the rows that they find."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import memos
from bot.actions.memos import About
from bot.domain.memos import Category, Entry
from bot.domain.searching import words_sought
from store import Database
from store.migrating import upgrade
from store.revisions import MIGRATIONS
from store.tables.guards import GUARDS, postgresql_triggers, sqlite_triggers
from tests.documents.samples import Desk
from tests.program import Program

_AS_BEFORE = (
    "ALTER TABLE requests DROP COLUMN lapses_at",
    "DROP INDEX decisions_with_facts",
    "DROP INDEX questions_with_facts",
)
"""What takes a database from revision 0007 back to 0006, beside the guards."""


@pytest.fixture
def refunds(database: Database) -> Program:
    """refunds_agent on its first day."""
    program = Program(database)
    program.start()
    return program


def go_back(program: Program) -> None:
    """The database as a program left it that knew no revision after 0006."""
    drops, _ = _guard_of_decisions(program)
    with program.database.rebuilding() as connection:
        for statement in (*_AS_BEFORE, *drops, "UPDATE alembic_version SET version_num = '0006'"):
            connection.exec_driver_sql(statement)


def guard_as_now(program: Program) -> None:
    """The guard of decisions as the newest revision has it."""
    drops, makes = _guard_of_decisions(program)
    with program.database.rebuilding() as connection:
        for statement in (*drops, *makes):
            connection.exec_driver_sql(statement)


def _guard_of_decisions(program: Program) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What takes the guard of decisions down, and what puts it up."""
    (guard,) = (each for each in GUARDS if each.table == "decisions")
    on_postgresql = program.database.name == "postgresql"
    triggers = postgresql_triggers(guard) if on_postgresql else sqlite_triggers(guard)
    drops = tuple(f"DROP TRIGGER {each.name}{' ON decisions' if on_postgresql else ''}" for each in triggers)
    return drops, tuple(each.sql for each in triggers)


def scripts_up_to(folder: Path, revision: str) -> Path:
    """The migrations as they were when that revision was the newest."""
    (folder / "versions").mkdir(parents=True)
    shutil.copy(MIGRATIONS / "env.py", folder)
    for file in (MIGRATIONS / "versions").glob("0*.py"):
        if file.name <= f"{revision}_~":
            shutil.copy(file, folder / "versions")
    return folder


def test_a_request_that_waits_lapses_after_seven_days_as_it_did_before(refunds: Program, tmp_path: Path) -> None:
    refunds.clock.at += timedelta(microseconds=123)
    asked = refunds.request(refunds.ask_skip("choose_operating_model"))
    go_back(refunds)
    assert upgrade(refunds.database, scripts_up_to(tmp_path / "migrations", "0007")) == "0007"
    assert refunds.request(asked.id) == asked
    assert asked.lapses_at == asked.asked_at + timedelta(days=7)
    refunds.approve(asked.id)
    guard_as_now(refunds)
    assert refunds.verify().ok


def test_what_was_written_before_there_was_a_search_is_found(refunds: Program, tmp_path: Path) -> None:
    entry = Entry(title="We keep the cap", decision="It works.", category=Category.PRICING, is_reversible=True)
    memo = refunds.do("ana", memos.file, entry, About(workflow=refunds.workflow())).memo_id
    paper = Desk(refunds).draft(title="A cap for macros")
    with refunds.database.rebuilding() as connection:
        for statement in ("DROP TABLE search_words", "DROP TABLE search_entries"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    assert upgrade(refunds.database, scripts_up_to(tmp_path / "migrations", "0012")) == "0012"

    def found(words: str) -> set[str]:
        return {id_ for _, id_ in refunds.ask(lambda view: view.search.page(words_sought(words), 10, 0))}

    assert found("cap") == {memo, paper}
    assert found("pricing refunds_agent works") == {memo}
    assert found("macros") == {paper}
