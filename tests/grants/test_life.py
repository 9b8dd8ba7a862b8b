"""The life of a grant, its hash, and the rung that a workflow's grants put it on."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.grants.life import (
    Grant,
    GrantState,
    SuspensionCause,
    is_suspended_by,
    narrowed_end,
    rung_of,
)
from bot.domain.grants.terms import Mode, described, digits, terms_hash
from bot.domain.playbook import Rung
from bot.domain.risk import Effect, Tier
from tests.grants.samples import APPROVED, EXPIRES, NOW, conditions, grant, limit, per_day, terms


def test_a_grant_has_expired_from_its_last_instant_on() -> None:
    held = grant()
    second = timedelta(seconds=1)
    assert [held.has_expired(EXPIRES - second), held.has_expired(EXPIRES), held.has_expired(EXPIRES + second)] == [
        False,
        True,
        True,
    ]


def test_attestation_counts_from_the_last_one_or_from_the_approval() -> None:
    later = APPROVED + timedelta(days=20)
    assert grant(attested_at=later).attest_by(30) == later + timedelta(days=30)
    assert grant(attested_at=None).attest_by(30) == APPROVED + timedelta(days=30)
    assert grant(attested_at=None, approved_at=None).attest_by(30) is None


def test_a_narrowing_never_lasts_longer_than_what_it_narrows() -> None:
    old = grant()
    assert narrowed_end(old, terms(expires_in_days=90), NOW) == EXPIRES
    assert narrowed_end(old, terms(expires_in_days=5), NOW) == NOW + timedelta(days=5)


def test_the_hash_tells_terms_apart_and_knows_them_again() -> None:
    standard = terms_hash(terms())
    same = [
        terms(limits=(limit("max_amount_usd", "25.00"),)),
        terms(limits=(limit("max_amount_usd", "2.5E+1"),)),
    ]
    different = [
        terms(action="issue_credit"),
        terms(limits=(limit("max_amount_usd", 24),)),
        terms(limits=(limit("min_amount_usd", 25),)),
        terms(conditions=()),
        terms(requires_human_approval=True),
        terms(per_day=per_day(3)),
        terms(per_day=per_day(amount_usd=3)),
        terms(effect=Effect.INTERNAL),
        terms(area=None),
        terms(tier=Tier.LOW),
        terms(expires_in_days=30),
        terms(logging=None),
        terms(mode=Mode.MESH, members=("triage",)),
    ]
    assert {terms_hash(one) for one in same} == {standard}
    assert len({standard, *map(terms_hash, different)}) == len(different) + 1


def test_the_order_of_limits_makes_no_difference_and_that_of_conditions_does() -> None:
    one, two = limit("max_a", 1), limit("min_b", 2)
    assert terms_hash(terms(limits=(one, two))) == terms_hash(terms(limits=(two, one)))
    assert terms_hash(terms(conditions=conditions("a", "b"))) != terms_hash(terms(conditions=conditions("b", "a")))


def test_the_hash_stays_what_it_was_when_it_was_recorded() -> None:
    assert terms_hash(terms()) == "59d5d26ccf12b900c005eb04186512d67980a574b563ba8e43382a41f624c87c"


def unattended(**fields: object) -> Grant:
    return grant(terms(**fields))


@pytest.mark.parametrize(
    ("grants", "rung"),
    [
        ((), Rung.COPILOT),
        ((unattended(effect=Effect.NONE),), Rung.COPILOT),
        ((unattended(requires_human_approval=True),), Rung.INTERN),
        ((unattended(requires_human_approval=True), unattended(effect=Effect.NONE)), Rung.INTERN),
        ((unattended(requires_human_approval=True), unattended()), Rung.OPERATOR),
        ((unattended(), unattended(mode=Mode.MESH, members=("triage",))), Rung.MESH),
        ((grant(state=GrantState.SUSPENDED), grant(state=GrantState.REQUESTED)), Rung.COPILOT),
    ],
)
def test_the_rung_follows_from_the_active_grants(grants: tuple[Grant, ...], rung: Rung) -> None:
    assert rung_of(grants) is rung


@pytest.mark.parametrize("cause", SuspensionCause)
def test_what_has_no_effect_goes_on_and_a_guardrail_stops_only_the_unattended(cause: SuspensionCause) -> None:
    each = (SuspensionCause.BY_HAND, SuspensionCause.UNATTESTED)
    reached = [
        is_suspended_by(cause, terms()),
        is_suspended_by(cause, terms(requires_human_approval=True)),
        is_suspended_by(cause, terms(effect=Effect.NONE)),
    ]
    assert reached == [True, cause is not SuspensionCause.GUARDRAIL, cause in each]


def test_bounds_are_told_in_one_line() -> None:
    assert described(terms()) == 'max_amount_usd 25, confidence_score >= 0.95, customer_tier == "gold"'
    assert described(terms(limits=(), conditions=())) == "no limit and no condition"
    assert [digits(Decimal(text)) for text in ("25.00", "1E+3", "-0", "0.50", "-2.50")] == [
        "25",
        "1000",
        "0",
        "0.5",
        "-2.5",
    ]
