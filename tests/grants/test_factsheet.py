"""Facts as callers bring them, read exactly or refused in words."""

from decimal import Decimal

import pytest

from bot.domain.errors import BadInput
from bot.domain.grants.conditions import FactKind, Value
from bot.domain.grants.factsheet import EVERY, FactMissing, FactWrong, misshapen, parse_facts, read

NUMBER = FactKind.NUMBER


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.95, "0.95"),
        (Decimal("0.9500"), "0.95"),
        (999_999_999_999_999, "999999999999999"),
        (10**20, "100000000000000000000"),
        (Decimal("1.00000000000000000000"), "1"),
        (123456789.123456, "123456789.123456"),
        (Decimal("0E+999999"), "0"),
    ],
)
def test_a_number_is_taken_by_value(given: object, exact: str) -> None:
    assert read({"a": given}, "a", NUMBER) == Decimal(exact)


TOO_PRECISE = "The fact a has more than 15 significant digits, or is too large or too small."


@pytest.mark.parametrize(
    ("given", "kind", "why"),
    [
        (None, NUMBER, "The fact a is null, and a number is needed."),
        (True, NUMBER, "The fact a is true or false, and a number is needed."),
        ("1", NUMBER, "The fact a is text, and a number is needed."),
        ([1], NUMBER, "The fact a is a list, and a number is needed."),
        ({"b": 1}, NUMBER, "The fact a is an object, and a number is needed."),
        (float("nan"), NUMBER, "The fact a is not a finite number."),
        (float("-inf"), NUMBER, "The fact a is not a finite number."),
        (Decimal("sNaN"), NUMBER, "The fact a is not a finite number."),
        (0.1 + 0.2, NUMBER, TOO_PRECISE),
        (1_000_000_000_000_001, NUMBER, TOO_PRECISE),
        (10**4_000, NUMBER, TOO_PRECISE),
        (Decimal("1E+31"), NUMBER, TOO_PRECISE),
        (Decimal("1E-31"), NUMBER, TOO_PRECISE),
        (Decimal("1E+999999999"), NUMBER, TOO_PRECISE),
        (5, FactKind.TEXT, "The fact a is a number, and text is needed."),
        ("\ud800", FactKind.TEXT, "The fact a contains half a character, which is no text."),
        (1, FactKind.BOOLEAN, "The fact a is a number, and true or false is needed."),
        ("true", FactKind.BOOLEAN, "The fact a is text, and true or false is needed."),
        ("ab", FactKind.TEXTS, "The fact a is text, and a list of texts is needed."),
        (["a", 1], FactKind.TEXTS, "The fact a is a number, and text is needed."),
        ([1, True], FactKind.NUMBERS, "The fact a is true or false, and a number is needed."),
        (5, FactKind.SIZED, "The fact a is a number, and text or a list is needed."),
    ],
)
def test_anything_else_for_it_is_the_wrong_type(given: object, kind: FactKind, why: str) -> None:
    with pytest.raises(FactWrong) as caught:
        read({"a": given}, "a", kind)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("given", "kind", "value"),
    [
        ("low", FactKind.TEXT, "low"),
        (False, FactKind.BOOLEAN, False),
        ([1, 2.5], FactKind.NUMBERS, (Decimal(1), Decimal("2.5"))),
        (["a"], FactKind.TEXTS, ("a",)),
        ([], FactKind.TEXTS, ()),
        ([True], FactKind.BOOLEANS, (True,)),
        ("abc", FactKind.SIZED, "abc"),
        ([None, {}], FactKind.SIZED, (True, True)),
    ],
)
def test_other_facts_are_read_as_what_they_are_compared_with(given: object, kind: FactKind, value: Value) -> None:
    assert read({"a": given}, "a", kind) == value


def test_a_fact_within_a_fact_is_found_step_by_step() -> None:
    facts = {"customer": {"tier": "gold", "name": None}, "customer.tier": "silver"}
    assert read(facts, "customer.tier", FactKind.TEXT) == "gold"
    for path in ("customer.age", "customer.tier.since", "order.total"):
        with pytest.raises(FactMissing, match=f"The fact {path} is missing; send a number"):
            read(facts, path, NUMBER)


@pytest.mark.parametrize(
    ("facts", "fact", "reason"),
    [
        ({str(n): n for n in range(10_000)}, EVERY, "more than 1,000 keys or entries"),
        ({"a": list(range(1_001))}, EVERY, "more than 1,000 keys or entries"),
        ({str(n): {str(m): m for m in range(40)} for n in range(40)}, EVERY, "more than 1,000 keys or entries"),
        ({"a": "x" * 100_001}, EVERY, "more than 100,000 characters"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 1}}}}}}}}, None, ""),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {}}}}}}}}}, EVERY, "nested more than 8 levels deep"),
        ({"a": [[[[[[[[1]]]]]]]]}, EVERY, "nested more than 8 levels deep"),
        ({"unread": float("nan")}, "unread", "The fact unread is not a finite number."),
        ({"a": {"b": [1, float("inf")]}}, "a.b.1", "The fact a.b.1 is not a finite number."),
        ({"a": b"x"}, "a", "The fact a is a bytes, which no fact can be."),
        ({"a\u202e" + "x" * 500: {1, 2}}, "a" + "x" * 62 + "…", "which no fact can be"),
        ({"a": None, "b": 0.1 + 0.2, "c": 10**100}, None, ""),
        ({}, None, ""),
    ],
)
def test_facts_that_can_be_no_facts_are_refused_whatever_is_read(
    facts: dict[str, object], fact: str | None, reason: str
) -> None:
    found = misshapen(facts)
    assert (found.fact if found else None) == fact
    assert reason in (found.reason if found else "")


def test_facts_that_go_in_a_circle_are_too_deep() -> None:
    circle: dict[str, object] = {}
    circle["a"] = circle
    found = misshapen(circle)
    assert found is not None
    assert found.fact == EVERY


def test_json_is_read_without_rounding() -> None:
    facts = parse_facts('{"a": 0.1, "b": 12345678901234567890, "c": NaN, "d": -Infinity, "e": 1e400, "f": true}')
    assert [str(value) for value in facts.values()] == ["0.1", "12345678901234567890", "nan", "-inf", "1E+400", "True"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The facts are not valid JSON: Expecting value at line 1, column 1. Write one object in braces."),
        ("[1]", 'The facts must be one JSON object, such as {"amount_usd": 20}.'),
        ('{"a": 1, "a": 2}', "The facts name 'a' twice; write each fact once."),
        ('{"a":' * 100_000, "The facts are larger than 256 kB; send only what the policy reads."),
        ('{"a":' * 40_000, "The facts are nested more than 8 levels deep; send them flat."),
        ("[" * 100_000, "The facts are nested more than 8 levels deep; send them flat."),
    ],
    ids=("empty", "a list", "twice", "too large", "too deep", "too deep in lists"),
)
def test_what_is_no_json_object_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_facts(text)
    assert str(caught.value) == why


def test_a_number_of_a_hundred_thousand_digits_is_read_and_is_no_fact() -> None:
    facts = {**parse_facts(f'{{"a": {"9" * 100_000}, "b": 1e{"9" * 30}}}'), "c": 10**5_000}
    for name, why in (("a", "15 significant digits"), ("b", "not a finite number"), ("c", "15 significant digits")):
        with pytest.raises(FactWrong, match=why):
            read(facts, name, NUMBER)
