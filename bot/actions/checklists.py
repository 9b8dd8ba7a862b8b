"""Looks at workflows: checklist and status, of one or of many."""

from dataclasses import replace
from datetime import datetime

from bot import playbooks
from bot.domain.checklists import Checklist, checklist
from bot.domain.playbook import Playbook
from bot.domain.statuses import Status
from bot.domain.workflows import Workflow
from store import View


def playbook_of(view: View, workflow: Workflow) -> Playbook:
    """The playbook that the workflow pinned, whatever the files say today."""
    playbook = playbooks.load(view.playbook_text(workflow.playbook.hash), workflow.playbook.id)
    return playbooks.dated(playbook, workflow.start_on.year)


def checklist_of(view: View, workflow: Workflow, at: datetime) -> Checklist:
    """The workflow's checklist, judged at `at`."""
    known = view.known((workflow.id,))[workflow.id]
    found = checklist(workflow, playbook_of(view, workflow), known, at)
    return replace(found, absences=view.absences(at))


def status_of(view: View, workflow: Workflow, at: datetime) -> Status:
    """The workflow's status, judged at `at`."""
    waiting = tuple(request for request in view.requests(workflow.id) if request.waits(at))
    return Status(workflow, checklist_of(view, workflow, at), waiting, at)


def statuses(view: View, workflows: tuple[Workflow, ...], at: datetime) -> tuple[Status, ...]:
    """The status of each workflow, the one with most trouble first."""
    known = view.known(tuple(w.id for w in workflows))
    waiting = tuple(request for request in view.requests() if request.waits(at))
    absences = view.absences(at)
    found = (
        Status(
            workflow,
            replace(checklist(workflow, playbook_of(view, workflow), known[workflow.id], at), absences=absences),
            tuple(r for r in waiting if r.workflow_id == workflow.id),
            at,
        )
        for workflow in workflows
    )
    return tuple(sorted(found, key=lambda status: status.trouble))
