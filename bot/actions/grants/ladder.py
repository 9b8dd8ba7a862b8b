"""A look at what a workflow's agent may do on its own, what that should bring, and what it brought."""

from datetime import datetime

from bot.actions.checklists import playbook_of
from bot.actions.grants.looking import as_they_stand
from bot.domain.grants.ladder import Ladder, ladder, measured_effect
from bot.domain.workflows import Workflow
from store import View


def ladder_of(view: View, workflow: Workflow, at: datetime) -> Ladder:
    """Where the workflow stands on the ladder at `at`, with its living grants."""
    effect = measured_effect(view.grants.lead_times(workflow.id, at), at)
    return ladder(playbook_of(view, workflow), as_they_stand(view, view.grants.living(workflow.id), at), effect, at)
