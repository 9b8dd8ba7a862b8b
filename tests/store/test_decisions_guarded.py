"""The database itself refuses to change a decision in the log, on both engines; facts and reasons may be forgotten."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.grants.log import LoggedDecision, LogQuery
from bot.schedule import forget_facts
from store import Database
from store.errors import ChangeRefused
from store.recording.decisions import Asker, _row
from tests.cast import agent
from tests.grants_program import ATTENDED, GrantsProgram

SENTENCE = "A decision in the log is never changed or deleted; its facts and reasons may only be forgotten."
CHANGES = (
    "seq = seq + 10",
    "id = 'd_forged'",
    "batch = 'dec_forged'",
    "action = 'other'",
    "at = '2026-03-01T09:00:00.000000Z'",
    "principal_kind = 'human'",
    "principal = 'agent:other'",
    "through = 'cli'",
    "outcome = 'allow'",
    "codes = '[]'",
    "reasons = '[]'",
    "facts = NULL, reasons = '[]'",
    "facts = NULL, reasons_hash = 'forged'",
    "reasons = NULL",
    "facts = '{}'",
    "facts_hash = 'forged'",
    "kept_hash = 'forged'",
    "grant_id = NULL",
    "grant_hash = 'forged'",
    "reported_hash = 'forged'",
    "approval = 'ask_forged'",
    "dry_run = true",
    "facts = NULL, outcome = 'allow'",
)


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """One decision in the log: that a person has to approve it."""
    return decided(database)


def decided(database: Database) -> GrantsProgram:
    made = GrantsProgram(database)
    made.start()
    made.grant(ATTENDED)
    inquiry = Inquiry(made.workflow().id, "send_macro", {"recipients": 1, "confidence_score": 0.97})
    decide(made.desk, Asked(agent()), inquiry)
    return made


def content(program: GrantsProgram) -> list[tuple[object, ...]]:
    with program.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM decisions"))]


def demand_refused(program: GrantsProgram, statement: str) -> None:
    before = content(program)
    with pytest.raises(ChangeRefused) as refusal, program.database.writing() as connection:
        connection.execute(text(statement))
    assert (str(refusal.value), content(program)) == (SENTENCE, before)


def test_no_column_is_changed_and_no_row_is_deleted(program: GrantsProgram) -> None:
    for statement in (*(f"UPDATE decisions SET {change}" for change in CHANGES), "DELETE FROM decisions"):
        demand_refused(program, statement)
    assert program.verify().ok


def test_facts_are_forgotten_and_do_not_come_back(program: GrantsProgram) -> None:
    with program.database.writing() as connection:
        assert connection.execute(text("UPDATE decisions SET facts = NULL")).rowcount == 1
    demand_refused(program, "UPDATE decisions SET facts = '{}'")
    assert program.verify().ok


def test_so_are_reasons(program: GrantsProgram) -> None:
    with program.database.writing() as connection:
        assert connection.execute(text("UPDATE decisions SET facts = NULL, reasons = NULL")).rowcount == 1
    for statement in ("reasons = '[]'", "reasons_hash = NULL"):
        demand_refused(program, f"UPDATE decisions SET {statement}")
    assert program.verify().ok


def test_reasons_that_the_chain_vouches_for_themselves_stay(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def row_of_before(decision: LoggedDecision, asker: Asker) -> dict[str, Any]:
        return _row(decision, asker) | {"reasons": decision.reasons, "reasons_hash": None}

    monkeypatch.setattr("store.recording.decisions._row", row_of_before)
    program = decided(database)
    demand_refused(program, "UPDATE decisions SET facts = NULL, reasons = NULL")
    (before,) = program.ask(lambda view: view.decisions.log(LogQuery()))
    program.later(days=181)
    forget_facts(program.desk)
    (after,) = program.ask(lambda view: view.decisions.log(LogQuery()))
    assert after == replace(before, decision=replace(before.decision, facts=None))
    assert program.verify().ok


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_row_takes_the_place_of_another(program: GrantsProgram) -> None:
    with program.database.reading() as connection:
        names = [row.name for row in connection.execute(text("PRAGMA table_info(decisions)"))]
    for instead in ({"outcome": "'allow'"}, {"outcome": "'allow'", "seq": "17"}, {"outcome": "'allow'", "id": "'d_x'"}):
        columns = ", ".join(instead.get(name, name) for name in names)
        demand_refused(program, f"INSERT OR REPLACE INTO decisions SELECT {columns} FROM decisions")
    demand_refused(program, "UPDATE OR REPLACE decisions SET seq = 1, outcome = 'allow'")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_table_is_not_emptied(program: GrantsProgram) -> None:
    demand_refused(program, "TRUNCATE decisions")
