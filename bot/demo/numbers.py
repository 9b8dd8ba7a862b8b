"""The numbers of a sample workflow: its metrics week by week, its reviews, and one mistake that was caught."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

from bot.actions import metrics, saves, signals
from bot.actions.desk import Desk, Turn
from bot.demo.days import Days
from bot.demo.figures import METRICS, WEEKLY, Figures, Measure
from bot.demo.troubles import Act, Moment
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry
from bot.domain.signals.kinds import Body, Metric, Review, ReviewOutcome, Signal

_REVIEWS_A_WEEK = 24
_REVIEWER_STEP = timedelta(minutes=9)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is known of a workflow in figures on its day `until`; `roles` says who holds which role."""

    name: str
    figures: Figures
    begins: int
    until: int
    roles: dict[str, str]
    save: str = ""

    def moments(self, days: Days) -> Iterator[Moment]:
        """The metrics defined, their values each week, the week's reviews, and the mistake that was caught."""
        success, guardrail = self.figures.success, self.figures.guardrail
        defined = max(self.begins, 6)
        if defined < self.until:
            owner = self.roles["owner"]
            yield Moment(days.at(defined, f"{self.name} success"), owner, _define(success, MetricKind.SUCCESS))
            yield Moment(days.at(defined, f"{self.name} guard"), owner, _define(guardrail, MetricKind.GUARDRAIL))
        for day in (day for day in WEEKLY if defined < day < self.until):
            yield Moment(days.at(day, f"{self.name} week"), METRICS, _report(self.name, day, (success, guardrail)))
            reviewer = self.roles.get("eval_owner", self.roles["lead"])
            yield Moment(days.late_on(day), METRICS, _reviewed(self.name, day, reviewer))
        if self.save:
            yield Moment(days.late_on(self.until - 1), self.roles["steward"], _save(self.save, self.roles["steward"]))


def metric_name(measure: Measure) -> str:
    """What a measure is called as a metric."""
    return measure.name.replace(" ", "_")


def _define(measure: Measure, kind: MetricKind) -> Act:
    better = Better.LOWER if measure.last < measure.first or kind is MetricKind.GUARDRAIL else Better.HIGHER
    first, goal = measure.number(measure.first), measure.number(measure.goal)
    if kind is MetricKind.SUCCESS:
        entry = MetricEntry(metric_name(measure), kind, better, first, goal)
    else:
        entry = MetricEntry(metric_name(measure), kind, better, limit=goal)

    def define(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        metrics.define(turn, turn.change.workflow_by_id(workflow_id), entry)

    return define


def _report(name: str, day: int, measures: tuple[Measure, ...]) -> Act:
    def report(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del workflow_id, desk
        batch: tuple[Signal[Body], ...] = tuple(
            Signal(
                f"{name}-{metric_name(each)}-{day}",
                "metrics",
                turn.at,
                name,
                None,
                None,
                Metric(metric_name(each), each.value(day)),
            )
            for each in measures
        )
        signals.keep(turn, batch)

    return report


def _reviewed(name: str, day: int, reviewer: str) -> Act:
    def report(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del workflow_id, desk
        signals.keep(turn, tuple(_review(name, day, number, turn, reviewer) for number in range(_REVIEWS_A_WEEK)))

    return report


def _review(name: str, day: int, number: int, turn: Turn, reviewer: str) -> Signal[Body]:
    done_at = turn.at - number * _REVIEWER_STEP
    is_edited = crc32(f"{name}{day}{number}".encode()) % _REVIEWS_A_WEEK == 0
    outcome = ReviewOutcome.EDITED if is_edited else ReviewOutcome.APPROVED
    body = Review(
        output_id=f"{name}-{day}-{number}",
        submitted_at=done_at - timedelta(minutes=20),
        reviewed_at=done_at,
        outcome=outcome,
        reviewer=reviewer,
    )
    return Signal(f"review-{name}-{day}-{number}", "reviews", done_at, name, None, None, body)


def _save(summary: str, by: str) -> Act:
    def save(turn: Turn, workflow_id: str, desk: Desk) -> None:
        saves.save(turn, turn.change.workflow_by_id(workflow_id), summary, desk.person(by))

    return save
