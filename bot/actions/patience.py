"""How long requests wait, as the playbook of their workflow says."""

from datetime import datetime, timedelta

from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.domain.workflows import Workflow


def lapses_at(turn: Turn, workflow: Workflow) -> datetime:
    """When a request made now lapses; it is kept with the request, so that another playbook changes none that waits."""
    return turn.at + timedelta(days=playbook_of(turn.change, workflow).count("request", "lapse_days"))
