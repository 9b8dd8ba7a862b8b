"""What time alone causes stands once, recorded by a tick or a batch; what comes at the same moment has one order."""

from functools import partial

import pytest

from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from store import Database
from tests.actions.test_races import at_once
from tests.grants_program import (
    ATTENDED,
    CONFIDENT,
    DRAFT,
    GrantsProgram,
    action,
    eval_run,
    incident,
    policy,
    violation,
)

ACTIVE, SUSPENDED = GrantState.ACTIVE, GrantState.SUSPENDED
FAILED, STALE, UNATTESTED = SuspensionCause.EVAL_FAILED, SuspensionCause.EVALS_STALE, SuspensionCause.UNATTESTED


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent in its third week, with a draft and an attended grant."""
    made = GrantsProgram(database)
    made.start()
    made.later(days=20)
    return made


@pytest.fixture
def draft(program: GrantsProgram) -> Grant:
    return program.grant(DRAFT)


@pytest.fixture
def macro(program: GrantsProgram) -> Grant:
    return program.grant(ATTENDED)


def test_what_time_had_caused_before_a_batch_holds_although_no_tick_came_by(program: GrantsProgram) -> None:
    alone = program.unattended()
    # Fourteen days by the clock on the wall, of which Lisbon's spring takes an hour.
    program.later(days=14, hours=-1)
    program.tick()
    assert program.one(alone).state is ACTIVE
    program.later(seconds=1)
    program.run()
    assert program.causes(alone) == ((STALE, ""),)
    assert program.alarms() == ["grants_suspended"]
    assert program.go_on(alone).state is ACTIVE


def test_a_tick_records_what_time_has_caused_once(program: GrantsProgram) -> None:
    alone = program.unattended()
    draft = program.grant(DRAFT)
    program.later(days=14, seconds=1)
    for _ in range(2):
        program.tick()
    assert (program.causes(alone), program.one(draft).state, program.halts()) == (((STALE, ""),), ACTIVE, 1)
    program.later(days=16)
    for _ in range(2):
        program.tick()
    assert (program.causes(alone), program.causes(draft)) == (((STALE, ""), (UNATTESTED, "")), ((UNATTESTED, ""),))
    # One message for each cause, however many grants it stops.
    assert (program.halts(), program.alarms()) == (3, ["grants_suspended"] * 2)
    program.later(days=60)
    for _ in range(2):
        program.tick()
    assert (program.one(alone).state, program.one(draft).state) == (GrantState.EXPIRED, GrantState.EXPIRED)
    assert (program.facts().count("grant_expired"), program.halts()) == (2, 3)


def test_a_grant_expires_exactly_at_its_instant_recorded_as_the_guards_doing(
    program: GrantsProgram, macro: Grant
) -> None:
    assert macro.expires_at
    program.attest(macro)
    program.later(days=89, hours=23, minutes=59, seconds=59)
    program.tick()
    assert GrantState.EXPIRED is not program.one(macro).state
    program.later(seconds=1)
    assert program.at == macro.expires_at
    program.tick()
    assert (program.one(macro).state, program.one(macro).ended_at) == (GrantState.EXPIRED, program.at)
    assert program.chain()[-1]["through"] == "guard"


def test_in_pilot_old_evals_suspend_nothing(program: GrantsProgram, macro: Grant) -> None:
    program.run()
    program.later(days=29)
    program.tick()
    assert program.one(macro).state is ACTIVE


def test_a_suspended_grant_whose_time_is_over_expires_instead_of_being_suspended_again(
    program: GrantsProgram, macro: Grant
) -> None:
    program.later(days=90)
    program.send(incident(1))
    assert (program.one(macro).state, program.halts()) == (GrantState.EXPIRED, 0)


# At the same moment


def test_an_approval_at_the_moment_of_a_failed_run_leaves_nothing_in_force_against_it(program: GrantsProgram) -> None:
    for number in range(3):
        name = f"send_note_{number}"
        program.later(minutes=1)
        program.run(200)
        request_id = program.asked(policy(action(name, max_recipients=1, allowed_when=CONFIDENT)))
        program.later(minutes=1)
        answers = at_once([partial(program.run, 1), partial(program.approve, request_id)])
        granted = program.ask(lambda view, asked=request_id: view.grants.of_request(asked))  # type: ignore[misc]
        assert answers[0] == "done"
        assert granted.state is (SUSPENDED if answers[1] == "done" else GrantState.REQUESTED), answers
    assert program.verify().ok


def test_a_resumption_at_the_moment_of_a_violation_leaves_the_grant_standing_still(
    program: GrantsProgram, macro: Grant
) -> None:
    for _ in range(3):
        program.suspend(macro)
        program.later(minutes=1)
        at_once([partial(program.send, violation()), partial(program.go_on, macro)])
        stood = program.one(macro)
        # Either the violation came first and the person answered it too, or it came after and is not answered yet.
        last = [fact for fact in program.facts() if fact in ("grant_suspended", "grant_resumed")][-1]
        assert stood.state is (SUSPENDED if last == "grant_suspended" else ACTIVE)
        if stood.state is SUSPENDED:
            program.go_on(macro)
    assert program.verify().ok


def test_ticks_and_batches_of_several_replicas_at_once_suspend_once(program: GrantsProgram) -> None:
    alone = program.unattended()
    program.later(days=14, hours=1)
    failing = {**eval_run(1), "id": "same", "at": program.at.isoformat()}
    at_once([program.tick, program.tick, partial(program.send, failing), partial(program.send, failing)])
    assert set(program.causes(alone)) == {(STALE, ""), (FAILED, "refunds")}
    assert (program.halts(), program.alarms()) == (2, ["grants_suspended"] * 2)
    assert program.verify().ok
