"""Signals taken back: at once by those who decide, at the request of everyone else."""

from bot.actions.desk import Turn
from bot.actions.findings import owing
from bot.actions.grants import guards
from bot.actions.patience import lapses_at
from bot.actions.proofs import judge_anew
from bot.actions.signals import keep
from bot.domain.errors import Conflict, Refused
from bot.domain.facts import RequestMade, RequestWithdrawn, SignalVoided
from bot.domain.people import FreeText
from bot.domain.requests import Request, RequestKind, demand_another
from bot.domain.rights import Right, demand_person, standings, why_allowed
from bot.domain.signals.by_hand import corrected, correction_text
from bot.domain.signals.kinds import Body, Signal
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.signals.summary import in_words, said_when
from bot.domain.signals.voiding import demand_in_force, demand_one
from bot.domain.ticking import demand_words
from bot.domain.workflows import Workflow, demand_open

_WHAT = "what is wrong with it"
_DONE_AT_ONCE = "it was taken back meanwhile"


def void(turn: Turn, named: str, reason: str) -> SignalVoided | RequestMade:
    """The signal taken back by someone who decides; asked for by everyone else. `named` is `ID` or `SOURCE/ID`."""
    demand_person(turn.actor)
    signal = meant(turn, named)
    if signal.workflow is None:
        return _void_of_team(turn, signal, reason)
    workflow = turn.change.workflow(signal.workflow)
    if why_allowed(Right.VOID, standings(turn.actor, workflow.team, workflow)) is None:
        return ask(turn, named, reason)
    demand_open(workflow)
    turn.demand(Right.VOID, workflow.team, workflow)
    why = demand_words(reason, "reason", _WHAT)
    if waiting := _waiting(turn, workflow, signal):
        demand_another(waiting, turn.actor, turn.approvers(workflow.team, but=turn.actor.handle))
        turn.record(RequestWithdrawn(request_id=waiting.id, because=_DONE_AT_ONCE))
    fact = _voided(signal, reason=why, workflow_id=workflow.id)
    turn.record(fact)
    _judge_anew(turn, workflow.id, signal)
    return fact


def ask(turn: Turn, named: str, reason: str, instead: Signal[Body] | None = None) -> RequestMade:
    """The request that someone else take the signal back, and let another one stand `instead`."""
    demand_person(turn.actor)
    signal = meant(turn, named)
    if signal.workflow is None:
        raise Refused(
            f"This is a number of team {signal.team}, which no request can be about: ask an approver of that team to "
            "take it back, or send the right number, since the latest one counts."
        )
    workflow = turn.change.workflow(signal.workflow)
    demand_open(workflow)
    turn.demand(Right.REQUEST_CORRECTION, workflow.team, workflow)
    if waiting := _waiting(turn, workflow, signal):
        raise Conflict(
            f"{waiting.asked_by.name} asked to take this signal back already; "
            f"that request ({waiting.id}) waits for a decision."
        )
    zone = workflow.team.zone
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.VOID,
        workflow_id=workflow.id,
        item=None,
        terms=(
            ("source", signal.source),
            ("signal", signal.id),
            ("what", in_words(signal, zone)),
            *_instead(instead, zone),
        ),
        reason=demand_words(reason, "reason", _WHAT),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return fact


def carry_out(turn: Turn, request: Request, workflow: Workflow) -> SignalVoided:
    """The signal taken back as an approved request asked, if it still counts."""
    found = turn.change.signals.one(request.term("source"), request.term("signal"))
    if found is None:
        raise Conflict(
            "The signal that this asks to take back is no longer kept, so nothing is left to do: decline it."
        )
    demand_in_force(found.signal, found.voided_at)
    if text := dict(request.terms).get("instead"):
        keep(turn, (corrected(found.signal, text),))
    fact = _voided(found.signal, request_id=request.id, workflow_id=workflow.id)
    turn.record(fact)
    _judge_anew(turn, workflow.id, found.signal)
    return fact


def _instead(new: Signal[Body] | None, zone: str) -> tuple[tuple[str, str], ...]:
    return (("instead", correction_text(new)), ("becomes", said_when(new, zone))) if new else ()


def _judge_anew(turn: Turn, workflow_id: str, signal: Signal[Body]) -> None:
    """What follows from a signal that no longer counts; whatever else rests on signals is looked at anew here."""
    kind = SHAPE_OF[type(signal.body)].kind
    judge_anew(turn, workflow_id, kind, signal.at)
    owing.judge_anew(turn, workflow_id, kind, signal.at)
    guards.judge_anew(turn, workflow_id, signal)


def meant(turn: Turn, named: str) -> Signal[Body]:
    """The signal in force that goes by `ID` or `SOURCE/ID`; a refusal if there is none, or more than one."""
    found = turn.change.signals.named(named)
    in_force = [each for each in found if each.voided_at is None]
    signal = demand_one(named, [each.signal for each in in_force or found])
    if not in_force:
        demand_in_force(signal, found[0].voided_at)
    return signal


def _void_of_team(turn: Turn, signal: Signal[Body], reason: str) -> SignalVoided | RequestMade:
    team = turn.change.team(str(signal.team))
    if why_allowed(Right.VOID, standings(turn.actor, team)) is None:
        return ask(turn, f"{signal.source}/{signal.id}", reason)
    turn.demand(Right.VOID, team)
    fact = _voided(signal, reason=demand_words(reason, "reason", _WHAT), team_id=team.id)
    turn.record(fact)
    return fact


def _waiting(turn: Turn, workflow: Workflow, signal: Signal[Body]) -> Request | None:
    this = (signal.source, signal.id)
    return next(
        (
            request
            for request in turn.change.requests(workflow.id)
            if request.kind is RequestKind.VOID
            and (request.term("source"), request.term("signal")) == this
            and request.waits(turn.at)
        ),
        None,
    )


def _voided(
    signal: Signal[Body],
    *,
    reason: FreeText | None = None,
    request_id: str | None = None,
    workflow_id: str | None = None,
    team_id: str | None = None,
) -> SignalVoided:
    return SignalVoided(
        source=signal.source,
        signal=signal.id,
        kind=SHAPE_OF[type(signal.body)].kind,
        at=signal.at,
        workflow_id=workflow_id,
        team_id=team_id,
        reason=reason,
        request_id=request_id,
    )
