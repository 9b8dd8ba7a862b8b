"""`rollout metric` and `rollout redline`: what a workflow is measured by, and what its agent must never do."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show, tell
from bot.cli.words import BetterName, MetricKindName, WorkflowName, number_of

if TYPE_CHECKING:
    from bot.domain.gate_evidence import DefinedRedLine, MeasuredMetric
    from bot.domain.metrics import RedLineEntry

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Metrics: what a workflow is measured by.")
red_lines = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Red lines: what an agent must never do.")


@command(app, "define")
def define(
    call: Call,
    workflow: WorkflowName,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, as the signals about it spell it.")],
    *,
    kind: Annotated[MetricKindName, typer.Option("--kind", help="What it is for.")],
    better: Annotated[BetterName, typer.Option("--better", help="Which way it should go.")],
    baseline: Annotated[
        Decimal | None, typer.Option("--baseline", metavar="X", parser=number_of, help="Success: where it began.")
    ] = None,
    target: Annotated[
        Decimal | None, typer.Option("--target", metavar="X", parser=number_of, help="Success: what it should reach.")
    ] = None,
    limit: Annotated[
        Decimal | None, typer.Option("--limit", metavar="X", parser=number_of, help="Guardrail: what it must not pass.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why it may get easier, for whoever must approve that.")
    ] = "",
) -> None:
    """Define a metric, or tighten it; to loosen one, ask an approver by it."""
    from bot.actions.metrics import define as settle
    from bot.cli.desk import to_change
    from bot.domain.errors import BadInput
    from bot.domain.facts import RequestMade
    from bot.domain.gate_evidence import Better, MetricKind
    from bot.domain.metrics import MetricEntry, demand_whole

    entry = MetricEntry(name, MetricKind(kind), Better(better), baseline, target, limit=limit)
    try:
        demand_whole(entry)
    except BadInput as gap:
        raise BadUsage(str(gap)) from None
    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, settle, found, entry, reason)
    if isinstance(fact, RequestMade):
        show({"id": found.id, "metric": dict(fact.terms)["metric"], "request": fact.request_id})
        return
    if not entry.is_complete:
        tell("It has no baseline yet, and gates ask for one: define it again with --baseline once it is known.")
    show({"id": found.id, "metric": fact.metric, "version": fact.seen_version + 1})


@command(app, "list")
def show_all(call: Call, workflow: WorkflowName) -> None:
    """List the metrics of a workflow, each with its last value."""
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        found = view.metrics.measured(workflow_in(view, workflow).id)
    show({"metrics": [_metric(each) for each in found]})


@command(red_lines, "define")
def define_red_line(
    call: Call,
    workflow: WorkflowName,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its name, as the signals about it spell it.")],
    *,
    text: Annotated[str, typer.Option("--text", metavar="T", help="What the agent must never do.")],
) -> None:
    """Put into words what the agent must never do; the pilot gate wants it seen firing in a test."""
    from bot.actions.metrics import define_red_line as settle
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, settle, found, rule, text)
    show({"id": found.id, "rule": fact.rule, "version": fact.seen_version + 1})


@command(red_lines, "list")
def show_red_lines(call: Call, workflow: WorkflowName) -> None:
    """List the red lines of a workflow, and which of them were seen firing in a test."""
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        about = workflow_in(view, workflow).id
        tests = {line.rule: line for line in view.metrics.red_lines(about)}
        found = [_red_line(entry, tests[entry.rule]) for entry in view.metrics.red_line_entries(about)]
    show({"red_lines": found})


def _metric(metric: "MeasuredMetric") -> dict[str, object]:
    from store.types import instant_text

    last = metric.values[-1] if metric.values else None
    numbers = {name: getattr(metric, name) for name in ("baseline", "target", "limit")}
    return {
        "metric": metric.name,
        "kind": metric.kind.value,
        "better": metric.better.value,
        **{name: None if number is None else f"{number:f}" for name, number in numbers.items()},
        "value": f"{last.body.value:f}" if last else None,
        "at": instant_text(last.at) if last else None,
    }


def _red_line(entry: "RedLineEntry", line: "DefinedRedLine") -> dict[str, object]:
    from store.types import instant_text

    return {
        "rule": entry.rule,
        "text": entry.text,
        "version": entry.version,
        "fired_at": instant_text(line.test.at) if line.test else None,
    }
