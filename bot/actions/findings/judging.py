"""All findings of one instant: every running workflow looked at in the same transaction, by every rule."""

from dataclasses import dataclass

from bot.actions.checklists import statuses
from bot.actions.findings.records import program_records, records_by
from bot.actions.findings.scene import Scene
from bot.actions.findings.seen import seen_by
from bot.domain.findings.catalogue import PROGRAM_RULES, RULES
from bot.domain.findings.declaring import findings_in, findings_of
from bot.domain.findings.kinds import Finding
from bot.domain.findings.looks import ProgramLook, WorkflowLook
from bot.domain.findings.weeks import Weeks
from bot.domain.workflows import Workflow
from store import View


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was looked at, and every finding of it, those of a workflow together and in the catalogue's order."""

    weeks: Weeks
    looks: tuple[WorkflowLook, ...]
    findings: tuple[Finding, ...]


def judge(view: View, workflows: tuple[Workflow, ...], weeks: Weeks, scene: Scene) -> Judgement:
    """The findings of these workflows and of the program, judged at the end of `weeks`."""
    checklists = tuple(status.checklist for status in statuses(view, workflows, weeks.at))
    records = records_by(view, checklists, weeks, scene)
    seen = seen_by(view, checklists, weeks)
    looks = tuple(
        WorkflowLook(weeks, checklist, records[checklist.workflow.id], seen[checklist.workflow.id])
        for checklist in checklists
    )
    program = ProgramLook(weeks, looks, program_records(view, weeks, scene))
    found = [finding for look in looks for finding in findings_of(look, RULES.values())]
    return Judgement(weeks, looks, (*found, *findings_in(program, PROGRAM_RULES.values())))
