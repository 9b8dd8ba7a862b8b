"""Asking for grants and approving them: each action by itself, on evidence that still holds at the click."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.actions import gates, requests
from bot.actions.grants import requesting
from bot.domain.errors import Conflict, GrantBarred, NotAllowed, RolloutError
from bot.domain.grants.life import Grant, GrantState
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestState
from bot.domain.workflows import Domain
from store import Database
from store.errors import ChangeRefused
from tests.actions.test_races import at_once
from tests.cast import agent
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
    violation,
)

ACTIVE, SUPERSEDED = GrantState.ACTIVE, GrantState.SUPERSEDED
NARROWER = policy(action("send_macro", max_recipients=4, allowed_when=CONFIDENT))
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


def states(program: GrantsProgram) -> list[GrantState]:
    """Of all grants of the workflow, in the order of the alphabet."""
    return sorted(grant.state for grant in program.ask(lambda view: view.grants.of_workflow(program.workflow().id)))


def refusal(program: GrantsProgram, request_id: str) -> str:
    """Why a grant can't be approved now; nothing changes by that."""
    with pytest.raises(GrantBarred) as barred:
        program.approve(request_id)
    assert program.request(request_id).state is RequestState.WAITING
    return str(barred.value)


def test_each_action_of_a_file_is_one_request_and_judged_by_itself(program: GrantsProgram) -> None:
    found = program.ask_for(
        policy(
            action("draft_reply"),
            action("issue_refund", max_amount_usd=5000),
            action("send_macro", max_recipients=5, allowed_when=CONFIDENT, requires_human_approval=False),
        )
    )
    assert [(bool(a.request_id), a.grant_id, bool(a.refused)) for a in found] == [
        (True, None, False),
        (False, None, True),
        (False, None, True),
    ]
    assert "request it with approval instead" in str(found[2].refused)
    assert program.denials() == 2
    assert states(program) == [GrantState.REQUESTED]


def test_an_approved_request_is_in_force_for_its_days_from_the_approval_on(program: GrantsProgram) -> None:
    request_id = program.asked(DRAFT)
    program.later(days=2)
    program.approve(request_id)
    found = program.ask(lambda view: view.grants.of_request(request_id))
    assert (found.state, found.approved_at, found.expires_at) == (ACTIVE, program.at, program.at + timedelta(days=90))
    assert program.facts()[-2:] == ("request_approved", "grant_activated")


def test_nobody_approves_what_they_asked_for(program: GrantsProgram) -> None:
    for who in ("bea", "ada"):
        request_id = program.asked(DRAFT, by=who)
        with pytest.raises(NotAllowed):
            program.approve(request_id, by=who)
    assert ACTIVE not in states(program)


def test_not_even_the_database_takes_an_approval_of_ones_own(program: GrantsProgram) -> None:
    request_id = program.asked(DRAFT)
    forged = "UPDATE requests SET state = 'approved', decided_by = asked_by, decided_at = asked_at WHERE id = :id"
    with pytest.raises(ChangeRefused), program.database.writing() as connection:
        connection.execute(text(forged), {"id": request_id})


@pytest.mark.parametrize("by", ["max", "agent"])
def test_members_and_agents_ask_for_no_grant(program: GrantsProgram, by: str) -> None:
    with pytest.raises(NotAllowed):
        program.ask_for(DRAFT, by=agent() if by == "agent" else by)
    assert states(program) == []


def test_of_approvers_who_click_at_once_one_makes_the_grant(program: GrantsProgram) -> None:
    for number in range(3):
        request_id = program.asked(policy(action(f"draft_note_{number}")))
        answers = at_once([partial(program.approve, request_id, by=by) for by in ("bea", "cem", "apo", "ada")])
        assert answers.count("done") == 1
        assert all("Approved" in a or "approved" in a for a in answers if a != "done"), answers
    assert states(program) == [ACTIVE] * 3
    assert program.facts().count("grant_activated") == 3
    assert program.verify().ok


def test_a_revocation_and_the_approval_of_its_successor_at_once_leave_one_order(program: GrantsProgram) -> None:
    given = program.grant(ATTENDED)
    request_id = program.asked(WIDER)
    at_once([lambda: program.revoke(given, by="stu"), lambda: program.approve(request_id)])
    waiting, left = program.request(request_id).state, states(program)
    # Either the revocation came first and took the request with it, or the wider grant is in force.
    assert (waiting, left) in (
        (RequestState.WITHDRAWN, [GrantState.REVOKED, GrantState.WITHDRAWN]),
        (RequestState.APPROVED, [ACTIVE, SUPERSEDED]),
    )
    assert program.verify().ok


# Narrowing, replacing, renewing


def test_a_narrowing_takes_effect_at_once_and_keeps_the_instants(program: GrantsProgram) -> None:
    wide = program.grant(ATTENDED)
    program.later(days=40)
    program.attest(wide)
    wide = program.one(wide)
    narrow = program.narrow(NARROWER, by="stu")
    assert (narrow.state, narrow.approved_at, narrow.attested_at, narrow.request_id, narrow.replaces) == (
        wide.state,
        wide.approved_at,
        wide.attested_at,
        None,
        wide.id,
    )
    assert narrow.expires_at == wide.expires_at
    assert program.one(wide).state is SUPERSEDED
    # Whoever asked for the wider one asked for what is left of it.
    assert narrow.requested_by == wide.requested_by


def test_a_narrowing_of_what_stands_still_stands_still_for_the_same(program: GrantsProgram) -> None:
    wide = program.grant(ATTENDED)
    program.send(incident(1), violation())
    narrow = program.narrow(NARROWER)
    assert (narrow.state, len(narrow.suspensions)) == (GrantState.SUSPENDED, 2)
    assert program.one(wide).suspensions == ()


def test_an_earlier_end_narrows_and_a_later_one_has_to_be_approved(program: GrantsProgram) -> None:
    program.grant(DRAFT)
    sooner = program.narrow(policy(action("draft_reply", expires_in_days=10)))
    assert sooner.expires_at == program.at + timedelta(days=10)
    (renewal,) = program.ask_for(DRAFT)
    assert (bool(renewal.request_id), program.one(sooner).state) == (True, ACTIVE)


def test_a_narrowing_takes_back_the_widening_that_waits(program: GrantsProgram) -> None:
    program.grant(ATTENDED)
    waiting = program.asked(WIDER)
    program.narrow(NARROWER)
    assert program.request(waiting).state is RequestState.WITHDRAWN


def test_a_widening_supersedes_on_approval_and_until_then_the_old_one_holds(program: GrantsProgram) -> None:
    old = program.grant(ATTENDED)
    request_id = program.asked(WIDER)
    assert states(program) == [ACTIVE, GrantState.REQUESTED]
    program.approve(request_id)
    new = program.ask(lambda view: view.grants.of_request(request_id))
    assert (program.one(old).state, new.state, new.replaces) == (SUPERSEDED, ACTIVE, old.id)


def test_a_renewal_leaves_no_gap(program: GrantsProgram) -> None:
    old = program.grant(DRAFT)
    program.later(days=85)
    request_id = program.asked(policy(action("draft_reply", expires_in_days=120)))
    program.later(days=1)
    program.approve(request_id)
    new = program.ask(lambda view: view.grants.of_request(request_id))
    assert program.one(old).ended_at == new.approved_at == program.at


def test_a_renewal_after_the_end_is_a_grant_of_its_own(program: GrantsProgram) -> None:
    old = program.grant(DRAFT)
    program.later(days=90)
    new = program.grant(DRAFT)
    assert (program.one(old).state, new.state, new.replaces) == (GrantState.EXPIRED, ACTIVE, None)


def test_a_new_request_takes_the_place_of_the_one_that_waits(program: GrantsProgram) -> None:
    first, second = program.asked(ATTENDED), program.asked(WIDER)
    assert (program.request(first).state, program.request(second).state) == (
        RequestState.WITHDRAWN,
        RequestState.WAITING,
    )
    with pytest.raises(Conflict):
        program.approve(first)
    program.approve(second)
    assert states(program) == [ACTIVE, GrantState.WITHDRAWN]


def test_a_request_that_is_declined_withdrawn_or_lapses_grants_nothing(program: GrantsProgram) -> None:
    program.decline(program.asked(DRAFT))
    program.withdraw(program.asked(DRAFT))
    late = program.asked(DRAFT)
    program.later(days=7)
    with pytest.raises(RolloutError):
        program.approve(late)
    program.lapse()
    assert states(program) == [GrantState.DECLINED, GrantState.LAPSED, GrantState.WITHDRAWN]


# What an approval rests on


def test_a_demotion_between_request_and_approval_bars_what_the_phase_no_longer_lets_go(program: GrantsProgram) -> None:
    scaling(program)
    request_id = program.asked(UNATTENDED)
    program.do("stu", gates.demote, program.workflow(), "Too many complaints.")
    assert "send_macro has an external effect" in refusal(program, request_id)


def test_evidence_that_went_stale_or_bad_between_bars_the_approval(program: GrantsProgram) -> None:
    scaling(program)
    request_id = program.asked(ATTENDED)
    program.send(eval_run(189), incident(2))
    told = refusal(program, request_id)
    assert "The latest run of refunds passed 189 of 200, and the floor is ≥ 95 %." in told
    assert "Incident INC-1 (sev2) is open." in told
    program.later(minutes=1)
    program.send(incident(2, "resolved"), eval_run(200))
    program.approve(request_id)
    assert states(program) == [ACTIVE]


def test_evals_that_grew_old_bar_the_approval(program: GrantsProgram) -> None:
    scaling(program)
    program.later(days=10)
    request_id = program.asked(ATTENDED)
    program.later(days=4, hours=1)
    assert "The evals are too old" in refusal(program, request_id)
    program.run()
    program.approve(request_id)
    assert states(program) == [ACTIVE]


def test_a_grant_that_stands_still_is_not_replaced_but_resumed_or_revoked_first(program: GrantsProgram) -> None:
    old = program.grant(ATTENDED)
    request_id = program.asked(WIDER)
    program.suspend(old)
    assert "is suspended: resume or revoke that one first" in refusal(program, request_id)
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
    assert "In billing, a high-risk domain, it needs an accepted red-team review" in refusal(program, request_id)
    program.red_team()
    program.approve(request_id)
    assert program.workflow().domain is Domain.BILLING
    # From now on nothing with an effect comes into force without one, whatever its area.
    program.later(days=90)
    late = program.asked(ATTENDED)
    program.later(hours=-1, seconds=1)
    assert "older than 90 days" in refusal(program, late)
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
        assert "older than 90 days" in refusal(program, request_id)


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
    assert states(program) == [ACTIVE]


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
    assert "triage_agent (in scaling)" in refusal(program, request_id)


def test_a_stored_grant_that_is_not_what_was_asked_for_is_not_approved(program: GrantsProgram) -> None:
    request_id = program.asked(ATTENDED)
    widened = 'UPDATE grants SET terms = replace(terms, \'"max_recipients","5"\', \'"max_recipients","500"\')'
    with program.database.writing() as connection:
        connection.exec_driver_sql(widened)
    assert "is not what was asked for" in refusal(program, request_id)


def test_closing_revokes_what_was_granted_and_takes_back_what_waits(program: GrantsProgram) -> None:
    old: Grant = program.grant(policy(action("draft_note", expires_in_days=1)))
    program.later(days=1)
    program.grant(DRAFT)
    program.asked(ATTENDED)
    program.close()
    assert states(program) == [GrantState.EXPIRED, GrantState.REVOKED, GrantState.WITHDRAWN]
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
