"""What counts as loosening: every threshold, every check and every field of an item, up and down."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from bot.domain import loosening
from bot.domain.checks import (
    Check,
    EvalPassed,
    GuardrailsHeld,
    IncidentsClosed,
    LogsKept,
    MetricsFresh,
    OverrideBound,
    Published,
    RedLinesFired,
    RedTeamAccepted,
    ReviewsHeld,
    RolesHeld,
    VersionsNamed,
)
from bot.domain.loosening import Looser, Step, Turn, together, turn
from bot.domain.playbook import DoneWhen, EvidenceKind, Item
from bot.domain.thresholds import DEFAULTS
from tests.domain.samples import item
from tests.gates.evidence import book

LOOSENED, TIGHTENED, NEITHER = Turn.LOOSENED, Turn.TIGHTENED, Turn.NEITHER

RAISED_IS_LOOSER = {
    "item.overdue.critical_after_days",
    "phase.slipping.critical_after_days",
    "pilot.too_broad.max_workflows",
    "pause.long.max_days",
    "metric.silent.from_day",
    "metric.silent.max_days",
    "target.off_pace.windows",
    "target.off_pace.max_share_behind",
    "eval.stale.max_age_days",
    "override.rising.max_share",
    "override.rising.min_n",
    "override.rising.min_rise",
    "review.slow.max_hours",
    "review.slow.min_n",
    "review.backlog.min_n",
    "review.theater.min_n",
    "rework.rising.min_ratio",
    "rework.rising.min_usd",
    "grant.life.default_days",
    "grant.life.max_days",
    "grant.life.attest_every_days",
    "grant.life.red_team_max_age_days",
    "action.unasked.match_hours",
    "agent.blocked.min_denies",
    "incident.no_postmortem.working_days",
    "memo.missing.max_days",
    "override.debt.max_days",
    "approval.waiting.working_days",
    "source.blind.max_hours",
    "escrow.open_hours",
    "escrow.max_open",
    "escrow.use_minutes",
    "request.next_approver_working_days",
    "request.all_approvers_working_days",
    "request.lapse_days",
}
LOWERED_IS_LOOSER = {
    "eval.stale.notice_days",
    "review.backlog.min_share",
    "review.theater.max_seconds",
    "grant.life.attest_notice_days",
    "grant.calibration.min_lower_bound",
    "grant.expiring.notice_days",
    "agent.blocked.allowed_within_days",
    "incident.open.max_severity",
    "approval.uncovered.min_people",
    "enablement.gap.min_trained",
    "enablement.gap.min_seat_share",
}
ANY_CHANGE_IS_LOOSER = {"override.rising.windows", "rework.rising.windows"}


@pytest.mark.parametrize("name", ["ninety_day", "ninety_day_high_risk", "starter"])
def test_every_threshold_of_a_shipped_playbook_is_judged_both_ways(name: str) -> None:
    found = {}
    for threshold in book(name).thresholds:
        looser = loosening.THRESHOLD[threshold.rule, threshold.name]
        steps = (Step(threshold.value, threshold.value + change) for change in (1, -1, 0))
        found[f"{threshold.rule}.{threshold.name}"] = tuple(turn(looser, step) for step in steps)
    assert found == (
        dict.fromkeys(RAISED_IS_LOOSER, (LOOSENED, TIGHTENED, NEITHER))
        | dict.fromkeys(LOWERED_IS_LOOSER, (TIGHTENED, LOOSENED, NEITHER))
        | dict.fromkeys(ANY_CHANGE_IS_LOOSER, (LOOSENED, LOOSENED, NEITHER))
    )


def test_no_threshold_is_forgotten() -> None:
    assert set(loosening.THRESHOLD) == {(rule, name) for rule, numbers in DEFAULTS.items() for name in numbers}


def test_no_field_of_a_check_is_forgotten() -> None:
    bars: set[tuple[Any, str]] = {(EvalPassed, "min_pass"), (EvalPassed, "lower_bound")}
    bars |= {(ReviewsHeld, "max_override"), (ReviewsHeld, "overrides")}
    known = {(kind, field.name) for kind in get_args(Check) for field in fields(kind)}
    assert set(loosening.CHECK) == known - bars


def test_no_field_of_an_item_is_forgotten() -> None:
    assert set(loosening.ITEM) == {field.name for field in fields(Item)} - {"id", "evidence", "done_when"}


_CHECKS: Mapping[tuple[Any, str], tuple[Any, Any, Turn]] = {
    (RolesHeld, "roles"): (("owner", "steward"), ("owner",), LOOSENED),
    (MetricsFresh, "fresh_days"): (14, 28, LOOSENED),
    (MetricsFresh, "min_guardrails"): (1, 2, TIGHTENED),
    (EvalPassed, "min_cases"): (200, 199, LOOSENED),
    (EvalPassed, "max_age_days"): (14, 15, LOOSENED),
    (RedLinesFired, "min_count"): (2, 1, LOOSENED),
    (LogsKept, "min_days"): (180, 90, LOOSENED),
    (LogsKept, "item"): ("keep_run_logs", "other", LOOSENED),
    (VersionsNamed, "days"): (28, 14, LOOSENED),
    (ReviewsHeld, "days"): (28, 56, LOOSENED),
    (ReviewsHeld, "min_reviewed"): (Decimal("0.95"), Decimal("0.96"), TIGHTENED),
    (ReviewsHeld, "min_n"): (50, 49, LOOSENED),
    (IncidentsClosed, "severities"): ((1, 2), (1,), LOOSENED),
    (RedTeamAccepted, "domains"): (("billing",), ("general", "billing"), TIGHTENED),
    (GuardrailsHeld, "days"): (14, 7, LOOSENED),
    (Published, "items"): (("a", "b"), ("b", "c"), LOOSENED),
}


@pytest.mark.parametrize(("key", "case"), list(_CHECKS.items()))
def test_every_number_of_a_check_has_its_looser_side(key: tuple[Any, str], case: tuple[Any, Any, Turn]) -> None:
    before, after, expected = case
    assert turn(loosening.CHECK[key], Step(before, after)) is expected


def test_the_cases_above_are_all_there_are() -> None:
    assert set(_CHECKS) == set(loosening.CHECK)


@pytest.mark.parametrize(
    ("looser", "before", "after", "expected"),
    [
        (Looser.HIGHER, 30, None, LOOSENED),
        (Looser.HIGHER, None, 30, TIGHTENED),
        (Looser.LOWER, True, False, LOOSENED),
        (Looser.HIGHER, False, True, LOOSENED),
        (Looser.FEWER, ("a", "b"), ("b", "a"), NEITHER),
        (Looser.FEWER, ("a",), ("a", "b"), TIGHTENED),
        (Looser.MORE, ("low",), ("low", "medium"), LOOSENED),
        (Looser.MORE, ("low", "medium"), ("low",), TIGHTENED),
        (Looser.NEVER, "a", "b", NEITHER),
    ],
)
def test_a_step_is_judged_by_its_looser_way(looser: Looser, before: Any, after: Any, expected: Turn) -> None:
    assert turn(looser, Step(before, after)) is expected


@pytest.mark.parametrize(
    ("turns", "expected"),
    [((TIGHTENED, LOOSENED), LOOSENED), ((TIGHTENED, NEITHER), TIGHTENED), ((NEITHER,), NEITHER), ((), NEITHER)],
)
def test_one_loosening_makes_the_whole_loose(turns: tuple[Turn, ...], expected: Turn) -> None:
    assert together(turns) is expected


def evals(min_pass: str | None = None, lower_bound: str | None = None, min_cases: int = 200) -> EvalPassed:
    """An eval check with one kind of bar."""
    return EvalPassed(
        min_cases, 14, Decimal(min_pass) if min_pass else None, Decimal(lower_bound) if lower_bound else None
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (evals("0.95"), evals("0.94"), LOOSENED),
        (evals("0.95"), evals("0.96"), TIGHTENED),
        (evals(lower_bound="0.910"), evals(lower_bound="0.90"), LOOSENED),
        (evals(lower_bound="0.910"), evals(lower_bound="0.92"), TIGHTENED),
        # 1,850 of 2,000 prove 91.3 % and are only 92.5 %: a bound lets large suites through with less.
        (evals("0.95"), evals(lower_bound="0.910"), LOOSENED),
        (evals("0.95"), evals(lower_bound="0.95"), TIGHTENED),
        (evals(lower_bound="0.910"), evals("0.95"), TIGHTENED),
        (evals(lower_bound="0.910"), evals("0.95", min_cases=199), LOOSENED),
        (evals(lower_bound="0.910"), evals("0.91"), LOOSENED),
    ],
)
def test_a_bar_for_evals_is_looser_if_some_run_passes_that_did_not(
    before: EvalPassed, after: EvalPassed, expected: Turn
) -> None:
    assert loosening.turn_of_eval_bar(before, after) is expected


def reviews(max_override: str | None = None, bound: OverrideBound | None = None, min_n: int = 50) -> ReviewsHeld:
    """A review check with one kind of bar."""
    return ReviewsHeld(28, Decimal("0.95"), min_n, Decimal(max_override) if max_override else None, bound)


STARTER = OverrideBound(Decimal("0.215"), 15)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (reviews("0.10"), reviews("0.11"), LOOSENED),
        (reviews("0.10"), reviews("0.09"), TIGHTENED),
        (reviews(bound=STARTER), reviews(bound=replace(STARTER, upper_bound=Decimal("0.3"))), LOOSENED),
        (reviews(bound=STARTER), reviews(bound=replace(STARTER, min_n=10)), LOOSENED),
        (reviews(bound=STARTER), reviews(bound=OverrideBound(Decimal("0.2"), 10)), LOOSENED),
        (reviews(bound=STARTER), reviews(bound=OverrideBound(Decimal("0.2"), 15)), TIGHTENED),
        (reviews("0.10"), reviews(bound=STARTER), LOOSENED),
        (reviews("0.10"), reviews(bound=OverrideBound(Decimal("0.10"), 50)), TIGHTENED),
        (reviews(bound=STARTER), reviews("0.10"), TIGHTENED),
        (reviews(bound=STARTER), reviews("0.10", min_n=20), LOOSENED),
        (reviews(bound=STARTER), reviews("0.12"), LOOSENED),
    ],
)
def test_a_bar_for_overrides_is_looser_if_some_count_passes_that_did_not(
    before: ReviewsHeld, after: ReviewsHeld, expected: Turn
) -> None:
    assert loosening.turn_of_override_bar(before, after) is expected


LINK, RECORD = EvidenceKind.LINK, EvidenceKind.RECORD
RUN, SPEC = DoneWhen.EVAL_RUN, DoneWhen.SPEC


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"evidence": LINK}, {}, LOOSENED),
        ({}, {"evidence": LINK}, TIGHTENED),
        ({"evidence": LINK}, {"evidence": RECORD}, NEITHER),
        ({"evidence": LINK}, {"done_when": RUN}, TIGHTENED),
        ({"done_when": RUN}, {"evidence": LINK}, LOOSENED),
        ({"done_when": RUN}, {"done_when": SPEC}, LOOSENED),
        ({"done_when": RUN}, {"done_when": RUN}, NEITHER),
    ],
)
def test_what_the_product_sees_proves_more_than_what_a_person_shows(
    before: dict[str, Any], after: dict[str, Any], expected: Turn
) -> None:
    assert loosening.turn_of_proof(item("a", **before), item("a", **after)) is expected
