"""Gates on the screen: what keeps one shut and who can mend it, what passes, and the modals beside it."""

from dataclasses import dataclass

from bot.domain.checklists import Checklist
from bot.domain.memos import Memo
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen, PhaseName
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
from bot.slack.screens.documents import writing_button

_MEMOS_LIMIT = 100

_MENDED_BY_LEAD = "lead"
_KEPT_HERE = frozenset({"memo", "document", "deviation", "drill"})
"""Kinds of evidence that have no link and are looked up by their id."""


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
    passing = len(verdict.results) - len(verdict.failing)
    return pen.md("gates.checks", failing=_failing(pen, checklist, verdict), passing=passing)


def _failing(pen: Pen, checklist: Checklist, verdict: Verdict) -> list[tuple[CheckResult, str, str]]:
    return [(each, who_mends(pen, checklist, each), _where(pen, each)) for each in verdict.failing]


def _where(pen: Pen, result: CheckResult) -> str:
    """Where the evidence of a check is: links, addresses that are none here, or the ids of what is kept here."""
    found = [each for each in result.evidence if each.url or each.kind in _KEPT_HERE][:2]
    return pen.md("gates.where", traces=[(each, pen.may_link(each.url)) for each in found])


def evidence_words(pen: Pen, verdict: Verdict) -> str:
    """What the checks that pass found, and where it is."""
    passing = [(result, _where(pen, result)) for result in verdict.results if result.passed]
    return pen.md("gates.evidence", passing=passing)


@dataclass(frozen=True, slots=True)
class GateView:
    """A workflow before its gate; `able` are all who can approve for its team, `said` is what was done just now.

    `asked` says that someone asked for the promotion and was refused because of what is shown here.
    """

    status: Status
    able: tuple[Person, ...]
    unfolded: bool = False
    asked: bool = False
    said: str = ""


def gate_screen(pen: Pen, gate: GateView) -> Screen:
    """What stands between a workflow and its next phase, who can mend it, and what one can do about it here."""
    status, verdict = gate.status, gate.status.verdict
    assert verdict is not None
    workflow = status.workflow
    title = pen.md("gates.shut" if gate.asked else "gates.title", w=workflow, v=verdict)
    way = pen.md("gates.way", s=status, v=verdict)
    blocks: list[Block] = [section(gate.said)] if gate.said else []
    blocks.append(section(f"{title}\n{way}"))
    if verdict.failing:
        blocks.append(section(pen.md("gates.checks", failing=_failing(pen, status.checklist, verdict), passing=0)))
    blocks += _passing(pen, gate, verdict)
    moving = [request for request in status.waiting if request.kind.moves_phase]
    for request in moving:
        look = button("Look", "request.open", request.id)
        blocks.append(section(pen.md("gates.waiting", r=request), look))
    notes = pen.md("gates.notes", v=verdict)
    blocks += [context(notes)] if notes.strip() else []
    if len(gate.able) < 2:
        blocks.append(context(pen.md("teams.few", able=len(gate.able))))
    blocks.append(actions(*_steps(workflow, verdict, is_asked=bool(moving))))
    return Screen(title, tuple(blocks))


def _passing(pen: Pen, gate: GateView, verdict: Verdict) -> list[Block]:
    count = len(verdict.results) - len(verdict.failing)
    if not count:
        return []
    if gate.unfolded:
        return [section(evidence_words(pen, verdict))]
    words = pen.md("gates.passing", count=count, failing=len(verdict.failing))
    return [section(words, button("Show them", "gate.unfold", gate.status.workflow.id))]


def _steps(workflow: Workflow, verdict: Verdict, *, is_asked: bool) -> list[Block]:
    """The memo first, where it is missing; the promotion, where the gate is open; else the way around."""
    lacks_memo = any(result.check == "memo_filed" for result in verdict.failing)
    steps = [button("File the memo…", "gate.memo", workflow.id, style="primary")] if lacks_memo else []
    steps += review_buttons(workflow, verdict)
    steps.append(button("Open checklist", "checklist.open", workflow.name))
    if is_asked:
        return steps
    if verdict.ready:
        return [button(f"Ask for {verdict.to}", "gate.ask", workflow.id, style="primary"), *steps]
    return [*steps, button("Ask for an override…", "gate.override", workflow.id)]


def review_buttons(workflow: Workflow, verdict: Verdict) -> list[Block]:
    """The way to the red-team review, where it keeps the gate shut."""
    is_lacking = any(result.check == "red_team_accepted" for result in verdict.failing)
    found = writing_button(DoneWhen.RED_TEAM, workflow.id)
    return [found] if is_lacking and found else []


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
