"""The audit log vouches for suspensions, freezes and what is counted in a day: what was changed past this program."""

from typing import Any

import pytest
from sqlalchemy import text

from bot.actions import teams
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.actions.grants.measured import Stop, freeze_and_measure
from bot.actions.teams import TeamEntry
from bot.domain.freezes import FreezeKind
from store import Database
from tests.cast import agent
from tests.grants_program import CONFIDENT, GrantsProgram, action, incident, measured, policy

BOUNDS = {"requires_human_approval": False, "per_day": {"uses": 5, "sum": {"cost_usd": 3}}}
COUNTED = policy(action("draft_reply", **BOUNDS))
NARROWER = policy(action("send_macro", max_recipients=2, allowed_when=CONFIDENT, requires_human_approval=False))


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """Suspensions by hand and by guards, one moved by a narrowing; freezes; allows of two days."""
    made = GrantsProgram(database)
    made.start()
    first = made.unattended()
    made.suspend(first)
    made.go_on(first, "bea")
    made.send(incident(1))
    made.narrow(NARROWER)
    made.guard()
    made.send(measured(4.1))
    made.send(incident(1, "resolved"))
    made.grant(COUNTED)
    for _ in range(2):
        allowed(made)
    made.later(days=1)
    allowed(made)
    made.pause(freeze=True)
    made.resume("stu")
    freeze_and_measure(made.desk, Asked(made.actor("stu")), made.workflow(), Stop("It must stop.", FreezeKind.HAND))
    return made


def allowed(program: GrantsProgram, **more: Any) -> None:
    inquiry = Inquiry(program.workflow().id, "draft_reply", {"cost_usd": 1}, **more)
    assert decide(program.desk, Asked(agent()), inquiry).decision.outcome == "allow"


def tamper(program: GrantsProgram, *statements: str) -> None:
    with program.database.writing() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount == 1, statement


def why(program: GrantsProgram) -> str:
    found = program.verify()
    assert not found.ok
    return str(found.why)


def last(program: GrantsProgram, fact: str) -> int:
    return [int(record["seq"]) for record in program.chain() if record["fact"] == fact][-1]


def test_what_stood_still_and_was_counted_by_the_rules_verifies(program: GrantsProgram) -> None:
    with program.database.reading() as connection:
        suspended = connection.execute(text("SELECT cause, lifted_at IS NULL FROM suspensions ORDER BY since, cause"))
        assert len(suspended.all()) == 3
        kinds = connection.scalars(text("SELECT kind FROM freezes ORDER BY kind")).all()
        days = connection.execute(text("SELECT uses, sums FROM decision_days WHERE uses > 0 ORDER BY day, uses")).all()
    assert kinds == ["hand", "pause"]
    assert [tuple(day) for day in days] == [(2, '{"cost_usd":"2"}'), (1, '{"cost_usd":"1"}')]
    assert program.verify().ok
    program.unfreeze()
    assert program.verify().ok


@pytest.mark.parametrize(
    "change",
    [
        "lifted_at = since, lifted_by = (SELECT requested_by FROM grants LIMIT 1)",
        "subject = 'INC-2'",
        "cause = 'someone suspended it'",
        "since = '2026-03-01T09:00:00.000000Z'",
        "observed_at = '2026-03-01T09:00:00.000000Z'",
        "grant_id = (SELECT grant_id FROM suspensions WHERE cause = 'someone suspended it')",
    ],
)
def test_a_suspension_that_is_not_as_its_records_left_it_is_named(program: GrantsProgram, change: str) -> None:
    tamper(program, f"UPDATE suspensions SET {change} WHERE cause = 'a severe incident is open'")
    told = why(program)
    assert program.verify().first_broken == last(program, "grant_narrowed")
    assert "A suspension of grant " in told
    assert "is missing or was changed" in told


def test_a_suspension_that_is_gone_or_slipped_in_is_named(program: GrantsProgram) -> None:
    tamper(
        program,
        "INSERT INTO suspensions (id, grant_id, cause, subject, since) SELECT 'sus_x', grant_id, 'forged', '', since "
        "FROM suspensions WHERE cause = 'a severe incident is open'",
    )
    assert why(program).endswith("was added past this program.")
    tamper(program, "DELETE FROM suspensions WHERE id = 'sus_x'")
    assert program.verify().ok
    tamper(program, "DELETE FROM suspensions WHERE cause = 'a severe incident is open'")
    assert "is missing or was changed" in why(program)


@pytest.mark.parametrize(
    "change",
    [
        "lifted_at = frozen_at, lifted_by = frozen_by",
        "kind = 'drill'",
        "took_s = '0.001'",
        "took_s = NULL",
        "frozen_at = '2026-03-01T09:00:00.000000Z'",
        "reason = (SELECT reason FROM freezes WHERE kind = 'pause')",
    ],
)
def test_a_freeze_that_is_not_as_its_records_left_it_is_named(program: GrantsProgram, change: str) -> None:
    tamper(program, f"UPDATE freezes SET {change} WHERE kind = 'hand'")
    assert "was changed: it is not as its records left it." in why(program)
    assert program.verify().first_broken == last(program, "freeze_measured")


def test_a_freeze_that_is_gone_or_slipped_in_is_named(program: GrantsProgram) -> None:
    tamper(
        program,
        "INSERT INTO freezes (id, workflow_id, kind, frozen_at, frozen_by, lifted_at) "
        "SELECT 'freeze_x', workflow_id, kind, frozen_at, frozen_by, frozen_at FROM freezes WHERE kind = 'pause'",
    )
    assert why(program) == "Freeze freeze_x was added past this program: no record tells of it."
    tamper(program, "DELETE FROM freezes WHERE id = 'freeze_x'", "DELETE FROM freezes WHERE kind = 'hand'")
    assert "is missing." in why(program)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE decision_days SET uses = 0 WHERE uses = 2", "0 uses are counted, and the log of decisions has 2."),
        ("UPDATE decision_days SET sums = '{}' WHERE uses = 2", "its sums are not those of the log of decisions."),
        ("DELETE FROM decision_days WHERE uses = 2", "0 uses are counted, and the log of decisions has 2."),
        ("UPDATE decision_days SET day = '2026-03-09' WHERE uses = 2", "on 2026-03-02 was changed: 0 uses"),
        ("UPDATE decision_days SET sums = 'x' WHERE uses = 2", "it holds what this program never writes."),
    ],
)
def test_a_day_that_counts_something_else_is_named(program: GrantsProgram, statement: str, told: str) -> None:
    tamper(program, statement)
    assert told in why(program)


def test_sums_are_compared_for_as_long_as_all_facts_are_kept_and_uses_always(program: GrantsProgram) -> None:
    with program.database.writing() as connection:
        connection.execute(text("UPDATE decisions SET facts = NULL WHERE seq = (SELECT min(seq) FROM decisions)"))
    tamper(program, "UPDATE decision_days SET sums = '{}' WHERE uses = 2")
    assert program.verify().ok
    tamper(program, "UPDATE decision_days SET uses = 1 WHERE uses = 2")
    assert "1 uses are counted" in why(program)


def test_days_that_another_time_zone_made_are_compared_added_up(program: GrantsProgram) -> None:
    program.unfreeze()
    team = program.workflow().team
    program.do("lea", teams.edit, team, TeamEntry(zone="Pacific/Auckland"))
    program.later(hours=4)
    allowed(program)
    assert program.verify().ok
    tamper(program, "UPDATE decision_days SET uses = 3 WHERE uses = 2")
    assert "5 uses are counted, and the log of decisions has 4." in why(program)
