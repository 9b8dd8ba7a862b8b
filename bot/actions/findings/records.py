"""What stands recorded about workflows and teams, gathered for the rules."""

from collections.abc import Mapping

from bot.actions.findings.scene import Scene
from bot.domain.checklists import Checklist
from bot.domain.findings.records import ProgramRecords, Records
from bot.domain.findings.weeks import Weeks
from store import View


def records_by(view: View, checklists: tuple[Checklist, ...], weeks: Weeks, scene: Scene) -> Mapping[str, Records]:
    """What stands recorded of each of these workflows, by id."""
    del view, weeks, scene
    return {checklist.workflow.id: Records() for checklist in checklists}


def program_records(view: View, weeks: Weeks, scene: Scene) -> ProgramRecords:
    """What stands recorded of teams, sources and the program as a whole."""
    del view, weeks, scene
    return ProgramRecords()
