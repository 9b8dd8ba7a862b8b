"""What concerns one person: gathered for the Home and for the bare command."""

from collections.abc import Iterator

from bot.actions.checklists import checklist_of, status_of
from bot.actions.documents import able_to_judge
from bot.actions.grants.looking import holding_of
from bot.domain.checklists import Checklist, Row
from bot.domain.documents import Document
from bot.domain.escrow import Question
from bot.domain.grants.holding import Holding
from bot.domain.people import Actor
from bot.domain.requests import Request
from bot.domain.rights import Standing, standings
from bot.domain.statuses import Status
from bot.slack.screens.home import Desktop
from bot.slack.visit import Visit
from store import View

_DUE_WITHIN_DAYS = 7
_ANSWERING = frozenset({Standing.OWNER, Standing.STEWARD, Standing.LEAD, Standing.REVIEWER})
_RUNNERS = frozenset({Standing.OWNER, Standing.STEWARD})


def desktop_of(visit: Visit, view: View) -> Desktop:
    """The desktop of whoever visits."""
    me = view.absences(visit.at).standing_in(visit.actor)
    near = {workflow.id: workflow for handle in me.handles for workflow in view.workflows_of(handle)}
    mine = tuple(status_of(view, workflow, visit.at) for workflow in near.values())
    pairs = [(status, row) for status in mine for row in status.checklist.next_up if _is_of(row, me)]
    pairs = sorted((p for p in pairs if not p[0].workflow.pause), key=lambda pair: pair[1].due_on)
    due = tuple(p for p in pairs if (p[1].due_on - p[0].checklist.today).days < _DUE_WITHIN_DAYS)
    waiting = tuple((request, _checklist(visit, view, request)) for request in view.requests())
    return Desktop(
        to_decide=tuple(pair for pair in waiting if _may_decide(visit, *pair)),
        due=due,
        ahead=tuple(p for p in pairs if p not in due),
        workflows=tuple(sorted(mine, key=lambda status: status.trouble)),
        asked=tuple(pair for pair in waiting if pair[0].asked_by.handle == me.handle),
        others=0 if view.is_empty() else 1,
        holdings=tuple(_holdings(visit, view, mine)),
        to_answer=tuple(_to_answer(me, view, visit)),
        to_review=tuple(_to_review(visit, view)),
    )


def _to_answer(me: Actor, view: View, visit: Visit) -> Iterator[Question]:
    """The questions of agents that the visitor runs, leads the team of, or reviews."""
    for question in view.escrow.waiting(visit.at):
        workflow = view.workflow_by_id(question.workflow_id)
        if _ANSWERING & standings(me, workflow.team, workflow).keys():
            yield question


def _to_review(visit: Visit, view: View) -> Iterator[Document]:
    """The documents that wait for someone like the visitor to accept or reject them."""
    found = view.documents.in_review()
    deciders = visit.desk.deciders(view) if found else None
    for document in found:
        workflow = view.workflow_by_id(document.workflow_id)
        if deciders and any(each.handle == visit.actor.handle for each in able_to_judge(document, workflow, deciders)):
            yield document


def _holdings(visit: Visit, view: View, mine: tuple[Status, ...]) -> Iterator[Holding]:
    """What the agents hold whose workflows the visitor runs, where that wants something of them."""
    for status in mine:
        held = standings(visit.actor, status.workflow.team, status.workflow)
        if not _RUNNERS & held.keys():
            continue
        holding = holding_of(view, status.workflow, visit.at)
        if holding.freeze or holding.due or holding.stopped:
            yield holding


def _is_of(row: Row, me: Actor) -> bool:
    return any(person.handle in me.handles for person in row.holders)


def _checklist(visit: Visit, view: View, request: Request) -> Checklist:
    return checklist_of(view, view.workflow_by_id(request.workflow_id), visit.at)


def _may_decide(visit: Visit, request: Request, checklist: Checklist) -> bool:
    held = standings(visit.actor, checklist.workflow.team, checklist.workflow)
    decides = Standing.APPROVER in held or Standing.ADMIN in held
    return decides and request.asked_by.handle != visit.actor.handle
