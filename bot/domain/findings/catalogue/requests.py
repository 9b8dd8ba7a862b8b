"""Rules about requests that wait."""

from collections.abc import Iterator

from bot.domain.calendar import after_working_hours, local_date
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.gates.words import counted
from bot.domain.verdicts import Trace


@rule("approval.waiting", while_paused=True)
def requests_waiting(look: WorkflowLook) -> Iterator[Found]:
    """A request has waited for a decision for more than 2 working days of the team."""
    team, days = look.workflow.team, look.playbook.count("approval.waiting", "working_days")
    hours = days * (team.hours.last_hour - team.hours.first_hour)
    for waiting in look.records.waiting:
        request = waiting.request
        if look.at <= after_working_hours(request.asked_at, hours, team.hours, team.zone):
            continue
        since, lapses = local_date(request.asked_at, team.zone), local_date(request.lapses_at, team.zone)
        yield Found(
            severity=Severity.WARNING,
            summary=f"a request ({request.kind.label}) has waited since {since:%-d %b %Y}, longer than "
            f"{counted(days, 'working day')}",
            owner=waiting.able[0] if waiting.able else team.lead,
            next_step=f"approve or decline it before it lapses on {lapses:%-d %b %Y}"
            if waiting.able
            else "name another approver of the team: nobody who is here can decide it",
            facts=(
                ("request", request.id),
                ("kind", str(request.kind)),
                ("asked_at", request.asked_at.isoformat()),
                ("lapses_at", request.lapses_at.isoformat()),
                ("working_days", days),
                ("able", len(waiting.able)),
            ),
            evidence=(Trace("request", request.id),),
            about=request.id,
        )
