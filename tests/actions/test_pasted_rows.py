"""Rows that a person pastes: a day without a time is known by its day, whenever they are pasted."""

import pytest

from bot.actions import numbers
from bot.actions.numbers import Pasted
from store.engine import Database
from tests.grants_program import GrantsProgram

_HEADER = "type,at,kind,cost_usd,metric,value\n"


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """A workflow that people record numbers for."""
    program = GrantsProgram(database)
    program.start()
    return program


def pasted(program: GrantsProgram, *rows: str) -> tuple[int, int]:
    """How many of the rows that the steward pastes now are new, and how many were known."""
    found: Pasted = program.do(
        "stu", numbers.record_rows, program.workflow(), _HEADER + "".join(f"{row}\n" for row in rows)
    )
    return found.accepted, found.duplicate


def test_rows_of_today_count_once_however_often_and_whenever_they_are_pasted(program: GrantsProgram) -> None:
    row = f"rework,{program.at:%Y-%m-%d},defect,120,,"
    assert pasted(program, row) == (1, 0)
    program.later(minutes=1)
    assert pasted(program, row) == (0, 1)
    program.later(days=1)
    assert pasted(program, row) == (0, 1)
    assert pasted(program, f"rework,{program.at:%Y-%m-%d},defect,120,,") == (1, 0)


def test_equal_rows_of_one_paste_all_count_and_the_same_paste_again_is_a_repeat(program: GrantsProgram) -> None:
    rows = [f"rework,{program.at:%Y-%m-%d},defect,120,,"] * 2
    assert pasted(program, *rows) == (2, 0)
    program.later(minutes=1)
    assert pasted(program, *rows) == (0, 2)
    assert pasted(program, *rows, rows[0]) == (1, 2)


def test_another_value_for_a_day_is_no_repeat_and_holds_from_then_on(program: GrantsProgram) -> None:
    day = f"{program.at:%Y-%m-%d}"
    program.later(days=1)
    for value in ("4.1", "4.2"):
        assert pasted(program, f"metric,{day},,,csat,{value}") == (1, 0)
    found = program.ask(lambda view: view.signals.newest_of("typed", program.workflow().id, 10))
    assert [f"{each.signal.body}" for each in found] == [
        "Metric(metric='csat', value=Decimal('4.2'), n=None)",
        "Metric(metric='csat', value=Decimal('4.1'), n=None)",
    ]


def test_a_row_with_a_time_of_its_own_is_known_by_that(program: GrantsProgram) -> None:
    timed = f"rework,{program.at.isoformat()},defect,120,,"
    assert pasted(program, timed, timed) == (1, 1)
