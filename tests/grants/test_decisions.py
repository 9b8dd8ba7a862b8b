"""May it do this now? What the grant, the workflow, the phase and the day say to it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.conditions import compiled
from bot.domain.grants.decisions import DayCount, Decision, Outcome, Question, decide
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause
from bot.domain.grants.terms import Sum
from bot.domain.playbook import PhaseName
from bot.domain.risk import Effect, Tier
from tests.grants.samples import (
    APPROVED,
    EXPIRES,
    FACTS,
    NOW,
    answer,
    autonomy,
    codes,
    grant,
    per_day,
    question,
    terms,
    with_facts,
)

SECOND = timedelta(seconds=1)


def test_one_active_grant_whose_limits_and_conditions_hold_allows() -> None:
    held = grant()
    assert answer(question(held)) == Decision(
        outcome=Outcome.ALLOW,
        reasons=("The grant allows it: every limit and condition holds.",),
        codes=(),
        grant_id="g_1",
        grant_hash=held.hash,
        adds=(),
    )


def test_without_a_grant_the_answer_is_no() -> None:
    assert answer(question()) == Decision(
        outcome=Outcome.DENY,
        reasons=("There is no active grant that lets refunds_agent do issue_refund; someone has to request one.",),
        codes=("grant.none",),
        grant_id=None,
        grant_hash=None,
    )


@pytest.mark.parametrize("state", [state for state in GrantState if state is not GrantState.ACTIVE])
def test_a_grant_that_is_not_active_allows_nothing(state: GrantState) -> None:
    expected = {GrantState.SUSPENDED: "grant.suspended", GrantState.EXPIRED: "grant.expired"}
    assert codes(question(grant(state=state))) == ("deny", expected.get(state, "grant.none"))


@pytest.mark.parametrize(
    "other",
    [
        grant(terms(action="issue_credit")),
        grant(workflow_id="w_2"),
    ],
)
def test_a_grant_for_something_else_allows_nothing(other: Grant) -> None:
    assert codes(question(other)) == ("deny", "grant.none")


def test_two_active_grants_for_one_action_allow_nothing() -> None:
    assert codes(question(grant(), grant(id="g_2"))) == ("deny", "grant.none")
    assert codes(question(grant(), grant(id="g_2", state=GrantState.SUSPENDED))) == ("deny", "grant.none")


def test_earlier_grants_do_not_stand_in_the_way_of_the_one_in_force() -> None:
    past = [grant(id=str(state), state=state) for state in GrantState if state not in ("active", "suspended")]
    assert codes(question(*past, grant(), *past)) == ("allow",)
    assert answer(question(*past, grant(), *past)).grant_id == "g_1"


def test_a_grant_is_good_until_the_second_before_it_expires_and_no_longer() -> None:
    asked = question(grant(), attest_every_days=365)
    assert codes(asked, at=EXPIRES - SECOND) == ("allow",)
    assert codes(asked, at=EXPIRES) == ("deny", "grant.expired")
    assert answer(asked, at=EXPIRES).reasons == (
        "The grant for issue_refund expired on 31 May 2026 at 09:00 UTC; someone has to renew it.",
    )


def test_the_grant_that_expired_last_is_the_one_that_is_named() -> None:
    old = grant(id="g_old", state=GrantState.EXPIRED, expires_at=APPROVED)
    new = grant(id="g_new", state=GrantState.EXPIRED, expires_at=APPROVED + SECOND)
    found = {answer(question(*order)).grant_id for order in ((old, new), (new, old))}
    assert found == {"g_new"}
    endless = grant(id="g_endless", state=GrantState.EXPIRED, expires_at=None)
    assert {answer(question(*order)).grant_id for order in ((endless, new), (new, endless))} == {"g_new"}


def test_an_active_grant_without_an_end_or_an_approval_allows_nothing() -> None:
    assert codes(question(grant(expires_at=None))) == ("deny", "grant.expired")
    assert codes(question(grant(approved_at=None, attested_at=None))) == ("deny", "grant.suspended")


def test_attestation_is_missed_from_its_last_instant_on_ticked_or_not() -> None:
    due = APPROVED + timedelta(days=30)
    assert codes(question(grant()), at=due - SECOND) == ("allow",)
    assert codes(question(grant()), at=due) == ("deny", "grant.suspended")
    assert answer(question(grant()), at=due).reasons == (
        "The grant for issue_refund is suspended, as its attestation is overdue.",
    )
    assert codes(question(grant(attested_at=due)), at=due) == ("allow",)


def test_evals_are_stale_after_their_last_instant_except_for_what_has_no_effect() -> None:
    asked = question(grant(), evals_fresh_until=NOW)
    assert codes(asked) == ("allow",)
    assert codes(asked, at=NOW + SECOND) == ("deny", "grant.suspended")
    harmless = question(grant(terms(effect=Effect.NONE)), evals_fresh_until=NOW)
    assert codes(harmless, at=NOW + SECOND) == ("allow",)


def test_a_suspension_names_each_of_its_causes_once() -> None:
    stopped = grant(
        state=GrantState.SUSPENDED,
        suspensions=(Suspension(SuspensionCause.INCIDENT, NOW), Suspension(SuspensionCause.EVALS_STALE, NOW)),
    )
    assert answer(question(stopped, evals_fresh_until=APPROVED)).reasons == (
        "The grant for issue_refund is suspended, as a severe incident is open and the evals are older than "
        "they may be.",
    )
    by_hand = answer(question(grant(state=GrantState.SUSPENDED)))
    assert by_hand.reasons == ("The grant for issue_refund is suspended, as someone suspended it.",)


def test_a_frozen_workflow_may_do_nothing_with_whatever_grant() -> None:
    assert codes(question(grant(), is_frozen=True)) == ("deny", "workflow.frozen")
    assert codes(question(is_frozen=True)) == ("deny", "workflow.frozen", "grant.none")
    assert codes(question(grant(terms(effect=Effect.NONE)), is_frozen=True)) == ("deny", "workflow.frozen")


def test_a_grant_may_ask_for_a_person_each_time() -> None:
    held = grant(terms(requires_human_approval=True))
    assert answer(question(held)) == Decision(
        outcome=Outcome.NEEDS_APPROVAL,
        reasons=("The grant asks for a person's approval of each use.",),
        codes=("approval.required",),
        grant_id="g_1",
        grant_hash=held.hash,
    )


def test_what_does_not_hold_is_denied_before_a_person_is_asked() -> None:
    held = grant(terms(requires_human_approval=True))
    assert codes(question(held), with_facts(amount_usd=26)) == ("deny", "limit.exceeded:max_amount_usd")


@pytest.mark.parametrize(
    ("phase", "effect", "expected"),
    [
        (PhaseName.PILOT, Effect.NONE, ("allow",)),
        (PhaseName.PILOT, Effect.INTERNAL, ("needs_approval", "phase.cap")),
        (PhaseName.PILOT, Effect.EXTERNAL, ("needs_approval", "phase.cap")),
        (PhaseName.PRODUCTION, Effect.INTERNAL, ("allow",)),
        (PhaseName.PRODUCTION, Effect.EXTERNAL, ("needs_approval", "phase.cap")),
        (PhaseName.SCALING, Effect.EXTERNAL, ("allow",)),
        (PhaseName.OPERATING, Effect.EXTERNAL, ("allow",)),
    ],
)
def test_the_phase_caps_what_was_granted_before(phase: PhaseName, effect: Effect, expected: tuple[str, ...]) -> None:
    held = grant(terms(effect=effect, tier=Tier.LOW))
    assert codes(question(held, autonomy=autonomy(phase))) == expected


def test_the_phase_and_the_grant_may_both_ask_for_a_person() -> None:
    held = grant(terms(requires_human_approval=True))
    asked = question(held, autonomy=autonomy(PhaseName.PILOT))
    assert codes(asked) == ("needs_approval", "approval.required", "phase.cap")


def counted(uses: int = 0, **sums: str | int) -> DayCount:
    return DayCount(uses, tuple(Sum(fact, Decimal(amount)) for fact, amount in sums.items()))


def test_the_last_use_of_the_day_is_allowed_and_the_next_needs_a_person() -> None:
    asked = question(grant(terms(per_day=per_day(40))))
    assert codes(replace(asked, counted=counted(39))) == ("allow",)
    assert codes(replace(asked, counted=counted(40))) == ("needs_approval", "day.limit")
    assert answer(replace(asked, counted=counted(41))).reasons == (
        "The 40 uses a day that the grant allows are used up.",
    )


def test_the_sum_of_a_day_may_be_used_up_to_the_cent() -> None:
    asked = question(grant(terms(per_day=per_day(amount_usd=100))))
    allowed = answer(replace(asked, counted=counted(amount_usd=80)))
    assert (allowed.outcome, allowed.adds) == (Outcome.ALLOW, (Sum("amount_usd", Decimal(20)),))
    over = answer(replace(asked, counted=counted(amount_usd="80.01")))
    assert (over.outcome, over.codes, over.reasons, over.adds) == (
        Outcome.NEEDS_APPROVAL,
        ("day.limit",),
        ("With this, amount_usd comes to 100.01 today, above 100 a day.",),
        (Sum("amount_usd", Decimal(20)),),
    )


def test_a_negative_amount_takes_nothing_off_the_sum_of_the_day() -> None:
    asked = question(grant(terms(per_day=per_day(amount_usd=100))), counted=counted(amount_usd=100))
    assert answer(asked, with_facts(amount_usd=-50)).adds == (Sum("amount_usd", Decimal(0)),)
    assert codes(asked, with_facts(amount_usd=Decimal("0.01"))) == ("needs_approval", "day.limit")


def test_a_fact_that_is_only_summed_must_be_there_too() -> None:
    asked = question(grant(terms(limits=(), conditions=(), per_day=per_day(items=10))))
    assert codes(asked, {}) == ("deny", "fact.missing:items")
    assert codes(asked, {"items": "3"}) == ("deny", "fact.type:items")


def test_the_same_question_has_the_same_answer() -> None:
    asked: Question = question(grant())
    first: datetime = NOW
    assert decide(asked, FACTS, first, compiled) == decide(asked, dict(reversed(FACTS.items())), first, compiled)
