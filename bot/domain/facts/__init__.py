"""Facts: what happened, in the past tense. They are the only way to write; each becomes one audit record.

Fields hold ids, values and, as `FreeText`, words that people typed. Where a fact changes what people edit
at the same time, `seen_version` is the version that the change was decided on.
"""

from bot.domain.facts.absences import PersonAway, PersonBack
from bot.domain.facts.denials import Denied
from bot.domain.facts.deviations import DeviationClosed, DeviationOpened
from bot.domain.facts.digests import (
    DigestConfirmed,
    DigestFrozen,
    DigestHeld,
    DigestMissed,
    DigestPartConfirmed,
    DigestPartHeld,
    DigestPartReleased,
    DigestPosted,
    DigestReleased,
    DigestSkipped,
    DuplicateDeleted,
)
from bot.domain.facts.documents import (
    DocumentAccepted,
    DocumentChange,
    DocumentDrafted,
    DocumentEdited,
    DocumentRejected,
    DocumentSubmitted,
)
from bot.domain.facts.drills import DrillHeld
from bot.domain.facts.escrow import QuestionAnswered, QuestionAsked
from bot.domain.facts.findings import (
    FindingAcknowledged,
    FindingAssigned,
    FindingChange,
    FindingJudged,
    FindingPlace,
    FindingSeen,
    FindingSnoozed,
    FindingsTracked,
)
from bot.domain.facts.gates import GateJudged, OverrideMet, OverrideOwed
from bot.domain.facts.grants import (
    DecisionsLogged,
    FreezeMeasured,
    GrantActivated,
    GrantAttested,
    GrantChange,
    GrantExpired,
    GrantNarrowed,
    GrantRequested,
    GrantResumed,
    GrantRevoked,
    GrantSuspended,
    SuspensionLifted,
    WorkflowFrozen,
    WorkflowUnfrozen,
)
from bot.domain.facts.items import (
    ItemAssigned,
    ItemBlocked,
    ItemChange,
    ItemDone,
    ItemReopened,
    ItemRestored,
    ItemSkipped,
    ItemTakenOver,
)
from bot.domain.facts.memos import MemoFiled
from bot.domain.facts.metrics import MetricChange, MetricDefined, MetricLoosened, MetricTightened, RedLineDefined
from bot.domain.facts.policies import PolicyAdded, PolicyEdited
from bot.domain.facts.privacy import PersonErased
from bot.domain.facts.requests import (
    RequestApproved,
    RequestDeclined,
    RequestEscalated,
    RequestLapsed,
    RequestMade,
    RequestWithdrawn,
)
from bot.domain.facts.signals import SignalsForgotten, SignalsTaken, SignalVoided
from bot.domain.facts.sources import SourceConnected, SourceDisconnected
from bot.domain.facts.teams import TeamEdited, TeamMade
from bot.domain.facts.tokens import TokenMade, TokenRevoked
from bot.domain.facts.workflows import (
    PhaseChanged,
    PlaybookMoved,
    ProofSeen,
    ProofWithdrawn,
    RoleGiven,
    RoleVacated,
    WorkflowChange,
    WorkflowClosed,
    WorkflowEdited,
    WorkflowPaused,
    WorkflowResumed,
    WorkflowStarted,
)

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
    | PlaybookMoved
    | GateJudged
    | OverrideMet
    | OverrideOwed
    | ProofSeen
    | ProofWithdrawn
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
    | RequestEscalated
    | RequestLapsed
    | MemoFiled
    | DocumentDrafted
    | DocumentEdited
    | DocumentSubmitted
    | DocumentAccepted
    | DocumentRejected
    | DeviationOpened
    | DeviationClosed
    | PolicyAdded
    | PolicyEdited
    | DrillHeld
    | GrantRequested
    | GrantActivated
    | GrantNarrowed
    | GrantRevoked
    | GrantExpired
    | GrantSuspended
    | SuspensionLifted
    | GrantResumed
    | GrantAttested
    | WorkflowFrozen
    | WorkflowUnfrozen
    | FreezeMeasured
    | DecisionsLogged
    | MetricDefined
    | MetricTightened
    | MetricLoosened
    | RedLineDefined
    | PersonAway
    | PersonBack
    | SignalsTaken
    | QuestionAsked
    | QuestionAnswered
    | TokenMade
    | TokenRevoked
    | SourceConnected
    | SourceDisconnected
    | SignalVoided
    | DigestFrozen
    | DigestSkipped
    | DigestPosted
    | DigestHeld
    | DigestReleased
    | DigestConfirmed
    | DigestMissed
    | DigestPartHeld
    | DigestPartReleased
    | DigestPartConfirmed
    | DuplicateDeleted
    | FindingsTracked
    | FindingAcknowledged
    | FindingSnoozed
    | FindingAssigned
    | FindingJudged
    | PersonErased
    | SignalsForgotten
    | Denied
)

__all__ = [
    "DecisionsLogged",
    "Denied",
    "DeviationClosed",
    "DeviationOpened",
    "DigestConfirmed",
    "DigestFrozen",
    "DigestHeld",
    "DigestMissed",
    "DigestPartConfirmed",
    "DigestPartHeld",
    "DigestPartReleased",
    "DigestPosted",
    "DigestReleased",
    "DigestSkipped",
    "DocumentAccepted",
    "DocumentChange",
    "DocumentDrafted",
    "DocumentEdited",
    "DocumentRejected",
    "DocumentSubmitted",
    "DrillHeld",
    "DuplicateDeleted",
    "Fact",
    "FindingAcknowledged",
    "FindingAssigned",
    "FindingChange",
    "FindingJudged",
    "FindingPlace",
    "FindingSeen",
    "FindingSnoozed",
    "FindingsTracked",
    "FreezeMeasured",
    "GateJudged",
    "GrantActivated",
    "GrantAttested",
    "GrantChange",
    "GrantExpired",
    "GrantNarrowed",
    "GrantRequested",
    "GrantResumed",
    "GrantRevoked",
    "GrantSuspended",
    "ItemAssigned",
    "ItemBlocked",
    "ItemChange",
    "ItemDone",
    "ItemReopened",
    "ItemRestored",
    "ItemSkipped",
    "ItemTakenOver",
    "MemoFiled",
    "MetricChange",
    "MetricDefined",
    "MetricLoosened",
    "MetricTightened",
    "OverrideMet",
    "OverrideOwed",
    "PersonAway",
    "PersonBack",
    "PersonErased",
    "PhaseChanged",
    "PlaybookMoved",
    "PolicyAdded",
    "PolicyEdited",
    "ProofSeen",
    "ProofWithdrawn",
    "QuestionAnswered",
    "QuestionAsked",
    "RedLineDefined",
    "RequestApproved",
    "RequestDeclined",
    "RequestEscalated",
    "RequestLapsed",
    "RequestMade",
    "RequestWithdrawn",
    "RoleGiven",
    "RoleVacated",
    "SignalVoided",
    "SignalsForgotten",
    "SignalsTaken",
    "SourceConnected",
    "SourceDisconnected",
    "SuspensionLifted",
    "TeamEdited",
    "TeamMade",
    "TokenMade",
    "TokenRevoked",
    "WorkflowChange",
    "WorkflowClosed",
    "WorkflowEdited",
    "WorkflowFrozen",
    "WorkflowPaused",
    "WorkflowResumed",
    "WorkflowStarted",
    "WorkflowUnfrozen",
]
