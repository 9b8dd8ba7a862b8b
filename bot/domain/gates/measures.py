"""The checks of metrics: measured lately, guardrails within their limits, the target met or its miss explained."""

import re

from bot.domain.checks import GuardrailsHeld, MetricsFresh, TargetMet
from bot.domain.gate_evidence import Better, Evidence, MeasuredMetric, MetricKind, trace_of
from bot.domain.gates.words import NOT_KNOWN, counted, figure, mender, named, old
from bot.domain.memos import Memo
from bot.domain.signals.kinds import Metric, Signal
from bot.domain.verdicts import CheckResult, Outcome, Trace, worst

_SEPARATORS = re.compile(r"[\W_]+")


def metrics_fresh(check: MetricsFresh, evidence: Evidence) -> CheckResult:
    """Whether success metric and guardrails are defined, each with a fresh value."""
    success, guardrails = _successes(evidence), _guardrails(evidence)
    gaps = [] if success else ["no success metric with baseline and target"]
    if len(guardrails) < check.min_guardrails:
        gaps.append(f"{len(guardrails)} of {counted(check.min_guardrails, 'guardrail')}")
    silent = [m for m in (*success, *guardrails) if not _within(m, check.fresh_days, evidence)]
    outcome = Outcome.FAIL if gaps else Outcome.NO_DATA if silent else Outcome.PASS
    told = "; ".join([*gaps, *([f"no fresh value of {named([m.name for m in silent])}"] if silent else [])])
    return CheckResult(
        check="metrics_fresh",
        outcome=Outcome.NO_DATA if evidence.metrics is None else outcome,
        found=NOT_KNOWN if evidence.metrics is None else told or f"{len(success) + len(guardrails)} measured",
        needs=f"a success metric with baseline and target and ≥ {counted(check.min_guardrails, 'guardrail')}, "
        f"each with a value in {check.fresh_days} days",
        role=mender(evidence, "owner" if not success or set(silent) & set(success) else "eval_owner"),
        evidence=_traces((*success, *guardrails), evidence),
    )


def guardrails_held(check: GuardrailsHeld, evidence: Evidence) -> CheckResult:
    """Whether every guardrail was measured in the window, and never beyond its limit."""
    guardrails = _guardrails(evidence)
    breaches = {m.name: breach for m in guardrails if (breach := _breach(m, check.days, evidence))}
    silent = [m.name for m in guardrails if not _within(m, check.days, evidence)]
    told = [
        f"{m.name} {figure(breaches[m.name].body.value)}, limit {figure(m.limit)} "
        f"({old(evidence.age_days(breaches[m.name].at))})"
        for m in guardrails
        if m.name in breaches and m.limit is not None
    ]
    if silent:
        told.append(f"no value of {named(silent)}")
    outcome = Outcome.FAIL if breaches else Outcome.NO_DATA if silent or not guardrails else Outcome.PASS
    held = f"{counted(len(guardrails), 'guardrail')} within limits" if guardrails else "no guardrail"
    return CheckResult(
        check="guardrails_held",
        outcome=outcome,
        found=NOT_KNOWN if evidence.metrics is None else "; ".join(told) or held,
        needs=f"every guardrail measured and within its limit for {check.days} days",
        role=mender(evidence, "owner" if breaches else "eval_owner"),
        evidence=tuple(trace_of(breach) for breach in breaches.values()) or _traces(guardrails, evidence),
    )


def target_met(_: TargetMet, evidence: Evidence) -> CheckResult:
    """Whether the success metric is at its target, or a memo of this phase names it and so owns up to the miss."""
    answers = [_reached(metric, evidence) for metric in _successes(evidence)]
    gap = NOT_KNOWN if evidence.metrics is None else "no success metric with baseline and target"
    return CheckResult(
        check="target_met",
        outcome=worst(outcome for outcome, _, _ in answers),
        found="; ".join(told for _, told, _ in answers) or gap,
        needs=f"the target, or a memo filed in {evidence.leaving} that names the metric and says why not",
        role=mender(evidence, "owner"),
        evidence=tuple(trace for _, _, traces in answers for trace in traces),
    )


def latest(metric: MeasuredMetric, evidence: Evidence) -> Signal[Metric] | None:
    """The last value up to the instant of the evidence; of two at once the worse."""
    sign = 1 if metric.better is Better.LOWER else -1
    return max(
        (value for value in metric.values if value.at <= evidence.at),
        key=lambda value: (value.at, sign * value.body.value),
        default=None,
    )


def _reached(metric: MeasuredMetric, evidence: Evidence) -> tuple[Outcome, str, tuple[Trace, ...]]:
    value = latest(metric, evidence)
    if value is None or metric.target is None:
        return Outcome.NO_DATA, f"no value of {metric.name}", ()
    told = (
        f"{metric.name} {figure(value.body.value)}, target {figure(metric.target)} ({old(evidence.age_days(value.at))})"
    )
    if metric.better.holds(value.body.value, metric.target):
        return Outcome.PASS, told, (trace_of(value),)
    memos = [memo for memo in evidence.memos_in_force if _explains(memo, metric, evidence)]
    if memos:
        return (
            Outcome.PASS,
            f"{told}; a memo says why not",
            (trace_of(value), *(Trace("memo", memo.id) for memo in memos)),
        )
    return Outcome.FAIL, told, (trace_of(value),)


def _explains(memo: Memo, metric: MeasuredMetric, evidence: Evidence) -> bool:
    """Whether a memo of this phase names the metric, in its code name or in words (`csat_score`, "CSAT score")."""
    said = memo.content
    predicted = said.prediction.metric if said.prediction else ""
    text = "\n".join((said.title, said.decision, said.context, said.options, predicted))
    return memo.decided_at >= evidence.phase_since and _spaced(metric.name) in _spaced(text)


def _spaced(text: str) -> str:
    return f" {_SEPARATORS.sub(' ', text.casefold()).strip()} "


def _successes(evidence: Evidence) -> tuple[MeasuredMetric, ...]:
    return tuple(
        metric
        for metric in evidence.metrics or ()
        if metric.kind is MetricKind.SUCCESS and metric.baseline is not None and metric.target is not None
    )


def _guardrails(evidence: Evidence) -> tuple[MeasuredMetric, ...]:
    return tuple(m for m in evidence.metrics or () if m.kind is MetricKind.GUARDRAIL and m.limit is not None)


def _traces(metrics: tuple[MeasuredMetric, ...], evidence: Evidence) -> tuple[Trace, ...]:
    values = [latest(metric, evidence) for metric in metrics]
    return tuple(trace_of(value) for value in values if value)


def _within(metric: MeasuredMetric, days: int, evidence: Evidence) -> tuple[Signal[Metric], ...]:
    return tuple(v for v in metric.values if v.at <= evidence.at and evidence.is_fresh(v.at, days))


def _breach(metric: MeasuredMetric, days: int, evidence: Evidence) -> Signal[Metric] | None:
    """The last value in the window that is beyond the limit."""
    limit = metric.limit
    beyond = [
        v for v in _within(metric, days, evidence) if limit is not None and not metric.better.holds(v.body.value, limit)
    ]
    return max(beyond, key=lambda value: value.at, default=None)
