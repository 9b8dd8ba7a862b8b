"""Conditions: what they name, what they are refused for, and what they come out as."""

from decimal import Decimal

import pytest

from bot.conditions import compiled
from bot.conditions.evaluation import MAX_STEPS
from bot.domain.errors import BadInput
from bot.domain.grants.conditions import ConditionError, Floor, Value


def kinds(source: str) -> dict[str, str]:
    return {use.path: use.kind.name.lower() for use in compiled(source).uses}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("confidence_score >= 0.95", {"confidence_score": "number"}),
        ("x == 0", {"x": "number"}),
        ("0.5 < x", {"x": "number"}),
        ('ticket_priority == "low"', {"ticket_priority": "text"}),
        ('"2026-01-01" <= day', {"day": "text"}),
        ("is_vip", {"is_vip": "boolean"}),
        ("!blocked && is_vip == true", {"blocked": "boolean", "is_vip": "boolean"}),
        ("refund_usd <= order_usd", {"order_usd": "number", "refund_usd": "number"}),
        ("refund_usd <= order_usd * 0.5", {"order_usd": "number", "refund_usd": "number"}),
        ("x == y && y > 1", {"x": "number", "y": "number"}),
        ('x == y && y == "a"', {"x": "text", "y": "text"}),
        ('country in ["PT", "ES"]', {"country": "text"}),
        ('"vip" in tags', {"tags": "texts"}),
        ("x in [1, 2.5, y]", {"x": "number", "y": "number"}),
        ("customer.tier == 'gold'", {"customer.tier": "text"}),
        ('subject.startsWith("Re") && subject.size() < 80', {"subject": "text"}),
        ("size(items) <= 3", {"items": "sized"}),
        ("amounts.all(a, a <= limit_usd)", {"amounts": "numbers", "limit_usd": "number"}),
        ('tags.exists(t, t.contains("urgent"))', {"tags": "texts"}),
        ("flags.exists_one(f, f)", {"flags": "booleans"}),
        ("is_vip ? x <= 100 : x <= 20", {"is_vip": "boolean", "x": "number"}),
        ("(is_vip ? x : y) <= 20", {"is_vip": "boolean", "x": "number", "y": "number"}),
        ("a.exists(a, a == 1) && b.exists(a, a == 'x')", {"a": "numbers", "b": "texts"}),
    ],
)
def test_each_fact_is_typed_by_what_it_is_compared_with(source: str, found: dict[str, str]) -> None:
    assert kinds(source) == found


LONG = "split it into several lines"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("x = 1", "is not valid CEL at character 3: token recognition error at: '= '"),
        ("x >=", "is not valid CEL at character 5: it ends too early"),
        ("x", None),
        ("x + 1", "takes what + gives for a number in one place and for true or false in another"),
        ('"low"', 'takes "low" for text in one place and for true or false in another'),
        ("true", "names no fact, so it always says the same"),
        ("1 < 2", "names no fact, so it always says the same"),
        ("x == y", "does not tell whether x is a number or text: compare it with one that is written out"),
        ("tags.exists(t, true)", "does not tell what the entries of tags are: compare them with a number or a text"),
        ('x >= 1 && x == "a"', "takes x for a number in one place and for text in another"),
        ('x in [1, "a"]', 'takes "a" for text in one place and for a number in another'),
        ('x >= "0.95"', 'puts the text "0.95" in an order: write the number without quotes'),
        ("x > true", "puts x in an order, and it is true or false"),
        ("x == null", "uses null or bytes: a fact is a number, text, true or false, or a list of these"),
        ('x == b"a"', "uses null or bytes: a fact is a number, text, true or false, or a list of these"),
        ("a == 1 && a.b == 2", "uses a both as a whole and for what is in it (a.b)"),
        ("tags == ['a']", "compares a list as a whole: use in, all or exists on its entries"),
        ("size(x) > 1 && x == 2", "asks for the size of x, and it is a number"),
        ("has(a.b)", "uses has(): a missing fact denies anyway, so leave it out"),
        ("a[0] == 1", "looks something up in brackets: write a step down with a dot, as in customer.tier"),
        ("a / 2 > 1", "divides: multiply the other side instead, as in a <= b * 0.5"),
        ("double(x) > 1", "uses double(): numbers are compared by value, so leave it out"),
        ('x.matches("(a+)+$")', "uses matches(): use startsWith, endsWith, contains or == instead"),
        ("{'a': x}.a == 1", "takes a field of something that is no fact"),
        ("{'a': x} == y", "makes a map or a message with braces, which no grant may"),
        ("T{a: 1} == y", "makes a map or a message with braces, which no grant may"),
        (".x == 1", "names a fact with more than letters, digits and _ in it"),
        ("a.exists(t, t.b == 1)", "looks into the entries of a list (t); only plain entries are compared"),
        ("a.exists(t, b.exists(u, t == u))", f"has a macro inside a macro: {LONG}"),
        ("x == 9007199254740993", "has the number 9007199254740993, which needs more than 15 significant digits"),
        ("x == 1.0000000000000001", "has the number 1.0000000000000001, which needs more than 15 significant digits"),
        ("x == 18446744073709551616", "is not valid CEL at character 6: invalid int literal"),
        ("x < 1e400", "has the number 1e400, which is too large or too small to be meant"),
        ("x < 1e40", "has the number 1e40, which is too large or too small to be meant"),
        ("x == 0x10", "has a number that is not written in plain decimal digits"),
        ("x == 1 // or more", "has a line break or a comment in it: write one plain line"),
        ("x == 1\n|| true", "has a line break or a comment in it: write one plain line"),
        ("x == 1\u202e", "has an invisible character in it"),
        ("x == '" + "a" * 500 + "'", f"has more than 500 characters: {LONG}"),
        ("(" * 11 + "x" + ")" * 11, f"has brackets more than 10 levels deep: {LONG}"),
        ("x" + "+x" * 20 + " > 1", f"is nested more than 10 levels deep: {LONG}"),
        (
            "10 * 0.5 <= x",
            "does not pass CEL's own check at character 4: found no matching overload for '_*_' applied to "
            "'(int, double)'; beside a number with a point, write 10.0 for 10",
        ),
        ("x.startsWith('a', 'b')", "gives startsWith() other than one text to look for"),
        ("tags.all(a, b, true)", "uses all otherwise than as list.all(entry, condition on the entry)"),
    ],
)
def test_what_is_no_condition_is_refused_in_words(source: str, why: str | None) -> None:
    if why is None:
        assert kinds(source) == {"x": "boolean"}
        return
    with pytest.raises(BadInput) as caught:
        compiled(source)
    assert str(caught.value) == f"The condition {why}."


@pytest.mark.parametrize("name", ["dyn", "string", "duration", "timestamp", "type", "getFullYear", "lowerAscii", "f"])
def test_only_a_few_functions_are_allowed(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        compiled(f"{name}(x) == 1")
    assert str(caught.value) == (
        f"The condition uses {name}, which no grant may: allowed are size, contains, startsWith, endsWith, in, all, "
        "exists and exists_one."
    )


@pytest.mark.parametrize("macro", ["filter(t, t > 1)", "map(t, t + 1)", "map(t, t > 1, t)", "map(t, t > 1)"])
def test_macros_that_make_lists_are_not_allowed(macro: str) -> None:
    with pytest.raises(BadInput, match="uses map or filter, which no grant may"):
        compiled(f"size(a.{macro}) > 0 && 1 in a")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("confidence_score >= 0.95", [("confidence_score", "0.95")]),
        ("0.95 <= confidence_score && a > 3 && b < 2", [("confidence_score", "0.95"), ("a", "3")]),
        ("x == 1.5", [("x", "1.5")]),
        ("x >= 0.5 || y >= 0.5", []),
        ("!(x >= 0.5)", []),
        ("x <= 0.5", []),
        ("x >= -1", [("x", "-1")]),
        ('x == "a"', []),
    ],
)
def test_the_numbers_that_facts_must_reach_are_read_off(source: str, found: list[tuple[str, str]]) -> None:
    assert compiled(source).floors == tuple(Floor(fact, Decimal(value)) for fact, value in found)


def number(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("source", "values", "outcome"),
    [
        ("a + b <= 0.3", {"a": number("0.1"), "b": number("0.2")}, True),
        ("a + b == 0.3", {"a": number("0.1"), "b": number("0.2")}, True),
        ("a * 3.0 == 0.3", {"a": number("0.1")}, True),
        ("a <= b * 0.07", {"a": number("7"), "b": number("100")}, True),
        ("a - b > -0.0000000000001", {"a": number("1"), "b": number("1")}, True),
        ("a == 1", {"a": number("1.0")}, True),
        ("-a < 0 && - 0.5 > -a", {"a": number("123456789012345")}, True),
        ("a >= 0.95", {"a": number("0.949999999999999")}, False),
        ("a * a * a * a * a > 1", {"a": number("123456789012345")}, True),
        ("a * b < 1", {"a": number("1E-30"), "b": number("1E-30")}, True),
        ('a == "é😀" && b > 12.50', {"a": "é😀", "b": number("12.51")}, True),
        ("a == 'x\\'y'", {"a": "x'y"}, True),
        ('size(a) == 2 && a.endsWith("😀")', {"a": "é😀"}, True),
        ('"b" in a && !("c" in a)', {"a": ("a", "b")}, True),
        ("a.all(x, x > 1)", {"a": ()}, True),
        ("a.exists(x, x > 1)", {"a": ()}, False),
        ("a.exists_one(x, x > 1)", {"a": (number("2"), number("3"))}, False),
        ("a.exists_one(x, x > 2)", {"a": (number("2"), number("3"))}, True),
        ("a ? b > 1 : b > 5", {"a": False, "b": number("3")}, False),
    ],
)
def test_a_condition_is_compared_exactly(source: str, values: dict[str, Value], outcome: bool) -> None:
    assert compiled(source).holds(values) is outcome


def test_a_number_beyond_all_measure_is_an_error_and_not_a_rounded_one() -> None:
    product = compiled("a * a * a * a * a * a * a * a != 1")
    assert product.holds({"a": number("123456789012345")})
    sum_ = compiled("(a * a * a * a * a) + (b * b * b * b * b) != 1")
    with pytest.raises(ConditionError, match="needs a number beyond all measure"):
        sum_.holds({"a": number("1E+30"), "b": number("1E-30")})


def test_too_many_steps_are_an_error() -> None:
    entries = tuple(str(n) for n in range(1_000))
    every = compiled('a.all(x, x in b || x == "no")')
    assert every.holds({"a": entries[:40], "b": entries})
    with pytest.raises(ConditionError, match="takes too many steps"):
        every.holds({"a": entries, "b": entries})
    with pytest.raises(ConditionError, match="takes too many steps"):
        compiled("a.all(x, b.contains(x))").holds({"a": ("",) * 1_000, "b": "y" * 99_000})
    assert MAX_STEPS == 50_000


def test_values_of_another_kind_than_was_found_are_an_error_and_never_true() -> None:
    with pytest.raises(ConditionError, match="could not be evaluated"):
        compiled("a >= 1").holds({"a": "2"})
    with pytest.raises(ConditionError, match="could not be evaluated"):
        compiled("a >= 1").holds({})
