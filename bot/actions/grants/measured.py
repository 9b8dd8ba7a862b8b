"""Freezes with their measured time: from the command to the first decision that was refused because of it."""

from dataclasses import dataclass
from decimal import Decimal
from time import monotonic

from bot.actions import drills
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked, Desk, Turn
from bot.actions.grants import freezing
from bot.domain.facts import FreezeMeasured, WorkflowFrozen
from bot.domain.freezes import FreezeKind
from bot.domain.grants.decisions import Code
from bot.domain.workflows import Workflow

_SHORTEST_S = Decimal("0.001")
_NO_ACTION = "anything"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why everything must stop, by which kind of freeze, and when the command began (on the monotonic clock)."""

    reason: str
    kind: FreezeKind = FreezeKind.HAND
    begun_s: float | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A freeze that holds; `took_s` is None where someone lifted it before a decision was refused."""

    freeze_id: str
    workflow_id: str
    took_s: Decimal | None


def freeze_and_measure(desk: Desk, asked: Asked, workflow: Workflow, stop: Stop) -> Stopped:
    """The workflow frozen, and how long that took until a decision was refused; as a drill it is recorded as one."""
    begun_s = monotonic() if stop.begun_s is None else stop.begun_s
    fact = desk.do(asked, freezing.freeze, workflow, stop.reason, stop.kind)
    return _measured(desk, asked, fact, begun_s)


def freeze_all_and_measure(desk: Desk, asked: Asked, stop: Stop) -> tuple[Stopped, ...]:
    """Every running workflow frozen in one transaction, each with its measured time."""
    begun_s = monotonic() if stop.begun_s is None else stop.begun_s
    facts = desk.do(asked, freezing.freeze_all, stop.reason)
    return tuple(_measured(desk, asked, fact, begun_s) for fact in facts)


def _measured(desk: Desk, asked: Asked, fact: WorkflowFrozen, begun_s: float) -> Stopped:
    with desk.reading() as view:
        living = view.grants.living(fact.workflow_id)
    action = living[0].terms.action if living else _NO_ACTION
    # The key of a click belongs to the freeze; what follows it is done once because that was.
    after = Asked(asked.actor, about=asked.about)
    found = decide(desk, after, Inquiry(fact.workflow_id, action, {}, dry_run=True)).decision
    if Code.WORKFLOW_FROZEN not in found.codes:
        return Stopped(fact.freeze_id, fact.workflow_id, None)
    took_s = max(Decimal(f"{monotonic() - begun_s:.3f}"), _SHORTEST_S)
    desk.do(after, _record, fact, took_s)
    return Stopped(fact.freeze_id, fact.workflow_id, took_s)


def _record(turn: Turn, fact: WorkflowFrozen, took_s: Decimal) -> None:
    turn.record(FreezeMeasured(workflow_id=fact.workflow_id, freeze_id=fact.freeze_id, took_s=took_s))
    if fact.kind is FreezeKind.DRILL:
        drills.freeze_held(turn, turn.change.workflow_by_id(fact.workflow_id), took_s)
