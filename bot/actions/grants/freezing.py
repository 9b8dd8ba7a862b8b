"""Freezes: every grant of a workflow, or of all, stopped with one command and let go on with another."""

from bot.actions.desk import Turn
from bot.actions.grants.lives import demand_may_go_on
from bot.domain.errors import Conflict
from bot.domain.facts import WorkflowFrozen, WorkflowUnfrozen
from bot.domain.freezes import Freeze, FreezeKind
from bot.domain.rights import Right, demand_person
from bot.domain.ticking import demand_words
from bot.domain.workflows import Workflow, demand_open


def freeze(turn: Turn, workflow: Workflow, reason: str, kind: FreezeKind = FreezeKind.HAND) -> WorkflowFrozen:
    """Every grant of the workflow standing still from this transaction on."""
    workflow = turn.change.workflow_by_id(workflow.id)
    turn.demand(Right.STOP, workflow.team, workflow)
    demand_open(workflow)
    if held := turn.change.grants.freeze(workflow.id):
        raise Conflict(
            f"{workflow.name} is frozen already, by {held.by.name} since {held.at:%-d %b %Y at %H:%M} UTC; "
            "nothing was changed."
        )
    fact = WorkflowFrozen(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        freeze_id=turn.change.new_id("frz"),
        kind=kind,
        reason=demand_words(reason, "reason", "why its agent must stop"),
    )
    turn.record(fact)
    return fact


def freeze_all(turn: Turn, reason: str) -> tuple[WorkflowFrozen, ...]:
    """Every running workflow that is not frozen yet, frozen in one transaction."""
    found = [workflow for workflow in turn.change.workflows() if not workflow.is_frozen]
    if not found:
        raise Conflict("No workflow is left to freeze: all that run are frozen already.")
    return tuple(freeze(turn, workflow, reason) for workflow in found)


def unfreeze(turn: Turn, workflow: Workflow, reason: str) -> WorkflowUnfrozen:
    """The freeze lifted; what suspends a single grant stays."""
    demand_person(turn.actor)
    workflow = turn.change.workflow_by_id(workflow.id)
    held = demand_may_unfreeze(turn, workflow)
    fact = WorkflowUnfrozen(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        freeze_id=held.id,
        reason=demand_words(reason, "reason", "why its agent may go on"),
    )
    turn.record(fact)
    return fact


def demand_may_unfreeze(turn: Turn, workflow: Workflow) -> Freeze:
    """The freeze that holds, if the actor may lift it; else the refusal."""
    held = _held(turn, workflow)
    if held.may_lift_as_author(turn.actor.handle, turn.at):
        turn.change.allowed_because("froze it as a drill less than an hour ago")
    else:
        demand_may_go_on(turn, workflow, turn.change.grants.living(workflow.id))
    return held


def _held(turn: Turn, workflow: Workflow) -> Freeze:
    held = turn.change.grants.freeze(workflow.id)
    if held is None:
        raise Conflict(f"{workflow.name} is not frozen, so there is nothing to lift.")
    return held
