"""Requests: ask, approve, decline, withdraw; what is approved is carried out in the same transaction."""

from collections.abc import Iterator
from datetime import date, datetime

from bot.actions import gates, metrics, playbook_moves, takeovers, voids
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.grants import granting
from bot.actions.items import Place, find
from bot.actions.patience import lapses_at
from bot.actions.workflows import Correction, correct
from bot.domain import ticking
from bot.domain.calendar import local_date
from bot.domain.errors import Conflict, NotAllowed, Refused
from bot.domain.facts import (
    RequestApproved,
    RequestDeclined,
    RequestEscalated,
    RequestLapsed,
    RequestMade,
    RequestWithdrawn,
)
from bot.domain.items import ItemKey
from bot.domain.requests import Patience, Request, RequestKind, demand_another, demand_waiting, step_due
from bot.domain.rights import Right, demand_person
from bot.domain.ticking import demand_words
from bot.domain.workflows import START_EDIT_LAST_DAY, Workflow, demand_open
from store import View


def ask_skip(turn: Turn, place: Place, reason: str, until: date) -> RequestMade:
    """A request to skip an item until a date."""
    found = find(turn, place)
    turn.demand(Right.REQUEST, found.workflow.team, found.workflow)
    ticking.demand_skippable(found.row, until, local_date(turn.at, found.workflow.team.zone))
    for waiting in turn.change.requests(found.workflow.id):
        if waiting.kind is RequestKind.SKIP and waiting.item == str(place.key) and waiting.waits(turn.at):
            raise Conflict(
                f"{waiting.asked_by.name} asked to skip this item already; that request waits for a decision."
            )
    return _ask(
        turn,
        found.workflow,
        RequestMade(
            request_id=turn.change.new_id("req"),
            kind=RequestKind.SKIP,
            workflow_id=found.workflow.id,
            item=str(place.key),
            terms=(("until", until.isoformat()),),
            reason=demand_words(reason, "reason", "why this can be skipped"),
            lapses_at=lapses_at(turn, found.workflow),
        ),
    )


def ask_start_date(turn: Turn, workflow: Workflow, start_on: date, reason: str) -> RequestMade:
    """A request for another start date, which after day 15 takes an approver."""
    demand_open(workflow)
    turn.demand(Right.REQUEST_CORRECTION, workflow.team, workflow)
    if workflow.day(turn.at) <= START_EDIT_LAST_DAY:
        raise Refused(f"Until day {START_EDIT_LAST_DAY} nobody needs to approve a new start date: edit it directly.")
    correct(turn, workflow, Correction(start_on=start_on))
    return _ask(
        turn,
        workflow,
        RequestMade(
            request_id=turn.change.new_id("req"),
            kind=RequestKind.START_DATE,
            workflow_id=workflow.id,
            item=None,
            terms=(("start_on", start_on.isoformat()),),
            reason=demand_words(reason, "reason", "why the start date was wrong"),
            lapses_at=lapses_at(turn, workflow),
        ),
    )


def _ask(turn: Turn, workflow: Workflow, fact: RequestMade) -> RequestMade:
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return fact


def approve(turn: Turn, request_id: str, *, saw_no_data: bool = False) -> RequestApproved:
    """The request approved by someone other than the asker, and carried out.

    With `saw_no_data` the approver says to have seen that some evidence for a grant has no data; only grants ask it.
    """
    request, workflow, because = _decidable(turn, request_id)
    fact = RequestApproved(request_id=request.id, because=because)
    turn.record(fact)
    match request.kind:
        case RequestKind.SKIP:
            _skip(turn, request)
        case RequestKind.START_DATE:
            wanted = Correction(start_on=date.fromisoformat(request.term("start_on")))
            turn.record(correct(turn, workflow, wanted))
        case RequestKind.PROMOTION | RequestKind.OVERRIDE:
            gates.carry_out(turn, request, workflow)
        case RequestKind.METRIC:
            metrics.carry_out(turn, request, workflow)
        case RequestKind.VOID:
            voids.carry_out(turn, request, workflow)
        case RequestKind.GRANT:
            granting.carry_out(turn, request, workflow, saw_no_data=saw_no_data)
        case RequestKind.TAKE_OVER:
            takeovers.carry_out(turn, request, workflow)
        case RequestKind.PLAYBOOK_MOVE:
            playbook_moves.carry_out(turn, request, workflow)
    return fact


def _skip(turn: Turn, request: Request) -> None:
    until = date.fromisoformat(request.term("until"))
    found = find(turn, Place(request.workflow_id, ItemKey.parse(request.item or "")))
    today = local_date(turn.at, found.workflow.team.zone)
    if until <= today:
        raise Conflict(
            f"This skip was asked for until {until} and that day has come: decline it; "
            f"{request.asked_by.name} may ask again with a later date."
        )
    ticking.demand_skippable(found.row, until, today)
    turn.record(ticking.skip(found.workflow, found.row, until, request.id))


def decline(turn: Turn, request_id: str, reason: str) -> RequestDeclined:
    """The request declined by someone other than the asker, with the reason."""
    request, _, because = _decidable(turn, request_id)
    answer = demand_words(reason, "reason", "why not, and what would make it possible")
    fact = RequestDeclined(request_id=request.id, because=because, answer=answer)
    turn.record(fact)
    return fact


def _decidable(turn: Turn, request_id: str) -> tuple[Request, Workflow, str]:
    request = turn.change.request(request_id)
    workflow = turn.change.workflow_by_id(request.workflow_id)
    demand_another(request, turn.actor, turn.approvers(workflow.team, but=turn.actor.handle))
    because = turn.demand(Right.APPROVE, workflow.team, workflow)
    demand_waiting(request, turn.at)
    demand_open(workflow)
    return request, workflow, because


def withdraw(turn: Turn, request_id: str) -> RequestWithdrawn:
    """The request taken back by its asker."""
    demand_person(turn.actor)
    request = turn.change.request(request_id)
    if request.asked_by.handle != turn.actor.handle:
        raise NotAllowed(f"Only {request.asked_by.name}, who asked for it, can take this request back.")
    demand_waiting(request, turn.at)
    fact = RequestWithdrawn(request_id=request.id)
    turn.record(fact)
    return fact


def withdraw_all(turn: Turn, workflow: Workflow) -> tuple[RequestWithdrawn, ...]:
    """Whatever waits for a decision about this workflow, taken back because it ends."""
    facts = tuple(
        RequestWithdrawn(request_id=request.id, because="the workflow was closed")
        for request in turn.change.requests(workflow.id)
    )
    for fact in facts:
        turn.record(fact)
    return facts


def escalate(turn: Turn) -> tuple[RequestEscalated, ...]:
    """Every request that waited another working day, carried to the next approver, or to all of them."""
    facts = []
    for request, workflow, step in steps_due(turn.change, turn.at):
        fact = RequestEscalated(request_id=request.id, step=step)
        turn.record(fact, turn.approvers(workflow.team, but=request.asked_by.handle))
        facts.append(fact)
    return tuple(facts)


def steps_due(view: View, at: datetime) -> Iterator[tuple[Request, Workflow, int]]:
    """The requests that must be carried further at `at`, each with the step that it reaches by its playbook."""
    for request in view.requests():
        workflow = view.workflow_by_id(request.workflow_id)
        step = step_due(request, workflow.team, at, Patience.of(playbook_of(view, workflow)))
        if step > request.escalated:
            yield request, workflow, step


def lapse(turn: Turn) -> tuple[RequestLapsed, ...]:
    """Every request that nobody decided in time, lapsed."""
    facts = tuple(
        RequestLapsed(request_id=request.id) for request in turn.change.requests() if turn.at >= request.lapses_at
    )
    for fact in facts:
        turn.record(fact)
    return facts
