"""Bounds in words: the units that names tell, and nothing in words that could be read otherwise."""

import pytest

from bot.domain.grants.phrases import Phrase, bounds, condition_phrase, day_phrases, limit_phrase
from bot.domain.grants.terms import Condition
from tests.grants.samples import limit, per_day, terms


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("max_amount_usd", "25", "amount ≤ $25"),
        ("max_amount_usd", "12500.50", "amount ≤ $12,500.5"),
        ("max_amount_usd", "-3", "amount ≤ -$3"),
        ("max_amount_eur", "25", "amount ≤ €25"),
        ("min_confidence_score", "0.95", "confidence score ≥ 0.95"),
        ("min_tenure_days", "180", "tenure ≥ 180 days"),
        ("max_discount_percent", "10", "discount ≤ 10 %"),
        ("max_recipients", "1", "recipients ≤ 1"),
        ("max_refunds_in_90_days", "2", "refunds in 90 days ≤ 2"),
        ("max_days", "3", "days ≤ 3"),
        ("max_usd", "3", "usd ≤ 3"),
    ],
)
def test_a_limit_is_told_with_the_unit_that_its_name_ends_in(name: str, value: str, told: str) -> None:
    assert limit_phrase(limit(name, value)) == Phrase(told)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("confidence_score >= 0.95", "confidence score ≥ 0.95"),
        (" tenure_days>180 ", "tenure > 180 days"),
        ('ticket_priority == "low"', 'ticket priority = "low"'),
        ('ticket_priority != "low"', 'ticket priority ≠ "low"'),
        ("is_vip == false", "is vip = false"),
    ],
)
def test_one_plain_comparison_is_told_in_words(source: str, told: str) -> None:
    assert condition_phrase(Condition(1, source)) == Phrase(told)


@pytest.mark.parametrize(
    "source",
    [
        "a >= 1 || true",
        "!(a >= 1)",
        "size(tags) > 1",
        'name == "a" + "b"',
        'name == "a\\"b"',
        'name == "go\u200bld"',
        'name == "\u202eevil"',
        "0.95 <= confidence_score",
        "a >= b",
        "a >= 1e400",
        "",
    ],
)
def test_anything_else_stands_as_it_is_written(source: str) -> None:
    assert condition_phrase(Condition(1, source)) == Phrase(source, as_written=True)


def test_bounds_are_limits_and_conditions() -> None:
    found = bounds(terms())
    assert [each.text for each in found] == ["amount ≤ $25", "confidence score ≥ 0.95", 'customer tier = "gold"']


def test_what_a_day_has_room_for_is_told_and_nothing_where_there_is_no_limit() -> None:
    assert day_phrases(terms(per_day=per_day(40, amount_usd=500))) == ("40 uses", "amount $500 in all")
    assert day_phrases(terms(per_day=per_day(1))) == ("1 use",)
    assert day_phrases(terms()) == ()
