"""The checks of metrics: fresh values, guardrails within limits, the target met or its miss owned up to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.checks import GuardrailsHeld, MetricsFresh, TargetMet
from bot.domain.gate_evidence import Better, MeasuredMetric, fresh_until
from bot.domain.memos import Comparison, Memo, Move, Prediction
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import CheckResult, Outcome
from tests.domain.samples import DAY_1
from tests.gates.evidence import (
    AT,
    FAIL,
    NO_DATA,
    PASS,
    answer,
    asked,
    guardrail,
    memo,
    outcomes,
    ready,
    success,
    trace,
    value,
)

PILOT, SCALING = PhaseName.PILOT, PhaseName.SCALING
FRESH = asked(MetricsFresh, PILOT)
HELD = asked(GuardrailsHeld, SCALING)


def csat(number: str, age_days: float = 3) -> MeasuredMetric:
    """Customer satisfaction, measured once."""
    return guardrail(value(number, age_days, "csat"))


@pytest.mark.parametrize(
    ("metrics", "outcome", "told"),
    [
        ((success(value("8")), csat("4")), PASS, "2 measured"),
        ((success(value("8")),), FAIL, "0 of 1 guardrail"),
        ((csat("4"),), FAIL, "no success metric with baseline and target"),
        ((success(value("8"), baseline=None), csat("4")), FAIL, "no success metric with baseline and target"),
        ((success(value("8"), target=None), csat("4")), FAIL, "no success metric with baseline and target"),
        ((success(value("8")), guardrail(value("4", metric="csat"), limit=None)), FAIL, "0 of 1 guardrail"),
        ((success(), csat("4")), NO_DATA, "no fresh value of minutes_per_refund"),
        ((success(value("8")), guardrail()), NO_DATA, "no fresh value of csat"),
        ((success(), guardrail()), NO_DATA, "no fresh value of minutes_per_refund, csat"),
        ((success(),), FAIL, "0 of 1 guardrail; no fresh value of minutes_per_refund"),
        (None, NO_DATA, "not known"),
    ],
)
def test_metrics_are_defined_and_each_has_a_fresh_value(
    metrics: tuple[MeasuredMetric, ...] | None, outcome: Outcome, told: str
) -> None:
    found = answer(FRESH, ready(metrics=metrics))
    assert (found.outcome, found.found) == (outcome, told)


def test_a_second_guardrail_has_to_be_measured_too() -> None:
    silent = guardrail(name="repeat_contacts")
    assert outcomes(FRESH, [ready(metrics=(success(value("8")), csat("4"), silent))]) == [NO_DATA]


@pytest.mark.parametrize(("age_days", "outcome"), [(0, PASS), (13, PASS), (14, PASS), (15, NO_DATA), (-1, NO_DATA)])
def test_a_value_is_fresh_for_fourteen_days_and_does_not_count_before_its_time(age_days: int, outcome: Outcome) -> None:
    found = answer(FRESH, ready(metrics=(success(value("8", age_days)), csat("4"))))
    assert found.outcome is outcome


def test_the_instant_after_fourteen_days_is_too_late() -> None:
    metrics = (success(value("8", 14)), csat("4"))
    assert outcomes(FRESH, [ready(metrics=metrics, at=AT + timedelta(microseconds=1))]) == [NO_DATA]


@pytest.mark.parametrize(
    ("seen_at", "until"),
    [
        pytest.param(datetime(2026, 3, 20, 12, tzinfo=UTC), datetime(2026, 4, 3, 11, tzinfo=UTC), id="spring"),
        pytest.param(datetime(2026, 10, 20, 11, tzinfo=UTC), datetime(2026, 11, 3, 12, tzinfo=UTC), id="autumn"),
        pytest.param(datetime(2026, 6, 1, 11, tzinfo=UTC), datetime(2026, 6, 15, 11, tzinfo=UTC), id="summer"),
    ],
)
def test_fourteen_days_are_those_of_the_clock_on_the_wall(seen_at: datetime, until: datetime) -> None:
    assert fresh_until(seen_at, 14, "Europe/Lisbon") == until


def test_what_is_measured_is_shown_where_it_is() -> None:
    assert answer(FRESH, ready()) == CheckResult(
        check="metrics_fresh",
        outcome=PASS,
        found="2 measured",
        needs="a success metric with baseline and target and ≥ 1 guardrail, each with a value in 14 days",
        role="eval_owner",
        evidence=(trace("value_minutes_per_refund_8"), trace("value_csat_4.2")),
    )


@pytest.mark.parametrize(
    ("number", "better", "outcome"),
    [
        ("4.2", Better.HIGHER, PASS),
        ("4.1999", Better.HIGHER, FAIL),
        ("4.2", Better.LOWER, PASS),
        ("4.2001", Better.LOWER, FAIL),
    ],
)
def test_a_guardrail_holds_exactly_at_its_limit(number: str, better: Better, outcome: Outcome) -> None:
    metric = guardrail(value(number, metric="csat"), better=better)
    assert answer(HELD, ready(SCALING, metrics=(success(value("8")), metric))).outcome is outcome


@pytest.mark.parametrize(("age_days", "outcome"), [(13, FAIL), (14, FAIL), (15, PASS)])
def test_a_breach_is_remembered_for_fourteen_days_even_if_it_is_mended(age_days: int, outcome: Outcome) -> None:
    metric = guardrail(value("4.1", age_days, "csat"), value("4.5", 1, "csat"))
    assert answer(HELD, ready(SCALING, metrics=(metric,))).outcome is outcome


def test_a_guardrail_without_a_value_in_the_window_is_no_data_and_so_is_having_none() -> None:
    several = (ready(SCALING, metrics=m) for m in ((csat("4.5", 15),), (guardrail(),), (success(value("8")),), None))
    assert outcomes(HELD, several) == [NO_DATA] * 4


def test_a_breach_outweighs_a_silent_guardrail() -> None:
    found = answer(HELD, ready(SCALING, metrics=(csat("4.10"), guardrail(name="defects"))))
    assert found == CheckResult(
        check="guardrails_held",
        outcome=FAIL,
        found="csat 4.1, limit 4.2 (3 days old); no value of defects",
        needs="every guardrail measured and within its limit for 14 days",
        role="owner",
        evidence=(trace("value_csat_4.10"),),
    )


@pytest.mark.parametrize(
    ("number", "better", "outcome"),
    [
        ("8", Better.LOWER, PASS),
        ("8.0001", Better.LOWER, FAIL),
        ("8", Better.HIGHER, PASS),
        ("7.9999", Better.HIGHER, FAIL),
    ],
)
def test_a_target_is_met_exactly_at_its_number(number: str, better: Better, outcome: Outcome) -> None:
    evidence = ready(SCALING, metrics=(success(value(number), better=better),))
    assert answer(TargetMet(), evidence).outcome is outcome


def test_the_last_value_counts_and_of_two_at_once_the_worse() -> None:
    several = (
        (success(value("8", 1), value("9", 2)),),
        (success(value("9", 1), value("8", 2)),),
        (success(value("8", 1), value("9", 1)),),
        (success(value("8", 1), value("9", -1)),),
    )
    assert outcomes(TargetMet(), (ready(SCALING, metrics=m) for m in several)) == [PASS, FAIL, FAIL, PASS]


def test_a_target_without_a_value_is_no_data_even_with_a_memo() -> None:
    excuse = memo(Move.TO_OPERATING, title="minutes_per_refund was never measured")
    several = (ready(SCALING, metrics=metrics, memos=(excuse,)) for metrics in ((success(),), (), None))
    assert outcomes(TargetMet(), several) == [NO_DATA, NO_DATA, NO_DATA]


_PREDICTED = Prediction("minutes_per_refund", Comparison.AT_MOST, Decimal(8), DAY_1)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (memo(None, title="Why minutes_per_refund missed its target"), PASS),
        (memo(None, decision="Minutes per refund stay at 9: the vendor is slow."), PASS),
        (memo(Move.TO_OPERATING, prediction=_PREDICTED), PASS),
        (memo(Move.TO_OPERATING), FAIL),
        (memo(None, decision="Minutes per refunds"), FAIL),
        (memo(None, age_days=30, title="We measure minutes_per_refund"), FAIL),
        (memo(None, title="minutes_per_refund", superseded_by="memo_2"), FAIL),
    ],
)
def test_a_miss_is_excused_by_a_memo_of_this_phase_that_names_the_metric(said: Memo, outcome: Outcome) -> None:
    evidence = ready(SCALING, metrics=(success(value("9")),), memos=(said,))
    assert answer(TargetMet(), evidence).outcome is outcome


def test_a_miss_is_told_with_both_numbers_and_its_age() -> None:
    found = answer(TargetMet(), ready(SCALING, metrics=(success(value("9.50", 1)),)))
    assert (found.found, found.needs) == (
        "minutes_per_refund 9.5, target 8 (1 day old)",
        "the target, or a memo filed in scaling that names the metric and says why not",
    )


def test_every_success_metric_has_to_meet_its_target() -> None:
    second = success(value("9", metric="cost"), name="cost")
    assert outcomes(TargetMet(), [ready(SCALING, metrics=(success(value("8")), second))]) == [FAIL]
