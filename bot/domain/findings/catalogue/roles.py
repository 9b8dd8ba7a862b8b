"""Rules about roles."""

from collections.abc import Iterator
from datetime import date

from bot.domain.checklists import Checklist
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role


@rule("role.vacant")
def role_vacant(look: WorkflowLook) -> Iterator[Found]:
    """A required role is empty past the due day of the item that names it, or its holder is deactivated.

    Critical for the accountable owner.
    """
    due_on = _named_by(look.checklist)
    is_late = due_on is not None and look.checklist.today > due_on
    for role in (Role(name) for name in look.playbook.required_roles):
        holders = look.workflow.holders_of(role)
        if not holders and is_late:
            told = f"nobody is {role.label}, and somebody was to be by {due_on:%-d %b %Y}"
            yield _found(look, role, told, due_on)
        elif holders and all(look.records.is_gone(person) for person in holders):
            told = f"the {role.label} is no active member any more, and the role needs one"
            yield _found(look, role, told, None)


def _found(look: WorkflowLook, role: Role, summary: str, due_on: date | None) -> Found:
    return Found(
        severity=Severity.CRITICAL if role is Role.OWNER else Severity.WARNING,
        summary=summary,
        owner=_who_names(look, role),
        next_step=f"name a new {role.label}" if due_on is None else f"name the {role.label}",
        facts=(
            ("role", str(role)),
            ("state", "deactivated" if due_on is None else "empty"),
            ("due_on", due_on.isoformat() if due_on else None),
        ),
        evidence=(Trace("role", str(role)),),
        about=str(role),
    )


def _who_names(look: WorkflowLook, role: Role) -> Person:
    """The accountable owner names the others; where that is the role in question, the team's lead."""
    return look.workflow.team.lead if role is Role.OWNER else look.owner(Role.OWNER)


def _named_by(checklist: Checklist) -> date | None:
    """The due day of the item by which the roles are named, None where the playbook has none."""
    return min((row.due_on for row in checklist.rows if row.item.done_when is DoneWhen.ROLES), default=None)
