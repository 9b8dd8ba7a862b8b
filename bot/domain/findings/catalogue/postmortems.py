"""Rules about what is learned from incidents."""

from collections.abc import Iterator

from bot.domain.calendar import after_working_hours, local_date
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import called
from bot.domain.gate_evidence import trace_of
from bot.domain.gates.words import counted


@rule("incident.no_postmortem", while_paused=True)
def postmortem_missing(look: WorkflowLook) -> Iterator[Found]:
    """A sev1 or sev2 incident was resolved more than 5 working days ago and has no accepted postmortem."""
    workflow, team = look.workflow, look.workflow.team
    days = look.playbook.count("incident.no_postmortem", "working_days")
    severest = look.playbook.count("incident.open", "max_severity")
    hours = days * (team.hours.last_hour - team.hours.first_hour)
    for course in look.records.unlearned:
        incident, over_at = course.latest.body, course.resolved_at
        if over_at is None or incident.severity > severest or local_date(over_at, team.zone) < workflow.start_on:
            continue
        due_at = after_working_hours(over_at, hours, team.hours, team.zone)
        if look.at <= due_at:
            continue
        over_on, due_on = local_date(over_at, team.zone), local_date(due_at, team.zone)
        yield Found(
            severity=Severity.WARNING,
            summary=f"incident {called(incident.key)} (sev{incident.severity}) was resolved on {over_on:%-d %b %Y} "
            f"and has no accepted postmortem, due within {counted(days, 'working day')}, by {due_on:%-d %b %Y}",
            owner=look.owner(),
            next_step="write its postmortem and have it accepted",
            facts=(
                ("incident", incident.key),
                ("incident_severity", incident.severity),
                ("resolved_at", over_at.isoformat()),
                ("working_days", days),
                ("due_at", due_at.isoformat()),
            ),
            evidence=(trace_of(course.latest),),
            about=incident.key,
        )
