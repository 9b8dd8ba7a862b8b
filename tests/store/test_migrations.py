"""What single migrations make of the rows that they find."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions import deviations, memos, policies, privacy
from bot.actions.memos import About
from bot.actions.readers import HOLDER
from bot.domain.deviations import DeviationArea
from bot.domain.deviations import Entry as Breach
from bot.domain.documents import DocumentKind
from bot.domain.memos import Category, Entry
from bot.domain.policies import Entry as PolicyEntry
from bot.domain.searching import words_sought
from store import Database
from store.migrating import upgrade
from store.revisions import MIGRATIONS
from store.tables.guards import GUARDS, postgresql_triggers, sqlite_triggers
from store.tables.search import search_entries
from tests.cast import agent
from tests.documents.samples import Desk, text
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


_NAMED_AS_BEFORE = """
    UPDATE deviations SET policy = coalesce(
        (SELECT name FROM policies WHERE id = policy_id), (SELECT body FROM texts WHERE id = policy_words)
    )
"""
_BEFORE_WORDS = (
    "ALTER TABLE deviations DROP COLUMN policy_words",
    "ALTER TABLE deviations DROP COLUMN policy_id",
    "DROP INDEX signals_with_words",
    "ALTER TABLE signals DROP COLUMN words",
)


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


def test_how_deviations_named_their_policies_stands_in_texts_and_can_be_erased(
    refunds: Program, tmp_path: Path
) -> None:
    rule = PolicyEntry(DeviationArea.FINANCIAL_ACTIONS, date(2026, 9, 1), text="Never above the cap.")
    refunds.do("ana", policies.add, "Refund limits", rule, refunds.person("eve"))
    for named in ("refund limits", "Log retention", None):
        breach = Breach("Sent 3.", DeviationArea.OTHER, date(2026, 3, 9), named)
        refunds.do("max", deviations.open_one, refunds.workflow(), breach, None)
    with refunds.database.rebuilding() as connection:
        connection.exec_driver_sql("ALTER TABLE deviations ADD COLUMN policy VARCHAR")
        connection.exec_driver_sql(_NAMED_AS_BEFORE)
        for statement in _BEFORE_WORDS:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0017'")
    assert upgrade(refunds.database, scripts_up_to(tmp_path / "migrations", "0018")) == "0018"

    def named_now() -> set[str | None]:
        return {each.policy for each in refunds.ask(lambda view: view.deviations.open())}

    assert named_now() == {"Refund limits", "Log retention", None}
    assert refunds.verify().ok
    refunds.do("ada", privacy.erase, "UMAX", "They left.")
    assert (named_now(), refunds.verify().ok) == ({"Refund limits", "erased", None}, True)


def test_what_was_written_before_there_was_a_search_is_found(refunds: Program, tmp_path: Path) -> None:
    entry = Entry(
        title="We keep the cap",
        decision="It works.",
        category=Category.PRICING,
        is_reversible=True,
        changes=("PR-4711",),
    )
    memo = refunds.do("ana", memos.file, entry, About(workflow=refunds.workflow())).memo_id
    paper = Desk(refunds).draft(title="A cap for macros")
    rule = PolicyEntry(DeviationArea.FINANCIAL_ACTIONS, date(2026, 9, 1), text="Never above the cap.")
    policy = refunds.do("ana", policies.add, "Refund limits", rule, refunds.person("eve")).policy_id
    with refunds.database.rebuilding() as connection:
        for statement in ("DROP TABLE search_words", "DROP TABLE search_entries"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    assert upgrade(refunds.database, scripts_up_to(tmp_path / "migrations", "0012")) == "0012"

    def found(words: str) -> set[str]:
        return {id_ for _, id_ in refunds.ask(lambda view: view.search.page(HOLDER, words_sought(words), 10, 0))}

    assert found("cap") == {memo, paper, policy}
    assert found("pricing refunds_agent works 4711") == {memo}
    assert found("limits financial never") == {policy}
    assert found("macros") == {paper}


def test_who_may_know_of_what_was_there_before_stays_as_it_is_recorded_now(refunds: Program, tmp_path: Path) -> None:
    for category in (Category.PRICING, Category.SECURITY_POSTURE):
        entry = Entry(title="We keep the cap", decision="It works.", category=category, is_reversible=True)
        refunds.do("ana", memos.file, entry, About(workflow=refunds.workflow(), owner=refunds.person("max")))
    desk = Desk(refunds)
    desk.edit(desk.draft(DocumentKind.RED_TEAM, "red"), "run", given=text(DocumentKind.RED_TEAM, title=""))
    desk.edit(desk.draft(DocumentKind.RED_TEAM, "run"), "run", given=text(DocumentKind.RED_TEAM, title="Again"))
    desk.draft(by=agent())
    recorded = _entries(refunds)
    with refunds.database.rebuilding() as connection:
        connection.exec_driver_sql("DROP INDEX search_entries_newest")
        for name in ("at", "visibility", "team_id", "workflow_id", "is_restricted", "insiders"):
            connection.exec_driver_sql(f"ALTER TABLE search_entries DROP COLUMN {name}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0015'")
    upgrade(refunds.database, scripts_up_to(tmp_path / "migrations", "0016"))
    assert _entries(refunds) == recorded
    assert [each["is_restricted"] for each in recorded] == [False, True, False, True, False]


def _entries(program: Program) -> list[dict[str, Any]]:
    """Everything that is kept of each, but in which order its insiders are named."""
    with program.database.reading() as connection:
        rows = connection.execute(select(search_entries).order_by(search_entries.c.seq)).mappings()
        return [{**row, "insiders": frozenset(row["insiders"].split("|"))} for row in rows]
