"""The modals that start, pause, resume, edit and close a workflow, and what the channel hears of it."""

from dataclasses import dataclass
from datetime import date

from bot import playbooks
from bot.domain.memos import Memo
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.takeovers import earlier
from bot.domain.teams import Team
from bot.domain.wording import cut
from bot.domain.workflows import GATE_ROLES, START_EDIT_LAST_DAY, Domain, Outcome, Role, Workflow
from bot.slack.blocks import (
    Block,
    Screen,
    actions,
    button,
    calendar,
    checkbox,
    chosen,
    context,
    field,
    modal,
    option,
    person,
    radio,
    section,
    typed,
)
from bot.slack.pen import Pen

_NAME_LIMIT = 60
MEMOS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class StartWindow:
    """What the start modal stands on: the team, or the name of the one that is made on the way, and who can approve.

    `memos` are those that a take-over may rest on; None while the window is folded.
    """

    team: Team | str
    able: tuple[Person, ...]
    memos: tuple[Memo, ...] | None = None


def start_modal(pen: Pen, window: StartWindow, memory: str) -> Block:
    """Three questions, and, laid open, everything that is preset."""
    team, able, unfolded = window.team, window.able, window.memos is not None
    shipped = [playbooks.load(playbooks.shipped_text(id_), id_) for id_ in playbooks.shipped()]
    offered = [option(playbook.title, playbook.id, playbook.summary) for playbook in shipped]
    blocks = [
        field("name", "Name", typed(limit=_NAME_LIMIT, placeholder="refunds_agent"),
              hint=pen.plain("workflows.start_name_hint")),
        field("purpose", "What will the agent do?", typed(multiline=True)),
        field("playbook", "Playbook", radio(offered, "ninety_day")),
        section(_team_words(pen, team), None if unfolded else button("Change…", "start.unfold")),
    ]  # fmt: skip
    if unfolded:
        blocks += [*_unfolded(team), *_take_over(pen, window.memos or ())]
    if len(able) < 2:
        blocks.append(context(pen.md("workflows.start_alone", able=able)))
    blocks.append(context(pen.md("workflows.start_promise")))
    return modal("start", "Start a workflow", blocks, submit="Start", metadata=memory)


def _team_words(pen: Pen, team: Team | str) -> str:
    if isinstance(team, Team):
        return pen.md("workflows.start_team_known", team=team)
    return pen.md("workflows.start_team_new", name=team, zone=str(pen.zone))


def _unfolded(team: Team | str) -> list[Block]:
    domains = [option(domain.value, domain.value) for domain in Domain]
    blocks = [] if isinstance(team, Team) else [field("team", "Team's name", typed(team, limit=80))]
    blocks += [
        field("start_on", "First day", calendar(), optional=True, hint="Today, if left empty."),
        field("domain", "What does it touch?", chosen(domains, Domain.GENERAL)),
    ]
    blocks += [field(role, role.label.capitalize(), person(), optional=True) for role in GATE_ROLES]
    return blocks


def _take_over(pen: Pen, memos: tuple[Memo, ...]) -> list[Block]:
    """The questions about a workflow that is at work already; they need a memo, so without any it says how."""
    if not memos:
        return [context(pen.md("workflows.take_over_first_memo"))]
    phases = [option(phase.value, phase.value) for phase in PhaseName if earlier(phase)]
    offered = [option(cut(memo.title, 70), memo.id) for memo in memos[:MEMOS_LIMIT]]
    return [
        field("take_over", "At work already? The phase it is in", chosen(phases), optional=True,
              hint=pen.plain("workflows.take_over_hint")),
        field("memo", "By which memo may it skip the gates before?", chosen(offered), optional=True),
        field("until", "Until when is that good?", calendar(), optional=True, hint="At most 180 days."),
    ]  # fmt: skip


def started_screen(pen: Pen, workflow: Workflow, day: int, *, reachable: bool) -> Screen:
    """The answer to a start, with what comes next; a hint where the bot cannot post in the team's channel."""
    part = "workflows.started" if day >= 1 else "workflows.starts_later"
    text = pen.md(part, w=workflow, day=day)
    buttons = actions(
        button("Open checklist", "checklist.open", workflow.name, style="primary"),
        button("Status", "status.open", workflow.name),
    )
    hint = () if reachable else (context(pen.md("workflows.not_invited")),)
    return Screen(text, (section(text), buttons, *hint))


def pause_modal(pen: Pen, workflow: Workflow, memory: str) -> Block:
    """Why, and whether the agent stops too (preset)."""
    box = checkbox(pen.plain("workflows.pause_freeze"), "freeze", preset=True)
    blocks = [
        field("reason", f"Why does {workflow.name} pause?", typed(multiline=True)),
        field("freeze", "The agent", box, optional=True, hint=pen.plain("workflows.pause_freeze_hint")),
    ]
    return modal("workflow.pause", "Pause", blocks, submit="Pause", metadata=memory)


def resume_modal(workflow: Workflow, memory: str) -> Block:
    """Why it goes on."""
    blocks = [field("reason", f"Why does {workflow.name} go on?", typed(multiline=True))]
    return modal("workflow.resume", "Resume", blocks, submit="Resume", metadata=memory)


def edit_modal(pen: Pen, workflow: Workflow, day: int, teams: tuple[Team, ...], memory: str) -> Block:
    """Everything that can be corrected, filled with how it is."""
    domains = [option(domain.value, domain.value) for domain in Domain]
    choices = [option(team.name, team.id) for team in teams]
    blocks = [
        field("name", "Name", typed(workflow.name, limit=_NAME_LIMIT)),
        field("purpose", "What does the agent do?", typed(workflow.purpose or "", multiline=True)),
        field("team", "Team", chosen(choices, workflow.team.id)),
        field("domain", "What does it touch?", chosen(domains, workflow.domain)),
        field("start_on", "First day", calendar(workflow.start_on)),
        section(pen.md("workflows.edit_playbook", w=workflow), button("Move…", "playbook.open", workflow.id)),
    ]
    if day > START_EDIT_LAST_DAY:
        blocks.append(context(pen.md("workflows.edit_late", w=workflow)))
        blocks.append(field("reason", "Why was the start date wrong?", typed(multiline=True), optional=True))
    for role in GATE_ROLES:
        held = workflow.holders_of(role)
        known = held[0].handle if held else None
        slack_id = known if known and known.startswith(("U", "W")) else None
        blocks.append(field(role, role.label.capitalize(), person(slack_id), optional=True))
    return modal("workflow.edit", "Edit", blocks, submit="Save", metadata=memory)


def close_modal(pen: Pen, workflow: Workflow, memory: str) -> Block:
    """How it ended and why."""
    outcomes = [option(outcome.value, outcome.value) for outcome in Outcome]
    blocks = [
        section(pen.md("workflows.close_warning")),
        field("outcome", f"How did {workflow.name} end?", chosen(outcomes)),
        field("reason", "Why?", typed(multiline=True)),
    ]
    return modal("workflow.close", "Close", blocks, submit="Close for good", metadata=memory)


def announcement(pen: Pen, kind: str, workflow: Workflow, day: int, by: Person | None) -> Screen:
    """What the team's channel hears when a workflow starts, pauses, resumes, closes or changes phase."""
    part = {"workflow_started": "announce_started", "workflow_paused": "announce_paused",
            "workflow_resumed": "announce_resumed", "workflow_closed": "announce_closed",
            "phase_changed": "announce_phase", "playbook_moved": "announce_playbook"}[kind]  # fmt: skip
    text = pen.md(f"workflows.{part}", w=workflow, day=day, by=by, playbook=workflow.playbook.id, today=date.max)
    look = actions(button("Status", "status.open", workflow.name), button("Checklist", "checklist.open", workflow.name))
    return Screen(text, (section(text), look))


def roles_of(workflow: Workflow) -> dict[Role, str | None]:
    """Who holds each gate role now, by Slack id."""
    return {role: next(iter(workflow.holders_of(role)), Person("", None, "")).handle for role in GATE_ROLES}
