"""Rules about checklist items."""

from collections.abc import Iterator

from bot.domain.checklists import Row
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import titled
from bot.domain.gates.words import counted, named
from bot.domain.items import ItemState
from bot.domain.people import Person
from bot.domain.verdicts import Trace


@rule("item.overdue")
def items_overdue(look: WorkflowLook) -> Iterator[Found]:
    """Required items are open past their due day; critical once one of them is more than 7 days late."""
    late = look.checklist.late
    if not late:
        return
    most = look.playbook.count("item.overdue", "critical_after_days")
    worst = late[0].days_late(look.checklist.today)
    titles = tuple(row.item.title for row in late)
    first = next((row for row in late if row.state is not ItemState.BLOCKED), late[0])
    told = f"{counted(len(late), 'required item')} {'is' if len(late) == 1 else 'are'} past due"
    listed = named([f"“{titled(title)}”" for title in titles])
    yield Found(
        severity=Severity.CRITICAL if worst > most else Severity.WARNING,
        summary=f"{told}, the oldest by {counted(worst, 'day')}: {listed}",
        owner=_owner(look, first.holders),
        next_step=_next_step(first),
        facts=(("items", titles), ("count", len(late)), ("days_late", worst), ("critical_after_days", most)),
        evidence=tuple(Trace("item", str(row.key)) for row in late),
        size=len(late),
    )


def _next_step(first: Row) -> str:
    if first.state is ItemState.BLOCKED:
        return f"clear what blocks “{titled(first.item.title)}”, or ask to skip it"
    return f"do “{titled(first.item.title)}” first, or write down what blocks it"


def _owner(look: WorkflowLook, holders: tuple[Person, ...]) -> Person:
    return next((person for person in holders if not look.records.is_gone(person)), None) or look.owner()
