"""A workflow's status: what a leader wants to see within five seconds."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import day_number
from bot.domain.checklists import Checklist, Row
from bot.domain.findings.tracking import Followed
from bot.domain.grants.holding import Holding
from bot.domain.items import ItemState
from bot.domain.overrides import Override
from bot.domain.playbook import DoneWhen, PhaseName
from bot.domain.requests import Request
from bot.domain.timeline import GateMark, GateState, LateMark, PhaseBar, PhaseState, Timeline
from bot.domain.verdicts import Verdict
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that a status screen shows about one workflow, judged at `at`.

    `verdict` is the answer of the gate ahead, `overrides` are those by which the workflow came here, `holding` is what
    its agent may do; a list of many workflows goes without them. `findings` are those about this workflow, the gravest
    first, empty too where nobody looked for them.
    """

    workflow: Workflow
    checklist: Checklist
    waiting: tuple[Request, ...]
    at: datetime
    verdict: Verdict | None = None
    overrides: tuple[Override, ...] = ()
    holding: Holding | None = None
    findings: tuple[Followed, ...] = ()

    @property
    def day(self) -> int:
        """Day N of the playbook."""
        return self.workflow.day(self.at)

    @property
    def days(self) -> int | None:
        """How many days the playbook has, None once they are over."""
        planned = self.checklist.playbook.last_day
        return planned if self.day <= planned and self.next_phase else None

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
        """How many things stand in the way now: late or blocked items, and requests that wait.

        A vacant role counts through the item that names it, once that is late.
        """
        rows = {row.key for row in (*self.checklist.late, *self.blocked)}
        return len(rows) + len(self.waiting)

    @property
    def found(self) -> tuple[Followed, ...]:
        """The findings that take room: those that nobody put off."""
        return tuple(each for each in self.findings if each.is_shown)

    @property
    def roles_late(self) -> bool:
        """Whether the item that names the roles is past due."""
        return any(row.item.done_when is DoneWhen.ROLES for row in self.checklist.late)

    @property
    def trouble(self) -> tuple[int, int, str]:
        """A key that sorts the workflow with most trouble first."""
        latest = max((row.days_late(self.checklist.today) for row in self.checklist.late), default=0)
        return (-self.blocking, -latest, self.workflow.name)


def timeline_of(status: Status) -> Timeline:
    """The status as a timeline: its phases with their shares done, its gates, and what is late where."""
    workflow, checklist = status.workflow, status.checklist
    order = tuple(PhaseName)
    here = order.index(workflow.phase)
    bars, gates = [], []
    for phase in checklist.playbook.phases:
        if phase.last_day is None:
            continue
        place = order.index(phase.name)
        rows = [row for row in checklist.rows if row.phase is phase.name]
        state = PhaseState.PAST if place < here else PhaseState.CURRENT if place == here else PhaseState.AHEAD
        done = sum(row.state is ItemState.DONE for row in rows)
        ours = sum(row.state is not ItemState.TAKEN_OVER for row in rows)
        bars.append(PhaseBar(phase.name, phase.first_day, phase.last_day, done, ours, state))
        if phase.gate:
            overdue = place == here and status.day > phase.last_day
            passed = GateState.PASSED if place < here else GateState.LATE if overdue else GateState.AHEAD
            gates.append(GateMark(phase.last_day, phase.gate.to, passed))
    return Timeline(
        workflow=workflow.name,
        phase=workflow.phase,
        day=max(status.day, 0),
        days=checklist.playbook.last_day,
        phases=tuple(bars),
        late=tuple(LateMark(_due_day(status, row), row.item.title) for row in checklist.late),
        gates=tuple(gates),
        paused=workflow.pause is not None,
    )


def _due_day(status: Status, row: Row) -> int:
    """The day on which a row was due, or the last one drawn; a recurrence is due on another day than its item."""
    workflow = status.workflow
    return min(
        day_number(workflow.start_on, row.due_on, workflow.paused_days),
        status.checklist.playbook.last_day,
    )
