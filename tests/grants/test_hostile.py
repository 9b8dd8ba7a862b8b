"""E18 and S18 of RELIABILITY: files, expressions and facts made to hurt. None is slow, and none opens anything.

Slowness is counted in function calls of the interpreter, which are the same on every machine.
"""

import random
import sys
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from types import FrameType

import pytest

from bot.conditions import compiled
from bot.domain.errors import BadInput
from bot.domain.grants.decisions import Outcome
from bot.policies import PolicyFile, read
from tests.grants.samples import (
    FACTS,
    GROUND,
    HEAD,
    MACROS,
    SOURCE,
    answer,
    conditions,
    grant,
    question,
    refund,
    terms,
    told,
)

MAX_CALLS = 400_000
MAX_PEAK_BYTES = 12_000_000


def calls(act: Callable[[], object]) -> int:
    """How many functions were called while `act` ran."""
    count = 0

    def tick(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tick)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


EXPRESSIONS = {
    "2,000 parentheses": "(" * 2_000 + "x" + ")" * 2_000,
    "240 parentheses": "(" * 240 + "x" + ")" * 240,
    "unclosed": "(" * 499,
    "lists in lists": "[" * 240 + "]" * 240 + " == x",
    "not not not": "!" * 497 + "x",
    "minus minus": "-" * 490 + "x > 1",
    "a long sum": "x" + "+x" * 240 + " > 1",
    "a long chain of or": "||".join(["x>1"] * 99),
    "a long chain of choices": "x>1?" * 80 + "y" + ":y" * 80,
    "steps into a fact": "x" + ".a" * 240 + " == 1",
    "nested macros": "a.all(x, a.all(y, a.all(z, x + y + z > 0)))",
    "macros in a list": "[" + ",".join(["a.all(x, x > 1)"] * 25) + "].all(y, y)",
    "a macro over what a macro makes": "a.map(x, a.map(y, a.map(z, z))).size() > 1",
    "a huge power": "9999999999*9999999999*9999999999*9999999999*x > 1",
    "a huge literal": "x < " + "9" * 480,
    "a huge exponent": "x < 1e999999999",
    "a tiny exponent": "x > 1e-999999999",
    "a catastrophic pattern": "x.matches('(a|a)*(a|a)*(a|a)*$')",
    "a long text": "x == '" + "a" * 5_000_000 + "'",
    "bytes": "x == b'\\xff'",
    "half a character": "x == '\ud800'",
    "a null character": "x == 'a\x00b'",
    "the other direction": "x == 'a\u202eb'",
    "a comment": "x == 1 // || true",
    "template": "{{ ''.__class__.__mro__ }}",
    "dunder": "x.__class__.__mro__ == 'a'",
    "the macro's own variable": "@result || true",
    "the parser's own names": "_&&_(x, y)",
    "optional": "x.?a.orValue(true)",
    "a message": "google.protobuf.Struct{}.x == y",
    "time": "timestamp('2026-01-01T00:00:00Z') < now",
    "an assignment": "x = 1",
    "a statement": "x == 1; y == 2",
    "nothing": "",
}


@pytest.mark.parametrize("source", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_a_hostile_expression_is_refused_or_quick_and_opens_nothing(source: str) -> None:
    compiled.cache_clear()
    held = question(grant(terms(limits=(), conditions=conditions(source))))
    facts: dict[str, object] = {"x": True, "y": False, "a": [0], "now": "2027"}
    found: list[Outcome] = []
    assert calls(lambda: found.append(answer(held, facts).outcome)) < MAX_CALLS
    assert found == [Outcome.DENY]


SLOW = {
    "a list in a list": ("a.all(x, x != 'n' && !(x in b))", {"a": ["v"] * 480, "b": ["w"] * 480}),
    "a text in a text": ("a.all(x, !b.contains(x))", {"a": ["v"] * 900, "b": "w" * 90_000}),
    "a long body": ("a.exists(x, " + "||".join(f"x=={n}" for n in range(60)) + ")", {"a": [100] * 990}),
    "long texts compared": (
        "a.all(x, x != '' && b >= 'a' && b <= c && b <= c)",
        {"a": ["v"] * 900, "b": "w" * 49_000, "c": "w" * 49_000},
    ),
    "many loops": ("&&".join(["a.all(x,x>0)"] * 35), {"a": [1] * 900}),
}


@pytest.mark.parametrize(("source", "facts"), SLOW.values(), ids=SLOW.keys())
def test_what_takes_long_is_ended_early_and_denied(source: str, facts: dict[str, object]) -> None:
    held = question(grant(terms(limits=(), conditions=conditions(source))))
    assert compiled(source).uses
    found: list[tuple[str, ...]] = []
    assert calls(lambda: found.append(answer(held, facts).codes)) < MAX_CALLS
    assert found == [("condition.error:1",)]


FACTS_TO_HURT: dict[str, dict[str, object]] = {
    "10,000 keys": {f"f{n}": n for n in range(10_000)},
    "a million entries": {"list": [1] * 1_000_000},
    "wide and deep": {str(n): {str(m): {} for m in range(99)} for n in range(99)},
    "a long text": {"text": "x" * 5_000_000},
    "a long number": {"amount_usd": 10**100_000},
}


@pytest.mark.parametrize("facts", FACTS_TO_HURT.values(), ids=FACTS_TO_HURT.keys())
def test_facts_made_to_hurt_are_denied_quickly(facts: dict[str, object]) -> None:
    found: list[Outcome] = []
    assert calls(lambda: found.append(answer(question(grant()), {**FACTS, **facts}).outcome)) < MAX_CALLS
    assert found == [Outcome.DENY]


LETTERS = "abcdefghijklm"
BOMBS = {
    "aliases of aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in pairwise(LETTERS)),
    "too large": "x" * 64_001,
    "lists in lists": "[" * 60_000,
    "mappings in mappings": "{a: " * 15_000,
    "one key again and again": "workflow: a\n" * 5_000,
    "many unknown keys": HEAD + "  - name: a\n" + "".join(f"    key{n}: 1\n" for n in range(4_000)),
    "many actions": HEAD + "".join(f"  - name: draft_{n}\n" for n in range(2_500)),
    "many limits": refund(*(f"max_a{n}: 1" for n in range(2_000))),
    "many conditions": refund("allowed_when:", *(f"- a{n} > 1" for n in range(2_000))),
    "conditions made to hurt": refund("allowed_when:", *(f"- {'(' * 60}x{')' * 60} > {n}" for n in range(300))),
    "a long number": refund(f"max_a: {'9' * 60_000}"),
    "a long exponent": refund("max_a: 1e999999999"),
    "tags": refund("max_a: !!python/object/apply:os.system ['true']"),
    "a merge": "a: &a {name: x}\nactions:\n  - <<: *a\n",
    "a tag of its own": "%TAG ! tag:x,2000:\n---\nworkflow: w\n",
    "on is no name": "workflow: on\nactions: [{name: on, requires_human_approval: off}]\n",
    "half a character": "workflow: \ud800\n",
    "a control character": "workflow: \x1b[2J\n",
    "two documents": "workflow: a\n---\nworkflow: b\n",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_hostile_file_is_refused_in_little_memory(text: str) -> None:
    tracemalloc.start()
    try:
        found = told(text)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 1 <= len(found) <= 100
    assert all(problem.startswith(f"{SOURCE}:") for problem in found)
    assert peak_bytes < MAX_PEAK_BYTES


FRAGMENTS = (
    "\n", " ", ":", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!!int ", "|\n", ">\n", "#", "---\n", "? ", "\t",
    "\0", "\x85", "\ud800", "é", "null", "true", ".nan", ".inf", "-1", "9999999999999999", "1e400", "    max_x: 1\n",
    "    effect: none\n", "    risk: low\n", "    area: code_changes\n", " || true", "mode: mesh\n", "members: [a]\n",
)  # fmt: skip


def mutated(text: str, dice: random.Random) -> str:
    """`text` with one or two pieces cut, replaced or put in."""
    for _ in range(dice.randint(1, 2)):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice((0, 0, 0, 1, 3, 40)))
        text = text[:start] + dice.choice((*FRAGMENTS, "", text[start:end])) + text[end:]
    return text


def test_two_thousand_mutated_files_are_read_or_refused_and_grant_no_more_than_the_matrix() -> None:
    dice = random.Random(3)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(2_000):
        text = mutated(MACROS, dice)
        found = read(text, SOURCE, GROUND)
        if not isinstance(found, PolicyFile):
            assert found
            assert all(problem.line >= 1 and problem.message for problem in found)
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        for asked in found.actions:
            if asked.refused is None and asked.action.startswith("send_"):
                assert asked.terms is not None
                assert (asked.terms.tier, asked.terms.effect) == ("medium", "external")
                assert asked.bounds.thresholds
    assert min(outcomes.values()) > 50, outcomes


def test_a_refused_expression_is_not_remembered_as_anything() -> None:
    for _ in range(2):
        with pytest.raises(BadInput):
            compiled("x.matches('a')")
