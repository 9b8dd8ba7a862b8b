"""Drills: the rehearsal of a rollback or a freeze, with the time that it took."""

from decimal import Decimal

from bot.actions.checklists import checklist_of
from bot.actions.desk import Turn
from bot.domain.drills import DrillKind, seconds_of
from bot.domain.facts import DrillHeld, ProofSeen
from bot.domain.people import FreeText
from bot.domain.rights import Right
from bot.domain.ticking import demand_words
from bot.domain.workflows import Workflow, demand_open


def rollback(turn: Turn, workflow: Workflow, minutes: Decimal, evidence: str) -> DrillHeld:
    """A rollback rehearsed, with what shows it; it ticks the item that waits for it."""
    _demand_right(turn, workflow, DrillKind.ROLLBACK)
    demand_open(workflow)
    link = demand_words(evidence, "evidence", "where the rehearsal is written down")
    fact = DrillHeld(
        drill_id=turn.change.new_id("drill"),
        workflow_id=workflow.id,
        kind=DrillKind.ROLLBACK,
        took_s=seconds_of(minutes),
        evidence=link,
    )
    turn.record(fact)
    told = "1 minute" if minutes == 1 else f"{minutes.normalize():f} minutes"
    turn.record(
        ProofSeen(
            workflow_id=workflow.id,
            kind=fact.kind.proves,
            seen_at=turn.at,
            summary=FreeText(f"a rollback was rehearsed in {told}"),
            url=link,
        )
    )
    return fact


def freeze_held(turn: Turn, workflow: Workflow, took_s: Decimal) -> DrillHeld:
    """A freeze that was a drill, with the measured time; whoever froze had the right to both."""
    fact = DrillHeld(
        drill_id=turn.change.new_id("drill"),
        workflow_id=workflow.id,
        kind=DrillKind.FREEZE,
        took_s=took_s,
        evidence=None,
    )
    turn.record(fact)
    told = f"a freeze was rehearsed, and the first decision was refused after {took_s:f} s"
    turn.record(
        ProofSeen(workflow_id=workflow.id, kind=fact.kind.proves, seen_at=turn.at, summary=FreeText(told), url=None)
    )
    return fact


def _demand_right(turn: Turn, workflow: Workflow, kind: DrillKind) -> None:
    """Those who run the workflow, those who decide, and whose item the drill is."""
    rows = checklist_of(turn.change, workflow, turn.at).rows
    mine = any(
        holder.handle in turn.actor.handles
        for row in rows
        if row.item.done_when is kind.proves
        for holder in row.holders
    )
    turn.demand(Right.DRILL, workflow.team, workflow, assignee=mine)
