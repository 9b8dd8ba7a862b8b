"""The rule about severe incidents."""

from collections.abc import Iterator

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import called, day
from bot.domain.gate_evidence import trace_of
from bot.domain.workflows import Role


@rule("incident.open", while_paused=True)
def incident_open(look: WorkflowLook) -> Iterator[Found]:
    """A sev1 or sev2 incident is open, or was opened in the week: critical while it is open, else a notice."""
    worst_kept = look.playbook.count("incident.open", "max_severity")
    for course in look.seen.incidents:
        incident = course.latest.body
        if incident.severity > worst_kept:
            continue
        name = f"incident {called(incident.key)} (sev{incident.severity})"
        opened = day(course.opened_at, look.weeks)
        told = f"{name} is open since {opened}"
        if course.resolved_at is not None:
            told = f"{name} was opened on {opened} and resolved on {day(course.resolved_at, look.weeks)}"
        yield Found(
            severity=Severity.CRITICAL if course.resolved_at is None else Severity.NOTICE,
            summary=told,
            owner=look.owner(Role.STEWARD),
            next_step="resolve it" if course.resolved_at is None else "write its postmortem",
            facts=(
                ("incident", incident.key),
                ("severity", incident.severity),
                ("title", incident.title),
                ("opened_at", course.opened_at.isoformat()),
                ("resolved_at", course.resolved_at.isoformat() if course.resolved_at else None),
            ),
            evidence=(trace_of(course.latest),),
            about=incident.key,
        )
