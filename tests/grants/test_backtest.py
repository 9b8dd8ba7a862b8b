"""What a grant would have allowed of what was logged, and whether the confidence that it rests on has been earned."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conditions import compiled
from bot.domain.grants.backtest import BackTest, Tally, backtest, money_of
from bot.domain.grants.calibration import Calibration, calibrations, thresholds
from bot.domain.grants.conditions import Floor
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.terms import GrantTerms
from bot.domain.signals.kinds import ActionOutcome, AgentAction, Signal
from bot.domain.signals.texts import facts_text
from tests.grants.samples import FACTS, answer, conditions, grant, limit, per_day, question, terms, with_facts
from tests.grants.test_properties import GOOD_FACTS, TERMS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FLOOR = Decimal("0.90")


def acted(facts: Mapping[str, object] | str = FACTS, at: datetime = NOON, **fields: Any) -> Signal[AgentAction]:
    """A refund that an agent made, or tried to make."""
    written = facts if isinstance(facts, str) else facts_text(facts)
    body = replace(AgentAction("issue_refund", written, ActionOutcome.DONE, reversed=False), **fields)
    return Signal(f"s_{at.isoformat()}", "ledger", at, "refunds_agent", None, None, body)


def over(said: GrantTerms, *actions: Signal[AgentAction], zone: str = "UTC") -> BackTest:
    """The back-test of `said`."""
    return backtest(said, compiled, actions, zone)


def test_a_back_test_counts_what_would_have_been_allowed_and_what_of_it_was_reversed() -> None:
    found = over(
        terms(),
        acted(),
        acted(with_facts(amount_usd="4.50"), reversed=True),
        acted(with_facts(amount_usd=Decimal("4.50")), reversed=True),
        acted(with_facts(amount_usd=25), outcome=ActionOutcome.ESCALATED),
        acted(with_facts(amount_usd=Decimal("25.01")), reversed=True),
        acted(with_facts(confidence_score=Decimal("0.9499"))),
        acted({"amount_usd": 1}),
        acted(action="issue_credit"),
    )
    assert found == BackTest(
        actions=7,
        allowed=Tally(3, Decimal("49.50")),
        reversed=Tally(1, Decimal("4.50")),
        beyond_day=Tally(),
        money="amount_usd",
    )
    assert found.has_data


def test_without_history_there_is_no_data() -> None:
    found = over(terms(), acted(action="issue_credit"))
    assert found == BackTest(0, Tally(), Tally(), Tally(), "amount_usd")
    assert not found.has_data


@pytest.mark.parametrize("facts", ["[]", "", '{"amount_usd": NaN}', "{" * 500, '{"amount_usd": 1, "amount_usd": 2}'])
def test_what_can_not_be_read_was_not_allowed(facts: str) -> None:
    assert over(terms(), acted(facts)) == BackTest(1, Tally(), Tally(), Tally(), "amount_usd")


def test_a_full_day_asks_a_person_and_the_next_begins_at_midnight_of_the_team() -> None:
    said = terms(per_day=per_day(2))
    late = NOON.replace(hour=23, minute=30)
    actions = [acted(at=late + timedelta(minutes=20 * number)) for number in range(4)]
    assert over(said, *actions).allowed.count == 4
    in_berlin = over(said, *reversed(actions), zone="Europe/Berlin")
    assert (in_berlin.allowed.count, in_berlin.beyond_day) == (2, Tally(2, Decimal(40)))


def test_a_days_sum_has_room_up_to_its_amount_and_a_smaller_one_still_fits() -> None:
    said = terms(per_day=per_day(amount_usd=45))
    amounts = (20, 20, 6, 5, 1, -9)
    found = over(
        said,
        *(acted(with_facts(amount_usd=a), NOON + timedelta(minutes=n)) for n, a in enumerate(amounts)),
    )
    assert (found.allowed, found.beyond_day) == (Tally(4, Decimal(45)), Tally(2, Decimal(7)))


@pytest.mark.parametrize(
    ("said", "money"),
    [
        (terms(), "amount_usd"),
        (terms(limits=(limit("max_recipients", 1), limit("max_price", 3))), "price"),
        (terms(limits=(limit("max_recipients", 1),)), None),
        (terms(limits=(limit("min_amount_usd", 1),)), None),
        (terms(per_day=per_day(total_eur=9)), "total_eur"),
        (terms(per_day=per_day(recipients=9)), "amount_usd"),
        (terms(limits=(limit("max_amounts", 1),)), None),
    ],
)
def test_money_is_what_is_counted_else_what_is_limited_by_its_name(said: GrantTerms, money: str | None) -> None:
    assert money_of(said) == money


@settings(deadline=None, max_examples=150)
@given(TERMS, st.lists(GOOD_FACTS, max_size=4))
def test_a_back_test_allows_what_a_decision_would_have_allowed(
    said: GrantTerms, samples: list[dict[str, object]]
) -> None:
    free = replace(said, action="issue_refund", requires_human_approval=False, per_day=None)
    asked = question(grant(free))
    decided = [answer(asked, facts).outcome is not Outcome.DENY for facts in samples]
    assert over(free, *map(acted, samples)).allowed.count == sum(decided)


def history(right: int, wrong: int, confidence: str = "0.95") -> list[Signal[AgentAction]]:
    """So many that were right and so many that were not, at that confidence."""
    facts = with_facts(confidence_score=Decimal(confidence))
    return [acted(facts)] * right + [acted(facts, reversed=True)] * wrong


def calibrated(said: GrantTerms, actions: list[Signal[AgentAction]]) -> Calibration:
    """The calibration of the one confidence that `said` names."""
    (found,) = calibrations(said, compiled, actions, FLOOR)
    return found


def test_46_of_50_prove_too_little_and_970_of_1000_enough() -> None:
    few, many = calibrated(terms(), history(46, 4)), calibrated(terms(), history(970, 30))

    assert few.refusal == (
        "At confidence_score 0.95 or above, 46 of 50 were right, which proves no more than 81.1 %, and the playbook "
        "wants 90 %: ask for a higher threshold, or wait for more history."
    )
    assert (many.right, many.actions, many.refusal) == (970, 1_000, None)
    assert many.lower_bound is not None
    assert round(many.lower_bound, 3) == Decimal("0.957")


@pytest.mark.parametrize(("n", "is_refused"), [(34, True), (35, False)])
def test_without_a_miss_35_are_the_fewest_that_prove_nine_of_ten(n: int, is_refused: bool) -> None:
    assert (calibrated(terms(), history(n, 0)).refusal is not None) is is_refused


def test_a_bound_that_is_exactly_the_floor_is_enough() -> None:
    found = calibrated(terms(), history(46, 4))
    assert found.lower_bound is not None
    assert replace(found, floor=found.lower_bound).refusal is None
    assert replace(found, floor=found.lower_bound + Decimal("1E-20")).refusal is not None


def test_no_data_is_neither_refused_nor_proven() -> None:
    found = calibrated(terms(), history(9, 0, "0.9499"))
    assert (found.actions, found.lower_bound, found.refusal) == (0, None, None)


def test_only_what_was_done_and_stayed_is_right_and_only_what_reaches_the_threshold_counts() -> None:
    at = with_facts(confidence_score=Decimal("0.95"))
    actions = [
        acted(at),
        acted({"confidence_score": 1}),
        acted(at, reversed=True),
        acted(at, outcome=ActionOutcome.FAILED),
        acted(at, outcome=ActionOutcome.REFUSED),
        acted(at, outcome=ActionOutcome.ESCALATED),
        acted(with_facts(confidence_score=Decimal("0.94"))),
        acted(with_facts(confidence_score="0.99")),
        acted(with_facts(confidence_score=True)),
        acted({}),
        acted("nothing"),
        acted(at, action="issue_credit"),
    ]
    found = calibrated(terms(), actions)
    assert (found.threshold, found.right, found.actions) == (Floor("confidence_score", Decimal("0.95")), 2, 6)


SURE = {"confidence_score": "0.97"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (terms(), {"confidence_score": "0.95"}),
        (terms(conditions=conditions("confidence_score > 0.9 && 0.97 <= confidence_score")), SURE),
        (terms(limits=(limit("min_confidence", "0.8"),), conditions=()), {"confidence": "0.8"}),
        (terms(limits=(limit("max_confidence", "0.8"),), conditions=()), {}),
        (terms(conditions=conditions("confidence_score >= 0.0", "amount_usd >= 5")), {}),
        (terms(conditions=conditions("confidence_score >= 0.9 || is_vip")), {}),
        (terms(conditions=conditions("model.confidence >= 0.9")), {"model.confidence": "0.9"}),
    ],
)  # fmt: skip
def test_the_thresholds_are_the_confidences_that_must_be_reached_in_any_case(
    said: GrantTerms, found: dict[str, str]
) -> None:
    assert thresholds(said, compiled) == tuple(Floor(fact, Decimal(value)) for fact, value in found.items())


def test_a_confidence_one_step_down_is_read_there() -> None:
    said = terms(conditions=conditions("model.confidence >= 0.9"))
    actions = [acted({"model": {"confidence": Decimal("0.9")}}), acted({"model.confidence": Decimal("0.9")})]
    assert calibrated(said, actions).actions == 1
