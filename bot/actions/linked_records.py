"""What the program knows of a workflow, as material for a draft: its incidents, its decisions, its findings."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

from bot.actions.checklists import checklist_of
from bot.actions.desk import Desk
from bot.actions.findings.scene import scene_of
from bot.actions.findings.tracking import followed_of
from bot.domain.grants.log import LogQuery
from bot.domain.workflows import Workflow
from store import View

LOOKED_BACK = timedelta(days=28)
MOST = 40
"""So many of a kind are drawn on, the newest."""


class RecordKind(StrEnum):
    """What can be drawn on."""

    INCIDENTS = "incidents"
    DECISIONS = "decisions"
    FINDINGS = "findings"


def records_of(desk: Desk, workflow: Workflow, kinds: Collection[RecordKind]) -> tuple[Mapping[str, str], ...]:
    """The incidents and decisions of the last 28 days, and the findings of now, as far as these kinds are asked for."""
    scene = scene_of(desk, (workflow,)) if RecordKind.FINDINGS in kinds else None
    found: list[Mapping[str, str]] = []
    with desk.reading() as view:
        if RecordKind.INCIDENTS in kinds:
            found += _incidents(desk, view, workflow)
        if RecordKind.DECISIONS in kinds:
            found += _decisions(desk, view, workflow)
        if scene:
            at = desk.clock.now()
            followed = followed_of(view, (checklist_of(view, workflow, at),), at, scene)
            found += [
                {"finding": each.finding.rule, "severity": each.finding.severity.value, "what": each.finding.summary}
                for each in followed[:MOST]
            ]
    return tuple(found)


def _incidents(desk: Desk, view: View, workflow: Workflow) -> list[Mapping[str, str]]:
    at = desk.clock.now()
    known = sorted(view.gates.incidents(workflow.id, at), key=lambda course: course.opened_at, reverse=True)
    return [
        {
            "incident": course.latest.body.key,
            "what": course.latest.body.title,
            "severity": str(course.latest.body.severity),
            "opened_at": course.opened_at.isoformat(),
            "resolved_at": course.resolved_at.isoformat() if course.resolved_at else "",
        }
        for course in known[:MOST]
        if course.resolved_at is None or course.resolved_at > at - LOOKED_BACK
    ]


def _decisions(desk: Desk, view: View, workflow: Workflow) -> list[Mapping[str, str]]:
    query = LogQuery(workflow.id, since=desk.clock.now() - LOOKED_BACK, most=MOST)
    return [
        {
            "decision": entry.decision.outcome.value,
            "action": entry.decision.action,
            "at": entry.decision.at.isoformat(),
            "why": " ".join(entry.decision.reasons or ()),
        }
        for entry in view.decisions.log(query)
    ]
