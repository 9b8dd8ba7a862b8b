"""Rules about reviews and rework."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.findings.kinds import Severity
from bot.domain.findings.seen import ActsSeen, ReviewWeek, ReworkWeek, Seen
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import Trace
from tests.domain.samples import BEN
from tests.findings.seen_samples import EVA, found, look, reviewed, told, week

RULES = ("override.rising", "review.slow", "review.backlog", "review.theater", "review.silent", "rework.rising")


def test_without_a_review_nothing_is_found_and_while_paused_neither() -> None:
    assert [found(rule, look(Seen())) for rule in RULES] == [()] * len(RULES)
    bad = replace(
        reviewed(week(50, 20), due=50, median_working=timedelta(hours=9)),
        reworks=(ReworkWeek(1, Decimal(500)), ReworkWeek()),
        acts=ActsSeen(count=3),
    )
    assert [found(rule, look(bad, paused=True)) for rule in RULES] == [()] * len(RULES)


# override.rising


def test_more_than_a_tenth_of_the_reviews_overridden_is_a_warning() -> None:
    seen = reviewed(ReviewWeek(61, 5, 3), week(10), week(0))
    (finding,) = found("override.rising", look(seen))
    assert finding.summary == "13.2 % of 61 reviews were overrides (at most 10 %)"
    assert (finding.severity, finding.owner, finding.about) == (Severity.WARNING, EVA, "")
    assert dict(finding.facts)["shares_by_week"] == ("0.1311", "0.0000", "none")


@pytest.mark.parametrize(
    ("this", "count"),
    [(week(20, 2), 0), (week(20, 3), 1), (week(19, 19), 0), (week(29, 3), 1), (week(30, 3), 0)],
)
def test_exactly_a_tenth_or_too_few_reviews_are_no_finding(this: ReviewWeek, count: int) -> None:
    assert len(found("override.rising", look(reviewed(this, week(0), week(0))))) == count


def test_a_share_that_rose_each_week_by_five_points_in_total_is_a_warning() -> None:
    seen = reviewed(week(50, 5), week(50, 3), week(40, 2))
    assert told("override.rising", look(seen)) == [
        ("warning", "overrides rose from week to week over three weeks: 5 %, 6 %, 10 % of the reviews")
    ]


@pytest.mark.parametrize(
    "weeks",
    [
        (week(100, 9), week(100, 7), week(100, 5)),
        (week(100, 10), week(100, 4), week(100, 4)),
        (week(100, 10), week(100, 3), week(100, 4)),
        (week(20, 2), week(20, 1), week(19, 0)),
        (week(20, 2), week(19, 1), week(20, 0)),
    ],
)
def test_a_smaller_rise_a_pause_in_it_or_a_thin_week_is_none(weeks: tuple[ReviewWeek, ...]) -> None:
    assert found("override.rising", look(reviewed(*weeks))) == ()


# review.slow


@pytest.mark.parametrize(
    ("median", "n", "count"),
    [
        (timedelta(hours=4), 5, 0),
        (timedelta(hours=4, microseconds=1), 5, 1),
        (timedelta(hours=9), 4, 0),
        (None, 50, 0),
    ],
)
def test_reviews_are_slow_beyond_four_working_hours_in_the_median_of_five(
    median: timedelta | None, n: int, count: int
) -> None:
    assert len(found("review.slow", look(reviewed(week(n), median_working=median)))) == count


def test_a_slow_review_says_how_slow() -> None:
    (finding,) = found("review.slow", look(reviewed(week(12), median_working=timedelta(hours=5, minutes=31))))
    assert finding.summary == "reviews take 5.6 h of working time (median of 12, at most 4 h)"
    assert finding.owner == BEN


# review.backlog


@pytest.mark.parametrize(("due", "done", "count"), [(20, 19, 0), (20, 18, 1), (19, 0, 0), (40, 38, 0), (41, 38, 1)])
def test_a_backlog_begins_below_95_percent_of_twenty_outputs(due: int, done: int, count: int) -> None:
    assert len(found("review.backlog", look(reviewed(due=due, due_reviewed=done)))) == count


def test_a_backlog_grows_worse_with_what_waits() -> None:
    (finding,) = found("review.backlog", look(reviewed(due=41, due_reviewed=38)))
    assert (finding.summary, finding.size) == ("92.6 % of 41 outputs are reviewed, 3 wait (at least 95 %)", 3)


# review.theater


@pytest.mark.parametrize(
    ("this", "median", "count"),
    [
        (week(20), timedelta(seconds=30), 0),
        (week(20), timedelta(seconds=29, microseconds=999_999), 1),
        (week(19), timedelta(seconds=2), 0),
        (week(30, 1), timedelta(seconds=2), 0),
        (week(30), None, 0),
    ],
)
def test_approvals_by_the_dozen_without_a_look_are_theater(
    this: ReviewWeek, median: timedelta | None, count: int
) -> None:
    assert len(found("review.theater", look(reviewed(this, median_elapsed=median)))) == count


def test_theater_is_told_without_naming_anyone() -> None:
    seen = reviewed(week(31), median_elapsed=timedelta(seconds=4, milliseconds=260))
    assert told("review.theater", look(seen)) == [
        ("warning", "31 approvals without an override, each within 4.2 s in the median (a look takes 30 s)")
    ]


# review.silent


def test_an_agent_at_work_that_nobody_reviews_is_a_warning_from_production_on() -> None:
    seen = Seen(acts=ActsSeen(count=14))
    assert told("review.silent", look(seen)) == [
        ("warning", "no review in the week, in which the agent acted or asked 14 times")
    ]
    assert found("review.silent", look(seen, PhaseName.PILOT)) == ()
    assert found("review.silent", look(replace(seen, reviews=reviewed(week(1)).reviews))) == ()


# rework.rising


def _rework(*costs: str) -> Seen:
    return Seen(reworks=tuple(ReworkWeek(7, Decimal(cost)) for cost in costs), rework_traces=(Trace("signal", "rw-1"),))


def test_rework_far_above_its_four_week_mean_is_a_warning() -> None:
    (finding,) = found("rework.rising", look(_rework("1840", "1000", "1500", "1300", "1241")))
    assert finding.summary == "rework $1,840 in the week, 46 % over its four-week mean"
    assert (finding.owner, finding.evidence) == (BEN, (Trace("signal", "rw-1"),))
    assert dict(finding.facts)["mean_usd"] == "1260.25"


@pytest.mark.parametrize(
    ("costs", "count"),
    [
        (("130", "100", "100", "100", "100"), 1),
        (("129.999999", "100", "100", "100", "100"), 0),
        (("100", "0", "0", "0", "0"), 1),
        (("99.99", "0", "0", "0", "0"), 0),
        (("100", "300", "0", "0", "0"), 1),
        (("100", "400", "0", "0", "0"), 0),
    ],
)
def test_rework_rises_from_130_percent_and_100_dollars_on(costs: tuple[str, ...], count: int) -> None:
    assert len(found("rework.rising", look(_rework(*costs)))) == count


def test_rework_after_weeks_without_any_is_told_so() -> None:
    assert told("rework.rising", look(_rework("150.5", "0", "0", "0", "0"))) == [
        ("warning", "rework $150 in the week, after four weeks without any")
    ]
