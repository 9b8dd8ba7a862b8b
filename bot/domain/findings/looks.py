"""What rules look at: a workflow, or the whole program, as it stands at one instant.

State (items, memos, grants, requests) counts as it stands; signals at or after the instant do not exist.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import day_number, local_date
from bot.domain.checklists import Checklist
from bot.domain.findings.records import ProgramRecords, Records
from bot.domain.findings.seen import Seen
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Person
from bot.domain.playbook import Playbook
from bot.domain.workflows import Role, Workflow


@dataclass(frozen=True, slots=True)
class WorkflowLook:
    """One workflow: its checklist, what stands recorded about it, and what signals said of it."""

    weeks: Weeks
    checklist: Checklist
    records: Records
    seen: Seen

    @property
    def at(self) -> datetime:
        """The instant at which it is judged."""
        return self.weeks.at

    @property
    def workflow(self) -> Workflow:
        """The workflow itself."""
        return self.checklist.workflow

    @property
    def playbook(self) -> Playbook:
        """The playbook it follows, with the thresholds."""
        return self.checklist.playbook

    def day(self, at: datetime) -> int:
        """Day N of the playbook as it was at `at`: a pause that came later takes nothing from it."""
        day = local_date(at, self.workflow.team.zone)
        if self.workflow.pause:
            day = min(day, self.workflow.pause.on)
        paused_days = sum(each.days_by(day) for each in self.records.standstills)
        return day_number(self.workflow.start_on, day, paused_days)

    def owner(self, *roles: Role) -> Person:
        """Who has to act: the first of these roles that somebody holds, else steward, owner, the team's lead.

        Whoever is known to be deactivated is passed over.
        """
        for role in (*roles, Role.STEWARD, Role.OWNER):
            for person in self.workflow.holders_of(role):
                if not self.records.is_gone(person):
                    return person
        return self.workflow.team.lead


@dataclass(frozen=True, slots=True)
class ProgramLook:
    """The whole program: its teams, sources and settings, and a look at each running workflow."""

    weeks: Weeks
    workflows: tuple[WorkflowLook, ...]
    records: ProgramRecords

    @property
    def at(self) -> datetime:
        """The instant at which it is judged."""
        return self.weeks.at
