"""Rules about phases: one that lasts longer than planned, and a workflow that stands still."""

from collections.abc import Iterator

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.gates.words import counted
from bot.domain.workflows import Role, paused_for


@rule("phase.slipping")
def phase_slipping(look: WorkflowLook) -> Iterator[Found]:
    """Today is past the phase's last day and its gate has not passed; critical once that is more than 14 days."""
    workflow = look.workflow
    phase = look.playbook.phase(workflow.phase)
    day = workflow.day(look.at)
    if phase.last_day is None or phase.gate is None or day <= phase.last_day:
        return
    most, late = look.playbook.count("phase.slipping", "critical_after_days"), day - phase.last_day
    yield Found(
        severity=Severity.CRITICAL if late > most else Severity.WARNING,
        summary=f"day {day} and still in {phase.name}, which was to end on day {phase.last_day}, "
        f"{counted(late, 'day')} ago",
        owner=look.owner(Role.OWNER),
        next_step=f"ask for the promotion to {phase.gate.to}, and settle what its gate names",
        facts=(
            ("phase", str(phase.name)),
            ("day", day),
            ("last_day", phase.last_day),
            ("days_late", late),
            ("critical_after_days", most),
        ),
    )


@rule("pause.long", while_paused=True)
def paused_long(look: WorkflowLook) -> Iterator[Found]:
    """The workflow has been paused for more than 28 days."""
    if look.workflow.pause is None:
        return
    days, most = paused_for(look.workflow, look.at), look.playbook.count("pause.long", "max_days")
    if days > most:
        yield Found(
            severity=Severity.NOTICE,
            summary=f"paused for {days} days, since {look.workflow.pause.on:%-d %b %Y}, and {most} are the most",
            owner=look.owner(Role.OWNER),
            next_step="resume it, or close it",
            facts=(("days", days), ("since", look.workflow.pause.on.isoformat()), ("max_days", most)),
        )
