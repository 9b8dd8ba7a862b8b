"""Metrics and red lines: defined, and defined anew."""

from dataclasses import replace

from bot.actions.desk import Turn
from bot.actions.grants import guards
from bot.actions.patience import lapses_at
from bot.actions.proofs import judge_metrics_anew, see
from bot.domain.errors import Conflict
from bot.domain.facts import (
    MetricDefined,
    MetricLoosened,
    MetricTightened,
    RedLineDefined,
    RequestMade,
    RequestWithdrawn,
)
from bot.domain.metric_requests import Loosening
from bot.domain.metrics import (
    MetricEntry,
    demand_another,
    demand_as_asked,
    demand_spelling,
    demand_whole,
    easier_parts,
    signal_name,
)
from bot.domain.requests import ASKED_ANEW, Request, RequestKind
from bot.domain.rights import Right, demand_person
from bot.domain.signals.kinds import SignalType
from bot.domain.ticking import demand_words, words
from bot.domain.workflows import Workflow, demand_open


def define(
    turn: Turn, workflow: Workflow, entry: MetricEntry, reason: str = ""
) -> MetricDefined | MetricTightened | RequestMade:
    """A metric defined, or made stricter, which ticks what waits for it; what makes it easier is asked for instead."""
    demand_person(turn.actor)
    demand_open(workflow)
    name = signal_name(entry.name, "metric")
    entry = replace(entry, name=name)
    demand_whole(entry)
    known = {each.entry.name: each for each in turn.change.metrics.definitions(workflow.id)}
    before = known.get(name)
    easier = easier_parts(entry, before.entry) if before else ()
    turn.demand(Right.REQUEST_CORRECTION if easier else Right.MANAGE, workflow.team, workflow)
    demand_spelling(name, known, "metric")
    demand_another(entry, before)
    if before and easier:
        return _ask(turn, workflow, Loosening(entry, before.version, easier), reason)
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
    see(turn, {SignalType.METRIC: (workflow.id,)})
    if seen:
        guards.act(turn, seen)
    return fact


def _ask(turn: Turn, workflow: Workflow, wanted: Loosening, reason: str) -> RequestMade:
    """The request for easier numbers, in place of one about the same metric that still waits."""
    for waiting in turn.change.requests(workflow.id):
        if waiting.kind is RequestKind.METRIC and waiting.term("metric") == wanted.entry.name:
            turn.record(RequestWithdrawn(request_id=waiting.id, because=ASKED_ANEW))
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.METRIC,
        workflow_id=workflow.id,
        item=None,
        terms=wanted.terms,
        reason=words(reason, "reason"),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return fact


def carry_out(turn: Turn, request: Request, workflow: Workflow) -> MetricLoosened:
    """The approved easier numbers, if the metric still is the one that they were asked for."""
    wanted = Loosening.of(request)
    name = wanted.entry.name
    known = {each.entry.name: each for each in turn.change.metrics.definitions(workflow.id)}
    demand_as_asked(name, wanted.seen_version, known.get(name), request.asked_by.name)
    fact = MetricLoosened(
        workflow_id=workflow.id,
        metric=name,
        seen_version=wanted.seen_version,
        kind=wanted.entry.kind,
        better=wanted.entry.better,
        baseline=wanted.entry.baseline,
        target=wanted.entry.target,
        limit=wanted.entry.limit,
        request_id=request.id,
    )
    turn.record(fact)
    judge_metrics_anew(turn, workflow.id)
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
    see(turn, {SignalType.RED_LINE: (workflow.id,)})
    return fact
