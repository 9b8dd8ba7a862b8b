"""Looks at grants: what an agent holds at a moment, and what lies before whoever decides a request."""

import pytest

from bot.actions.grants.looking import dossier_of, holding_of
from bot.domain.grants.autonomy import Cap
from bot.domain.grants.dossier import Dossier
from bot.domain.grants.holding import Holding
from bot.domain.playbook import PhaseName, Rung
from bot.domain.workflows import Domain
from store import Database
from tests.grants_program import ATTENDED, CONFIDENT, DRAFT, REFUND, GrantsProgram, action, incident, policy

WIDER = policy(action("send_macro", max_recipients=9, allowed_when=CONFIDENT))


@pytest.fixture
def refunds(database: Database) -> GrantsProgram:
    """A program with team Support and its workflow refunds_agent, on day 1."""
    program = GrantsProgram(database)
    program.start()
    return program


def holding(program: GrantsProgram) -> Holding:
    return program.ask(lambda view: holding_of(view, view.workflow(program.name), program.at))


def dossier(program: GrantsProgram, request_id: str) -> Dossier:
    found = program.ask(
        lambda view: dossier_of(view, view.request(request_id), view.workflow(program.name), program.at)
    )
    assert found
    return found


def test_whoever_holds_nothing_is_a_copilot(refunds: GrantsProgram) -> None:
    found = holding(refunds)
    assert (found.model.rung, found.held, found.waiting, found.ended, found.freeze) == (Rung.COPILOT, (), (), (), None)


def test_grants_stand_with_what_stops_them_those_asked_for_and_those_that_ended(refunds: GrantsProgram) -> None:
    macro, draft = refunds.grant(ATTENDED), refunds.grant(DRAFT)
    refunds.suspend(macro)
    refunds.revoke(draft)
    asked = refunds.asked(WIDER)
    found = holding(refunds)
    assert [each.grant.id for each in found.held] == [macro.id]
    assert [stop.reason for each in found.stopped for stop in each.stops] == ["Something is odd."]
    assert [each.request_id for each in found.waiting] == [asked]
    assert [each.id for each in found.ended] == [draft.id]
    refunds.later(days=31)
    assert holding(refunds).ended == ()


def test_what_time_alone_stops_stands_still_before_anyone_has_noted_it(refunds: GrantsProgram) -> None:
    grant = refunds.grant(ATTENDED)
    refunds.later(days=22)
    assert (holding(refunds).due, holding(refunds).stopped) == ((), ())
    refunds.later(days=1)
    assert [each.grant.id for each in holding(refunds).due] == [grant.id]
    refunds.later(days=7)
    (stopped,) = holding(refunds).stopped
    assert [(stop.since, "attestation was due" in stop.told) for stop in stopped.stops] == [(None, True)]
    refunds.later(days=60)
    assert (holding(refunds).held, [each.id for each in holding(refunds).ended]) == ((), [grant.id])


def test_a_phase_that_asks_for_a_person_shows_after_a_step_back(refunds: GrantsProgram) -> None:
    refunds.unattended()
    (before,) = holding(refunds).held
    refunds.enter(PhaseName.PRODUCTION)
    (after,) = holding(refunds).held
    assert (before.is_attended, after.is_attended, after.phase_asks) == (False, True, True)


def test_the_dossier_tells_what_would_change_and_nothing_bars_a_plain_request(refunds: GrantsProgram) -> None:
    old = refunds.grant(ATTENDED)
    found = dossier(refunds, refunds.asked(WIDER))
    assert found.old == old
    assert [(each.turned.value, each.what.text, each.was) for each in found.differences] == [
        ("loosened", "recipients ≤ 9", "≤ 5")
    ]
    assert (found.cap, found.bars, found.area) == (Cap.NEEDS_PERSON, (), "customer communication")
    assert found.evidence
    assert (found.evidence.runs, found.evidence.is_review_asked, found.evidence.incidents) == ((), False, ())


def test_the_dossier_says_before_the_click_what_the_click_would_refuse(refunds: GrantsProgram) -> None:
    refunds.run()
    request_id = refunds.asked(REFUND)
    refunds.send(incident())
    found = dossier(refunds, request_id)
    assert found.raises_to is Domain.BILLING
    assert found.bars == (
        "In billing, a high-risk domain, it needs an accepted red-team review of refunds_agent, "
        "and that is not there yet.",
        "Incident INC-1 (sev2) is open.",
    )
    assert found.evidence
    assert [(run.body.passed, run.body.cases) for run in found.evidence.runs] == [(200, 200)]
    assert (found.evidence.incidents, found.evidence.is_review_asked) == (("INC-1",), True)
    refunds.red_team()
    seen = dossier(refunds, request_id).evidence
    assert seen
    assert (seen.reviewed_at, seen.reviewed_by is None) == (refunds.at, False)


def test_once_decided_the_dossier_keeps_what_was_granted_and_judges_no_more(refunds: GrantsProgram) -> None:
    old = refunds.grant(ATTENDED)
    request_id = refunds.asked(WIDER)
    refunds.approve(request_id)
    refunds.send(incident())
    found = dossier(refunds, request_id)
    assert (found.old and found.old.id, found.bars, found.evidence) == (old.id, (), None)
    assert found.ends_at == found.grant.expires_at
