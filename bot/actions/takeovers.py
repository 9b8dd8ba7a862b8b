"""Take-overs: a workflow that was at work before it came here begins in a later phase, by a memo and an approval."""

from dataclasses import dataclass, replace
from datetime import date

from bot.actions import gates, workflows
from bot.actions.checklists import checklist_of
from bot.actions.desk import Turn
from bot.actions.patience import lapses_at
from bot.actions.readers import memo_for, reader_of
from bot.actions.workflows import Beginning
from bot.domain import overrides
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput, Refused
from bot.domain.facts import ItemTakenOver, PhaseChanged, RequestMade, WorkflowStarted
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request, RequestKind
from bot.domain.rights import Right
from bot.domain.takeovers import demand_apt, earlier, taken_over
from bot.domain.verdicts import Verdict
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish to begin in `phase`: by which memo the gates before it are overridden, and until when that is good."""

    phase: PhaseName
    memo_id: str
    until: date


def start(turn: Turn, beginning: Beginning, wish: Wish) -> tuple[WorkflowStarted, RequestMade]:
    """The workflow started in pilot, and the request to take it over in the phase where it really is."""
    if not earlier(wish.phase):
        raise BadInput(
            "Every workflow begins in pilot, so nothing is taken over there: name production, scaling or operating.",
            "take_over",
        )
    _, started = workflows.start(turn, beginning)
    workflow = turn.change.workflow_by_id(started.workflow_id)
    turn.demand(Right.REQUEST, workflow.team, workflow)
    _demand_founded(turn, workflow, wish)
    verdicts = _verdicts(turn, workflow, wish.phase)
    kept = [gates.keep(turn, workflow, verdict)[0] for verdict in verdicts]
    terms = {
        "to": str(wish.phase),
        "since": gates.since(workflow),
        "memo": wish.memo_id.strip(),
        "until": wish.until.isoformat(),
        "checks": overrides.checks_as_term(verdicts),
        "verdicts": ",".join(kept),
    }
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.TAKE_OVER,
        workflow_id=workflow.id,
        item=None,
        terms=tuple(terms.items()),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return started, fact


def _demand_founded(turn: Turn, workflow: Workflow, wish: Wish) -> None:
    today = local_date(turn.at, workflow.team.zone)
    if workflow.start_on > today:
        raise BadInput(
            f"What is taken over has begun already, and {workflow.start_on} is still to come: give the day that was "
            "its first, 39 days ago for what is on its day 40 today.",
            "start_on",
        )
    overrides.demand_bounded(wish.memo_id.strip(), wish.until, today, gates.OVERRIDE_LIMIT_DAYS)
    reader = reader_of(turn.change, turn.actor)
    memo = memo_for(turn.change, reader, wish.memo_id)
    demand_apt(memo if reader.reads(memo.audience) else memo.without_body(), workflow.name)


def _verdicts(turn: Turn, workflow: Workflow, to: PhaseName) -> tuple[Verdict, ...]:
    """What each gate on the way to a phase answers now, as if the workflow stood before it."""
    met = turn.memberships(gates.gatekeeping(workflow))
    looks = (checklist_of(turn.change, replace(workflow, phase=phase), turn.at) for phase in earlier(to))
    found = tuple(gates.verdict_of(turn.change, look, turn.at, met) for look in looks)
    verdicts = tuple(verdict for verdict in found if verdict)
    if not verdicts:
        raise Refused(f"The playbook of {workflow.name} has no gate before {to}; nothing was asked.")
    return verdicts


def carry_out(turn: Turn, request: Request, workflow: Workflow) -> PhaseChanged:
    """The approved take-over, if what fails at its gates now is no more than what was asked to be passed over."""
    to = PhaseName(request.term("to"))
    gates.demand_unmoved(request, workflow)
    verdicts = _verdicts(turn, workflow, to)
    for verdict in verdicts:
        gates.demand_through(turn, request, workflow, verdict)
    kept = [gates.keep(turn, workflow, verdict) for verdict in verdicts]
    rows = checklist_of(turn.change, workflow, turn.at).rows
    verdict_id, sha256 = kept[-1]
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
    for row in taken_over(rows, to, workflow.today(turn.at)):
        turn.record(ItemTakenOver(workflow_id=workflow.id, item=str(row.key)))
    return fact
