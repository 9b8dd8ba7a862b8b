"""What may leave as policy: a workflow's active grants, and what its phase and the clock make of them."""

from datetime import datetime

from bot.actions.grants.looking import holding_of
from bot.domain.grants.life import GrantState
from bot.domain.workflows import Workflow
from bot.policies.export import Scope
from store import View


def scope_of(view: View, workflow: Workflow, at: datetime) -> Scope:
    """The grants of `workflow` that are active at `at`, for an export."""
    active = [held for held in holding_of(view, workflow, at).held if held.grant.state is GrantState.ACTIVE]
    return Scope(
        workflow=workflow.name,
        grants=tuple(held.grant for held in active),
        attended=frozenset(held.grant.id for held in active if held.phase_asks),
        still=frozenset(held.grant.id for held in active if held.stops),
        is_frozen=workflow.is_frozen,
    )
