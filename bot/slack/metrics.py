"""Metrics in Slack: looked at, defined, made stricter, and asked to become easier."""

from bot.actions import metrics
from bot.domain.errors import BadInput, Conflict
from bot.domain.facts import RequestMade
from bot.domain.gate_evidence import Better, MeasuredMetric, MetricKind
from bot.domain.metrics import MetricEntry, number_in
from bot.domain.rights import Right
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Open, Say
from bot.slack.blocks import Screen, section
from bot.slack.lookups import workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.requests import asked_words
from bot.slack.screens.metrics import metric_modal, metrics_screen
from bot.slack.visit import Click, Form, Visit, memory


@command("metric [workflow]", "what it is measured by; define or change a metric", Group.DO)
def metric(visit: Visit, typed: str) -> Answer:
    """The metrics of a workflow, each with its last value."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "metric")
        found = view.metrics.measured(workflow.id)
    return Say(metrics_screen(visit.pen, workflow, found))


@click("metric.define")
def open_define(visit: Visit, clicked: Click) -> Answer:
    """The window for a new metric, for whoever may define one; others are refused before they type."""
    workflow, _ = _found(visit, clicked.value)
    demand_open(workflow)
    visit.desk.demand(visit.actor, Right.MANAGE, workflow.team, workflow)
    return Open(metric_modal(visit.pen, None, memory(visit, workflow=workflow.id)))


@click("metric.change")
def open_change(visit: Visit, clicked: Click) -> Answer:
    """The same window, filled with a metric as it is; everyone may ask for one to become easier."""
    workflow_id, _, name = clicked.value.partition(":")
    workflow, version = _found(visit, workflow_id, name)
    demand_open(workflow)
    with visit.look() as view:
        known = {each.name: each for each in view.metrics.measured(workflow_id)}
    return Open(_filled(visit, workflow, known[name], version))


def _filled(visit: Visit, workflow: Workflow, found: MeasuredMetric, version: int) -> dict[str, object]:
    kept = memory(visit, workflow=workflow.id, metric=found.name, seen=str(version))
    return metric_modal(visit.pen, found, kept)


def _found(visit: Visit, workflow_id: str, name: str | None = None) -> tuple[Workflow, int]:
    """The workflow, and the version of the metric called `name` in it, 0 for a new one."""
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
        known = {each.entry.name: each.version for each in view.metrics.definitions(workflow_id)}
    if name is not None and name not in known:
        raise BadInput("This button is from an older message. Type /rollout metric to see how things stand now.")
    return workflow, known.get(name or "", 0)


@form("metric.define")
def submit(visit: Visit, filled: Form) -> Answer:
    """The metric defined as filled in; easier numbers are asked for."""
    changed = filled.memory.get("metric")
    workflow, version = _found(visit, filled.kept("workflow"), changed)
    if changed and filled.kept("seen") != str(version):
        raise Conflict(
            "This metric was defined anew while you were at it, so nothing of yours was saved: copy what you typed, "
            "close this window and open it again."
        )
    entry = MetricEntry(
        name=changed or filled.text("metric"),
        kind=MetricKind(filled.text("kind")),
        better=Better(filled.text("better")),
        baseline=number_in(filled.text("baseline"), "baseline"),
        target=number_in(filled.text("target"), "target"),
        limit=number_in(filled.text("limit"), "limit"),
    )
    fact = visit.do(metrics.define, workflow, entry, filled.text("reason"))
    if isinstance(fact, RequestMade):
        text = asked_words(visit, fact.request_id)
    else:
        now = fact.seen_version + 1
        text = visit.pen.md("metrics.defined", w=workflow, name=fact.metric, version=now, complete=entry.is_complete)
    return Done(say=Screen(text, (section(text),)))
