"""Rules about reviews: overrides, how soon and how many outputs are reviewed, and whether anybody looks."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.seen import ReviewWeek
from bot.domain.findings.words import hours, number, seconds
from bot.domain.gates.words import percent, percent_at_least, percent_at_most
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Role


@rule("override.rising")
def override_rising(look: WorkflowLook) -> Iterator[Found]:
    """Overrides were > 10 % of at least 20 reviews; or rose from week to week over three weeks, by ≥ 5 points."""
    weeks, book = look.seen.reviews.weeks, look.playbook
    limit, min_n = book.share("override.rising", "max_share"), book.count("override.rising", "min_n")
    week = weeks[0]
    if week.reviewed < max(min_n, 1):
        return
    told = f"{percent_at_most(_share(week))} of {week.reviewed:,} reviews were overrides"
    if Fraction(week.overridden) > Fraction(limit) * week.reviewed:
        summary = f"{told} (at most {percent(limit)})"
    elif _rises(weeks, min_n, book.share("override.rising", "min_rise")):
        shares = ", ".join(percent_at_most(_share(each)) for each in reversed(weeks))
        summary = f"overrides rose from week to week over {number(len(weeks))} weeks: {shares} of the reviews"
    else:
        return
    yield Found(
        severity=Severity.WARNING,
        summary=summary,
        owner=look.owner(Role.EVAL_OWNER),
        next_step="look at what reviewers change, and add it to the eval suite",
        facts=(
            ("reviewed", week.reviewed),
            ("edited", week.edited),
            ("rejected", week.rejected),
            ("share", f"{_share(week):.4f}"),
            ("max_share", f"{limit:f}"),
            ("shares_by_week", tuple(f"{_share(each):.4f}" if each.reviewed else "none" for each in weeks)),
            ("reviewed_by_week", tuple(str(each.reviewed) for each in weeks)),
        ),
    )


def _rises(weeks: tuple[ReviewWeek, ...], min_n: int, min_rise: Decimal) -> bool:
    if len(weeks) < 2 or any(week.reviewed < max(min_n, 1) for week in weeks):
        return False
    rates = [Fraction(week.overridden, week.reviewed) for week in reversed(weeks)]
    is_each = all(before < after for before, after in pairwise(rates))
    return is_each and rates[-1] - rates[0] >= Fraction(min_rise)


def _share(week: ReviewWeek) -> Decimal:
    return Decimal(week.overridden) / week.reviewed


@rule("review.slow")
def review_slow(look: WorkflowLook) -> Iterator[Found]:
    """The median time-to-review in the week, in the team's working hours, is more than 4 h (of at least 5 reviews)."""
    reviews, book = look.seen.reviews, look.playbook
    max_hours, min_n = book.count("review.slow", "max_hours"), book.count("review.slow", "min_n")
    median, n = reviews.median_working, reviews.week.reviewed
    if median is None or n < min_n or median.total_seconds() <= max_hours * 3600:
        return
    yield Found(
        severity=Severity.WARNING,
        summary=f"reviews take {hours(median)} of working time (median of {n:,}, at most {max_hours} h)",
        owner=look.owner(Role.STEWARD),
        next_step="find more time for reviews, or hand fewer outputs in",
        facts=(("median_s", int(median.total_seconds())), ("reviewed", n), ("max_hours", max_hours)),
    )


@rule("review.backlog")
def review_backlog(look: WorkflowLook) -> Iterator[Found]:
    """Less than 95 % of the week's outputs that are reviewed or a working day old are reviewed (at least 20)."""
    reviews, book = look.seen.reviews, look.playbook
    min_share, min_n = book.share("review.backlog", "min_share"), book.count("review.backlog", "min_n")
    due, done = reviews.due, reviews.due_reviewed
    if due < max(min_n, 1) or Fraction(done) >= Fraction(min_share) * due:
        return
    share = Decimal(done) / due
    yield Found(
        severity=Severity.WARNING,
        summary=f"{percent_at_least(share)} of {due:,} outputs are reviewed, {due - done:,} wait "
        f"(at least {percent(min_share)})",
        owner=look.owner(Role.STEWARD),
        next_step="review what waits, the oldest first",
        facts=(("due", due), ("reviewed", done), ("share", f"{share:.4f}"), ("min_share", f"{min_share:f}")),
        size=due - done,
    )


@rule("review.theater")
def review_theater(look: WorkflowLook) -> Iterator[Found]:
    """At least 20 approvals and no override in the week, with a median time-to-review below 30 s."""
    reviews, book = look.seen.reviews, look.playbook
    min_n, max_seconds = book.count("review.theater", "min_n"), book.count("review.theater", "max_seconds")
    week, median = reviews.week, reviews.median_elapsed
    if week.approved < max(min_n, 1) or week.overridden or median is None or median.total_seconds() >= max_seconds:
        return
    yield Found(
        severity=Severity.WARNING,
        summary=f"{week.approved:,} approvals without an override, each within {seconds(median)} in the median "
        f"(a look takes {max_seconds} s)",
        owner=look.owner(Role.EVAL_OWNER),
        next_step="ask how reviews are done, and plant a few wrong outputs",
        facts=(
            ("approved", week.approved),
            ("median_ms", int(median.total_seconds() * 1000)),
            ("max_seconds", max_seconds),
        ),
    )


@rule("review.silent")
def review_silent(look: WorkflowLook) -> Iterator[Found]:
    """From production on, there were decisions or agent actions in the week, and no review."""
    acted = look.seen.acts.count
    if look.workflow.phase is PhaseName.PILOT or not acted or look.seen.reviews.week.reviewed:
        return
    yield Found(
        severity=Severity.WARNING,
        summary=f"no review in the week, in which the agent acted or asked {acted:,} time{'' if acted == 1 else 's'}",
        owner=look.owner(Role.STEWARD),
        next_step="review some of what the agent does, or send the reviews that were done",
        facts=(("actions_and_decisions", acted), ("reviewed", 0)),
    )
