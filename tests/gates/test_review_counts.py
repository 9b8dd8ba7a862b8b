"""Reviews counted for the gate: by when outputs were submitted, overrides by when they were reviewed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.review_counts import ReviewCounts, Reviews, count_reviews
from bot.domain.signals.kinds import Review, ReviewOutcome, ReviewTally, Signal
from tests.domain.samples import team
from tests.gates.evidence import AT, days_ago, signal

APPROVED, EDITED, REJECTED = ReviewOutcome.APPROVED, ReviewOutcome.EDITED, ReviewOutcome.REJECTED
FRIDAY_NOON = datetime(2026, 4, 17, 11, tzinfo=UTC)
"""In Lisbon; `AT` is the Monday after, 13:00 there."""


def review(
    submitted_at: datetime, reviewed_at: datetime | None = None, outcome: ReviewOutcome = APPROVED
) -> Signal[Review]:
    """An output handed in, and perhaps reviewed."""
    body = Review("out_1", submitted_at, reviewed_at, outcome if reviewed_at else None, "UBEN" if reviewed_at else None)
    return signal(body, reviewed_at or submitted_at)


def seen(*reviews: Signal[Review], at: datetime = AT) -> Reviews:
    """What was seen of 28 days."""
    return count_reviews(reviews, (), 28, team(), at).seen


def test_an_unreviewed_output_is_due_once_a_working_day_has_gone_by() -> None:
    handed_in = review(FRIDAY_NOON)
    due_at = datetime(2026, 4, 20, 11, tzinfo=UTC)
    assert [seen(handed_in, at=at) for at in (due_at - timedelta(microseconds=1), due_at)] == [
        Reviews(),
        Reviews(due=1),
    ]


def test_a_reviewed_output_counts_at_once() -> None:
    assert seen(review(AT - timedelta(minutes=9), AT - timedelta(minutes=5))) == Reviews(1, 1, 1, 0)


@pytest.mark.parametrize(("outcome", "overridden"), [(APPROVED, 0), (EDITED, 1), (REJECTED, 1)])
def test_edited_and_rejected_are_overrides(outcome: ReviewOutcome, overridden: int) -> None:
    assert seen(review(days_ago(3), days_ago(2), outcome)) == Reviews(1, 1, 1, overridden)


def test_an_output_of_before_the_window_counts_for_overrides_only() -> None:
    assert seen(review(days_ago(29), days_ago(2), EDITED)) == Reviews(0, 0, 1, 1)


def test_a_window_reaches_back_to_the_same_time_of_the_day_28_days_ago_though_the_clocks_changed() -> None:
    first = datetime(2026, 3, 23, 13, tzinfo=UTC)
    assert (days_ago(28), [seen(review(at)).due for at in (first, first - timedelta(microseconds=1))]) == (
        first,
        [1, 0],
    )
    assert [seen(review(days_ago(40), at)).reviewed for at in (first, first - timedelta(microseconds=1))] == [1, 0]


def test_what_lies_ahead_has_not_happened() -> None:
    ahead = AT + timedelta(minutes=1)
    assert seen(review(ahead), review(days_ago(5), ahead, EDITED)) == Reviews(due=1)


def test_typed_weeks_are_kept_apart_and_count_by_their_own_time() -> None:
    weeks = [signal(ReviewTally(30, 29, 3), days_ago(age_days)) for age_days in (7, 28, 29, -1)]
    assert count_reviews([review(days_ago(3), days_ago(2))], weeks, 28, team(), AT) == ReviewCounts(
        days=28, seen=Reviews(1, 1, 1, 0), typed=Reviews(60, 58, 58, 6)
    )
