"""What signals said of workflows, gathered for the rules: a few queries for all of them together."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.findings.acting import acts_by
from bot.actions.findings.frames import Frame, frame
from bot.domain.calendar import before_working_hours, end_of_day, working_time
from bot.domain.checklists import Checklist
from bot.domain.findings.limits import beyond_since, is_beyond, worst
from bot.domain.findings.seen import MeasuredByWeek, ReviewsSeen, ReworkWeek, Seen, StuckItem, StuckWork, is_rising
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import trace_of
from bot.domain.metrics import DefinedMetric
from bot.domain.signals.kinds import Change, IncidentCourse, Metric, Signal, WorkItem, WorkStatus
from bot.domain.statistics import median_duration
from store import View
from store.reading.weekly import ReviewsAsked, ReviewsCounted

_NAMED = 5
"""How many stuck work items are kept by name."""
_TRACES = 5

Frames = Mapping[str, Frame]


def seen_by(view: View, checklists: tuple[Checklist, ...], weeks: Weeks) -> Mapping[str, Seen]:
    """What signals said of each of these workflows, by id."""
    frames = {checklist.workflow.id: frame(checklist, weeks) for checklist in checklists}
    spans = {workflow_id: of.week for workflow_id, of in frames.items()}
    metrics, reviews, stuck = _metrics(view, frames), _reviews(view, frames), _stuck(view, frames, weeks.at)
    runs = view.sightings.newest_runs(tuple(frames), weeks.at)
    reworks = view.weekly.reworks({id_: of.spans("rework.rising", more=1) for id_, of in frames.items()})
    costly = {id_: of.week for id_, of in frames.items() if _is_costly(of, reworks[id_])}
    traces = view.weekly.costliest(costly, _TRACES)
    violations, reverts = view.sightings.violations(spans), view.sightings.reverts(spans)
    incidents, acts = view.sightings.incidents(spans), acts_by(view, frames)
    return {
        workflow_id: Seen(
            metrics=metrics[workflow_id],
            runs=runs[workflow_id],
            reviews=reviews[workflow_id],
            reworks=reworks[workflow_id],
            rework_traces=traces.get(workflow_id, ()),
            violations=violations[workflow_id],
            acts=acts[workflow_id],
            incidents=_severe(of, incidents[workflow_id]),
            stuck=stuck[workflow_id],
            reverts=_once(reverts[workflow_id]),
        )
        for workflow_id, of in frames.items()
    }


def _is_costly(of: Frame, weeks: tuple[ReworkWeek, ...]) -> bool:
    rising = "rework.rising"
    return is_rising(weeks, of.playbook.share(rising, "min_ratio"), of.playbook.count(rising, "min_usd"))


# Metrics


def _metrics(view: View, frames: Frames) -> Mapping[str, tuple[MeasuredByWeek, ...]]:
    at = next((of.weeks.at for of in frames.values()), None)
    if at is None:
        return {}
    defined = view.sightings.definitions(tuple(frames))
    newest = view.sightings.newest_values(tuple(frames), at)
    earlier = _earlier_values(view, frames)
    found = {}
    for workflow_id, of in frames.items():
        last = _by_metric(newest[workflow_id])
        before = [_by_metric(values.get(workflow_id, ())) for values in earlier]
        found[workflow_id] = tuple(_measured(of, each, last, before) for each in defined[workflow_id])
    return _with_onset(view, frames, found, at)


def _earlier_values(view: View, frames: Frames) -> list[Mapping[str, tuple[Signal[Metric], ...]]]:
    """The last values of the week before, and of those before that as far as a rule compares them."""
    spans = {id_: of.spans("target.off_pace") for id_, of in frames.items() if of.is_past_pilot}
    most = max(map(len, spans.values()), default=0)
    return [
        view.sightings.last_values({id_: weeks[back] for id_, weeks in spans.items() if back < len(weeks)})
        for back in range(1, most)
    ]


def _measured(
    of: Frame,
    defined: DefinedMetric,
    newest: Mapping[str, list[Signal[Metric]]],
    before: list[Mapping[str, list[Signal[Metric]]]],
) -> MeasuredByWeek:
    name, better = defined.entry.name, defined.entry.better
    last = worst(newest.get(name, ()), better)
    of_week = last if last and of.week.holds(last.at) else None
    return MeasuredByWeek(defined, last, (of_week, *(worst(values.get(name, ()), better) for values in before)))


def _with_onset(
    view: View, frames: Frames, found: dict[str, tuple[MeasuredByWeek, ...]], at: datetime
) -> Mapping[str, tuple[MeasuredByWeek, ...]]:
    """The same, with since when those values are beyond a limit that are; the few of them are read whole."""
    beyond = {
        (workflow_id, each.defined.entry.name)
        for workflow_id, metrics in found.items()
        for each in metrics
        if (value := each.weeks[0]) and is_beyond(each.defined.entry, value.body.value)
    }
    if not beyond:
        return found
    ids, names = sorted({id_ for id_, _ in beyond}), sorted({name for _, name in beyond})
    series = view.sightings.series(ids, names, at)
    for workflow_id in ids:
        begins = frames[workflow_id].begins
        found[workflow_id] = tuple(
            replace(each, beyond_since=beyond_since(each.defined.entry, series[key], begins))
            if (key := (workflow_id, each.defined.entry.name)) in beyond
            else each
            for each in found[workflow_id]
        )
    return found


def _by_metric(values: tuple[Signal[Metric], ...]) -> Mapping[str, list[Signal[Metric]]]:
    found: dict[str, list[Signal[Metric]]] = defaultdict(list)
    for value in values:
        found[value.body.metric].append(value)
    return found


# Reviews


def _reviews(view: View, frames: Frames) -> Mapping[str, ReviewsSeen]:
    at = next((of.weeks.at for of in frames.values()), None)
    if at is None:
        return {}
    counted = view.weekly.reviews({id_: _asked(of) for id_, of in frames.items()}, at)
    spans = {
        id_: of.week for id_, of in frames.items() if _may_be_slow(of, counted[id_]) or _may_be_quick(of, counted[id_])
    }
    times = view.weekly.review_times(spans, at)
    found = {}
    for workflow_id, of in frames.items():
        team, counts, took = of.workflow.team, counted[workflow_id], times.get(workflow_id, ())
        is_slow, is_quick = _may_be_slow(of, counts), _may_be_quick(of, counts)
        found[workflow_id] = ReviewsSeen(
            weeks=counts.weeks,
            due=counts.due,
            due_reviewed=counts.due_reviewed,
            median_working=median_duration(working_time(*each, team.hours, team.zone) for each in took)
            if is_slow
            else None,
            median_elapsed=median_duration(done - begun for begun, done in took) if is_quick else None,
        )
    return found


def _asked(of: Frame) -> ReviewsAsked:
    team = of.workflow.team
    hours_a_day = team.hours.last_hour - team.hours.first_hour
    return ReviewsAsked(
        weeks=of.spans("override.rising"),
        due_by=before_working_hours(of.weeks.at, hours_a_day, team.hours, team.zone),
        quick=timedelta(seconds=of.playbook.count("review.theater", "max_seconds")),
        slow=timedelta(hours=of.playbook.count("review.slow", "max_hours")),
    )


def _may_be_slow(of: Frame, counted: ReviewsCounted) -> bool:
    """Whether the median in working hours can be above the limit: only if half of them took as long by the clock."""
    n = counted.weeks[0].reviewed
    return n >= max(of.playbook.count("review.slow", "min_n"), 1) and 2 * counted.slow >= n


def _may_be_quick(of: Frame, counted: ReviewsCounted) -> bool:
    week = counted.weeks[0]
    is_enough = week.approved >= max(of.playbook.count("review.theater", "min_n"), 1)
    return is_enough and not week.overridden and 2 * counted.quick >= week.reviewed


# Incidents, changes, work


def _severe(of: Frame, courses: tuple[IncidentCourse, ...]) -> tuple[IncidentCourse, ...]:
    worst_kept = of.playbook.count("incident.open", "max_severity")
    return tuple(
        course for course in courses if course.latest.body.severity <= worst_kept and course.latest.at >= of.begins
    )


def _once(reverts: tuple[Signal[Change], ...]) -> tuple[Signal[Change], ...]:
    """Each change once, as it was told of last; several sources may name the same one."""
    return tuple({each.body.key: each for each in sorted(reverts, key=lambda each: each.at)}.values())


def _stuck(view: View, frames: Frames, at: datetime) -> Mapping[str, StuckWork]:
    found: dict[str, StuckWork] = dict.fromkeys(frames, StuckWork())
    for workflow_id, item in view.sightings.unfinished_work(tuple(frames), at):
        of = frames[workflow_id]
        if item.at < of.begins:
            continue
        due_at = _past_due(item.body, of, at)
        is_blocked = item.body.status is WorkStatus.BLOCKED
        if is_blocked or due_at is not None:
            known = found[workflow_id]
            stuck = StuckItem(item.body.key, item.body.title, item.body.status, due_at, trace_of(item))
            found[workflow_id] = StuckWork(
                known.blocked + is_blocked, known.overdue + (not is_blocked), _first((*known.first, stuck))
            )
    return found


def _first(items: tuple[StuckItem, ...]) -> tuple[StuckItem, ...]:
    def place(item: StuckItem) -> tuple[bool, float, str]:
        since = item.overdue_since
        return since is None, since.timestamp() if since else 0, item.key

    return tuple(sorted(items, key=place)[:_NAMED])


def _past_due(item: WorkItem, of: Frame, at: datetime) -> datetime | None:
    """The instant since which an item is past due: a date is over at its end; None where it is not."""
    if isinstance(item.due, datetime):
        return item.due if item.due < at else None
    if isinstance(item.due, date):
        over = end_of_day(item.due, of.workflow.team.zone)
        return over if over <= at else None
    return None
