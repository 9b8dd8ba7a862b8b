"""Rules about deviations from policies."""

from collections.abc import Iterator

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import titled
from bot.domain.verdicts import Trace


@rule("deviation.open")
def deviation_open(look: WorkflowLook) -> Iterator[Found]:
    """A deviation is open; critical in security or data access."""
    for deviation in look.records.deviations:
        if not deviation.is_open:
            continue
        area = deviation.area.replace("_", " ")
        yield Found(
            severity=Severity.CRITICAL if deviation.area.is_critical else Severity.WARNING,
            summary=f"a deviation in {area} is open, due on {deviation.due_on:%-d %b %Y}: “{titled(deviation.title)}”",
            owner=deviation.owner,
            next_step="mend it, write its postmortem, and close it with how that was done",
            facts=(
                ("deviation", deviation.id),
                ("title", deviation.title),
                ("area", str(deviation.area)),
                ("due_on", deviation.due_on.isoformat()),
                ("opened_at", deviation.opened_at.isoformat()),
            ),
            evidence=(Trace("deviation", deviation.id),),
            about=deviation.id,
        )
