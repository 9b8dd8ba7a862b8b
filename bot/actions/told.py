"""Whom a fact must be told to: what goes into the outbox together with it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.facts import (
    Fact,
    PhaseChanged,
    RequestApproved,
    RequestDeclined,
    RequestEscalated,
    RequestLapsed,
    RequestMade,
    RequestWithdrawn,
    WorkflowClosed,
    WorkflowPaused,
    WorkflowResumed,
    WorkflowStarted,
)
from bot.domain.people import Person, Told
from bot.domain.requests import Request
from bot.domain.workflows import Role, Workflow
from store import View

_SETTLING = RequestApproved | RequestDeclined | RequestLapsed | RequestWithdrawn
_TURNS = WorkflowPaused | WorkflowResumed | WorkflowClosed | PhaseChanged


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who acts (a handle), and, where it is a request, who may decide it."""

    by: str
    approvers: tuple[Person, ...] = ()


def told_of(view: View, fact: Fact, concerned: Concerned) -> tuple[Told, ...]:
    """What must be said of `fact`, beside what whoever acts is answered anyway."""
    if isinstance(fact, RequestMade):
        return _asked(view, fact, concerned.approvers)
    if isinstance(fact, RequestEscalated):
        return _carried_on(fact, concerned.approvers)
    if isinstance(fact, _SETTLING):
        return _settled(view.request(fact.request_id), concerned.by)
    if isinstance(fact, WorkflowStarted):
        return _in_channel(view.team_by_id(fact.team_id).channel, "workflow_started", fact.workflow_id, "started")
    if isinstance(fact, _TURNS):
        workflow = view.workflow_by_id(fact.workflow_id)
        return _in_channel(workflow.team.channel, _KINDS[type(fact)], workflow.id, f"v{fact.seen_version + 1}")
    return ()


def told_of_spike(workflow: Workflow, action: str, on: date) -> tuple[Told, ...]:
    """That an action is refused again and again: in the team's channel, else to steward and owner; once a day."""
    people = (*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER))
    targets = (workflow.team.channel,) if workflow.team.channel else tuple(dict.fromkeys(_reachable(people)))
    about = (("workflow", workflow.id), ("action", action))
    key = f"refusals_spike:{workflow.id}:{action}:{on}"
    return tuple(Told("refusals_spike", target, about, f"{key}:{target}") for target in targets)


_KINDS: dict[type[Fact], str] = {
    WorkflowPaused: "workflow_paused",
    WorkflowResumed: "workflow_resumed",
    WorkflowClosed: "workflow_closed",
    PhaseChanged: "phase_changed",
}


def _in_channel(channel: str | None, kind: str, workflow_id: str, suffix: str) -> tuple[Told, ...]:
    if channel is None:
        return ()
    return (Told(kind, channel, (("workflow", workflow_id),), f"{kind}:{workflow_id}:{suffix}"),)


def _asked(view: View, fact: RequestMade, approvers: tuple[Person, ...]) -> tuple[Told, ...]:
    """A card in the team's channel, and one for the first approver by direct message."""
    channel = view.workflow_by_id(fact.workflow_id).team.channel
    targets = [channel] if channel else []
    return _cards(fact.request_id, (*targets, *_reachable(approvers[:1])))


def _carried_on(fact: RequestEscalated, approvers: tuple[Person, ...]) -> tuple[Told, ...]:
    """After one working day a card for the next approver, after two for all who have none yet."""
    return _cards(fact.request_id, _reachable(approvers[:2] if fact.step == 1 else approvers))


def _reachable(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.handle for person in people if person.handle and person.handle.startswith(("U", "W")))


def _cards(request_id: str, targets: tuple[str, ...]) -> tuple[Told, ...]:
    """A card for each target; a second one for the same target is never sent, because its key stands already."""
    about = (("request", request_id),)
    return tuple(Told("request_card", target, about, f"request:{request_id}:{target}") for target in targets)


def _settled(request: Request, by: str) -> tuple[Told, ...]:
    """The cards brought up to date; the asker hears of it unless they took it back themselves."""
    about = (("request", request.id),)
    told = [Told("request_cards", request.id, about, f"request-cards:{request.id}")]
    asker = request.asked_by.handle
    if asker and asker.startswith(("U", "W")) and asker != by:
        told.append(Told("request_answer", asker, about, f"request-answer:{request.id}"))
    return tuple(told)
