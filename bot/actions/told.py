"""Whom a fact must be told to: what goes into the outbox together with it."""

from dataclasses import dataclass

from bot.actions.addressees import addressees, reachable
from bot.actions.told_of_memos import told_of_memo
from bot.domain.absences import EVERYONE_HERE, Absences
from bot.domain.facts import (
    Fact,
    GrantNarrowed,
    GrantResumed,
    GrantRevoked,
    GrantSuspended,
    MemoFiled,
    PersonAway,
    PhaseChanged,
    PlaybookMoved,
    RequestApproved,
    RequestDeclined,
    RequestEscalated,
    RequestLapsed,
    RequestMade,
    RequestWithdrawn,
    WorkflowClosed,
    WorkflowFrozen,
    WorkflowPaused,
    WorkflowResumed,
    WorkflowStarted,
    WorkflowUnfrozen,
)
from bot.domain.grants.guarding import Cause
from bot.domain.grants.life import SuspensionCause
from bot.domain.grants.log import Day
from bot.domain.people import Person, Told
from bot.domain.requests import Request, asked_by_now
from bot.domain.workflows import Workflow
from store import View

REPORT_AT_END = "report_at_end"
"""The kind of the message that reports on a workflow that was closed."""

_SETTLING = RequestApproved | RequestDeclined | RequestLapsed | RequestWithdrawn
_TURNS = WorkflowPaused | WorkflowResumed | WorkflowClosed | PhaseChanged | PlaybookMoved
_OF_GRANTS = GrantSuspended | GrantRevoked | GrantNarrowed | GrantResumed | WorkflowFrozen | WorkflowUnfrozen


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who acts (a handle), who may decide it where it is a request, who is away, and the leaders' channel."""

    by: str
    approvers: tuple[Person, ...] = ()
    absences: Absences = EVERYONE_HERE
    leaders: str | None = None


def told_of(view: View, fact: Fact, concerned: Concerned) -> tuple[Told, ...]:
    """What must be said of `fact`, beside what whoever acts is answered anyway."""
    if isinstance(fact, RequestMade):
        return _asked(view, fact, concerned.approvers)
    if isinstance(fact, RequestEscalated):
        return _carried_on(fact, concerned.approvers)
    if isinstance(fact, _SETTLING):
        return _settled(view.request(fact.request_id), concerned)
    if isinstance(fact, PersonAway):
        return _stood_in_for(view, fact)
    if isinstance(fact, MemoFiled):
        return told_of_memo(view, fact, concerned.leaders)
    if isinstance(fact, WorkflowStarted):
        return _in_channel(view.team_by_id(fact.team_id).channel, "workflow_started", fact.workflow_id, "started")
    if isinstance(fact, _TURNS):
        workflow = view.workflow_by_id(fact.workflow_id)
        told = _in_channel(workflow.team.channel, _KINDS[type(fact)], workflow.id, f"v{fact.seen_version + 1}")
        return (*told, *_reported(workflow)) if isinstance(fact, WorkflowClosed) else told
    if isinstance(fact, _OF_GRANTS):
        return _of_grants(view, fact, concerned.absences)
    return ()


def told_of_spike(workflow: Workflow, day: Day, absences: Absences) -> tuple[Told, ...]:
    """That an action is refused again and again, once on that day."""
    about = (("workflow", workflow.id), ("action", day.action))
    whom = addressees(workflow, absences)
    return _at_once(whom, "refusals_spike", about, f"{workflow.id}:{day.action}:{day.on}")


def told_of_breach(workflow: Workflow, cause: Cause, absences: Absences) -> tuple[Told, ...]:
    """What must be said at once of a red line or a guardrail, whether or not there is a grant to suspend."""
    return _standstill(workflow, addressees(workflow, absences), cause)


_KINDS: dict[type[Fact], str] = {
    WorkflowPaused: "workflow_paused",
    WorkflowResumed: "workflow_resumed",
    WorkflowClosed: "workflow_closed",
    PhaseChanged: "phase_changed",
    PlaybookMoved: "playbook_moved",
    GrantRevoked: "grant_revoked",
    GrantNarrowed: "grant_narrowed",
    GrantResumed: "grant_resumed",
    WorkflowFrozen: "workflow_frozen",
    WorkflowUnfrozen: "workflow_unfrozen",
}
_STANDSTILLS = {
    SuspensionCause.RED_LINE: "red_line_violated",
    SuspensionCause.GUARDRAIL: "guardrail_breached",
}


def _of_grants(view: View, fact: _OF_GRANTS, absences: Absences) -> tuple[Told, ...]:
    workflow = view.workflow_by_id(fact.workflow_id)
    whom = addressees(workflow, absences)
    if isinstance(fact, GrantSuspended) and fact.cause is not SuspensionCause.BY_HAND:
        return _standstill(workflow, whom, fact)
    if isinstance(fact, GrantRevoked) and workflow.outcome:
        # That it ended says so already.
        return ()
    kind = _KINDS.get(type(fact), "grants_suspended")
    grant = fact.narrowed_id if isinstance(fact, GrantNarrowed) else getattr(fact, "grant_id", "")
    about = (("workflow", workflow.id), ("grant", grant), ("cause", SuspensionCause.BY_HAND.name))
    return _at_once(whom, kind, about, f"{grant or workflow.id}:v{fact.seen_version + 1}")


def _standstill(workflow: Workflow, whom: tuple[str, ...], found: Cause | GrantSuspended) -> tuple[Told, ...]:
    """One message for each cause, however many grants it suspends, and however often that is looked at."""
    cause, subject = found.cause, found.subject
    when = found.observed_at.isoformat() if found.observed_at else ""
    about = (("workflow", workflow.id), ("cause", cause.name), ("subject", subject), ("at", when))
    kind = _STANDSTILLS.get(cause, "grants_suspended")
    return _at_once(whom, kind, about, f"{workflow.id}:{cause.name}:{subject}:{when}")


def _at_once(whom: tuple[str, ...], kind: str, about: tuple[tuple[str, str], ...], suffix: str) -> tuple[Told, ...]:
    """The same to each of them; it mentions steward and owner itself."""
    return tuple(Told(kind, target, about, f"{kind}:{suffix}:{target}") for target in whom)


def _in_channel(channel: str | None, kind: str, workflow_id: str, suffix: str) -> tuple[Told, ...]:
    if channel is None:
        return ()
    return (Told(kind, channel, (("workflow", workflow_id),), f"{kind}:{workflow_id}:{suffix}"),)


def _reported(workflow: Workflow) -> tuple[Told, ...]:
    """What a workflow that has ended brought, once, however it ended."""
    return _in_channel(workflow.team.channel, REPORT_AT_END, workflow.id, "end")


def _asked(view: View, fact: RequestMade, approvers: tuple[Person, ...]) -> tuple[Told, ...]:
    """A card in the team's channel, and one for the first approver by direct message."""
    channel = view.workflow_by_id(fact.workflow_id).team.channel
    targets = [channel] if channel else []
    return _cards(fact.request_id, (*targets, *reachable(asked_by_now(0, approvers))))


def _carried_on(fact: RequestEscalated, approvers: tuple[Person, ...]) -> tuple[Told, ...]:
    """After one working day a card for the next approver, after two for all who have none yet."""
    return _cards(fact.request_id, reachable(asked_by_now(fact.step, approvers)))


def _cards(request_id: str, targets: tuple[str, ...]) -> tuple[Told, ...]:
    """A card for each target; a second one for the same target is never sent, because its key stands already."""
    about = (("request", request_id),)
    return tuple(Told("request_card", target, about, f"request:{request_id}:{target}") for target in targets)


def _settled(request: Request, concerned: Concerned) -> tuple[Told, ...]:
    """The cards brought up to date; the asker, or who stands in, hears of it unless they took it back themselves."""
    about = (("request", request.id),)
    told = [Told("request_cards", request.id, about, f"request-cards:{request.id}")]
    told_to = concerned.absences.reached(request.asked_by)
    asker = told_to.handle if told_to else None
    if asker and asker.startswith(("U", "W")) and concerned.by not in (asker, request.asked_by.handle):
        told.append(Told("request_answer", asker, about, f"request-answer:{request.id}"))
    return tuple(told)


def _stood_in_for(view: View, fact: PersonAway) -> tuple[Told, ...]:
    """A word to the deputy."""
    if fact.deputy is None:
        return ()
    about = (("person", fact.subject),)
    key = f"stand-in:{fact.subject}:{fact.deputy}:{fact.until}"
    return tuple(Told("stand_in", target, about, key) for target in reachable((view.person_by_id(fact.deputy),)))
