"""The shipped patterns of grants: each can be granted where its comment says, and is known again when it was used."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot import playbooks
from bot.conditions import compiled
from bot.domain.errors import NotFound
from bot.domain.grants.autonomy import Cap, cap
from bot.domain.grants.classification import Bounds, refusal
from bot.domain.grants.terms import GrantTerms, Limit, LimitKind, PerDay, Sum, terms_hash
from bot.domain.playbook import PhaseName
from bot.domain.risk import Area, Effect, Tier
from bot.policies import patterns
from bot.policies.export import Scope, exported
from bot.policies.patterns import Pattern, from_pattern
from tests.grants.samples import GROUND, NINETY_DAY, conditions, grant, policy

AS_SAID = {
    "draft_reply": (Area.CUSTOMER_COMMUNICATION, Tier.LOW, Effect.NONE, PhaseName.PILOT),
    "send_macro": (Area.CUSTOMER_COMMUNICATION, Tier.MEDIUM, Effect.EXTERNAL, PhaseName.SCALING),
    "open_pull_request": (Area.CODE_CHANGES, Tier.LOW, Effect.INTERNAL, PhaseName.PRODUCTION),
    "fix_lint": (Area.CODE_CHANGES, Tier.MEDIUM, Effect.INTERNAL, PhaseName.PRODUCTION),
    "query_analytics": (Area.DATA_ACCESS, Tier.LOW, Effect.NONE, PhaseName.PILOT),
    "retrieve_order": (Area.DATA_ACCESS, Tier.MEDIUM, Effect.NONE, PhaseName.PILOT),
    "propose_refund": (Area.FINANCIAL_ACTIONS, Tier.LOW, Effect.NONE, PhaseName.PILOT),
    "issue_refund": (Area.FINANCIAL_ACTIONS, Tier.MEDIUM, Effect.EXTERNAL, PhaseName.SCALING),
    "summarize_logs": (Area.INCIDENT_RESPONSE, Tier.LOW, Effect.NONE, PhaseName.PILOT),
    "run_diagnostics": (Area.INCIDENT_RESPONSE, Tier.MEDIUM, Effect.INTERNAL, PhaseName.PRODUCTION),
}
"""The area, tier and effect of each, and the first phase of the usual playbook in which it may go alone."""
SHIPPED = {pattern.name: pattern for pattern in patterns.patterns(GROUND)}


def test_every_area_has_a_pattern_to_begin_with_and_one_to_go_on_with() -> None:
    assert set(SHIPPED) == set(patterns.names()) == set(AS_SAID)
    for area in Area:
        assert [tier for own, tier, *_ in AS_SAID.values() if own is area] == [Tier.LOW, Tier.MEDIUM]


@pytest.mark.parametrize("name", AS_SAID)
def test_a_pattern_is_granted_as_it_says(name: str) -> None:
    said = SHIPPED[name].terms
    area, tier, effect, first = AS_SAID[name]
    (asked,) = policy(patterns.text_of(name)).actions

    assert (said.action, said.area, said.tier, said.effect) == (name, area, tier, effect)
    assert asked.refused is None
    bounds = Bounds(said.limits, tuple(compiled(condition.source) for condition in said.conditions))
    assert asked.classified is not None
    assert refusal(playbooks.risk_matrix(), said, asked.classified, bounds) is None
    order = tuple(PhaseName)
    alone = [phase for phase in order if cap(NINETY_DAY, phase, said).cap is Cap.ALLOWED]
    assert alone == list(order[order.index(first) :])
    attended = replace(said, requires_human_approval=True)
    assert all(cap(NINETY_DAY, phase, attended).cap is not Cap.REFUSED for phase in order)
    text = " ".join(patterns.text_of(name).partition("\nworkflow:")[0].replace("\n# ", " ").split())
    assert f"lone from {first} on" in text or (first is PhaseName.PILOT and "rom pilot on" in text)


@pytest.mark.parametrize("name", AS_SAID)
def test_a_pattern_is_bounded_kept_and_says_what_it_is_for(name: str) -> None:
    pattern = SHIPPED[name]
    assert pattern.terms.is_bounded
    assert pattern.terms.logging is not None
    assert pattern.terms.logging.is_complete
    assert pattern.purpose == patterns.purpose_of(name)
    assert 20 < len(pattern.purpose) < 121


def test_a_pattern_is_printed_for_a_workflow() -> None:
    for name in patterns.names():
        for workflow, written in (("refunds_agent", "refunds_agent"), ("7", '"7"'), ("true", '"true"')):
            text = patterns.text_of(name, workflow)
            assert f"\nworkflow: {written}\n" in text
            assert policy(text).workflow == workflow
    with pytest.raises(NotFound, match="Did you mean send_macro"):
        patterns.text_of("send_marco")
    with pytest.raises(NotFound, match="lists those that there are"):
        patterns.text_of("../risk_matrix")


def changed(said: GrantTerms, **bounds: int) -> GrantTerms:
    """The same with other limits."""
    limits = tuple(Limit(each.fact, each.kind, Decimal(bounds.get(each.name, each.value))) for each in said.limits)
    return replace(said, limits=limits)


def source(terms: GrantTerms) -> str | None:
    """The pattern that some terms were made from."""
    return from_pattern(terms, SHIPPED.values())


@pytest.mark.parametrize("name", AS_SAID)
def test_a_grant_that_was_asked_for_as_a_pattern_stands_is_made_from_it_exported_or_not(name: str) -> None:
    said = SHIPPED[name].terms
    assert source(said) == name
    (again,) = policy(exported(Scope("a", (grant(said),)), "yaml").text).actions
    assert again.terms is not None
    assert (source(again.terms), terms_hash(again.terms)) == (name, terms_hash(said))


REFUND = SHIPPED["issue_refund"].terms
MACRO = SHIPPED["send_macro"].terms


@pytest.mark.parametrize(
    "made",
    [
        changed(REFUND, max_amount_usd=5),
        replace(REFUND, requires_human_approval=True, expires_in_days=180, logging=None),
        replace(REFUND, per_day=PerDay(19, (Sum("amount_usd", Decimal(300)),))),
        replace(REFUND, conditions=conditions("order_age_days <= 30", "confidence_score >= 0.97", "is_vip")),
        replace(REFUND, conditions=conditions("order_age_days <= 30", "is_vip && 0.95 <= confidence_score")),
    ],
)
def test_what_is_at_most_as_wide_was_made_from_the_pattern(made: GrantTerms) -> None:
    assert source(made) == "issue_refund"


@pytest.mark.parametrize(
    "other",
    [
        changed(REFUND, max_amount_usd=26),
        changed(SHIPPED["query_analytics"].terms, min_group_size=9),
        replace(REFUND, action="issue_credit"),
        replace(REFUND, limits=REFUND.limits[:1]),
        replace(REFUND, limits=(*REFUND.limits, Limit("recipients", LimitKind.MAX, Decimal(1)))),
        replace(REFUND, per_day=None),
        replace(REFUND, per_day=PerDay(20, ())),
        replace(REFUND, per_day=PerDay(None, REFUND.per_day.sums if REFUND.per_day else ())),
        replace(REFUND, per_day=PerDay(21, REFUND.per_day.sums if REFUND.per_day else ())),
        replace(REFUND, per_day=PerDay(20, (Sum("amount_usd", Decimal("300.01")),))),
        replace(REFUND, conditions=conditions("order_age_days <= 30", "confidence_score >= 0.94")),
        replace(REFUND, conditions=conditions("order_age_days <= 29", "confidence_score >= 0.95")),
        replace(MACRO, conditions=conditions("confidence_score >= 0.95")),
    ],
)
def test_what_is_wider_or_of_other_keys_was_not(other: GrantTerms) -> None:
    assert source(other) is None


def test_a_grant_that_asks_no_person_was_not_made_from_a_pattern_that_does() -> None:
    asks = Pattern("careful", "Asks.", replace(REFUND, requires_human_approval=True))
    assert from_pattern(REFUND, [asks]) is None
