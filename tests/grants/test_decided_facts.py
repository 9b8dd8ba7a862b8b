"""May it do this now? What the facts say to limits and conditions, exactly at and just beyond each bound."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.domain.errors import BadInput
from bot.domain.grants.conditions import CompiledCondition, Value
from bot.domain.grants.decisions import Decision, Outcome, decide
from tests.grants.samples import (
    FACTS,
    NOW,
    answer,
    codes,
    conditions,
    grant,
    limit,
    question,
    terms,
    with_facts,
)


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in FACTS.items() if key != name}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (25, ("allow",)),
        (25.0, ("allow",)),
        (Decimal("25.00"), ("allow",)),
        (Decimal("24.9999999999999"), ("allow",)),
        (Decimal("25.0000000000001"), ("deny", "limit.exceeded:max_amount_usd")),
        (26, ("deny", "limit.exceeded:max_amount_usd")),
        (-5, ("allow",)),
        (None, ("deny", "fact.type:amount_usd")),
        ("20", ("deny", "fact.type:amount_usd")),
        (True, ("deny", "fact.type:amount_usd")),
        (float("nan"), ("deny", "fact.type:amount_usd")),
        (float("inf"), ("deny", "fact.type:amount_usd")),
        (float("-inf"), ("deny", "fact.type:amount_usd")),
        (Decimal("NaN"), ("deny", "fact.type:amount_usd")),
        (Decimal("sNaN"), ("deny", "fact.type:amount_usd")),
        (Decimal("20.00000000000001"), ("deny", "fact.type:amount_usd")),
        (0.1 + 0.2, ("deny", "fact.type:amount_usd")),
        (10**40, ("deny", "fact.type:amount_usd")),
        ([20], ("deny", "fact.type:amount_usd")),
        ({"usd": 20}, ("deny", "fact.type:amount_usd")),
    ],
)
def test_a_max_is_held_exactly(amount: object, expected: tuple[str, ...]) -> None:
    assert codes(question(grant()), with_facts(amount_usd=amount)) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [(3, ("allow",)), (Decimal("2.99"), ("deny", "limit.exceeded:min_age_days")), (4, ("allow",))],
)
def test_a_min_is_held_exactly(age: object, expected: tuple[str, ...]) -> None:
    held = grant(terms(limits=(limit("min_age_days", 3),)))
    assert codes(question(held), with_facts(age_days=age)) == expected


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_missing_fact_denies_by_name(name: str) -> None:
    assert codes(question(grant()), without(name)) == ("deny", f"fact.missing:{name}")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"confidence_score": 0.95}, ("allow",)),
        ({"confidence_score": 1}, ("allow",)),
        ({"confidence_score": Decimal("0.949999999999999")}, ("deny", "condition.false:1")),
        ({"confidence_score": "0.97"}, ("deny", "fact.type:confidence_score")),
        ({"confidence_score": True}, ("deny", "fact.type:confidence_score")),
        ({"customer_tier": "silver"}, ("deny", "condition.false:2")),
        ({"customer_tier": "Gold"}, ("deny", "condition.false:2")),
        ({"customer_tier": 7}, ("deny", "fact.type:customer_tier")),
        ({"customer_tier": None}, ("deny", "fact.type:customer_tier")),
    ],
)
def test_every_condition_must_hold_and_is_counted_from_one(facts: dict[str, object], expected: tuple[str, ...]) -> None:
    assert codes(question(grant()), with_facts(**facts)) == expected


def test_everything_that_is_wrong_is_told_at_once_and_each_fact_once() -> None:
    held = grant(terms(conditions=conditions("amount_usd > 5", "score >= 0.9", "score < 1", 'tier == "gold"')))
    found = answer(question(held), {"amount_usd": 30, "tier": "silver"})
    assert found == Decision(
        outcome=Outcome.DENY,
        reasons=(
            "The fact score is missing; send a number.",
            "amount_usd is 30, above the 25 of max_amount_usd.",
            'Condition 4 does not hold: tier == "gold"',
        ),
        codes=("fact.missing:score", "limit.exceeded:max_amount_usd", "condition.false:4"),
        grant_id="g_1",
        grant_hash=held.hash,
    )


def test_true_or_missing_is_missing() -> None:
    held = grant(terms(limits=(), conditions=conditions("is_vip || amount_usd < 5")))
    assert codes(question(held), {"is_vip": True}) == ("deny", "fact.missing:amount_usd")


def test_unequal_to_a_text_is_not_true_of_a_number() -> None:
    held = grant(terms(limits=(), conditions=conditions("risk != 0")))
    assert codes(question(held), {"risk": "0"}) == ("deny", "fact.type:risk")
    assert codes(question(held), {"risk": 0.0}) == ("deny", "condition.false:1")


@pytest.mark.parametrize("order", [0, 1])
def test_one_condition_may_measure_what_another_one_reads(order: int) -> None:
    lines = ("size(tags) <= 2", '"vip" in tags')
    held = grant(terms(limits=(), conditions=conditions(*(lines if order == 0 else lines[::-1]))))
    size = f"condition.false:{order + 1}"
    assert codes(question(held), {"tags": ["vip", "eu"]}) == ("allow",)
    assert codes(question(held), {"tags": ["vip", "eu", "x"]}) == ("deny", size)
    assert codes(question(held), {"tags": "vip"}) == ("deny", "fact.type:tags")
    assert codes(question(held), {"tags": [True, "vip"]}) == ("deny", "fact.type:tags")


def test_conditions_that_want_one_fact_as_two_things_hold_for_neither() -> None:
    held = grant(terms(limits=(), conditions=conditions("x > 1", 'x == "a"')))
    assert codes(question(held), {"x": 2}) == ("deny", "fact.type:x")
    assert codes(question(held), {"x": "a"}) == ("deny", "fact.type:x")
    sized = grant(terms(limits=(limit("max_x", 3),), conditions=conditions("size(x) > 1")))
    assert codes(question(sized), {"x": 2}) == ("deny", "fact.type:x")


def test_a_condition_without_an_answer_denies_as_an_error() -> None:
    beyond = "(a * a * a * a * a) + (b * b * b * b * b) > 0"
    held = grant(terms(limits=(), conditions=conditions("a > 0", beyond)))
    facts = {"a": Decimal("1E+30"), "b": Decimal("1E-30")}
    assert codes(question(held), facts) == ("deny", "condition.error:2")
    assert answer(question(held), facts).reasons == (
        f"Condition 2 has no answer, as it needs a number beyond all measure: {beyond}",
    )


def test_a_condition_that_takes_too_long_denies_as_an_error() -> None:
    held = grant(terms(limits=(), conditions=conditions('a.all(x, x in b || x == "n")')))
    facts = {"a": [str(n) for n in range(480)], "b": [str(n) for n in range(480)]}
    assert codes(question(held), facts) == ("deny", "condition.error:1")


def test_a_condition_that_can_not_be_read_any_more_denies_as_an_error() -> None:
    held = grant(terms(conditions=conditions("confidence_score >= 0.95", "confidence_score.matches('x')")))
    assert codes(question(held)) == ("deny", "condition.error:2")


class Lying:
    """A compiled condition that answers something truthy that is not true."""

    source = "lie"
    uses = ()
    floors = ()

    def holds(self, values: Mapping[str, Value]) -> bool:
        return "yes" if values else "no"  # type: ignore[return-value]


def test_only_true_itself_counts_as_true() -> None:
    def compiler(source: str) -> CompiledCondition:
        return Lying()

    found = decide(question(grant()), FACTS, NOW, compiler)
    assert (found.outcome, found.codes) == (Outcome.DENY, ("condition.false:1", "condition.false:2"))


def test_a_compiler_that_refuses_everything_denies_everything() -> None:
    def compiler(source: str) -> CompiledCondition:
        raise BadInput("No.")

    found = decide(question(grant()), FACTS, NOW, compiler)
    assert (found.outcome, found.codes) == (Outcome.DENY, ("condition.error:1", "condition.error:2"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({f"f{n}": n for n in range(10_000)}, "fact.type:*"),
        ({"nested": [[[[[[[[[1]]]]]]]]]}, "fact.type:*"),
        ({"note": "x" * 200_000}, "fact.type:*"),
        ({"note": float("nan")}, "fact.type:note"),
        ({"note": {1, 2}}, "fact.type:note"),
    ],
    ids=("10,000 keys", "deep", "long", "nan", "a set"),
)
def test_facts_out_of_shape_deny_though_nobody_reads_them(facts: dict[str, object], expected: str) -> None:
    assert codes(question(grant()), with_facts(**facts)) == ("deny", expected)


def test_facts_that_nobody_reads_may_be_null_or_very_exact() -> None:
    assert codes(question(grant()), with_facts(note=None, embedding=0.1 + 0.2, order=10**40)) == ("allow",)
