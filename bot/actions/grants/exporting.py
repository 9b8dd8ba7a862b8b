"""What may leave as policy: a workflow's active grants, and what its phase and the clock make of them."""

from datetime import datetime

from bot.actions.checklists import playbook_of
from bot.actions.grants.watch import evals_fresh_until
from bot.domain.grants.autonomy import needs_person
from bot.domain.grants.life import GrantState, SuspensionCause, is_suspended_by
from bot.domain.workflows import Workflow
from bot.policies.export import Scope
from store import View


def scope_of(view: View, workflow: Workflow, at: datetime) -> Scope:
    """The grants of `workflow` that are active at `at`, for an export."""
    playbook = playbook_of(view, workflow)
    autonomy = playbook.phase(workflow.phase).autonomy
    attest_every_days = playbook.count("grant.life", "attest_every_days")
    fresh_until = evals_fresh_until(view, workflow, playbook, at)
    are_stale = fresh_until is not None and at > fresh_until
    living = view.grants.living(workflow.id)
    active = tuple(grant for grant in living if grant.state is GrantState.ACTIVE and not grant.has_expired(at))
    still = (
        grant.id
        for grant in active
        if (attest_by := grant.attest_by(attest_every_days)) is None
        or at >= attest_by
        or (are_stale and is_suspended_by(SuspensionCause.EVALS_STALE, grant.terms))
    )
    return Scope(
        workflow=workflow.name,
        grants=active,
        attended=frozenset(grant.id for grant in active if needs_person(autonomy, grant.terms)),
        still=frozenset(still),
        is_frozen=view.grants.freeze(workflow.id) is not None,
    )
