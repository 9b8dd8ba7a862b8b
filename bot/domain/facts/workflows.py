"""Facts about workflows: begun, led, paused, moved on, ended, and what was seen of them."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.people import FreeText
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Domain, Outcome, PlaybookPin, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStarted:
    """A workflow was put on a playbook, pinned as it is now."""

    workflow_id: str
    name: str
    purpose: FreeText
    team_id: str
    playbook: PlaybookPin
    start_on: date
    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven:
    """Someone holds a role from now on; `before` are those who held it until now."""

    workflow_id: str
    role: Role
    person: str
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleVacated:
    """Someone no longer holds a role."""

    workflow_id: str
    role: Role
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowChange:
    """Something changed about a workflow, decided on what it was at `seen_version`."""

    workflow_id: str
    seen_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowPaused(WorkflowChange):
    """A workflow's clock stopped on `on`, a local date; `froze` is the id of the freeze that came with it, if any."""

    on: date
    reason: FreeText
    froze: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowResumed(WorkflowChange):
    """A workflow's clock runs again, `days` later; the freeze that came with the pause, `unfroze`, ends."""

    days: int
    reason: FreeText
    unfroze: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowEdited(WorkflowChange):
    """A workflow's entry was corrected; fields that did not change are None."""

    name: str | None = None
    purpose: FreeText | None = None
    team_id: str | None = None
    start_on: date | None = None
    domain: Domain | None = None
    before: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowClosed(WorkflowChange):
    """A workflow ended."""

    outcome: Outcome
    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChanged(WorkflowChange):
    """A workflow moved to another phase; `because` says by what right (a gate's verdict, a demotion).

    `verdict` and its SHA-256 are those of the gate at the moment of the decision; a demotion has a `reason` instead.
    """

    left: PhaseName
    entered: PhaseName
    because: str
    verdict: str | None = None
    verdict_sha256: str | None = None
    reason: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofWithdrawn:
    """What ticked items of its kind, as seen at `seen_at`, holds no longer; they open again unless something else does.

    `because` says what took it away: a signal that was taken back, or a metric made easier.
    """

    workflow_id: str
    kind: str
    seen_at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookMoved(WorkflowChange):
    """A workflow follows another playbook, or another version, from now on; `because` says by what right."""

    before: PlaybookPin
    playbook: PlaybookPin
    memo: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSeen:
    """The product saw something that ticks the items whose `done_when` names its kind."""

    workflow_id: str
    kind: str
    seen_at: datetime
    summary: FreeText
    url: FreeText | None = None
