"""What the approval of a grant rests on is looked at again at the click."""

import pytest

from bot.actions import gates, requests
from bot.actions.grants import requesting
from bot.domain.errors import RolloutError
from bot.domain.grants.life import Grant, GrantState
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Domain
from store import Database
from tests.grants_program import (
    ATTENDED,
    CONFIDENT,
    DRAFT,
    REFUND,
    UNATTENDED,
    GrantsProgram,
    action,
    eval_run,
    incident,
    policy,
)

ACTIVE, SUPERSEDED = GrantState.ACTIVE, GrantState.SUPERSEDED
WIDER = policy(action("send_macro", max_recipients=6, allowed_when=CONFIDENT))


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    made = GrantsProgram(database)
    made.start()
    return made


def scaling(program: GrantsProgram) -> None:
    program.enter(PhaseName.SCALING)
    program.run()


def test_a_demotion_between_request_and_approval_bars_what_the_phase_no_longer_lets_go(program: GrantsProgram) -> None:
    scaling(program)
    request_id = program.asked(UNATTENDED)
    program.do("stu", gates.demote, program.workflow(), "Too many complaints.")
    assert "send_macro has an external effect" in program.barred(request_id)


def test_evidence_that_went_stale_or_bad_between_bars_the_approval(program: GrantsProgram) -> None:
    scaling(program)
    request_id = program.asked(ATTENDED)
    program.send(eval_run(189), incident(2))
    told = program.barred(request_id)
    assert "The latest run of refunds passed 189 of 200, and the floor is ≥ 95 %." in told
    assert "Incident INC-1 (sev2) is open." in told
    program.later(minutes=1)
    program.send(incident(2, "resolved"), eval_run(200))
    program.approve(request_id)
    assert program.states() == [ACTIVE]


def test_evals_that_grew_old_bar_the_approval(program: GrantsProgram) -> None:
    scaling(program)
    program.later(days=10)
    request_id = program.asked(ATTENDED)
    program.later(days=4, hours=1)
    assert "The evals are too old" in program.barred(request_id)
    program.run()
    program.approve(request_id)
    assert program.states() == [ACTIVE]


def test_a_grant_that_stands_still_is_not_replaced_but_resumed_or_revoked_first(program: GrantsProgram) -> None:
    old = program.grant(ATTENDED)
    request_id = program.asked(WIDER)
    program.suspend(old)
    assert "is suspended: resume or revoke that one first" in program.barred(request_id)
    program.go_on(old, by="bea")
    program.approve(request_id)
    assert program.one(old).state is SUPERSEDED


def test_a_new_approval_is_more_than_the_attestation_that_was_missed(program: GrantsProgram) -> None:
    old = program.grant(DRAFT)
    program.later(days=30)
    program.tick()
    new = program.grant(policy(action("draft_reply", expires_in_days=120)))
    assert (program.one(old).state, new.state) == (SUPERSEDED, ACTIVE)


def test_a_financial_action_makes_the_domain_billing_and_needs_an_accepted_red_team_review(
    program: GrantsProgram,
) -> None:
    request_id = program.asked(REFUND)
    assert program.workflow().domain is Domain.GENERAL
    assert "In billing, a high-risk domain, it needs an accepted red-team review" in program.barred(request_id)
    program.red_team()
    program.approve(request_id)
    assert program.workflow().domain is Domain.BILLING
    # From now on nothing with an effect comes into force without one, whatever its area.
    program.later(days=90)
    late = program.asked(ATTENDED)
    program.later(hours=-1, seconds=1)
    assert "older than 90 days" in program.barred(late)
    program.grant(DRAFT)


@pytest.mark.parametrize(("spare_s", "is_good"), [(1, True), (0, True), (-1, False)])
def test_a_red_team_review_is_good_for_ninety_days_of_the_wall_clock(
    program: GrantsProgram, spare_s: int, is_good: bool
) -> None:
    program.red_team()
    # Lisbon's spring takes an hour of the ninety days.
    program.later(days=90, hours=-1, seconds=-spare_s)
    request_id = program.asked(REFUND)
    if is_good:
        program.approve(request_id)
    else:
        assert "older than 90 days" in program.barred(request_id)


def test_a_mesh_waits_until_every_member_operates_with_fresh_evals(program: GrantsProgram) -> None:
    mesh = policy(action("draft_reply"), members=("triage_agent",))
    program.name = "triage_agent"
    program.start()
    program.enter(PhaseName.OPERATING)
    program.name = "refunds_agent"
    program.enter(PhaseName.OPERATING)
    program.run()
    (refused,) = program.ask_for(mesh)
    assert "triage_agent (its evals are stale)" in str(refused.refused)
    program.run(workflow="triage_agent")
    program.approve(program.asked(mesh))
    assert program.states() == [ACTIVE]


def test_a_mesh_whose_member_fell_back_between_is_not_approved(program: GrantsProgram) -> None:
    program.name = "triage_agent"
    program.start()
    program.enter(PhaseName.OPERATING)
    program.run()
    program.name = "refunds_agent"
    program.enter(PhaseName.OPERATING)
    program.run()
    request_id = program.asked(policy(action("draft_reply"), members=("triage_agent",)))
    program.do("stu", gates.demote, program.workflow("triage_agent"), "Too many complaints.")
    assert "triage_agent (in scaling)" in program.barred(request_id)


def test_a_stored_grant_that_is_not_what_was_asked_for_is_not_approved(program: GrantsProgram) -> None:
    request_id = program.asked(ATTENDED)
    widened = 'UPDATE grants SET terms = replace(terms, \'"max_recipients","5"\', \'"max_recipients","500"\')'
    with program.database.writing() as connection:
        connection.exec_driver_sql(widened)
    assert "is not what was asked for" in program.barred(request_id)


def test_closing_revokes_what_was_granted_and_takes_back_what_waits(program: GrantsProgram) -> None:
    old: Grant = program.grant(policy(action("draft_note", expires_in_days=1)))
    program.later(days=1)
    program.grant(DRAFT)
    program.asked(ATTENDED)
    program.close()
    assert program.states() == [GrantState.EXPIRED, GrantState.REVOKED, GrantState.WITHDRAWN]
    assert program.one(old).state is GrantState.EXPIRED
    with pytest.raises(RolloutError):
        program.ask_for(DRAFT)


def test_a_file_is_asked_for_by_the_workflow_that_it_names(program: GrantsProgram) -> None:
    def read() -> None:
        with program.desk.reading() as view:
            requesting.read_file(view, policy(action("draft_reply"), workflow="refunds_agnt"), "policy.yaml")

    with pytest.raises(RolloutError, match="refunds_agent"):
        read()
    with pytest.raises(RolloutError):
        program.do("bea", requests.approve, "req_none")
