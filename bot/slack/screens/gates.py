"""Gates on the screen: what keeps one shut and who can mend it, what passes, and the modals beside it."""

from bot.domain.checklists import Checklist
from bot.domain.memos import Memo
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.statuses import Status
from bot.domain.verdicts import CheckResult, Verdict
from bot.domain.wording import cut
from bot.domain.workflows import Role, Workflow
from bot.slack.blocks import (
    Block,
    Screen,
    actions,
    button,
    calendar,
    chosen,
    context,
    field,
    modal,
    option,
    section,
    typed,
)
from bot.slack.pen import Pen

_MEMOS_LIMIT = 100

_MENDED_BY_LEAD = "lead"


def who_mends(pen: Pen, checklist: Checklist, result: CheckResult) -> str:
    """Who can mend a check, in words: a person with their role, or the role that is vacant."""
    workflow = checklist.workflow
    if result.role == _MENDED_BY_LEAD:
        person: Person | None = workflow.team.lead
        role = "team lead"
    else:
        held = workflow.holders_of(Role(result.role))
        person, role = held[0] if held else None, Role(result.role).label
    away = checklist.absences.of(person)
    return pen.md("gates.mender", person=person, role=role, away=away, today=checklist.today)


def gate_words(pen: Pen, checklist: Checklist, verdict: Verdict) -> str:
    """Every check that keeps the gate shut, with who can mend it, and how many more pass."""
    return pen.md(
        "gates.checks",
        failing=[(result, who_mends(pen, checklist, result)) for result in verdict.failing],
        passing=len(verdict.results) - len(verdict.failing),
    )


def evidence_words(pen: Pen, verdict: Verdict) -> str:
    """What the checks that pass found, with links to where it is."""
    return pen.md("gates.evidence", passing=[result for result in verdict.results if result.passed])


def shut_screen(pen: Pen, status: Status) -> Screen:
    """The answer to a promotion that the gate refuses; how to mend it, and the way around it."""
    verdict = status.verdict
    assert verdict is not None
    title = pen.md("gates.shut", w=status.workflow, v=verdict)
    buttons = actions(
        button("Open checklist", "checklist.open", status.workflow.name, style="primary"),
        button("Ask for an override…", "gate.override", status.workflow.id),
    )
    return Screen(
        title, (section(title), section(gate_words(pen, status.checklist, verdict)), *remarks(pen, verdict), buttons)
    )


def remarks(pen: Pen, verdict: Verdict) -> list[Block]:
    """What everyone should know beside the checks, such as numbers that were made easier in this phase."""
    return [context(pen.md("gates.remarks", v=verdict))] if verdict.notes else []


def override_modal(workflow: Workflow, filed: tuple[Memo, ...], memory: str) -> Block:
    """By which memo, and until when."""
    memos = [option(cut(memo.title, 70), memo.id) for memo in filed[:_MEMOS_LIMIT]]
    blocks = [
        field("memo", f"By which memo may {workflow.name} pass all the same?", chosen(memos)),
        field("until", "Until when?", calendar(), hint="At most 180 days. What fails stays in sight until it passes."),
    ]
    return modal("gate.override", "Ask for an override", blocks, submit="Ask", metadata=memory)


def demote_modal(pen: Pen, workflow: Workflow, to: PhaseName, memory: str) -> Block:
    """Why it goes back."""
    blocks = [
        section(pen.md("gates.demote_effect", w=workflow, to=to)),
        field("reason", f"Why does {workflow.name} go back?", typed(multiline=True)),
    ]
    return modal("workflow.demote", "Move back", blocks, submit="Move back", metadata=memory)
