"""Metrics and red lines: defined, and defined anew."""

from dataclasses import replace

from bot.actions.desk import Turn
from bot.actions.grants import guards
from bot.actions.proofs import see_metrics, see_red_lines
from bot.domain.errors import Conflict
from bot.domain.facts import MetricDefined, MetricTightened, RedLineDefined
from bot.domain.metrics import MetricEntry, demand_no_easier, demand_spelling, demand_whole, signal_name
from bot.domain.rights import Right
from bot.domain.ticking import demand_words
from bot.domain.workflows import Workflow, demand_open


def define(turn: Turn, workflow: Workflow, entry: MetricEntry) -> MetricDefined | MetricTightened:
    """A metric defined, or made stricter; it ticks the items that wait for one of its kind."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    name = signal_name(entry.name, "metric")
    entry = replace(entry, name=name)
    demand_whole(entry)
    known = {each.entry.name: each for each in turn.change.metrics.definitions(workflow.id)}
    demand_spelling(name, known, "metric")
    before = known.get(name)
    demand_no_easier(entry, before)
    seen = guards.look(turn, workflow.id)
    kind = MetricTightened if before else MetricDefined
    fact = kind(
        workflow_id=workflow.id,
        metric=name,
        seen_version=before.version if before else 0,
        kind=entry.kind,
        better=entry.better,
        baseline=entry.baseline,
        target=entry.target,
        limit=entry.limit,
    )
    turn.record(fact)
    see_metrics(turn, workflow.id)
    if seen:
        guards.act(turn, seen)
    return fact


def define_red_line(turn: Turn, workflow: Workflow, rule: str, text: str) -> RedLineDefined:
    """What the agent must never do, in words; a test that was seen before already counts."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    known = {each.rule: each for each in turn.change.metrics.red_line_entries(workflow.id)}
    name = signal_name(rule, "red line")
    demand_spelling(name, known, "red line")
    before = known.get(name)
    worded = demand_words(text, "text", "what the agent must never do")
    if before and before.text == worded.body:
        raise Conflict(f"The red line {name} is worded just so already, so nothing was changed.")
    fact = RedLineDefined(workflow_id=workflow.id, rule=name, seen_version=before.version if before else 0, text=worded)
    turn.record(fact)
    see_red_lines(turn, workflow.id)
    return fact
