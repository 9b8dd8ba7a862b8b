"""How findings went in the weeks before, counted by the database: a few queries for all of them together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from bot.domain.calendar import working_time
from bot.domain.digests.trends import MOST, WEEKS, Trend, Unit, digits
from bot.domain.findings.catalogue.metrics import pace
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.kinds import Finding
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.weeks import Weeks
from bot.domain.metrics import MetricEntry
from bot.domain.signals.kinds import Span
from bot.domain.statistics import median_duration
from store import View
from store.reading.weekly import ReviewsAsked

_LOOKED_AT = 3 * MOST
"""Of how many findings numbers are read; some may turn out to have too few."""

Values = tuple[str | None, ...]


def trends_of(view: View, findings: Iterable[Finding], judgement: Judgement) -> tuple[Trend, ...]:
    """A trend of each of the first of these findings, in their order."""
    looks = {look.workflow.id: look for look in judgement.looks}
    chosen = [each for each in islice(findings, _LOOKED_AT) if each.subject.id in looks]
    numbers = _Numbers(view, judgement.weeks, chosen)
    return tuple(_READERS[each.rule](numbers, looks[each.subject.id], each) for each in chosen)


class _Numbers:
    """What the weeks of some findings had, read once for all of a rule; the oldest week first."""

    def __init__(self, view: View, weeks: Weeks, findings: Iterable[Finding]) -> None:
        self._view = view
        self._findings = tuple(findings)
        self.weeks = weeks
        self.spans = tuple(weeks.week(back) for back in reversed(range(WEEKS)))
        self._series: Mapping[tuple[str, str], tuple[tuple[datetime, Decimal], ...]] | None = None

    def metric(self, workflow_id: str, name: str) -> tuple[tuple[datetime, Decimal] | None, ...]:
        """The last value of each week, and when it was measured."""
        if self._series is None:
            about = [each for each in self._findings if each.rule in _ABOUT_METRICS]
            ids, names = sorted({each.subject.id for each in about}), sorted({each.about for each in about})
            self._series = self._view.sightings.series(ids, names, self.weeks.at)
        values = self._series.get((workflow_id, name), ())
        return tuple(next((value for value in values if span.holds(value[0])), None) for span in self.spans)

    def override_rates(self, workflow_id: str) -> tuple[Decimal | None, ...]:
        """The share of each week's reviews that were overrides."""
        asked = ReviewsAsked(self.spans, self.weeks.at, timedelta(), timedelta())
        counted = self._view.weekly.reviews({workflow_id: asked}, self.weeks.at)[workflow_id]
        return tuple(Decimal(week.overridden) / week.reviewed if week.reviewed else None for week in counted.weeks)

    def rework(self, workflow_id: str, before: int) -> tuple[Decimal, ...]:
        """What rework cost in each of the weeks, and in so many before them."""
        spans = tuple(self.weeks.week(back) for back in reversed(range(WEEKS + before)))
        return tuple(week.cost_usd for week in self._view.weekly.reworks({workflow_id: spans})[workflow_id])

    def review_hours(self, look: WorkflowLook) -> tuple[Decimal | None, ...]:
        """The median time-to-review of each week, in the team's working hours."""
        team, whole = look.workflow.team, Span(self.spans[0].start, self.weeks.at)
        took = self._view.weekly.review_times({look.workflow.id: whole}, self.weeks.at)[look.workflow.id]
        medians = (
            median_duration(working_time(*each, team.hours, team.zone) for each in took if span.holds(each[1]))
            for span in self.spans
        )
        return tuple(None if each is None else Decimal(each // timedelta(seconds=1)) / 3600 for each in medians)


def _guardrail(numbers: _Numbers, look: WorkflowLook, finding: Finding) -> Trend:
    values = numbers.metric(look.workflow.id, finding.about)
    limit = _entry(look, finding.about).limit
    return _trend(look, finding.about, Unit.PLAIN, (value and value[1] for value in values), _flat(limit))


def _pace(numbers: _Numbers, look: WorkflowLook, finding: Finding) -> Trend:
    values, entry = numbers.metric(look.workflow.id, finding.about), _entry(look, finding.about)
    ends = (value[0] if value else span.end for value, span in zip(values, numbers.spans, strict=True))
    plan = tuple(digits(pace(entry, look, at)) for at in ends)
    trend = _trend(look, finding.about, Unit.PLAIN, (value and value[1] for value in values), plan)
    return replace(trend, is_plan=True)


def _overrides(numbers: _Numbers, look: WorkflowLook, finding: Finding) -> Trend:
    limit = look.playbook.share(finding.rule, "max_share")
    return _trend(look, "overrides", Unit.SHARE, numbers.override_rates(look.workflow.id), _flat(limit))


def _rework(numbers: _Numbers, look: WorkflowLook, finding: Finding) -> Trend:
    """Each week beside what its rule allows: a share of the mean of those before it, or what matters at all."""
    before = max(look.playbook.count(finding.rule, "windows"), 1)
    ratio, least = look.playbook.share(finding.rule, "min_ratio"), look.playbook.count(finding.rule, "min_usd")
    costs = numbers.rework(look.workflow.id, before)
    means = (sum(costs[place - before : place], Decimal()) / before for place in range(before, len(costs)))
    line = tuple(digits(max(ratio * mean, Decimal(least))) for mean in means)
    return _trend(look, "rework", Unit.USD, costs[before:], line)


def _slow(numbers: _Numbers, look: WorkflowLook, finding: Finding) -> Trend:
    limit = Decimal(look.playbook.count(finding.rule, "max_hours"))
    return _trend(look, "time to review", Unit.HOURS, numbers.review_hours(look), _flat(limit))


_READERS: Mapping[str, Callable[[_Numbers, WorkflowLook, Finding], Trend]] = {
    "guardrail.breached": _guardrail,
    "target.off_pace": _pace,
    "override.rising": _overrides,
    "rework.rising": _rework,
    "review.slow": _slow,
}
_ABOUT_METRICS = ("guardrail.breached", "target.off_pace")


def _entry(look: WorkflowLook, name: str) -> MetricEntry:
    return next(each.defined.entry for each in look.seen.metrics if each.defined.entry.name == name)


def _flat(limit: Decimal | None) -> Values:
    return (digits(limit),) * WEEKS


def _trend(look: WorkflowLook, thing: str, unit: Unit, values: Iterable[Decimal | None], line: Values) -> Trend:
    return Trend(look.workflow.name, thing, unit, tuple(digits(value) for value in values), line)
