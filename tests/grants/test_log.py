"""What is kept of the facts of a decision: those that the grant names, exact, and one hash of all."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conditions import compiled
from bot.domain.errors import BadInput
from bot.domain.grants.factsheet import Unreadable, take_facts
from bot.domain.grants.log import LONGEST_KEPT, LogQuery, as_json, facts_hash, kept_facts, named_facts
from tests.grants.samples import conditions, limit, per_day, terms


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (Decimal("-0.00"), "0"),
        (20, "20"),
        (Decimal("20.0"), "20"),
        (2e1, "20"),
        (Decimal("2E+1"), "20"),
        (0.1, "0.1"),
        (Decimal("-1.50"), "-1.5"),
        (Decimal("1E+999999"), "1e999999"),
        (Decimal("-1E-999999"), "-1e-999999"),
        (10**40, "1e40"),
        (Decimal("NaN"), "NaN"),
        (float("-inf"), "-Infinity"),
        ("20", '"20"'),
        ("é\ud800\x00", '"\\u00e9\\ud800\\u0000"'),
        ([1, "a", []], '[1,"a",[]]'),
        ({"b": 1, "a": {"c": (2.50,)}}, '{"a":{"c":[2.5]},"b":1}'),
        ({1, 2}, '"(set)"'),
    ],
)
def test_each_value_has_one_text(value: object, text: str) -> None:
    assert as_json(value) == text


def test_no_depth_is_too_deep() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert as_json(deep) == "[" * 50_000 + "1" + "]" * 50_000


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(PLAIN)
def test_what_is_written_reads_back_the_same_by_value(value: Any) -> None:
    text = as_json(value)
    read = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    assert read == value
    assert as_json(read) == text


def test_the_same_facts_in_another_order_and_form_have_one_hash() -> None:
    one = take_facts('{"amount_usd": 20, "tier": "gold"}')
    other = take_facts('{"tier": "gold", "amount_usd": 2.0e1}')
    assert facts_hash(one) == facts_hash(other) != facts_hash({"amount_usd": "20", "tier": "gold"})


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '{"a": ' + "[" * 200_000, '{"a": "' + "x" * 300_000 + '"}'])
def test_an_object_that_can_not_be_told_for_certain_has_a_hash_of_its_own(text: str) -> None:
    facts = take_facts(text)
    assert isinstance(facts, Unreadable)
    assert (len(facts_hash(facts)), facts_hash(facts)) == (64, facts.sha256)
    assert kept_facts(facts, ("a",)) == {}


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "1", '"text"', "null"])
def test_what_is_no_object_is_no_facts(text: str) -> None:
    with pytest.raises(BadInput):
        take_facts(text)


def test_limits_sums_and_conditions_name_facts() -> None:
    of = terms(
        limits=(limit("max_amount_usd", 25), limit("min_amount_usd", 1)),
        conditions=conditions('customer.tier == "gold"', "confidence_score >= 0.95", "not a condition"),
        per_day=per_day(5, cost_usd=3),
    )
    assert named_facts(of, compiled) == ("amount_usd", "confidence_score", "cost_usd", "customer.tier")
    assert named_facts(terms(limits=(), conditions=()), compiled) == ()


def test_only_named_facts_are_kept_and_none_that_is_endless() -> None:
    given_: Mapping[str, object] = {
        "amount_usd": Decimal("20.50"),
        "customer": {"tier": "gold", "name": "Ana"},
        "long": "x" * LONGEST_KEPT,
        "nan": Decimal("NaN"),
    }
    names = ("amount_usd", "customer.tier", "long", "missing", "nan")
    assert kept_facts(given_, names) == {"amount_usd": "20.5", "customer.tier": '"gold"', "nan": "NaN"}


def test_a_code_finds_itself_and_what_follows_its_colon() -> None:
    query = LogQuery(code="fact.missing")
    assert query.finds(("limit.exceeded:max_x", "fact.missing:amount_usd"))
    assert query.finds(("fact.missing",))
    assert not query.finds(("fact.missing_too", "grant.none"))
    assert LogQuery().finds(())
