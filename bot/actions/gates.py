"""Gates: the evidence gathered and judged in one transaction, promotions asked for and carried out, demotions."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.actions.checklists import checklist_of
from bot.actions.desk import Turn
from bot.actions.evidence import AtGate, Memberships, Moment, evidence_of
from bot.actions.patience import lapses_at
from bot.actions.readers import memo_for, reader_of
from bot.domain import overrides
from bot.domain.calendar import local_date
from bot.domain.checklists import Checklist
from bot.domain.errors import BadInput, Conflict, GateShut, Refused
from bot.domain.facts import GateJudged, PhaseChanged, RequestMade
from bot.domain.gates import judge
from bot.domain.overrides import Override, overrides_behind, overrides_in
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request, RequestKind
from bot.domain.rights import Right
from bot.domain.statuses import Status
from bot.domain.ticking import SKIP_LIMIT_DAYS, demand_words
from bot.domain.verdicts import CheckResult, Verdict
from bot.domain.wording import cut
from bot.domain.workflows import GATE_ROLES, Workflow, demand_open
from store import View

OVERRIDE_LIMIT_DAYS = SKIP_LIMIT_DAYS
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish to pass a gate although checks fail: by which memo, and until when that is good."""

    memo_id: str
    until: date


@dataclass(frozen=True, slots=True)
class Promotion:
    """What became of asking for a promotion: the gate's answer, and the request that waits if one was made."""

    verdict: Verdict
    request_id: str | None = None


def gatekeeping(workflow: Workflow) -> tuple[Person, ...]:
    """The people whose roles gates ask for."""
    return tuple(holder.person for holder in workflow.holders if holder.role in GATE_ROLES)


def handles_of(workflow: Workflow) -> tuple[str, ...]:
    """The handles of the people whose roles gates ask for."""
    return tuple(dict.fromkeys(person.handle for person in gatekeeping(workflow) if person.handle))


def verdict_of(view: View, checklist: Checklist, at: datetime, met: Memberships) -> Verdict | None:
    """The answer of the gate that ends the workflow's phase, None where no gate ends it."""
    gate = checklist.playbook.phase(checklist.workflow.phase).gate
    if gate is None:
        return None
    (evidence,) = evidence_of(view, (AtGate(gate, checklist),), Moment(at, met))
    return judge(gate, evidence)


def judged(view: View, status: Status, met: Memberships) -> Status:
    """The status together with the answer of its gate; a closed workflow has none."""
    if status.workflow.outcome:
        return status
    verdict = verdict_of(view, status.checklist, status.at, met)
    return replace(status, verdict=verdict, overrides=overrides_of(view, status.workflow))


def overrides_of(view: View, workflow: Workflow) -> tuple[Override, ...]:
    """The overrides by which the workflow came where it is, the oldest first."""
    return overrides_behind(workflow.phase, view.moves(workflow.id))


def verdict_behind(view: View, request: Request) -> Verdict | None:
    """What the gate answered when a request to pass it was made; None for requests of other kinds."""
    verdict_id = dict(request.terms).get("verdict")
    return view.gates.verdict(verdict_id) if verdict_id else None


def promote(turn: Turn, workflow: Workflow, override: Wish | None = None) -> Promotion:
    """The gate's answer, and a request for the promotion where it is ready, or is to be overridden."""
    turn.demand(Right.REQUEST, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    verdict = _judge_now(turn, workflow)
    if not verdict.ready and override is None:
        keep(turn, workflow, verdict)
        return Promotion(verdict)
    agreed = _overriding(turn, workflow, verdict, override) if override else None
    _demand_unasked(turn, workflow)
    verdict_id, sha256 = keep(turn, workflow, verdict)
    terms = {"to": str(verdict.to), "since": since(workflow), "verdict": verdict_id, "verdict_sha256": sha256}
    if agreed:
        terms |= {"memo": agreed.memo_id, "until": agreed.until.isoformat(), "checks": ",".join(agreed.checks)}
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.OVERRIDE if agreed else RequestKind.PROMOTION,
        workflow_id=workflow.id,
        item=None,
        terms=tuple(terms.items()),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return Promotion(verdict, fact.request_id)


def carry_out(turn: Turn, request: Request, workflow: Workflow) -> PhaseChanged:
    """The approved promotion or override, if its gate, judged anew at this moment, still lets it through."""
    to = PhaseName(request.term("to"))
    demand_unmoved(request, workflow)
    verdict = _judge_now(turn, workflow)
    demand_through(turn, request, workflow, verdict)
    verdict_id, sha256 = keep(turn, workflow, verdict)
    fact = PhaseChanged(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        left=workflow.phase,
        entered=to,
        because=f"{request.kind} {request.id}",
        verdict=verdict_id,
        verdict_sha256=sha256,
    )
    turn.record(fact)
    return fact


def demote(turn: Turn, workflow: Workflow, reason: str) -> PhaseChanged:
    """The workflow one phase back, at once, with a reason."""
    turn.demand(Right.DEMOTE, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    to = demand_demotable(workflow)
    fact = PhaseChanged(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        left=workflow.phase,
        entered=to,
        because="demotion",
        reason=demand_words(reason, "reason", "why it goes back"),
    )
    turn.record(fact)
    return fact


def demand_demotable(workflow: Workflow) -> PhaseName:
    """The phase that a demotion leads to; a refusal where there is none."""
    demand_open(workflow)
    if workflow.phase.preceding is None:
        raise Refused(
            f"{workflow.name} is in {workflow.phase}, the first phase, so it cannot be moved back: "
            "pause it to stop its agent, or close it."
        )
    return workflow.phase.preceding


def demand_ahead(workflow: Workflow) -> None:
    """Nothing, if a gate may lie ahead of the workflow; else a refusal."""
    demand_open(workflow)
    if workflow.phase.following is None:
        raise Refused(f"{workflow.name} is in {workflow.phase}, the last phase: there is no gate ahead of it.")


def _judge_now(turn: Turn, workflow: Workflow) -> Verdict:
    demand_ahead(workflow)
    met = turn.memberships(gatekeeping(workflow))
    verdict = verdict_of(turn.change, checklist_of(turn.change, workflow, turn.at), turn.at, met)
    if verdict is None:
        raise Refused(f"The playbook of {workflow.name} has no gate at the end of {workflow.phase}; nothing was asked.")
    return verdict


def since(workflow: Workflow) -> str:
    """What a request to pass a gate remembers of where the workflow stood; every move makes it another."""
    return f"{workflow.phase} {workflow.phase_since.isoformat()}"


def demand_unmoved(request: Request, workflow: Workflow) -> None:
    """Nothing, if the workflow stands where it stood when it was asked to move; else a refusal."""
    if dict(request.terms).get("since") != since(workflow):
        raise GateShut(
            f"{request.asked_by.name} asked to move {workflow.name} to {request.term('to')}, and it was moved since: "
            f"it is in {workflow.phase} now. Decline this request, and ask for the next step from where it stands."
        )


def keep(turn: Turn, workflow: Workflow, verdict: Verdict) -> tuple[str, str]:
    """The verdict kept whole and noted in the log: its id, and the SHA-256 of what was kept."""
    verdict_id, sha256 = turn.change.keep_verdict(workflow.id, verdict)
    turn.record(
        GateJudged(
            workflow_id=workflow.id, verdict=verdict_id, verdict_sha256=sha256, to=verdict.to, ready=verdict.ready
        )
    )
    return verdict_id, sha256


def _overriding(turn: Turn, workflow: Workflow, verdict: Verdict, wish: Wish) -> Override:
    today = local_date(turn.at, workflow.team.zone)
    agreed = overrides.override(verdict, wish.memo_id.strip(), wish.until, today, OVERRIDE_LIMIT_DAYS)
    memo = memo_for(turn.change, reader_of(turn.change, turn.actor), agreed.memo_id)
    if memo.workflow_id != workflow.id:
        about = f"about {memo.workflow}" if memo.workflow else "about no workflow"
        raise BadInput(
            f"“{cut(memo.title, 80)}” is {about}, and an override rests on a filed memo of {workflow.name}: "
            "file one and name its id.",
            "memo",
        )
    return agreed


def _demand_unasked(turn: Turn, workflow: Workflow) -> None:
    for waiting in turn.change.requests(workflow.id):
        is_apt = dict(waiting.terms).get("since") == since(workflow)
        if waiting.kind.moves_phase and is_apt and waiting.waits(turn.at):
            raise Conflict(
                f"{waiting.asked_by.name} asked to move {workflow.name} to {waiting.term('to')} already; "
                f"that request ({waiting.id}) waits for a decision."
            )


def demand_through(turn: Turn, request: Request, workflow: Workflow, verdict: Verdict) -> None:
    """Nothing, if this answer of a gate lets `request` through, by evidence or by its overrides; else a refusal."""
    agreed = next((each for each in overrides_in(request) if each.to is verdict.to), None)
    if agreed is None:
        _demand_none(verdict.failing, workflow, verdict)
        return
    if agreed.is_expired(local_date(turn.at, workflow.team.zone)):
        raise GateShut(
            f"This override was asked for until {agreed.until} and that day is over: decline it; "
            f"{request.asked_by.name} may ask again with a later date."
        )
    _demand_none(overrides.uncovered(agreed, verdict), workflow, verdict)


def _demand_none(shut: tuple[CheckResult, ...], workflow: Workflow, verdict: Verdict) -> None:
    if shut:
        told = "; ".join(f"{each.check}: {cut(each.found, 120)} (needs {each.needs})" for each in shut[:_NAMED])
        more = f" and {len(shut) - _NAMED} more" if len(shut) > _NAMED else ""
        raise GateShut(
            f"The gate of {workflow.name} to {verdict.to} is shut now, whatever it was when this was asked. "
            f"{told}{more}. Nothing changed: mend that, or decline this request."
        )
