"""A suspended grant goes on once each of its causes is gone and a person answers for it."""

import pytest

from bot.actions import gates
from bot.actions.grants import lives
from bot.domain.errors import Conflict
from bot.domain.grants.life import Grant, GrantState
from store import Database
from tests.grants_program import (
    DRAFT,
    GrantsProgram,
    action,
    eval_run,
    incident,
    policy,
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


def test_after_a_failed_run_the_last_two_of_the_suite_have_to_pass(program: GrantsProgram, alone: Grant) -> None:
    for passed, told in ((100, "0 in a row"), (190, "1 in a row"), (189, "0 in a row"), (200, "1 in a row")):
        program.later(hours=1)
        program.run(passed)
        assert told in program.obstacles(alone)
    program.later(hours=1)
    program.run(190)
    assert program.go_on(alone).state is ACTIVE


def test_after_mere_staleness_one_run_has_to_pass(program: GrantsProgram, alone: Grant) -> None:
    program.later(days=14, hours=1)
    program.tick()
    assert "the evals are too old" in program.obstacles(alone)
    program.run(190)
    assert program.go_on(alone).state is ACTIVE


def test_an_incident_has_to_be_resolved_and_learned_from(program: GrantsProgram, alone: Grant) -> None:
    program.send(incident(1))
    assert "incident INC-1 (sev1) is open" in program.obstacles(alone)
    program.postmortem("INC-1")
    assert "incident INC-1 (sev1) is open" in program.obstacles(alone)
    program.later(hours=1)
    program.send(incident(4))
    assert "incident INC-1 (sev4) is open" in program.obstacles(alone)
    program.later(hours=1)
    program.send(incident(1, "resolved"))
    assert program.go_on(alone).state is ACTIVE


def test_an_incident_that_nobody_learned_from_keeps_it_still(program: GrantsProgram, alone: Grant) -> None:
    program.send(incident(2))
    program.later(hours=1)
    program.send(incident(2, "resolved"))
    assert "has no accepted postmortem" in program.obstacles(alone)
    program.postmortem("INC-1")
    assert program.go_on(alone).state is ACTIVE


def test_a_violation_has_to_be_answered_with_a_reason(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation())
    with pytest.raises(Exception, match="what was done about it"):
        program.go_on(alone, reason="  ")
    assert program.go_on(alone, reason="The card number was a test card.").state is ACTIVE


def test_a_guardrail_has_to_be_back_within_its_limit(program: GrantsProgram, alone: Grant) -> None:
    program.later(minutes=1)
    program.measure("4.1")
    assert "csat is 4.1, limit 4.2" in program.obstacles(alone)
    program.later(minutes=1)
    program.measure("4.2")
    assert program.go_on(alone).state is ACTIVE


def test_a_missed_attestation_has_to_be_given_and_then_still_takes_a_person(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT)
    program.later(days=30)
    program.tick()
    assert "its attestation was due" in program.obstacles(draft)
    assert program.attest(draft).state is SUSPENDED
    assert program.go_on(draft).state is ACTIVE


def test_what_time_has_caused_bars_whether_or_not_it_is_recorded(program: GrantsProgram, alone: Grant) -> None:
    program.suspend(alone)
    program.later(days=14, hours=1)
    assert "the evals are too old" in program.obstacles(alone)


def test_every_cause_has_to_be_gone_and_one_person_answers_them_all(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation(), incident(1), eval_run(1))
    program.later(hours=1)
    program.send(incident(1, "resolved"), eval_run(200))
    told = program.obstacles(alone)
    assert "the last 2 runs" in told
    assert "postmortem" in told
    program.later(hours=1)
    program.run()
    program.postmortem()
    assert (program.go_on(alone).state, program.causes(alone)) == (ACTIVE, ())
    assert program.facts().count("grant_resumed") == 1


def test_an_expired_or_revoked_grant_never_goes_on(program: GrantsProgram) -> None:
    draft, note = program.grant(DRAFT), program.grant(policy(action("draft_note")))
    program.suspend(draft)
    program.suspend(note)
    program.revoke(note)
    program.later(days=90)
    for grant, state in ((draft, "expired"), (note, "revoked")):
        with pytest.raises(Conflict, match=f"is {state}, so nothing was changed"):
            program.go_on(grant)


def test_what_is_in_force_needs_no_resuming(program: GrantsProgram) -> None:
    with pytest.raises(Conflict, match="nothing to resume"):
        program.go_on(program.grant(DRAFT))


def test_neither_a_demotion_nor_a_freeze_changes_what_is_suspended(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation())
    before = program.one(alone)
    program.do("stu", gates.demote, program.workflow(), "Too many complaints.")
    program.freeze()
    program.unfreeze()
    assert program.one(alone) == before


def test_whoever_answers_one_cause_has_not_answered_another_that_came_since(
    program: GrantsProgram, alone: Grant
) -> None:
    seen = program.suspend(alone).version
    program.send(violation())
    with pytest.raises(Conflict, match=r"it is suspended now because .*a red line was violated"):
        program.do("stu", lives.resume, alone.id, "It was me who stopped it.", seen)
    program.do("stu", lives.resume, alone.id, "Both were looked into.", program.one(alone).version)
    assert program.one(alone).state is ACTIVE
