"""The report told by itself: in the team's channel, on day 91 and at the end, once each, whatever ticks."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import reports
from bot.actions.reports import ON_DAY
from bot.actions.told import REPORT_AT_END
from bot.schedule import Schedule, report_on_day
from bot.slack.tellings import TELLINGS
from store import Database
from tests.program import Program

NINE_ON_DAY_91 = datetime(2026, 5, 31, 8, tzinfo=UTC)
"""In Lisbon, in summer; a Sunday."""


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent of Support, with the channel CSUPPORT."""
    found = Program(database)
    found.start()
    return found


def moves(program: Program, at: datetime) -> None:
    program.clock.at = program.real.at = at


def told(program: Program) -> list[tuple[str, str]]:
    """The reports that were put aside so far: their kind, and where."""
    return [(each.kind, each.target) for each in program.posted() if each.kind.startswith("report")]


def words(program: Program, kind: str) -> str | None:
    """How a report reads in the notification, drawn now; None where it is told no more."""
    screen = TELLINGS[kind].draw(program.desk, {"workflow": program.workflow().id}, None)
    return screen.text if screen else None


def test_ticks_of_two_replicas_and_restarts_tell_it_once(program: Program) -> None:
    others = Program(program.database).desk
    others.clock = others.real = program.clock
    moves(program, NINE_ON_DAY_91 - timedelta(hours=1))
    for _ in range(24):
        for desk in (program.desk, others):
            Schedule(desk, lambda: None).tick()
        assert told(program) == ([(ON_DAY, "CSUPPORT")] if program.at >= NINE_ON_DAY_91 else [])
        program.later(minutes=6)
    assert words(program, ON_DAY) == "Ninety-day report of refunds_agent (Support): pilot, day 91."


def test_both_may_see_that_it_is_due_and_one_message_comes_of_it(program: Program) -> None:
    moves(program, NINE_ON_DAY_91)
    due = program.ask(lambda view: reports.due(view, program.at))
    for _ in range(2):
        program.do("ana", reports.tell, due)
    assert told(program) == [(ON_DAY, "CSUPPORT")]


@pytest.mark.parametrize(("days", "made_up_for"), [(6, True), (7, False)])
def test_a_bot_that_stood_still_makes_up_for_it_within_a_week(program: Program, days: int, made_up_for: bool) -> None:
    moves(program, NINE_ON_DAY_91 + timedelta(days=days))
    report_on_day(program.desk)
    assert bool(told(program)) is made_up_for


def test_a_pause_puts_it_off(program: Program) -> None:
    moves(program, NINE_ON_DAY_91 - timedelta(days=10))
    program.pause()
    program.later(days=12)
    report_on_day(program.desk)
    assert told(program) == []
    program.resume()
    program.later(days=10)
    report_on_day(program.desk)
    assert told(program) == [(ON_DAY, "CSUPPORT")]


def test_a_team_without_a_channel_is_told_nothing(database: Database) -> None:
    program = Program(database)
    program.start(team=program.team("Quiet", channel=None))
    moves(program, NINE_ON_DAY_91)
    report_on_day(program.desk)
    program.close()
    assert told(program) == []


def test_the_end_is_reported_once_and_in_place_of_a_report_that_still_waits(program: Program) -> None:
    moves(program, NINE_ON_DAY_91)
    report_on_day(program.desk)
    program.close()
    report_on_day(program.desk)
    assert told(program) == [(REPORT_AT_END, "CSUPPORT"), (ON_DAY, "CSUPPORT")]
    assert words(program, ON_DAY) is None
    closed = "Ninety-day report of refunds_agent (Support): closed as stopped on Sun 31 May, day 91."
    assert words(program, REPORT_AT_END) == closed
    program.later(days=5)
    assert words(program, REPORT_AT_END) == closed


def test_one_that_ends_early_is_reported_at_its_end_alone(program: Program) -> None:
    program.later(days=3)
    program.close()
    moves(program, NINE_ON_DAY_91)
    report_on_day(program.desk)
    assert told(program) == [(REPORT_AT_END, "CSUPPORT")]
