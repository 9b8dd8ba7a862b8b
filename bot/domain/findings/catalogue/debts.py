"""Rules about what was passed over by decision: skipped items and overridden gates."""

from collections.abc import Iterator
from itertools import groupby

from bot.domain.checklists import Row
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import titled
from bot.domain.gates.words import counted, named
from bot.domain.items import ItemState
from bot.domain.overrides import Debt
from bot.domain.people import Person
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role


@rule("override.debt")
def overrides_owed(look: WorkflowLook) -> Iterator[Found]:
    """A skip is in force, or a gate was overridden and a check of it never passed since; a warning once it expired."""
    yield from (_skipped(look, row) for row in look.checklist.rows if _is_owed(row))
    for _, debts in groupby(look.records.debts, key=lambda debt: debt.override):
        yield _overridden(look, tuple(debts))


def _is_owed(row: Row) -> bool:
    """Whether an item was skipped and nothing else became of it since; once the skip has expired it is open again."""
    was_skipped = row.record is not None and row.record.state is ItemState.SKIPPED
    return was_skipped and row.state in (ItemState.SKIPPED, ItemState.OPEN)


def _skipped(look: WorkflowLook, row: Row) -> Found:
    until = row.record.until if row.record else None
    is_expired = row.state is ItemState.OPEN
    end = f"{until:%-d %b %Y}" if until else "no day"
    told = f"expired on {end}, so that it is open again" if is_expired else f"is in force until {end}"
    here = (person for person in row.holders if not look.records.is_gone(person))
    return Found(
        severity=Severity.WARNING if is_expired else Severity.NOTICE,
        summary=f"the skip of “{titled(row.item.title)}” {told}",
        owner=next(here, None) or look.owner(),
        next_step="do it, or ask for another skip" if is_expired else "do it before the skip ends",
        facts=(
            ("item", str(row.key)),
            ("title", row.item.title),
            ("until", until.isoformat() if until else None),
            ("is_expired", is_expired),
        ),
        evidence=(Trace("item", str(row.key)),),
        about=f"item:{row.key}",
    )


def _overridden(look: WorkflowLook, debts: tuple[Debt, ...]) -> Found:
    override, is_expired = debts[0].override, debts[0].is_expired
    end = f"{'expired on' if is_expired else 'is in force until'} {override.until:%-d %b %Y}"
    labels = tuple(debt.result.label for debt in debts)
    return Found(
        severity=Severity.WARNING if is_expired else Severity.NOTICE,
        summary=f"the override of the gate to {override.to} {end}, and {counted(len(debts), 'check')} of it "
        f"{'does' if len(debts) == 1 else 'do'} not pass yet: {named(labels)}",
        owner=_mender(look, debts[0].result.role),
        next_step=f"get {debts[0].result.label} to pass: {debts[0].result.found}, and it needs {debts[0].result.needs}",
        facts=(
            ("gate", str(override.to)),
            ("until", override.until.isoformat()),
            ("is_expired", is_expired),
            ("checks", tuple(debt.result.check for debt in debts)),
            ("found", tuple(debt.result.found for debt in debts)),
            ("needs", tuple(debt.result.needs for debt in debts)),
        ),
        evidence=(Trace("memo", override.memo_id),),
        about=f"gate:{override.to}",
        size=len(debts),
    )


def _mender(look: WorkflowLook, role: str) -> Person:
    return look.workflow.team.lead if role == "lead" else look.owner(Role(role))
