"""What a grant changes about the one before it, in words, what gives more first."""

from typing import Any

import pytest

from bot.domain.grants.differences import Turned, differences
from bot.domain.grants.terms import GrantTerms, Logging, Mode, is_narrowing
from bot.domain.risk import Effect, Tier
from tests.grants.samples import conditions, limit, per_day, terms

Told = tuple[str, str, str | None]


def told(old: GrantTerms, new: GrantTerms) -> list[Told]:
    return [(each.turned.value, each.what.text, each.was) for each in differences(old, new)]


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], Told]] = {
    "a higher max": (
        {"limits": (limit("max_amount_usd", 10),)},
        {"limits": (limit("max_amount_usd", 25),)},
        ("loosened", "amount ≤ $25", "≤ $10"),
    ),
    "a lower max": (
        {"limits": (limit("max_amount_usd", 25),)},
        {"limits": (limit("max_amount_usd", 10),)},
        ("tightened", "amount ≤ $10", "≤ $25"),
    ),
    "a lower min": (
        {"limits": (limit("min_score", 2),)},
        {"limits": (limit("min_score", 1),)},
        ("loosened", "score ≥ 1", "≥ 2"),
    ),
    "no limit any more": ({"limits": (limit("max_rows", 5),)}, {"limits": ()}, ("removed", "rows ≤ 5", None)),
    "a limit where none was": ({"limits": ()}, {"limits": (limit("max_rows", 5),)}, ("added", "rows ≤ 5", None)),
    "a condition less": ({}, {"conditions": conditions("confidence_score >= 0.95")},
                         ("removed", 'customer tier = "gold"', None)),
    "no person any more": (
        {"requires_human_approval": True}, {}, ("loosened", "it goes without a person", "with a person each time")
    ),
    "a person from now on": (
        {}, {"requires_human_approval": True}, ("tightened", "a person approves each time", "without a person")
    ),
    "more a day": (
        {"per_day": per_day(10)}, {"per_day": per_day(40)}, ("loosened", "40 uses a day", "10 uses a day")
    ),
    "no daily sum any more": (
        {"per_day": per_day(10, amount_usd=50)}, {"per_day": per_day(10)},
        ("removed", "amount $50 a day in all", None),
    ),
    "a longer life": ({"expires_in_days": 30}, {}, ("loosened", "it lasts 90 days", "30 days")),
    "less is logged": (
        {}, {"logging": Logging(True, False, 180)},
        ("loosened", "logging: prompts, 180 days", "prompts and tool calls, 180 days"),
    ),
    "logged at last": (
        {"logging": None}, {}, ("tightened", "logging: prompts and tool calls, 180 days", "none")
    ),
    "another tier": ({"tier": Tier.LOW}, {}, ("changed", "tier medium", "low")),
    "another effect": ({"effect": Effect.INTERNAL}, {}, ("changed", "effect external", "internal")),
    "another mode": ({}, {"mode": Mode.MESH}, ("changed", "mode mesh", "scoped autonomy")),
    "more members": ({"members": ("a",)}, {"members": ("b", "a")}, ("changed", "members a, b", "a")),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES.values(), ids=CHANGES)
def test_each_difference_is_told(old: dict[str, Any], new: dict[str, Any], expected: Told) -> None:
    assert told(terms(**old), terms(**new)) == [expected]


def test_nothing_is_told_of_a_renewal_and_what_gives_more_comes_first() -> None:
    assert told(terms(), terms()) == []
    new = terms(limits=(limit("max_amount_usd", 20), limit("max_uses", 3)), expires_in_days=120)
    assert [turned for turned, _, _ in told(terms(), new)] == ["loosened", "tightened", "added"]


def test_a_narrowing_is_told_as_nothing_but_tighter() -> None:
    old, new = terms(), terms(limits=(limit("max_amount_usd", 5),), requires_human_approval=True)
    assert is_narrowing(old, new)
    assert {each.turned for each in differences(old, new)} <= {Turned.TIGHTENED, Turned.ADDED}
