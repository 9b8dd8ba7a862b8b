"""Asking for grants: each action by itself; narrowed at once, widened and renewed by approval."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.domain.errors import Conflict, NotAllowed, RolloutError
from bot.domain.grants.life import GrantState
from bot.domain.requests import RequestState
from store import Database
from store.errors import ChangeRefused
from tests.actions.test_races import at_once
from tests.cast import agent
from tests.grants_program import (
    ATTENDED,
    CONFIDENT,
    DRAFT,
    GrantsProgram,
    action,
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
    assert program.states() == [GrantState.REQUESTED]


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
    assert ACTIVE not in program.states()


def test_not_even_the_database_takes_an_approval_of_ones_own(program: GrantsProgram) -> None:
    request_id = program.asked(DRAFT)
    forged = "UPDATE requests SET state = 'approved', decided_by = asked_by, decided_at = asked_at WHERE id = :id"
    with pytest.raises(ChangeRefused), program.database.writing() as connection:
        connection.execute(text(forged), {"id": request_id})


@pytest.mark.parametrize("by", ["max", "agent"])
def test_members_and_agents_ask_for_no_grant(program: GrantsProgram, by: str) -> None:
    with pytest.raises(NotAllowed):
        program.ask_for(DRAFT, by=agent() if by == "agent" else by)
    assert program.states() == []


def test_of_approvers_who_click_at_once_one_makes_the_grant(program: GrantsProgram) -> None:
    for number in range(3):
        request_id = program.asked(policy(action(f"draft_note_{number}")))
        answers = at_once([partial(program.approve, request_id, by=by) for by in ("bea", "cem", "apo", "ada")])
        assert answers.count("done") == 1
        assert all("Approved" in a or "approved" in a for a in answers if a != "done"), answers
    assert program.states() == [ACTIVE] * 3
    assert program.facts().count("grant_activated") == 3
    assert program.verify().ok


def test_a_revocation_and_the_approval_of_its_successor_at_once_leave_one_order(program: GrantsProgram) -> None:
    given = program.grant(ATTENDED)
    request_id = program.asked(WIDER)
    at_once([lambda: program.revoke(given, by="stu"), lambda: program.approve(request_id)])
    waiting, left = program.request(request_id).state, program.states()
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
    assert program.states() == [ACTIVE, GrantState.REQUESTED]
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
    assert program.states() == [ACTIVE, GrantState.WITHDRAWN]


def test_a_request_that_is_declined_withdrawn_or_lapses_grants_nothing(program: GrantsProgram) -> None:
    program.decline(program.asked(DRAFT))
    program.withdraw(program.asked(DRAFT))
    late = program.asked(DRAFT)
    program.later(days=7)
    with pytest.raises(RolloutError):
        program.approve(late)
    program.lapse()
    assert program.states() == [GrantState.DECLINED, GrantState.LAPSED, GrantState.WITHDRAWN]
