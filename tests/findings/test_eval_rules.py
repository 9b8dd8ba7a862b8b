"""Rules about eval suites: below the bar, stale."""

from datetime import date, datetime, timedelta

import pytest

from bot.domain.findings.kinds import Severity
from bot.domain.findings.seen import Seen
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import Trace
from tests.findings.seen_samples import EVA, ago, found, look, run, told

MICROSECOND = timedelta(microseconds=1)


def test_a_suite_below_the_bar_is_critical() -> None:
    (finding,) = found("eval.below_threshold", look(Seen(runs=(run(186),))))
    assert finding.summary == "eval refunds: 186 of 200 passed (93 %), needs ≥ 95 %"
    assert (finding.severity, finding.about, finding.owner) == (Severity.CRITICAL, "refunds", EVA)
    assert finding.evidence == (Trace("signal", "run_refunds_186", "https://ci.example.com/run_refunds_186"),)


@pytest.mark.parametrize(("passed", "count"), [(190, 0), (189, 1)])
def test_exactly_at_the_bar_a_suite_passes(passed: int, count: int) -> None:
    assert len(found("eval.below_threshold", look(Seen(runs=(run(passed),))))) == count


def test_where_the_playbook_has_a_bound_the_bound_counts() -> None:
    lines = [
        told("eval.below_threshold", look(Seen(runs=(run(passed, cases),)), playbook="starter"))
        for passed, cases in ((40, 40), (59, 60), (58, 60), (39, 39), (0, 39))
    ]
    below = "eval refunds: 58 of 60 passed, which proves 88.6 %, needs proof of ≥ 91 %"
    far_below = "eval refunds: 0 of 39 passed, which proves 0 %, needs proof of ≥ 91 %"
    assert lines == [[], [], [("critical", below)], [], [("critical", far_below)]]


def test_each_suite_is_judged_by_its_own_latest_run_and_of_two_at_once_by_the_one_that_fails() -> None:
    runs = (run(100, suite="alpha"), run(200, suite="beta"), run(150, suite="gamma"), run(200, suite="gamma"))
    assert [each.about for each in found("eval.below_threshold", look(Seen(runs=runs)))] == ["alpha", "gamma"]


def test_a_run_without_cases_says_nothing() -> None:
    assert found("eval.below_threshold", look(Seen(runs=(run(0, 0),)))) == ()


def test_history_fails_no_eval() -> None:
    seen = Seen(runs=(run(100, at=datetime.fromisoformat("2026-03-24T23:59:59+00:00")),))
    assert found("eval.below_threshold", look(seen, start_on=date(2026, 3, 25))) == ()
    assert len(found("eval.below_threshold", look(seen, start_on=date(2026, 3, 24)))) == 1


def test_while_paused_no_eval_is_judged() -> None:
    seen = Seen(runs=(run(100, at=ago(30)),))
    assert found("eval.below_threshold", look(seen, paused=True)) + found("eval.stale", look(seen, paused=True)) == ()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ago(10) + MICROSECOND, []),
        (ago(10), [("notice", "eval refunds: latest run 10 days old (at most 14 days)")]),
        (ago(14), [("notice", "eval refunds: latest run 14 days old (at most 14 days)")]),
        (ago(14) - MICROSECOND, [("warning", "eval refunds: latest run more than 14 days old (at most 14 days)")]),
        (ago(30), [("warning", "eval refunds: latest run 30 days old (at most 14 days)")]),
    ],
)
def test_a_suite_grows_stale_after_14_days_with_a_notice_4_days_before(
    at: datetime, expected: list[tuple[str, str]]
) -> None:
    assert told("eval.stale", look(Seen(runs=(run(at=at),)))) == expected


def test_without_any_run_from_production_on_it_says_so() -> None:
    assert told("eval.stale", look(Seen())) == [("warning", "no eval run yet (one every 14 days)")]
    assert found("eval.stale", look(Seen(), PhaseName.PILOT)) == ()


def test_in_pilot_no_suite_is_stale() -> None:
    assert found("eval.stale", look(Seen(runs=(run(at=ago(40)),)), PhaseName.PILOT)) == ()


def test_a_run_from_before_the_start_still_tells_how_fresh_a_suite_is() -> None:
    start_on = date(2026, 3, 27)
    assert found("eval.stale", look(Seen(runs=(run(at=ago(5)),)), start_on=start_on)) == ()
    assert len(found("eval.stale", look(Seen(runs=(run(at=ago(20)),)), start_on=start_on))) == 1


def test_each_suite_has_its_own_line() -> None:
    runs = (run(at=ago(20), suite="alpha"), run(at=ago(1), suite="beta"), run(at=ago(12), suite="gamma"))
    assert [(each.about, str(each.severity)) for each in found("eval.stale", look(Seen(runs=runs)))] == [
        ("alpha", "warning"),
        ("gamma", "notice"),
    ]
