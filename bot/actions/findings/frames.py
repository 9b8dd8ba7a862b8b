"""Which stretch of time rules look at: the week of each workflow, from its first day on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import end_of_day
from bot.domain.checklists import Checklist
from bot.domain.findings.weeks import Weeks
from bot.domain.playbook import PhaseName, Playbook
from bot.domain.signals.kinds import Span
from bot.domain.workflows import Workflow

MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Frame:
    """A workflow, when its first day began, and the week that is judged: what came before that day is history."""

    checklist: Checklist
    begins: datetime
    week: Span
    weeks: Weeks

    @property
    def workflow(self) -> Workflow:
        """The workflow."""
        return self.checklist.workflow

    @property
    def playbook(self) -> Playbook:
        """The playbook that it follows."""
        return self.checklist.playbook

    @property
    def is_past_pilot(self) -> bool:
        """Whether it is in production or later."""
        return self.workflow.phase is not PhaseName.PILOT

    def spans(self, rule: str, more: int = 0) -> tuple[Span, ...]:
        """The weeks that a rule compares, this one first, and `more`; those before hold history too."""
        count = min(max(self.playbook.count(rule, "windows") + more, 1), MOST_WEEKS)
        return (self.week, *(self.weeks.week(back) for back in range(1, count)))


def frame(checklist: Checklist, weeks: Weeks) -> Frame:
    """The frame of one workflow."""
    workflow, week = checklist.workflow, weeks.week()
    begins = end_of_day(workflow.start_on - timedelta(days=1), workflow.team.zone)
    return Frame(checklist, begins, Span(max(week.start, begins), week.end), weeks)
