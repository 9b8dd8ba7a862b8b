"""CEL's own engine as the oracle: where its arithmetic is exact, both say the same of any condition and facts."""

import random
from decimal import Decimal
from functools import lru_cache

from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conditions import compiled
from bot.domain.errors import BadInput
from bot.domain.grants.conditions import ConditionError, FactKind
from bot.domain.grants.factsheet import FactWrong, read

EXAMPLES = settings(deadline=None, max_examples=200)

NUMBERS = ("a", "b", "c")
OPERATORS = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))
DECIMALS = st.decimals(-1_000, 1_000, places=4).map(lambda number: format(number, "f"))
NEAR = st.sampled_from(("0.95", "0.9500", "0.9499", "0.9501", "1", "1.0", "0", "-0.1", "25", "25.0000"))
FACT_NUMBERS = st.one_of(DECIMALS, NEAR, st.integers(-30, 30).map(str))


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """Two facts, or a fact and a number, or a place in a list."""
    fact = draw(st.sampled_from(NUMBERS))
    other = draw(st.one_of(FACT_NUMBERS, st.sampled_from(NUMBERS)))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return f"{fact} in [{other}, {draw(FACT_NUMBERS)}]"
    one, two = (fact, other) if kind == 1 else (other, fact)
    both_facts = other in NUMBERS
    operator = draw(OPERATORS.filter(lambda sign: not both_facts or sign not in ("==", "!=")))
    return f"{one} {operator} {two}"


CONDITIONS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("&&", "||")), inner).map(" ".join).map("({})".format),
        inner.map("!({})".format),
        st.tuples(inner, inner, inner).map(lambda three: "({} ? {} : {})".format(*three)),
    ),
    max_leaves=5,
)


def as_cel_sees_it(source: str, facts: dict[str, object]) -> object:
    """CEL's answer, None for an error."""
    found = in_cel(source, tuple(facts)).eval(data=facts)
    return found.value() if found.type() == cel.Type.BOOL else None


@lru_cache(maxsize=1)
def in_cel(source: str, names: tuple[str, ...]) -> cel.Expression:
    """What CEL compiled, with every fact of whatever type."""
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN)).compile(source)


def as_we_see_it(source: str, facts: dict[str, object]) -> bool | None:
    """Our answer from the same facts, None for an error."""
    condition = compiled(source)
    try:
        return condition.holds({use.path: read(facts, use.path, use.kind) for use in condition.uses})
    except ConditionError:
        return None


@EXAMPLES
@given(CONDITIONS, st.tuples(FACT_NUMBERS, FACT_NUMBERS, FACT_NUMBERS), st.booleans())
def test_decimals_of_four_places_compare_as_in_cel(source: str, numbers: tuple[str, str, str], as_whole: bool) -> None:
    facts: dict[str, object] = {}
    for name, text in zip(NUMBERS, numbers, strict=True):
        is_whole = as_whole and Decimal(text) == int(Decimal(text))
        facts[name] = int(Decimal(text)) if is_whole else float(text)
    try:
        found = as_we_see_it(source, facts)
    except BadInput as error:
        assert "nested" in str(error) or "more than 500 characters" in str(error), (source, error)  # noqa: PT017
        return
    assert found is as_cel_sees_it(source, facts)


@EXAMPLES
@given(
    st.lists(st.sampled_from(("a", "b", "c", "2", "-3", "7")), min_size=2, max_size=5),
    st.lists(st.sampled_from(("+", "-", "*")), min_size=4, max_size=4),
    OPERATORS,
    st.tuples(*(st.integers(-1_000, 1_000) for _ in NUMBERS)),
)
def test_whole_numbers_calculate_as_in_cel(
    terms: list[str], signs: list[str], operator: str, numbers: tuple[int, int, int]
) -> None:
    sum_ = " ".join(part for pair in zip(terms, signs, strict=False) for part in pair).rsplit(" ", 1)[0]
    source = f"{sum_} {operator} a * 1"
    facts: dict[str, object] = dict(zip(NUMBERS, numbers, strict=True))
    assert as_we_see_it(source, facts) is as_cel_sees_it(source, facts)


def test_where_binary_floats_are_wrong_we_are_not() -> None:
    facts: dict[str, object] = {"a": 0.1, "b": 0.2}
    assert as_cel_sees_it("a + b <= 0.3", facts) is False
    assert as_we_see_it("a + b <= 0.3", facts) is True
    assert as_cel_sees_it("a * 0.5 <= 2.0", {"a": 3}) is None
    assert as_we_see_it("a * 0.5 <= 2.0", {"a": 3}) is True


TOKENS = (
    "n", "m", "t", "u", "f", "g", "ns", "ts", "n", "t", "f", "&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "+",
    "-", "*", "(", ")", "?", ":", "in", "[", "]", ",", "1", "2.5", "-3", '"a"', '"b"', "true", "false", ".size()",
    "size(", '.contains("a")', ".startsWith(t)", ".exists(x, x == 1)", ".all(x, x != t)", '.exists_one(x, x == "a")',
    "null", "/",
)  # fmt: skip
KINDS = {
    "n": FactKind.NUMBER, "m": FactKind.NUMBER, "t": FactKind.TEXT, "u": FactKind.TEXT, "f": FactKind.BOOLEAN,
    "g": FactKind.BOOLEAN, "ns": FactKind.NUMBERS, "ts": FactKind.TEXTS,
}  # fmt: skip
TEMPLATES = (
    "{n} {o} {n}", "{t} {o} {t}", "{b} && {b}", "{b} || {b}", "!{b}", "({b} ? {n} : {n}) {o} {n}", "{n} in ns",
    "{t} in ts", "{t}.contains({t})", "{t}.startsWith({t})", "{t}.endsWith({t})", "size(ts) {o} {n}",
    "{t}.size() {o} {n}", "ns.all(x, x {o} {n})", "ts.exists(x, x == {t})", "ts.exists_one(x, x {o} {t})", "{b} == {b}",
    "{b} ? {b} : {b}", "{n} in [{n}, {n}]", "{t} in [{t}]",
)  # fmt: skip
LEAVES = {
    "n": ("n", "m", "1", "2", "-3", "n + m", "n - 1", "m * 2", "size(t)", "ns.size()"),
    "t": ("t", "u", '"a"', '"ab"', '""'),
    "b": ("f", "g", "n > 1", 't == "a"', "true", "f != g"),
    "o": ("<", "<=", ">", ">=", "==", "!="),
}
WHOLE_FACTS: tuple[dict[str, object], ...] = (
    {"n": 1, "m": 2, "t": "a", "u": "ab", "f": True, "g": False, "ns": [1, 2, 3], "ts": ["a", "b"]},
    {"n": -3, "m": 0, "t": "", "u": "é", "f": False, "g": False, "ns": [], "ts": []},
    {"n": 3, "m": 3, "t": "ab", "u": "ab", "f": True, "g": True, "ns": [3, 3], "ts": ["ab", "", "ab"]},
)


def grown(dice: random.Random) -> str:
    """A sentence of the language, most of the time a proper one."""
    text = dice.choice(TEMPLATES)
    for _ in range(dice.randint(0, 2)):
        text = text.replace("{b}", f"({dice.choice(TEMPLATES)})", 1)
    for kind, leaves in LEAVES.items():
        while f"{{{kind}}}" in text:
            text = text.replace(f"{{{kind}}}", dice.choice(leaves), 1)
    return text


def test_grown_conditions_agree_with_cel_on_texts_lists_and_truth() -> None:
    dice = random.Random(7)
    agreed = 0
    for source in (grown(dice) for _ in range(900)):
        try:
            condition = compiled(source)
        except BadInput:
            continue
        if any(use.kind not in (KINDS[use.path], FactKind.SIZED) for use in condition.uses):
            continue
        for facts in WHOLE_FACTS:
            assert as_we_see_it(source, facts) is as_cel_sees_it(source, facts), (source, facts)
            agreed += 1
    assert agreed > 1_200


def test_five_thousand_heaps_of_tokens_are_refused_or_agree_with_cel() -> None:
    """S18 of RELIABILITY: nothing but BadInput comes out, and nothing is true that CEL does not call true."""
    dice = random.Random(18)
    outcomes = {"refused": 0, "compiled": 0}
    for _ in range(5_000):
        source = " ".join(dice.choice(TOKENS) for _ in range(dice.randint(1, 9)))
        try:
            condition = compiled(source)
        except BadInput as error:
            assert str(error).startswith("The condition ")  # noqa: PT017
            outcomes["refused"] += 1
            continue
        outcomes["compiled"] += 1
        assert condition.uses
        for facts in WHOLE_FACTS:
            try:
                found = as_we_see_it(source, facts)
            except FactWrong:
                continue
            assert found is as_cel_sees_it(source, facts), (source, facts)
    assert outcomes["compiled"] > 50, outcomes
