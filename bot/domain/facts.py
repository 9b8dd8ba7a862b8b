"""Facts: what happened, in the past tense. They are the only way to write; each becomes one audit record.

Fields hold ids, values and, as `FreeText`, words that people typed. Where a fact changes what people edit
at the same time, `seen_version` is the version that the change was decided on.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.items import ItemState
from bot.domain.people import FreeText
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestKind
from bot.domain.workflows import Domain, Outcome, PlaybookPin, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMade:
    """A team came to be."""

    team_id: str
    name: str
    channel: str | None
    lead: str
    approvers: tuple[str, ...]
    zone: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamEdited:
    """A team's entry was corrected; fields that did not change are None."""

    team_id: str
    seen_version: int
    name: str | None = None
    channel: str | None = None
    lead: str | None = None
    approvers: tuple[str, ...] | None = None
    zone: str | None = None
    hours: str | None = None
    before: tuple[tuple[str, str], ...]


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
    """A workflow's clock stopped on `on`, a local date; `froze` says whether the agent was stopped too."""

    on: date
    reason: FreeText
    froze: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowResumed(WorkflowChange):
    """A workflow's clock runs again, `days` later; a freeze that came with the pause ends."""

    days: int
    reason: FreeText
    unfroze: bool


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
    """A workflow moved to another phase; `because` says by what right (a gate's verdict, a demotion)."""

    left: PhaseName
    entered: PhaseName
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSeen:
    """The product saw something that ticks the items whose `done_when` names its kind."""

    workflow_id: str
    kind: str
    seen_at: datetime
    summary: FreeText
    url: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """The state of an item changed from `before`, decided on what it was at `seen_version`."""

    workflow_id: str
    item: str
    seen_version: int
    before: ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone(ItemChange):
    """An item was ticked by hand."""

    evidence_kind: str | None = None
    evidence: FreeText | None = None
    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBlocked(ItemChange):
    """Work on an item cannot go on, for a reason."""

    note: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReopened(ItemChange):
    """An item that was settled or blocked is open again."""

    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRestored(ItemChange):
    """An item has the state again that it had before its last change."""

    state: ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSkipped(ItemChange):
    """An item was skipped until a date, as an approved request asked."""

    until: date
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAssigned:
    """An item was given to someone by name."""

    workflow_id: str
    item: str
    seen_version: int
    person: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenOver:
    """An item of a phase that lay behind the workflow when it came to us; not done, and not late."""

    workflow_id: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMade:
    """Someone asked for what someone else must decide; `terms` are what it would change."""

    request_id: str
    kind: RequestKind
    workflow_id: str
    item: str | None
    terms: tuple[tuple[str, str], ...]
    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproved:
    """Someone other than the asker approved; `because` says by what right."""

    request_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined:
    """Someone other than the asker declined, and said why."""

    request_id: str
    because: str
    answer: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn:
    """The asker took a request back."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLapsed:
    """Nobody decided within seven days."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Someone tried what they have no right to; nothing else changed."""

    act: str
    subject: str
    why: FreeText


Fact = (
    TeamMade
    | TeamEdited
    | WorkflowStarted
    | RoleGiven
    | RoleVacated
    | WorkflowPaused
    | WorkflowResumed
    | WorkflowEdited
    | WorkflowClosed
    | PhaseChanged
    | ProofSeen
    | ItemDone
    | ItemBlocked
    | ItemReopened
    | ItemRestored
    | ItemSkipped
    | ItemAssigned
    | ItemTakenOver
    | RequestMade
    | RequestApproved
    | RequestDeclined
    | RequestWithdrawn
    | RequestLapsed
    | Denied
)
