"""A workflow's status: what a leader wants to see within five seconds."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklists import Checklist, Row
from bot.domain.items import ItemState
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request
from bot.domain.workflows import PLAYBOOK_DAYS, Workflow


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that a status screen shows about one workflow, judged at `at`."""

    workflow: Workflow
    checklist: Checklist
    waiting: tuple[Request, ...]
    at: datetime

    @property
    def day(self) -> int:
        """Day N of the playbook."""
        return self.workflow.day(self.at)

    @property
    def days(self) -> int | None:
        """How many days the playbook has, None once they are over."""
        return PLAYBOOK_DAYS if self.day <= PLAYBOOK_DAYS and self.next_phase else None

    @property
    def next_phase(self) -> PhaseName | None:
        """The phase that comes after this one, None when operating."""
        return self.workflow.phase.following

    @property
    def days_left(self) -> int | None:
        """Days until the phase should end; negative once that is past, None when operating."""
        last = self.checklist.playbook.phase(self.workflow.phase).last_day
        return None if last is None else last - self.day

    @property
    def blocked(self) -> tuple[Row, ...]:
        """The rows whose work cannot go on."""
        return tuple(row for row in self.checklist.reached if row.state is ItemState.BLOCKED)

    @property
    def unsettled(self) -> tuple[Row, ...]:
        """The required rows of this phase that are still to be done."""
        return tuple(
            row
            for row in self.checklist.reached
            if row.item.required and not row.is_settled and row.phase is self.workflow.phase
        )

    @property
    def blocking(self) -> int:
        """How many things stand in the way now: late or blocked items, vacant roles, requests that wait."""
        rows = {row.key for row in (*self.checklist.late, *self.blocked)}
        return len(rows) + len(self.workflow.vacant) + len(self.waiting)

    @property
    def trouble(self) -> tuple[int, int, str]:
        """A key that sorts the workflow with most trouble first."""
        latest = max((row.days_late(self.checklist.today) for row in self.checklist.late), default=0)
        return (-self.blocking, -latest, self.workflow.name)
