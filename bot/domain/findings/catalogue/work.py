"""Rules about work: items that are stuck, and changes that had to be taken back."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.seen import StuckItem
from bot.domain.findings.words import called, day
from bot.domain.gate_evidence import trace_of
from bot.domain.signals.kinds import WorkStatus
from bot.domain.workflows import Role

_NAMED = 3


@rule("work.stuck")
def work_stuck(look: WorkflowLook) -> Iterator[Found]:
    """A work item is blocked, or open and past due; one finding lists them."""
    stuck = look.seen.stuck
    if not stuck.count:
        return
    counts = [f"{stuck.overdue:,} past due"] if stuck.overdue else []
    counts += [f"{stuck.blocked:,} blocked"] if stuck.blocked else []
    told = ", ".join(_told(item, look) for item in stuck.first[:_NAMED])
    more = stuck.count - min(len(stuck.first), _NAMED)
    yield Found(
        severity=Severity.NOTICE,
        summary=f"work items: {' and '.join(counts)}: {told}{f' and {more:,} more' if more else ''}",
        owner=look.owner(Role.STEWARD),
        next_step="unblock them, or move their due days",
        facts=(
            ("blocked", stuck.blocked),
            ("overdue", stuck.overdue),
            ("items", tuple(item.key for item in stuck.first)),
        ),
        evidence=tuple(item.trace for item in stuck.first),
        size=stuck.count,
    )


def _told(item: StuckItem, look: WorkflowLook) -> str:
    if item.status is WorkStatus.BLOCKED or item.overdue_since is None:
        return f"{called(item.key)} blocked"
    # A date is over at its end, which is the next day's beginning.
    return f"{called(item.key)} due {day(item.overdue_since - timedelta(microseconds=1), look.weeks)}"


@rule("change.reverted")
def change_reverted(look: WorkflowLook) -> Iterator[Found]:
    """A change that reverts another was merged in the week."""
    for change in look.seen.reverts:
        body = change.body
        yield Found(
            severity=Severity.WARNING,
            summary=f"{called(body.reverts or '')} was taken back by {called(body.key)} "
            f"on {day(body.merged_at, look.weeks)}",
            owner=look.owner(Role.STEWARD),
            next_step="find out what let it through, and test for that",
            facts=(
                ("change", body.key),
                ("reverts", body.reverts),
                ("title", body.title),
                ("merged_at", body.merged_at.isoformat()),
            ),
            evidence=(trace_of(change),),
            about=body.key,
        )
