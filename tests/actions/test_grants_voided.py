"""A signal that is taken back lifts what rested on it alone, and brings to light what it hid."""

import pytest

from bot.actions import voids
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from store import Database
from tests.grants_program import (
    GrantsProgram,
    eval_run,
    incident,
    measured,
    violation,
)

ACTIVE, SUSPENDED = GrantState.ACTIVE, GrantState.SUSPENDED


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    made = GrantsProgram(database)
    made.start()
    return made


@pytest.fixture
def alone(program: GrantsProgram) -> Grant:
    """An unattended grant that ana asked for, in scaling, with a guardrail at its limit."""
    program.guard()
    program.measure("4.2")
    return program.unattended()


def take_back(program: GrantsProgram, id_: str) -> None:
    """The signal voided by someone who decides."""
    program.do("bea", voids.void, id_, "It was a test run.")


@pytest.mark.parametrize("wrong", [eval_run(1), incident(1), violation(), measured("4.0")])
def test_a_void_lifts_what_rested_on_the_signal_alone(
    program: GrantsProgram, alone: Grant, wrong: dict[str, object]
) -> None:
    program.later(minutes=1)
    program.send({**wrong, "id": "wrong"})
    assert program.one(alone).state is SUSPENDED
    take_back(program, "wrong")
    assert (program.one(alone).state, program.causes(alone)) == (ACTIVE, ())
    lifted = program.chain()[-2:]
    assert [(r["fact"], r["through"]) for r in lifted] == [("suspension_lifted", "guard"), ("grant_resumed", "guard")]
    assert program.verify().ok


def test_a_void_leaves_what_another_signal_tells_of_too(program: GrantsProgram, alone: Grant) -> None:
    for number in (1, 2):
        program.later(minutes=1)
        program.send(*({**sent, "id": f"{number} {place}"} for place, sent in enumerate((eval_run(1), violation()))))
    program.later(minutes=1)
    program.run()
    take_back(program, "1 0")
    take_back(program, "1 1")
    assert len(program.causes(alone)) == 2
    take_back(program, "2 0")
    assert program.causes(alone) == ((SuspensionCause.RED_LINE, "no_pii"),)
    take_back(program, "2 1")
    assert program.one(alone).state is ACTIVE


def test_a_void_leaves_other_causes_and_what_a_person_suspended(program: GrantsProgram, alone: Grant) -> None:
    program.suspend(alone)
    program.send({**incident(1), "id": "wrong"}, violation())
    take_back(program, "wrong")
    assert program.one(alone).state is SUSPENDED
    assert {cause for cause, _ in program.causes(alone)} == {SuspensionCause.BY_HAND, SuspensionCause.RED_LINE}


def test_an_incident_that_was_resolved_meanwhile_still_has_to_be_learned_from(
    program: GrantsProgram, alone: Grant
) -> None:
    program.send({**incident(2), "id": "opened"})
    program.later(hours=1)
    program.send({**incident(2, "resolved"), "id": "closed"})
    take_back(program, "opened")
    assert "postmortem" in program.obstacles(alone)


def test_a_void_brings_to_light_what_the_signal_hid(program: GrantsProgram, alone: Grant) -> None:
    program.later(hours=2)
    program.send({**eval_run(200), "id": "wrong"}, {**measured("4.9"), "id": "wrong too"})
    program.send(eval_run(3, at=program.at.replace(hour=program.at.hour - 1).isoformat()))
    program.send(measured("3.0", at=program.at.replace(hour=program.at.hour - 1).isoformat()))
    assert program.one(alone).state is ACTIVE
    take_back(program, "wrong")
    take_back(program, "wrong too")
    assert set(program.causes(alone)) == {
        (SuspensionCause.EVAL_FAILED, "refunds"),
        (SuspensionCause.GUARDRAIL, "csat"),
    }
    assert "guardrail_breached" in [each.kind for each in program.posted()]
