"""All findings of one instant: every running workflow looked at in the same transaction, by every rule."""

from collections.abc import Iterable

from bot.actions.checklists import statuses
from bot.actions.findings.records import program_records, records_by
from bot.actions.findings.scene import Scene
from bot.actions.findings.seen import seen_by
from bot.domain.checklists import Checklist
from bot.domain.findings.catalogue import PROGRAM_RULES, RULES
from bot.domain.findings.declaring import findings_in, findings_of
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.kinds import Finding
from bot.domain.findings.looks import ProgramLook, WorkflowLook
from bot.domain.findings.weeks import Weeks
from bot.domain.workflows import Workflow
from store import View


def judge(view: View, workflows: tuple[Workflow, ...], weeks: Weeks, scene: Scene) -> Judgement:
    """The findings of these workflows and of the program, judged at the end of `weeks`."""
    looks = looks_at(view, tuple(status.checklist for status in statuses(view, workflows, weeks.at)), weeks, scene)
    program = ProgramLook(weeks, looks, program_records(view, weeks, scene))
    return Judgement(weeks, looks, (*found_by(looks), *findings_in(program, PROGRAM_RULES.values())))


def looks_at(view: View, checklists: tuple[Checklist, ...], weeks: Weeks, scene: Scene) -> tuple[WorkflowLook, ...]:
    """What rules look at of these workflows, in their order."""
    records = records_by(view, checklists, weeks, scene)
    seen = seen_by(view, checklists, weeks)
    return tuple(
        WorkflowLook(weeks, checklist, records[checklist.workflow.id], seen[checklist.workflow.id])
        for checklist in checklists
    )


def found_by(looks: Iterable[WorkflowLook]) -> tuple[Finding, ...]:
    """What the rules about single workflows find there."""
    return tuple(finding for look in looks for finding in findings_of(look, RULES.values()))
