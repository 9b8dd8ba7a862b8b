"""What stands recorded, as rules look at it: the people, requests, grants, memos and documents of one instant."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.deviations import Deviation
from bot.domain.gate_evidence import RoleHolder
from bot.domain.grants.life import Grant
from bot.domain.memos import Memo
from bot.domain.overrides import Debt, Met
from bot.domain.people import Person
from bot.domain.playbook import Playbook
from bot.domain.requests import Request
from bot.domain.signals.kinds import Change, IncidentCourse, Metric, Seat, Signal
from bot.domain.teams import Team
from bot.domain.workflows import Standstill, Workflow


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, and who may decide it, in the order in which they are asked."""

    request: Request
    able: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """The value that a memo's prediction waits for: the metric's in the time from `since` up to, without, `until`."""

    memo_id: str
    workflow_id: str
    metric: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Predicted:
    """A memo in force whose prediction was due, and the value that answers it, None while the metric has none."""

    memo: Memo
    measured: Signal[Metric] | None


@dataclass(frozen=True, slots=True)
class Records:
    """What stands recorded about one workflow beside its checklist.

    `debts` are the checks of passed gates that were overridden and did not pass since, and `met` those that do for the
    first time; `grants` are those that live, as time alone has left them; `deviations` are open; `unlearned` are severe
    incidents that are over and have no accepted postmortem; `irreversible` are merged changes that cannot be undone,
    and `named` the keys of those among them that some memo names; `standstills` are its pauses that are over.
    """

    holders: tuple[RoleHolder, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    debts: tuple[Debt, ...] = ()
    met: tuple[Met, ...] = ()
    grants: tuple[Grant, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    unlearned: tuple[IncidentCourse, ...] = ()
    irreversible: tuple[Signal[Change], ...] = ()
    named: frozenset[str] = frozenset()
    predictions: tuple[Predicted, ...] = ()
    standstills: tuple[Standstill, ...] = ()

    def is_gone(self, person: Person) -> bool:
        """Whether someone holds a role and is known to be no active member any more."""
        return any(holder.person_id == person.id and holder.is_active is False for holder in self.holders)


@dataclass(frozen=True, slots=True)
class SourceState:
    """A configured source: when it was last read successfully, None if never, and why not since."""

    name: str
    read_at: datetime | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class TeamRecords:
    """A team: its running workflows with the playbooks they follow, who can approve, and the last word on its seats."""

    team: Team
    workflows: tuple[Workflow, ...] = ()
    playbooks: tuple[Playbook, ...] = ()
    able: tuple[Person, ...] = ()
    seats: tuple[Signal[Seat], ...] = ()

    @property
    def active(self) -> tuple[Workflow, ...]:
        """Its workflows that are not paused."""
        return tuple(workflow for workflow in self.workflows if not workflow.pause)


@dataclass(frozen=True, slots=True)
class ProgramRecords:
    """What stands recorded about teams, sources and the program as a whole, whichever workflows are looked at."""

    teams: tuple[TeamRecords, ...] = ()
    sources: tuple[SourceState, ...] = ()
    admins: tuple[Person, ...] = ()
