"""Reviews of the last days, counted for the gate: how much of what was due is reviewed, how much was overridden.

Outputs count by when they were submitted, as in the rule `review.backlog`; overrides by when they were reviewed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import after_working_hours
from bot.domain.signals.kinds import Review, ReviewOutcome, ReviewTally, Signal
from bot.domain.teams import Team


@dataclass(frozen=True, slots=True)
class Reviews:
    """Reviews of a window, counted: `due` were submitted in it, and are reviewed or a working day old.

    `due_reviewed` of those are reviewed. `reviewed` were reviewed in the window, whenever they were submitted, and
    `overridden` of those were edited or rejected.
    """

    due: int = 0
    due_reviewed: int = 0
    reviewed: int = 0
    overridden: int = 0

    def __add__(self, other: "Reviews") -> "Reviews":
        return Reviews(
            self.due + other.due,
            self.due_reviewed + other.due_reviewed,
            self.reviewed + other.reviewed,
            self.overridden + other.overridden,
        )


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """The reviews of the last `days`: seen one by one, and typed by a person for whole weeks."""

    days: int
    seen: Reviews
    typed: Reviews


def count_reviews(
    reviews: Iterable[Signal[Review]], tallies: Iterable[Signal[ReviewTally]], days: int, team: Team, at: datetime
) -> ReviewCounts:
    """The counts of the `days` (by the team's wall clock) up to `at`, from the latest state of each review."""
    first = (at.astimezone(ZoneInfo(team.zone)) - timedelta(days=days)).astimezone(UTC)
    seen, typed = Reviews(), Reviews()
    for review in reviews:
        seen += _counted(review.body, team, first, at)
    for tally in tallies:
        if first <= tally.at <= at:
            week = tally.body
            typed += Reviews(week.outputs, week.reviewed, week.reviewed, week.overridden)
    return ReviewCounts(days, seen, typed)


def _counted(review: Review, team: Team, first: datetime, at: datetime) -> Reviews:
    is_reviewed = review.reviewed_at is not None and review.reviewed_at <= at
    is_due = first <= review.submitted_at <= at and (is_reviewed or _is_a_working_day_old(review, team, at))
    is_counted = is_reviewed and review.reviewed_at is not None and review.reviewed_at >= first
    return Reviews(
        due=int(is_due),
        due_reviewed=int(is_due and is_reviewed),
        reviewed=int(is_counted),
        overridden=int(is_counted and review.outcome is not ReviewOutcome.APPROVED),
    )


def _is_a_working_day_old(review: Review, team: Team, at: datetime) -> bool:
    hours_count = team.hours.last_hour - team.hours.first_hour
    return after_working_hours(review.submitted_at, hours_count, team.hours, team.zone) <= at
