"""The end of a workflow."""

from bot.actions.desk import Turn
from bot.actions.grants.lives import revoke_all
from bot.actions.requests import withdraw_all
from bot.domain.facts import Fact, WorkflowClosed
from bot.domain.rights import Right
from bot.domain.ticking import demand_words
from bot.domain.workflows import Outcome, Workflow, demand_open


def close(turn: Turn, workflow: Workflow, outcome: Outcome, reason: str) -> tuple[Fact, ...]:
    """The workflow ended, its grants revoked, and what waited for a decision about it taken back."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    fact = WorkflowClosed(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        outcome=outcome,
        reason=demand_words(reason, "reason", "how it ended and why"),
    )
    turn.record(fact)
    revoked = revoke_all(turn, workflow, f"{workflow.name} was closed as {outcome}.")
    return (fact, *revoked, *withdraw_all(turn, workflow))
