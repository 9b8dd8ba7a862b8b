"""The metrics of a workflow with their last values, and the window that defines one."""

from decimal import Decimal

from bot.domain.gate_evidence import Better, MeasuredMetric, MetricKind
from bot.domain.workflows import Workflow
from bot.slack.blocks import (
    Block,
    Screen,
    actions,
    button,
    chosen,
    context,
    field,
    modal,
    option,
    section,
    typed,
)
from bot.slack.pen import Pen

_LIMIT = 30
_NUMBER_LIMIT = 30


def metrics_screen(pen: Pen, workflow: Workflow, found: tuple[MeasuredMetric, ...]) -> Screen:
    """One line for each metric, by name, and a way to define one more."""
    title = pen.md("metrics.title", w=workflow, count=len(found))
    blocks = [section(title)]
    for metric in found[:_LIMIT]:
        last = metric.values[-1] if metric.values else None
        place = f"{workflow.id}:{metric.name}"
        blocks.append(section(pen.md("metrics.line", m=metric, last=last), button("Change…", "metric.change", place)))
    if len(found) > _LIMIT:
        blocks.append(context(pen.md("metrics.more", count=len(found) - _LIMIT)))
    record = button("Record a number…", "record.open", workflow.id)
    blocks.append(actions(button("Define a metric…", "metric.define", workflow.id, style="primary"), record))
    return Screen(title, tuple(blocks))


def metric_modal(pen: Pen, metric: MeasuredMetric | None, memory: str) -> Block:
    """What a metric is for and its numbers, filled with how it is; the name only where it is new."""
    kind, better = (metric.kind, metric.better) if metric else (MetricKind.SUCCESS, Better.HIGHER)
    blocks = [] if metric else [field("metric", "Name, as signals spell it", typed(limit=200, placeholder="csat"))]
    kinds = [option(each.value.capitalize(), each.value) for each in MetricKind]
    ways = [option(f"{each.value.capitalize()} is better", each.value) for each in Better]
    blocks += [
        field("kind", "What is it for?", chosen(kinds, kind), hint=pen.plain("metrics.kind_hint")),
        field("better", "Which way should it go?", chosen(ways, better)),
        field("baseline", "Baseline: where it began", _number(metric, "baseline"), optional=True),
        field("target", "Target: what it should reach", _number(metric, "target"), optional=True),
        field("limit", "Limit: what it must not pass", _number(metric, "limit"), optional=True),
    ]
    if metric:
        why = field("reason", "Why?", typed(multiline=True), optional=True, hint=pen.plain("metrics.reason_hint"))
        blocks.append(why)
    title = "Change the metric" if metric else "Define a metric"
    return modal("metric.define", title, blocks, submit="Save", metadata=memory)


def _number(metric: MeasuredMetric | None, name: str) -> Block:
    value: Decimal | None = getattr(metric, name) if metric else None
    return typed("" if value is None else f"{value:f}", limit=_NUMBER_LIMIT)
