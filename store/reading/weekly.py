"""What signals add up to in a week, counted by the database: of many workflows at once, as was known at an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Float, and_, bindparam, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from bot.domain.findings.seen import ReviewWeek, ReworkWeek
from bot.domain.findings.steward_week import StewardWeek
from bot.domain.signals.kinds import Review, ReviewOutcome, SignalType, Span
from bot.domain.signals.order import latest
from bot.domain.verdicts import Trace
from store.reading.grouping import together
from store.reading.hindsight import told_since
from store.reading.steward_weeks import read_steward_weeks
from store.tables.signals import MILLIONTHS, reviews, reworks, signals

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")
_UNTIL: BindParameter[Any] = bindparam("until")
_QUICK_S: BindParameter[Any] = bindparam("quick_s")
_SLOW_S: BindParameter[Any] = bindparam("slow_s")

_SLACK = timedelta(seconds=1)
"""By how much elapsed times in SQL may be off, and a good deal more: SQLite knows milliseconds."""


class _ElapsedSeconds(FunctionElement[float]):
    """How many seconds lie between two instants, nearly."""

    type = Float()
    inherit_cache = True


@compiles(_ElapsedSeconds, "sqlite")
def _elapsed_on_sqlite(element: _ElapsedSeconds, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(_ElapsedSeconds, "postgresql")
def _elapsed_on_postgresql(element: _ElapsedSeconds, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"extract(epoch FROM {end} - {start})"


@dataclass(frozen=True, slots=True)
class ReviewsAsked:
    """What to count of a workflow's reviews: those done in each of the weeks, this one first, and what was due in it.

    What was submitted up to `due_by` is old enough to be reviewed; `quick` and `slow` are the times from submission to
    review that matter.
    """

    weeks: tuple[Span, ...]
    due_by: datetime
    quick: timedelta
    slow: timedelta


@dataclass(frozen=True, slots=True)
class ReviewsCounted:
    """Reviews counted by week, and the outputs of this one; at least as many as `quick` and `slow` ask are counted."""

    weeks: tuple[ReviewWeek, ...]
    due: int = 0
    due_reviewed: int = 0
    quick: int = 0
    slow: int = 0


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(and_(*conditions))


_TOOK_S = _ElapsedSeconds(reviews.c.submitted_at, reviews.c.reviewed_at)
_IS_REVIEWED = reviews.c.reviewed_at < _UNTIL
_DONE = (
    select(
        reviews.c.workflow_id,
        func.count().label("reviewed"),
        _count(reviews.c.outcome == ReviewOutcome.EDITED).label("edited"),
        _count(reviews.c.outcome == ReviewOutcome.REJECTED).label("rejected"),
        _count(_TOOK_S < _QUICK_S).label("quick"),
        _count(_TOOK_S > _SLOW_S).label("slow"),
    )
    .where(
        reviews.c.workflow_id.in_(_IDS),
        reviews.c.reviewed_at >= _START,
        reviews.c.reviewed_at < _END,
        reviews.c.at < _UNTIL,
    )
    .group_by(reviews.c.workflow_id)
)
_DUE = (
    select(
        reviews.c.workflow_id,
        _count(or_(_IS_REVIEWED, reviews.c.submitted_at <= bindparam("due_by"))).label("due"),
        _count(_IS_REVIEWED).label("due_reviewed"),
    )
    .where(
        reviews.c.workflow_id.in_(_IDS),
        reviews.c.submitted_at >= _START,
        reviews.c.submitted_at < _END,
        reviews.c.at < _UNTIL,
    )
    .group_by(reviews.c.workflow_id)
)
_TIMES = select(reviews.c.workflow_id, reviews.c.submitted_at, reviews.c.reviewed_at).where(
    reviews.c.workflow_id.in_(_IDS),
    reviews.c.reviewed_at >= _START,
    reviews.c.reviewed_at < _END,
    reviews.c.at < _UNTIL,
)
_COSTS = (
    select(reworks.c.workflow_id, func.count().label("many"), func.sum(reworks.c.cost_millionths).label("cost"))
    .where(reworks.c.workflow_id.in_(_IDS), reworks.c.at >= _START, reworks.c.at < _END)
    .group_by(reworks.c.workflow_id)
)

_RECORDS = (
    select(reworks.c.workflow_id, signals.c.id, signals.c.url)
    .join(signals, signals.c.seq == reworks.c.signal)
    .where(reworks.c.workflow_id.in_(_IDS), reworks.c.at >= _START, reworks.c.at < _END)
    .order_by(reworks.c.cost_millionths.desc(), reworks.c.signal)
)

Took = tuple[datetime, datetime]
"""From when to when something waited for its review."""


class Weekly:
    """What signals add up to in a week, as `view.weekly`; every workflow that is asked for is in the answer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reviews(self, asked: Mapping[str, ReviewsAsked], until: datetime) -> Mapping[str, ReviewsCounted]:
        """The reviews of each workflow, counted as was known at `until`, when this week ends."""
        found = {each: ReviewsCounted(tuple(ReviewWeek() for _ in of.weeks)) for each, of in asked.items()}
        for of, ids in together(asked):
            self._count_done(found, of, ids, until)
            self._count_due(found, of, ids, until)
            for workflow_id, told in told_since(self._connection, SignalType.REVIEW, ids, until):
                found[workflow_id] = _with(found[workflow_id], latest(told).body, of, until)
        return found

    def review_times(self, spans: Mapping[str, Span], until: datetime) -> Mapping[str, tuple[Took, ...]]:
        """When each output that was reviewed in the span was submitted and reviewed."""
        found: dict[str, list[Took]] = {each: [] for each in spans}
        for span, ids in together(spans):
            bounds = {"ids": ids, "start": span.start, "end": span.end, "until": until}
            for row in self._connection.execute(_TIMES, bounds):
                found[row.workflow_id].append((row.submitted_at, row.reviewed_at))
            for workflow_id, told in told_since(self._connection, SignalType.REVIEW, ids, until):
                review = latest(told).body
                if review.reviewed_at is not None and span.holds(review.reviewed_at):
                    found[workflow_id].append((review.submitted_at, review.reviewed_at))
        return {each: tuple(sorted(times)) for each, times in found.items()}

    def reworks(self, weeks: Mapping[str, tuple[Span, ...]]) -> Mapping[str, tuple[ReworkWeek, ...]]:
        """What had to be done again in each of the weeks, and what it cost."""
        found = {each: [ReworkWeek() for _ in spans] for each, spans in weeks.items()}
        for spans, ids in together(weeks):
            for place, span in enumerate(spans):
                bounds = {"ids": ids, "start": span.start, "end": span.end}
                for row in self._connection.execute(_COSTS, bounds):
                    found[row.workflow_id][place] = ReworkWeek(row.many, Decimal(int(row.cost)) / MILLIONTHS)
        return {each: tuple(of) for each, of in found.items()}

    def costliest(self, spans: Mapping[str, Span], most: int) -> Mapping[str, tuple[Trace, ...]]:
        """Where the costliest records of rework in the span are, at most so many of each workflow."""
        found: dict[str, list[Trace]] = {each: [] for each in spans}
        for span, ids in together(spans):
            for row in self._connection.execute(_RECORDS, {"ids": ids, "start": span.start, "end": span.end}):
                if len(found[row.workflow_id]) < most:
                    found[row.workflow_id].append(Trace("signal", row.id, row.url))
        return {each: tuple(traces) for each, traces in found.items()}

    def steward(self, spans: Mapping[str, Span]) -> Mapping[str, StewardWeek]:
        """The numbers of a week that the steward of each workflow looks at."""
        return read_steward_weeks(self._connection, spans)

    def _count_done(
        self, found: dict[str, ReviewsCounted], of: ReviewsAsked, ids: Sequence[str], until: datetime
    ) -> None:
        near = {
            "quick_s": (of.quick + _SLACK).total_seconds(),
            "slow_s": (of.slow - _SLACK).total_seconds(),
            "until": until,
        }
        for place, span in enumerate(of.weeks):
            for row in self._connection.execute(_DONE, near | {"ids": ids, "start": span.start, "end": span.end}):
                week = ReviewWeek(row.reviewed, row.edited, row.rejected)
                counted = found[row.workflow_id]
                found[row.workflow_id] = replace(counted, weeks=_put(counted.weeks, place, week))
                if place == 0:
                    found[row.workflow_id] = replace(found[row.workflow_id], quick=row.quick, slow=row.slow)

    def _count_due(
        self, found: dict[str, ReviewsCounted], of: ReviewsAsked, ids: Sequence[str], until: datetime
    ) -> None:
        week = of.weeks[0]
        bounds = {"ids": ids, "start": week.start, "end": week.end, "until": until, "due_by": of.due_by}
        for row in self._connection.execute(_DUE, bounds):
            found[row.workflow_id] = replace(found[row.workflow_id], due=row.due, due_reviewed=row.due_reviewed)


def _put(weeks: Iterable[ReviewWeek], place: int, week: ReviewWeek) -> tuple[ReviewWeek, ...]:
    return tuple(week if at == place else other for at, other in enumerate(weeks))


def _with(counted: ReviewsCounted, review: Review, of: ReviewsAsked, until: datetime) -> ReviewsCounted:
    """The same with one review more, as it was known at `until`."""
    weeks = tuple(
        _plus(week, review) if span.holds(review.reviewed_at) else week
        for week, span in zip(counted.weeks, of.weeks, strict=True)
    )
    is_reviewed = review.reviewed_at is not None and review.reviewed_at < until
    is_submitted = of.weeks[0].holds(review.submitted_at)
    is_done = of.weeks[0].holds(review.reviewed_at)
    took = review.reviewed_at - review.submitted_at if review.reviewed_at else timedelta()
    return ReviewsCounted(
        weeks,
        due=counted.due + (is_submitted and (is_reviewed or review.submitted_at <= of.due_by)),
        due_reviewed=counted.due_reviewed + (is_submitted and is_reviewed),
        quick=counted.quick + (is_done and took < of.quick),
        slow=counted.slow + (is_done and took > of.slow),
    )


def _plus(week: ReviewWeek, review: Review) -> ReviewWeek:
    return ReviewWeek(
        week.reviewed + 1,
        week.edited + (review.outcome is ReviewOutcome.EDITED),
        week.rejected + (review.outcome is ReviewOutcome.REJECTED),
    )
