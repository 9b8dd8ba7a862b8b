"""Where a workflow stands on the ladder: its rung, what to expect of it, and what was measured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.grants.ladder import LeadTime, MeasuredEffect, ladder, measured_effect
from bot.domain.playbook import Rung
from bot.domain.risk import Effect
from bot.texts import Surface, Texts
from tests.grants.samples import EXPIRES, NINETY_DAY, NOW, grant, limit, terms

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def took(day: int, hours: str) -> LeadTime:
    return LeadTime(BEGUN + timedelta(days=day), Decimal(hours))


def effect(*lead_times: LeadTime, day: int = 90) -> MeasuredEffect | None:
    return measured_effect(lead_times, BEGUN + timedelta(days=day))


def test_the_last_28_days_are_measured_against_the_first_28_with_data() -> None:
    found = effect(took(0, "30"), took(10, "50"), took(27, "40"), took(40, "1"), took(62, "30"), took(89, "36"))
    assert found == MeasuredEffect(Decimal(40), Decimal(33))
    assert found.faster_percent == 18


@pytest.mark.parametrize(
    "lead_times",
    [
        (),
        (took(0, "30"),),
        (took(0, "30"), took(50, "20")),
        (took(40, "30"), took(89, "20")),
    ],
    ids=["nothing", "no recent change", "none in the last 28 days", "both spans overlap"],
)
def test_what_can_not_be_compared_is_no_data(lead_times: tuple[LeadTime, ...]) -> None:
    assert effect(*lead_times) is None


def test_both_spans_begin_with_their_first_instant_and_end_before_their_last() -> None:
    assert effect(took(0, "30"), took(28, "99"), took(62, "15"), took(90, "99")) == MeasuredEffect(
        Decimal(30), Decimal(15)
    )
    assert effect(took(0, "30"), took(28, "15"), day=56) == MeasuredEffect(Decimal(30), Decimal(15))


def test_slower_is_told_as_such_and_nothing_can_be_faster_than_no_time() -> None:
    assert MeasuredEffect(Decimal(10), Decimal(15)).faster_percent == -50
    assert MeasuredEffect(Decimal(0), Decimal(15)).faster_percent is None


def test_a_grant_whose_time_is_over_counts_no_more() -> None:
    assert ladder(NINETY_DAY, (grant(),), None, NOW).model.rung is Rung.OPERATOR
    assert ladder(NINETY_DAY, (grant(),), None, EXPIRES) == ladder(NINETY_DAY, (), None, NOW)


def said(*terms_: object, effect: MeasuredEffect | None = None) -> str:
    grants = tuple(grant(each) for each in terms_)  # type: ignore[arg-type]
    return Texts(Surface.PLAIN, UTC).say("grants.autonomy", l=ladder(NINETY_DAY, grants, effect, NOW))


def test_one_line_says_rung_expectation_measure_and_bounds() -> None:
    proposal = terms(action="propose_refund", limits=(limit("max_amount_usd", 100),), requires_human_approval=True)
    proposal = replace(proposal, effect=Effect.NONE)
    assert said(proposal, effect=MeasuredEffect(Decimal(40), Decimal(33))) == (
        "Autonomy: copilot (10–25 % faster expected, 18 % measured) · propose_refund ≤ 100 with approval"
    )
    assert said() == (
        "Autonomy: copilot (10–25 % faster expected, no data on what it brought) · "
        "nothing granted, a person does or approves whatever this agent proposes"
    )
    two = terms(limits=(limit("max_amount_usd", 25), limit("min_tenure_days", 90)))
    assert said(two, two, two, two, effect=MeasuredEffect(Decimal(10), Decimal(15))).endswith(
        "50 % slower measured) · " + "issue_refund (amount_usd ≤ 25, tenure_days ≥ 90) unattended · " * 3 + "and 1 more"
    )
