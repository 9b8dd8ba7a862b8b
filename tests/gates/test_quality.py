"""The checks of the agent's work: evals, versions, reviews and overrides, red lines seen firing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.checks import EvalPassed, RedLinesFired, ReviewsHeld, VersionsNamed
from bot.domain.gate_evidence import DefinedRedLine
from bot.domain.gates import reaches
from bot.domain.gates.quality import fails
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import ReviewCounts, Reviews
from bot.domain.signals.kinds import EvalRun, Signal
from bot.domain.statistics import wilson_lower
from bot.domain.verdicts import CheckResult, Outcome
from tests.gates.evidence import AT, FAIL, NO_DATA, PASS, answer, asked, fired, outcomes, ready, run, trace

PILOT, PRODUCTION = PhaseName.PILOT, PhaseName.PRODUCTION
SHARE = asked(EvalPassed, PILOT)
BOUND = asked(EvalPassed, PILOT, "starter")
REVIEWS = asked(ReviewsHeld, PRODUCTION)
REVIEWS_BY_BOUND = asked(ReviewsHeld, PRODUCTION, "starter")
VERSIONS = asked(VersionsNamed, PRODUCTION)


@pytest.mark.parametrize(
    ("passed", "cases", "outcome", "told"),
    [
        (200, 200, PASS, "100 % of 200 (2 days old)"),
        (190, 200, PASS, "95 % of 200 (2 days old)"),
        (189, 200, FAIL, "94.5 % of 200 (2 days old)"),
        (9_499, 10_000, FAIL, "94.9 % of 10000 (2 days old)"),
        (199, 199, NO_DATA, "100 % of 199 (2 days old)"),
        (0, 200, FAIL, "0 % of 200 (2 days old)"),
        (0, 0, NO_DATA, "no cases (2 days old)"),
    ],
)
def test_a_large_enough_suite_passes_exactly_at_its_share(passed: int, cases: int, outcome: Outcome, told: str) -> None:
    found = answer(SHARE, ready(eval_runs=(run(passed, cases),)))
    assert (found.outcome, found.found) == (outcome, told)


@pytest.mark.parametrize(
    ("passed", "cases", "outcome"),
    [
        (40, 40, PASS),
        (39, 40, FAIL),
        (39, 39, NO_DATA),
        (20, 39, FAIL),
        (59, 60, PASS),
        (58, 60, FAIL),
        (121, 126, PASS),
        (120, 126, FAIL),
        (190, 200, PASS),
        (189, 200, FAIL),
    ],
)
def test_the_starters_bound_asks_for_what_190_of_200_prove(passed: int, cases: int, outcome: Outcome) -> None:
    assert answer(BOUND, ready(name="starter", eval_runs=(run(passed, cases),))).outcome is outcome


def test_a_bound_is_told_with_what_is_proven() -> None:
    found = answer(BOUND, ready(name="starter", eval_runs=(run(58, 60, age_days=1),)))
    assert found == CheckResult(
        check="eval_passed",
        outcome=FAIL,
        found="58 of 60, which proves 88.6 % (1 day old)",
        needs="proof of ≥ 91 % of ≥ 40 cases passed, ≤ 14 days old",
        role="eval_owner",
        evidence=(trace("run_regression"),),
    )


@pytest.mark.parametrize(
    ("age_days", "outcome", "told"),
    [
        (0, PASS, "0 days"),
        (14, PASS, "14 days"),
        (15, NO_DATA, "15 days"),
    ],
)
def test_a_run_counts_for_fourteen_days(age_days: int, outcome: Outcome, told: str) -> None:
    found = answer(SHARE, ready(eval_runs=(run(age_days=age_days),)))
    assert (found.outcome, found.found) == (outcome, f"97.5 % of 200 ({told} old)")


def test_the_instant_after_fourteen_days_is_too_late_and_says_so() -> None:
    found = answer(SHARE, ready(eval_runs=(run(age_days=14),), at=AT + timedelta(microseconds=1)))
    assert (found.outcome, found.found) == (NO_DATA, "97.5 % of 200 (more than 14 days old)")


def test_a_stale_run_below_the_bar_fails() -> None:
    assert outcomes(SHARE, [ready(eval_runs=(run(150, age_days=40),))]) == [FAIL]


def test_no_run_is_no_data_and_so_is_one_that_lies_ahead() -> None:
    several = (ready(eval_runs=runs) for runs in ((), None, (run(age_days=-1),)))
    assert outcomes(SHARE, several) == [NO_DATA, NO_DATA, NO_DATA]


def test_only_the_latest_run_of_a_suite_counts_and_of_two_at_once_the_worse() -> None:
    several = (
        (run(150, age_days=3, id="a"), run(age_days=1, id="b")),
        (run(age_days=3, id="a"), run(150, age_days=1, id="b")),
        (run(150, age_days=1, id="a"), run(age_days=1, id="b")),
    )
    assert outcomes(SHARE, (ready(eval_runs=runs) for runs in several)) == [PASS, FAIL, FAIL]


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (run(200, 200, suite="hard"), PASS),
        (run(180, 200, suite="hard"), FAIL),
        (run(200, 200, 20, suite="hard"), NO_DATA),
        (run(30, 30, suite="hard"), PASS),
        (run(30, 30, 20, suite="hard"), PASS),
        (run(20, 30, suite="hard"), FAIL),
        (run(0, 0, suite="hard"), PASS),
    ],
)
def test_every_suite_that_is_large_enough_has_to_pass_and_no_smaller_one_may_be_below_the_share(
    second: Signal[EvalRun], outcome: Outcome
) -> None:
    assert answer(SHARE, ready(eval_runs=(run(), second))).outcome is outcome


def test_with_several_suites_the_answer_names_them() -> None:
    found = answer(SHARE, ready(eval_runs=(run(), run(180, 200, suite="hard"))))
    assert (found.found, found.evidence) == ("hard: 90 % of 200 (2 days old)", (trace("run_hard"),))


def test_of_a_suite_too_small_for_a_bound_the_plain_share_is_held_against_it() -> None:
    clean, bad = run(10, 10, suite="smoke"), run(9, 10, suite="smoke")
    several = ((run(60, 60), clean), (clean,), (run(60, 60), bad), (bad,))
    assert outcomes(BOUND, (ready(name="starter", eval_runs=runs) for runs in several)) == [PASS, NO_DATA, FAIL, FAIL]
    at_it = replace(BOUND, lower_bound=Decimal("0.9"))
    assert [fails(at_it, EvalRun("smoke", 10, passed, "p", "m")) for passed in (9, 8)] == [False, True]


@pytest.mark.parametrize(("passed", "is_reached"), [(190, True), (189, False)])
def test_the_guard_can_ask_whether_a_run_reaches_the_bar(passed: int, is_reached: bool) -> None:
    assert [reaches(check, EvalRun("regression", 200, passed, "p", "m")) for check in (SHARE, BOUND)] == [
        is_reached,
        is_reached,
    ]


def test_a_bound_is_reached_exactly_at_what_a_run_proves() -> None:
    proven = replace(BOUND, lower_bound=wilson_lower(58, 60))
    assert [reaches(proven, EvalRun("regression", 60, passed, "p", "m")) for passed in (57, 58)] == [False, True]


def test_a_run_without_cases_reaches_nothing() -> None:
    nothing = replace(SHARE, min_pass=Decimal(0))
    assert [reaches(check, EvalRun("regression", 0, 0, "p", "m")) for check in (nothing, BOUND)] == [False, False]


@pytest.mark.parametrize(
    ("runs", "outcome", "told"),
    [
        ((run(), run(age_days=20)), PASS, "2 runs with prompt and model version"),
        ((run(prompt_version=" "),), FAIL, "1 of 1 run without prompt and model version"),
        ((run(), run(model="")), FAIL, "1 of 2 runs without prompt and model version"),
        ((run(age_days=28, model=""),), FAIL, "1 of 1 run without prompt and model version"),
        ((run(age_days=29, model=""), run()), PASS, "1 run with prompt and model version"),
        ((run(age_days=29),), NO_DATA, "no eval run in 28 days"),
        ((run(age_days=-1),), NO_DATA, "no eval run in 28 days"),
        ((), NO_DATA, "no eval run in 28 days"),
        (None, NO_DATA, "no eval run in 28 days"),
    ],
)
def test_every_eval_run_of_28_days_names_its_versions(runs: Any, outcome: Outcome, told: str) -> None:
    found = answer(VERSIONS, ready(PRODUCTION, eval_runs=runs))
    assert (found.outcome, found.found) == (outcome, told)


@pytest.mark.parametrize(
    ("lines", "outcome", "told"),
    [
        ((fired("a"),), PASS, "1 of 1 red line seen firing"),
        ((fired("a"), fired("b")), PASS, "2 of 2 red lines seen firing"),
        ((fired("a"), DefinedRedLine("b")), FAIL, "1 of 2 red lines seen firing; not yet: b"),
        ((fired("a", age_days=-1),), FAIL, "0 of 1 red line seen firing; not yet: a"),
        ((), FAIL, "0 of 0 red lines seen firing"),
        (None, NO_DATA, "not known"),
    ],
)
def test_every_red_line_was_seen_firing(lines: Any, outcome: Outcome, told: str) -> None:
    found = answer(asked(RedLinesFired, PILOT), ready(red_lines=lines))
    assert (found.outcome, found.found) == (outcome, told)


def test_enough_red_lines_are_asked_for() -> None:
    several = (ready(red_lines=lines) for lines in ((fired("a"),), (fired("a"), fired("b"))))
    assert outcomes(RedLinesFired(2), several) == [FAIL, PASS]


@pytest.mark.parametrize(
    ("counts", "outcome", "told"),
    [
        (Reviews(100, 95, 100, 10), PASS, "95 % of 100 reviewed; 10 % of 100 overridden"),
        (Reviews(50, 48, 50, 5), PASS, "96 % of 50 reviewed; 10 % of 50 overridden"),
        (Reviews(100, 94, 100, 10), FAIL, "94 % of 100 reviewed"),
        (Reviews(100, 95, 412, 54), FAIL, "13.2 % of 412 overridden"),
        (Reviews(100, 95, 100, 11), FAIL, "11 % of 100 overridden"),
        (Reviews(10_000, 9_499, 9_999, 1_000), FAIL, "94.9 % of 10000 reviewed; 10.1 % of 9999 overridden"),
        (Reviews(49, 49, 50, 5), NO_DATA, "49 outputs to review"),
        (Reviews(50, 50, 49, 0), NO_DATA, "49 reviews"),
        (Reviews(49, 10, 50, 30), FAIL, "49 outputs to review; 60 % of 50 overridden"),
        (Reviews(), NO_DATA, "0 outputs to review; 0 reviews"),
    ],
)
def test_enough_is_reviewed_and_little_enough_overridden(counts: Reviews, outcome: Outcome, told: str) -> None:
    found = answer(REVIEWS, ready(PRODUCTION, reviews=ReviewCounts(28, counts, Reviews())))
    assert (found.outcome, found.found) == (outcome, told)


def test_only_the_half_that_fails_is_asked_for() -> None:
    found = answer(REVIEWS, ready(PRODUCTION, reviews=ReviewCounts(28, Reviews(100, 96, 100, 20), Reviews())))
    assert (found.needs, found.role) == ("≤ 10 % of ≥ 50 reviews overridden in 28 days", "eval_owner")


@pytest.mark.parametrize(
    ("overridden", "reviewed", "outcome"),
    [
        (5, 50, PASS),
        (6, 50, FAIL),
        (0, 15, PASS),
        (1, 15, FAIL),
        (0, 14, NO_DATA),
        (14, 14, NO_DATA),
    ],
)
def test_the_starters_bound_asks_for_what_5_overrides_in_50_prove(
    overridden: int, reviewed: int, outcome: Outcome
) -> None:
    counts = ReviewCounts(28, Reviews(20, 20, reviewed, overridden), Reviews())
    assert answer(REVIEWS_BY_BOUND, ready(PRODUCTION, "starter", reviews=counts)).outcome is outcome


@pytest.mark.parametrize(("due", "outcome"), [(15, PASS), (14, NO_DATA)])
def test_the_starter_asks_for_fifteen_outputs(due: int, outcome: Outcome) -> None:
    counts = ReviewCounts(28, Reviews(due, due, 20, 0), Reviews())
    assert answer(REVIEWS_BY_BOUND, ready(PRODUCTION, "starter", reviews=counts)).outcome is outcome


def test_a_bound_on_overrides_is_told_with_what_is_proven() -> None:
    counts = ReviewCounts(28, Reviews(20, 20, 50, 6), Reviews())
    found = answer(REVIEWS_BY_BOUND, ready(PRODUCTION, "starter", reviews=counts))
    assert (found.found, found.needs) == (
        "6 of 50 overridden, which proves 23.9 %",
        "proof of ≤ 21.5 % of ≥ 15 reviews overridden in 28 days",
    )


def test_typed_numbers_count_in_production_beside_what_was_seen_and_are_marked() -> None:
    counts = ReviewCounts(28, Reviews(20, 20, 20, 1), Reviews(40, 38, 38, 3))
    found = answer(REVIEWS, ready(PRODUCTION, reviews=counts))
    assert (found.outcome, found.found) == (
        PASS,
        "96.6 % of 60 reviewed; 6.9 % of 58 overridden (40 of them typed)",
    )


def test_typed_numbers_do_not_count_in_scaling() -> None:
    typed, both = Reviews(60, 60, 60, 0), Reviews(60, 60, 60, 0)
    several = (
        ready(PhaseName.SCALING, reviews=ReviewCounts(28, Reviews(), typed)),
        ready(PhaseName.SCALING, reviews=ReviewCounts(28, both, typed)),
    )
    assert outcomes(REVIEWS, several) == [NO_DATA, PASS]
    assert "typed" not in answer(REVIEWS, several[1]).found


def test_counts_of_another_window_are_no_data() -> None:
    counts = ReviewCounts(7, Reviews(100, 100, 100, 0), Reviews())
    found = answer(REVIEWS, ready(PRODUCTION, reviews=counts))
    assert (found.outcome, found.found) == (NO_DATA, "not known")
