"""How long requests wait, as the playbook of their workflow says."""

from datetime import datetime, timedelta

from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.domain.playbook import Playbook
from bot.domain.requests import Patience
from bot.domain.workflows import Workflow


def lapses_at(turn: Turn, workflow: Workflow) -> datetime:
    """When a request made now lapses; it is kept with the request, so that another playbook changes none that waits."""
    return turn.at + timedelta(days=playbook_of(turn.change, workflow).count("request", "lapse_days"))


def patience_of(playbook: Playbook) -> Patience:
    """How long a request of a workflow on this playbook waits before more people are asked."""
    return Patience(
        playbook.count("request", "next_approver_working_days"), playbook.count("request", "all_approvers_working_days")
    )
