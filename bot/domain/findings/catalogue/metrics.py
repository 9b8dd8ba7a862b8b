"""Rules about metrics: guardrails, values that fail to come, and how far the target is."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Context, Decimal

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.limits import is_beyond
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.seen import MeasuredByWeek
from bot.domain.findings.words import called, day, days_since
from bot.domain.gate_evidence import Better, MetricKind, trace_of
from bot.domain.gates.words import counted, figure
from bot.domain.metrics import MetricEntry
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Metric, Signal
from bot.domain.signals.order import is_history
from bot.domain.workflows import Role, Workflow

_EXACT = Context(prec=50)


@rule("guardrail.breached", while_paused=True)
def guardrail_breached(look: WorkflowLook) -> Iterator[Found]:
    """The latest value of a guardrail metric in the week is beyond its limit."""
    for each in look.seen.metrics:
        entry, value = each.defined.entry, each.weeks[0]
        if entry.limit is None or value is None or not is_beyond(entry, value.body.value):
            continue
        since = each.beyond_since or value.at
        yield Found(
            severity=Severity.CRITICAL,
            summary=f"{called(entry.name)} {figure(value.body.value)}, limit {figure(entry.limit)} (guardrail), "
            f"since {day(since, look.weeks)}",
            owner=look.owner(Role.OWNER),
            next_step="roll back or change course",
            facts=(
                ("metric", entry.name),
                ("value", f"{value.body.value:f}"),
                ("limit", f"{entry.limit:f}"),
                ("better", str(entry.better)),
                ("measured_at", value.at.isoformat()),
                ("since", since.isoformat()),
            ),
            evidence=(trace_of(value),),
            about=entry.name,
        )


@rule("metric.silent")
def metric_silent(look: WorkflowLook) -> Iterator[Found]:
    """From day 16 on, a success or guardrail metric has had no value for 14 days.

    While it has none, the days count from its definition.
    """
    from_day, max_days = (look.playbook.count("metric.silent", name) for name in ("from_day", "max_days"))
    if look.workflow.day(look.at) < from_day:
        return
    for each in look.seen.metrics:
        since = _silent_since(each, look.workflow)
        if since >= look.weeks.days_before(max_days):
            continue
        name, days = each.defined.entry.name, days_since(since, look.weeks)
        last = each.newest
        told = f"no value of {called(name)} for {counted(days, 'day')}" + (
            "" if last else ", none since it was defined"
        )
        yield Found(
            severity=Severity.WARNING,
            summary=f"{told} (at most {max_days})",
            owner=look.owner(Role.EVAL_OWNER if each.defined.entry.kind is MetricKind.GUARDRAIL else Role.OWNER),
            next_step=f"measure {called(name)}, or mend what sends it",
            facts=(
                ("metric", name),
                ("kind", str(each.defined.entry.kind)),
                ("since", since.isoformat()),
                ("days", days),
                ("max_days", max_days),
            ),
            evidence=(trace_of(last),) if last else (),
            about=name,
        )


def _silent_since(metric: MeasuredByWeek, workflow: Workflow) -> datetime:
    """The last value; of a metric that has but history, its definition if that is later."""
    last, defined_at = metric.newest, metric.defined.since
    if last is None:
        return defined_at
    return max(last.at, defined_at) if is_history(last, workflow.start_on, workflow.team.zone) else last.at


@rule("target.off_pace")
def target_off_pace(look: WorkflowLook) -> Iterator[Found]:
    """From production on, the success metric is behind its straight line two weeks in a row, by more than 10 % of it.

    The line leads from the baseline, at the end of the pilot, to the target, at the playbook's end, and goes on flat;
    the last value of each week is held against it on its own day, and the 10 % are those of the whole distance.
    """
    if look.workflow.phase is PhaseName.PILOT:
        return
    windows = max(look.playbook.count("target.off_pace", "windows"), 1)
    share = look.playbook.share("target.off_pace", "max_share_behind")
    for each in look.seen.metrics:
        entry, values = each.defined.entry, each.weeks[:windows]
        if entry.kind is not MetricKind.SUCCESS or entry.baseline is None or entry.target is None:
            continue
        present = [value for value in values if value is not None]
        if len(present) < windows or not all(_is_behind(entry, value, look, share) for value in present):
            continue
        now = present[0]
        line = _rounded(pace(entry, look, now.at))
        yield Found(
            severity=Severity.WARNING,
            summary=f"{called(entry.name)} {figure(now.body.value)} on {day(now.at, look.weeks)}, where the way from "
            f"{figure(entry.baseline)} to {figure(entry.target)} asks for {figure(line)}; "
            f"off pace {counted(windows, 'week')} in a row",
            owner=look.owner(Role.OWNER),
            next_step="say what changes, or move the target by a memo",
            facts=(
                ("metric", entry.name),
                ("values", tuple(f"{value.body.value:f}" for value in present)),
                ("measured_at", tuple(value.at.isoformat() for value in present)),
                ("line", f"{line:f}"),
                ("baseline", f"{entry.baseline:f}"),
                ("target", f"{entry.target:f}"),
            ),
            evidence=tuple(trace_of(value) for value in present),
            about=entry.name,
        )


def pace(entry: MetricEntry, look: WorkflowLook, at: datetime) -> Decimal:
    """Where the straight line from baseline to target is on the day of `at`."""
    baseline, target = _ends(entry)
    gone, whole = _way(look, at)
    return _EXACT.add(baseline, _EXACT.divide((target - baseline) * gone, Decimal(whole)))


def _way(look: WorkflowLook, at: datetime) -> tuple[int, int]:
    """How many days of the way to the target are gone at `at`, and how many there are."""
    first, last = look.playbook.phase(PhaseName.PILOT).last_day or 0, look.playbook.last_day
    whole = max(last - first, 1)
    return min(max(look.day(at) - first, 0), whole), whole


def _ends(entry: MetricEntry) -> tuple[Decimal, Decimal]:
    return entry.baseline or Decimal(0), entry.target or Decimal(0)


def _is_behind(entry: MetricEntry, value: Signal[Metric], look: WorkflowLook, share: Decimal) -> bool:
    baseline, target = _ends(entry)
    gone, whole = _way(look, value.at)
    # Multiplied by the days of the whole way, so that no division rounds a value across the line.
    ahead = (value.body.value - baseline) * whole - (target - baseline) * gone
    worse = -ahead if entry.better is Better.HIGHER else ahead
    return worse > share * abs(target - baseline) * whole


def _rounded(number: Decimal) -> Decimal:
    return _EXACT.plus(number).quantize(Decimal("0.001"))
