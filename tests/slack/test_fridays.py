"""Friday's message: to whom, on which day, about what; once, whatever restarts or replicas come."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import absences, fridays, metrics, numbers, signals
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.actions.numbers import Typed
from bot.domain.facts import PhaseChanged
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry, number_in
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import SignalType
from bot.domain.signals.missing import is_asked_about
from bot.domain.workflows import Role
from bot.schedule import Schedule, ask_on_friday
from bot.slack.tellings import TELLINGS
from store import Database, outbox
from tests.cast import agent
from tests.program import Program

FRIDAY = datetime(2026, 3, 27, 14, 0, tzinfo=UTC)
"""Two in the afternoon in Lisbon, two days before the clocks change."""


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent of ana's with stu as its steward, in production since Friday, with a metric and a guardrail."""
    found = Program(database)
    found.start()
    csat = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, number_in("4", "x"), number_in("4.5", "x"))
    defects = MetricEntry("defects", MetricKind.GUARDRAIL, Better.LOWER, limit=number_in("3", "x"))
    for entry in (csat, defects):
        found.do("ana", metrics.define, found.workflow(), entry)
    found.enter(PhaseName.PRODUCTION)
    moves(found, FRIDAY)
    return found


def moves(program: Program, at: datetime) -> None:
    program.clock.at = program.real.at = at


def asked(program: Program) -> list[str]:
    """Who has been asked by now, each as often as they were."""
    return [each.target for each in program.posted() if each.kind == "friday"]


def lines(program: Program, who: str = "stu", friday: str = "2026-03-27") -> list[str]:
    """What the message to someone says, drawn now; nothing where there is none."""
    person = program.ask(lambda view: view.person_by_handle(f"U{who.upper()}"))
    assert person
    screen = TELLINGS["friday"].draw(program.desk, {"person": person.id, "friday": friday}, None)
    return [] if screen is None else [block["text"]["text"] for block in screen.blocks if block["type"] == "section"]


def record(program: Program, kind: SignalType, **cells: str) -> None:
    program.do("stu", numbers.record, program.workflow(), Typed(kind, cells))


def test_the_steward_reads_what_nobody_sent_and_nothing_else(program: Program) -> None:
    ask_on_friday(program.desk)
    assert asked(program) == ["USTU"]
    assert lines(program) == [
        "*3 numbers are missing this week*. If a program should have sent them, see whether it runs; else type them "
        "in, a minute each.",
        "*refunds_agent*: *csat* (success) has no value since Monday",
        "*refunds_agent*: *defects* (guardrail) has no value since Monday",
        "*refunds_agent*: no eval run since Monday",
    ]
    record(program, SignalType.METRIC, metric="csat", value="4.2")
    record(program, SignalType.EVAL_RUN, suite="core", cases="200", passed="199", prompt_version="", model="")
    assert lines(program)[1:] == ["*refunds_agent*: *defects* (guardrail) has no value since Monday"]
    record(program, SignalType.METRIC, metric="defects", value="1")
    assert lines(program) == []


def test_reviews_are_missed_only_where_the_agent_acted(program: Program) -> None:
    decide(program.desk, Asked(agent()), Inquiry(program.workflow().id, "send_macro", {}, dry_run=True))
    assert len(lines(program)) == 4
    decide(program.desk, Asked(agent()), Inquiry(program.workflow().id, "send_macro", {}))
    assert lines(program)[-1] == "*refunds_agent*: its agent acted, and no review was counted since Monday"
    record(program, SignalType.REVIEW_TALLY, outputs="8", reviewed="8", overridden="0")
    assert len(lines(program)) == 4


def test_the_week_begins_on_monday_in_the_teams_zone(program: Program) -> None:
    last_week = {"type": "metric", "metric": "csat", "value": 4.2, "workflow": program.name, "source": "ci"}
    for id_, at in (("a", "2026-03-22T23:59:59Z"), ("b", "2026-03-23T00:00:00Z")):
        signals.take_in(program.desk, Asked(program.actor("max")), [json.dumps({**last_week, "id": id_, "at": at})])
        assert any("csat" in line for line in lines(program)) == (id_ == "a")


def test_in_pilot_no_eval_run_is_missed(program: Program) -> None:
    here = program.workflow()
    program.write(
        PhaseChanged(
            workflow_id=here.id, seen_version=here.version, left=here.phase, entered=PhaseName.PILOT, because="sample"
        )
    )
    assert [line for line in lines(program) if "eval" in line] == []


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (FRIDAY - timedelta(seconds=1), False),
        (FRIDAY, True),
        (FRIDAY.replace(hour=17, minute=59), True),
        (FRIDAY.replace(hour=18), False),
        (FRIDAY + timedelta(days=1), False),
        (FRIDAY - timedelta(days=1), False),
        (FRIDAY + timedelta(days=7, hours=-1), True),
        (FRIDAY + timedelta(days=7, hours=-1, seconds=-1), False),
    ],
)
def test_it_comes_on_friday_afternoon_by_the_stewards_clock_also_after_clocks_change(
    program: Program, at: datetime, told: bool
) -> None:
    moves(program, at)
    ask_on_friday(program.desk)
    assert bool(asked(program)) == told


def test_a_message_that_could_not_be_told_on_friday_says_nothing_later(program: Program) -> None:
    ask_on_friday(program.desk)
    moves(program, FRIDAY + timedelta(hours=4))
    assert lines(program) == []


def test_nobody_is_asked_about_what_is_paused_or_closed_or_has_not_begun(program: Program) -> None:
    program.pause()
    ask_on_friday(program.desk)
    assert (asked(program), lines(program)) == ([], [])
    program.resume()
    program.close()
    ask_on_friday(program.desk)
    assert (asked(program), lines(program)) == ([], [])
    program.start("later_agent", start_on=(FRIDAY + timedelta(days=1)).date())
    ask_on_friday(program.desk)
    assert asked(program) == []


def test_on_a_holiday_or_where_the_team_does_not_work_on_fridays_nothing_is_asked(program: Program) -> None:
    here, friday = program.workflow(), FRIDAY.date()
    assert is_asked_about(here, friday)
    assert not is_asked_about(here, friday, (friday,))
    team = replace(here.team, hours=replace(here.team.hours, weekdays=(0, 1, 2, 3)))
    assert not is_asked_about(replace(here, team=team), friday)


def test_who_stands_in_is_asked_instead_and_nobody_where_nobody_does(program: Program) -> None:
    program.do("stu", absences.leave, (FRIDAY + timedelta(days=3)).date(), program.person("max"))
    ask_on_friday(program.desk)
    assert asked(program) == ["UMAX"]
    assert len(lines(program, "max")) == 4
    assert lines(program, "stu") == []


def test_without_a_steward_the_owner_is_asked(program: Program) -> None:
    program.vacate(Role.STEWARD, "stu")
    ask_on_friday(program.desk)
    assert asked(program) == ["UANA"]


def test_two_workflows_of_one_steward_make_one_message(program: Program) -> None:
    other = program.start("triage_agent")
    entry = MetricEntry("defects", MetricKind.GUARDRAIL, Better.LOWER, limit=number_in("3", "x"))
    program.do("ana", metrics.define, other, entry)
    ask_on_friday(program.desk)
    assert asked(program) == ["USTU"]
    assert lines(program)[-1] == "*triage_agent*: *defects* (guardrail) has no value since Monday"


@pytest.fixture
def replicas(program: Program) -> tuple[Schedule, Schedule]:
    """Two schedules of two processes, each with a desk of its own on the same database."""
    desks = (program.desk, Program(program.database).desk)
    for desk in desks:
        desk.clock = desk.real = program.clock
    first, second = (Schedule(desk, lambda: None) for desk in desks)
    return first, second


def test_replicas_and_restarts_ask_once_a_week(program: Program, replicas: tuple[Schedule, Schedule]) -> None:
    moves(program, FRIDAY - timedelta(hours=1))
    for _ in range(60):
        for schedule in replicas:
            schedule.tick()
        program.later(minutes=6)
        replicas = (Schedule(program.desk, lambda: None), replicas[1])
    assert asked(program) == ["USTU"]
    moves(program, FRIDAY + timedelta(days=7))
    for schedule in replicas:
        schedule.tick()
    assert asked(program) == ["USTU", "USTU"]


def test_both_may_see_that_it_is_due_and_one_message_comes_of_it(program: Program) -> None:
    due = program.ask(lambda view: fridays.due(view, program.at))
    for _ in range(2):
        program.do("ana", fridays.tell, due)
    assert asked(program) == ["USTU"]
    with program.database.reading() as box:
        assert outbox.known(box, [due[0].key, "none"]) == {due[0].key}
