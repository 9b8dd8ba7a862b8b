"""Moving a running workflow to another playbook, or to a newer version of its own; what loosens needs an approver."""

from dataclasses import dataclass
from datetime import datetime

from bot import playbooks
from bot.actions.desk import Turn
from bot.actions.grants import guards
from bot.actions.patience import lapses_at
from bot.actions.readers import memo_for, reader_of
from bot.actions.workflows import pin_of
from bot.domain.checklists import checklist
from bot.domain.errors import BadInput, Conflict, GateShut
from bot.domain.facts import PlaybookMoved, RequestMade
from bot.domain.playbook_moves import PlaybookDifference, demand_different, difference
from bot.domain.requests import Request, RequestKind
from bot.domain.rights import Right
from bot.domain.wording import cut
from bot.domain.workflows import PlaybookPin, Workflow, demand_open
from store import View


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a workflow would go: a shipped playbook as its file stands now, and its text."""

    pin: PlaybookPin
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move changes, and the request that waits where something is loosened; None: it took effect."""

    difference: PlaybookDifference
    request_id: str | None


def goal(playbook_id: str) -> Goal:
    """The shipped playbook called `playbook_id`, or a refusal that offers the nearest name."""
    return Goal(*pin_of(playbook_id.strip()))


def foreseen(view: View, workflow: Workflow, to: Goal, at: datetime) -> PlaybookDifference:
    """What would be different for the workflow on that playbook; a refusal where it follows just that already."""
    demand_open(workflow)
    demand_different(workflow, to.pin)
    return _between(view, workflow, (view.playbook_text(workflow.playbook.hash), to.text), at)


def move(turn: Turn, workflow: Workflow, playbook_id: str, memo_id: str) -> Moved:
    """The workflow on another playbook at once, or, where that loosens something, a request for it."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    to = goal(playbook_id)
    found = foreseen(turn.change, workflow, to, turn.at)
    _demand_memo(turn, workflow, memo_id)
    turn.change.keep_playbook(to.pin, to.text)
    if not found.needs_approver:
        _record(turn, workflow, _moved(workflow, to.pin, memo_id.strip(), "nothing is loosened"))
        return Moved(found, None)
    turn.demand(Right.REQUEST, workflow.team, workflow)
    _demand_unasked(turn, workflow)
    terms = {
        "playbook": to.pin.id,
        "version": str(to.pin.version),
        "hash": to.pin.hash,
        "from": workflow.playbook.hash,
        "memo": memo_id.strip(),
    }
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.PLAYBOOK_MOVE,
        workflow_id=workflow.id,
        item=None,
        terms=tuple(terms.items()),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    return Moved(found, fact.request_id)


def carry_out(turn: Turn, request: Request, workflow: Workflow) -> PlaybookMoved:
    """The approved move to the text that was asked for, if the workflow still follows what it followed then."""
    if workflow.playbook.hash != request.term("from"):
        raise GateShut(
            f"{workflow.name} follows another playbook now than when {request.asked_by.name} asked for this, so the "
            "difference on the card is no longer what would change: decline it; it can be asked for again."
        )
    pin = PlaybookPin(request.term("playbook"), int(request.term("version")), request.term("hash"))
    fact = _moved(workflow, pin, request.term("memo"), f"{request.kind} {request.id}")
    _record(turn, workflow, fact)
    return fact


def _record(turn: Turn, workflow: Workflow, fact: PlaybookMoved) -> None:
    """The move, and what the guards make of it: another playbook may have another floor."""
    seen = guards.look(turn, workflow.id)
    turn.record(fact)
    if seen:
        guards.act(turn, seen)


def difference_behind(view: View, request: Request, at: datetime) -> PlaybookDifference:
    """What a request to move changes, of the workflow's items as they stand at `at`."""
    workflow = view.workflow_by_id(request.workflow_id)
    return _between(view, workflow, tuple(view.playbook_text(request.term(name)) for name in ("from", "hash")), at)


def _between(view: View, workflow: Workflow, texts: tuple[str, ...], at: datetime) -> PlaybookDifference:
    known = view.known((workflow.id,))[workflow.id]
    loaded = (playbooks.dated(playbooks.load(text, "the playbook"), workflow.start_on.year) for text in texts)
    before, after = (checklist(workflow, each, known, at) for each in loaded)
    return difference(before, after)


def _moved(workflow: Workflow, to: PlaybookPin, memo_id: str, because: str) -> PlaybookMoved:
    return PlaybookMoved(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        before=workflow.playbook,
        playbook=to,
        memo=memo_id,
        because=because,
    )


def _demand_memo(turn: Turn, workflow: Workflow, memo_id: str) -> None:
    if not memo_id.strip():
        raise BadInput(f"A move rests on a filed memo of {workflow.name}: file one and name its id.", "memo")
    memo = memo_for(turn.change, reader_of(turn.change, turn.actor), memo_id)
    if memo.workflow_id != workflow.id:
        about = f"about {memo.workflow}" if memo.workflow else "about no workflow"
        raise BadInput(
            f"“{cut(memo.title, 80)}” is {about}, and a move rests on a filed memo of {workflow.name}: "
            "file one and name its id.",
            "memo",
        )


def _demand_unasked(turn: Turn, workflow: Workflow) -> None:
    for waiting in turn.change.requests(workflow.id):
        if waiting.kind is RequestKind.PLAYBOOK_MOVE and waiting.waits(turn.at):
            raise Conflict(
                f"{waiting.asked_by.name} asked to move {workflow.name} to the playbook {waiting.term('playbook')} "
                f"already; that request ({waiting.id}) waits for a decision."
            )
