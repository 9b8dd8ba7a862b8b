"""What is still to be forgotten is found by its index, however much was forgotten before."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, select, text

from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.escrow import Asking
from store import Database
from store.forgetting import forget_facts, forget_questions
from store.tables.decisions import decisions
from store.tables.escrow import questions
from tests.cast import agent
from tests.grants_program import ATTENDED, GrantsProgram

FORGOTTEN = 4_000
FACTS = {"recipients": 1, "confidence_score": 0.97}


@pytest.fixture
def grant_id(database: Database) -> str:
    """The id of a grant under which a great many decisions and questions lost their facts already, one of each not."""
    program = GrantsProgram(database)
    program.start()
    grant = program.grant(ATTENDED)
    asking = Asking("order 8812", "macro for order 8812")
    decide(program.desk, Asked(agent()), Inquiry(program.workflow().id, "send_macro", FACTS, asking=asking))
    with database.writing() as connection:
        _multiply(connection, decisions, ("seq", "id"))
        _multiply(connection, questions, ("id", "key"))
        connection.execute(text("ANALYZE"))
    return grant.id


def _multiply(connection: Connection, table: Table, keys: tuple[str, ...]) -> None:
    row = dict(connection.execute(select(table)).mappings().one())
    copies = [
        row | {"facts": None} | {key: number if key == "seq" else f"{row[key]}_{number}" for key in keys}
        for number in range(1_000, 1_000 + FORGOTTEN)
    ]
    connection.execute(table.insert(), copies)


@pytest.mark.parametrize(
    ("forget", "index"), [(forget_facts, "decisions_with_facts"), (forget_questions, "questions_with_facts")]
)
def test_what_has_facts_is_found_by_an_index_of_just_that(
    database: Database, grant_id: str, forget: Callable[[Connection, Sequence[str], datetime], int], index: str
) -> None:
    sent: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: object, statement: str, parameters: Any, *others: object) -> None:
        sent.append((statement, parameters))

    later = datetime.fromisoformat("2027-01-01T00:00:00+00:00") + timedelta(days=1)
    with database.writing() as connection:
        event.listen(connection, "before_cursor_execute", note)
        assert forget(connection, [grant_id], later) == 1
        event.remove(connection, "before_cursor_execute", note)
        connection.rollback()
    ((statement, parameters),) = sent
    explain = "EXPLAIN QUERY PLAN" if database.name == "sqlite" else "EXPLAIN"
    with database.reading() as connection:
        plan = "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert index in plan
    assert not any(word in plan for word in ("SCAN ", "Seq Scan")), plan
