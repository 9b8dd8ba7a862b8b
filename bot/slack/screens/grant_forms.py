"""The windows about grants: asking, stopping, letting go on, attesting, freezing; and what became of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.freezes import Freeze
from bot.domain.grants.holding import Held, Holding, Stop
from bot.domain.grants.life import Grant, SuspensionCause
from bot.domain.grants.log import LogEntry
from bot.domain.people import Person
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.playbooks.problems import Problem
from bot.slack.blocks import Block, actions, checkbox, context, field, modal, section, typed
from bot.slack.pen import Pen
from bot.slack.screens.documents import postmortem_button
from bot.slack.screens.grant_card import phrases
from store.reading.history import Entry

_POLICY_LIMIT = 3000
_ERROR_LIMIT = 1900
_LINES = 40


def ask_modal(pen: Pen, workflow: Workflow, able: tuple[Person, ...], memory: str) -> Block:
    """The window into which a policy is pasted, with an example that fits what the workflow touches."""
    example = pen.plain(f"grants.example_{workflow.domain}", name=workflow.name)
    names = pen.md("people.either", people=able[:3])
    blocks = [
        section(pen.md("grants.ask_intro", name=workflow.name)),
        field("policy", "Policy (YAML)", typed(example, multiline=True, limit=_POLICY_LIMIT),
              hint=pen.plain("grants.ask_hint")),
        context(pen.md("grants.ask_able", able=names if able else "")),
    ]  # fmt: skip
    return modal("grant.ask", "Ask for a grant", blocks, submit="Ask", metadata=memory)


def problem_words(pen: Pen, problems: Sequence[Problem]) -> str:
    """What is wrong with a pasted policy, line by line, as much of it as Slack shows beside a field."""
    lines = [pen.plain("grants.problem", problem=problem) for problem in sorted(problems, key=lambda each: each.line)]
    return fitting(lines)


def fitting(lines: Iterable[str]) -> str:
    """As many of the lines as Slack takes beside a field, one under the other."""
    shown: list[str] = []
    for line in lines:
        if shown and sum(len(each) + 1 for each in shown) + len(line) > _ERROR_LIMIT:
            shown.append("…")
            break
        shown.append(cut(line, _ERROR_LIMIT))
    return "\n".join(shown)


def revoke_modal(pen: Pen, name: str, grant: Grant, memory: str) -> Block:
    """Why a grant is taken back, with what that means."""
    return _reason(pen, "revoke", pen.md("grants.revoke_effect", g=grant, name=name), memory)


def suspend_modal(pen: Pen, name: str, grant: Grant, memory: str) -> Block:
    """Why a grant must stand still."""
    return _reason(pen, "suspend", pen.md("grants.suspend_effect", g=grant, name=name), memory)


def resume_modal(pen: Pen, name: str, grant: Grant, stops: Sequence[Stop], memory: str) -> Block:
    """Why a grant may go on, beside what had stopped it."""
    return _reason(pen, "resume", pen.md("grants.resume_effect", g=grant, name=name, stops=stops), memory)


def barred_modal(pen: Pen, name: str, grant: Grant, obstacles: Sequence[str]) -> Block:
    """What keeps a grant from going on; nothing to fill in."""
    text = pen.md("grants.resume_barred", g=grant, name=name, obstacles=obstacles)
    stopped = [each.subject for each in grant.suspensions if each.cause is SuspensionCause.INCIDENT and each.subject]
    write = [actions(postmortem_button(grant.workflow_id, key)) for key in dict.fromkeys(stopped)]
    return modal("look", "Can't go on yet", [section(text), *write[:_LINES]], submit=None)


def _reason(pen: Pen, act: str, effect: str, memory: str) -> Block:
    label = act.capitalize()
    return modal(f"grant.{act}", label, [section(effect), _why(pen, act)], submit=label, metadata=memory)


def _why(pen: Pen, act: str) -> Block:
    return field("reason", pen.plain(f"grants.reason_{act}"), typed(multiline=True))


def attest_modal(pen: Pen, holding: Holding, memory: str) -> Block:
    """Every living grant of a workflow to be attested in one step, with room for a note."""
    rows = [(held.grant.terms.action, phrases(pen, held.grant.terms)) for held in holding.held]
    blocks = [
        section(pen.md("grants.attest_intro", rows=rows)),
        field("note", pen.plain("grants.attest_note"), typed(multiline=True), optional=True),
    ]
    return modal("grants.attest", "Attest all grants", blocks, submit="Attest all", metadata=memory)


def freeze_modal(pen: Pen, name: str, held: Sequence[Held], memory: str, *, drill: bool) -> Block:
    """Why a workflow's agent must stop, how many grants that stops, and whether it is a drill."""
    box = checkbox(pen.plain("grants.freeze_drill"), "drill", preset=drill)
    blocks = [
        section(pen.md("grants.freeze_effect", name=name, count=len(held))),
        _why(pen, "freeze"),
        field("drill", "Drill", box, optional=True, hint=pen.plain("grants.freeze_drill_hint")),
    ]
    return modal("freeze", "Freeze", blocks, submit="Freeze", metadata=memory)


def freeze_all_modal(pen: Pen, holdings: Sequence[Holding], memory: str) -> Block:
    """Why all agents must stop, with the workflows counted; all at once is never a drill."""
    names = [holding.workflow.name for holding in holdings]
    effect = pen.md("grants.freeze_all_effect", names=names, count=sum(len(holding.held) for holding in holdings))
    return modal(
        "freeze", "Freeze all", [section(effect), _why(pen, "freeze_all")], submit="Freeze all", metadata=memory
    )


def unfreeze_modal(pen: Pen, holding: Holding, freeze: Freeze, memory: str) -> Block:
    """Why a workflow's agent may go on, beside why it was stopped."""
    effect = pen.md("grants.unfreeze_effect", name=holding.workflow.name, f=freeze, count=len(holding.held))
    return modal("unfreeze", "Unfreeze", [section(effect), _why(pen, "unfreeze")], submit="Unfreeze", metadata=memory)


@dataclass(frozen=True, slots=True)
class Past:
    """What stops a grant, what became of it, and the last answers that its agent got under it, the newest first."""

    stops: Sequence[Stop]
    entries: Sequence[Entry]
    asked: Sequence[LogEntry]


def history_modal(pen: Pen, name: str, grant: Grant, past: Past) -> Block:
    """Why a grant stands still, if it does, why its agent did what it did lately, and what became of it so far."""
    blocks = [section(pen.md("grants.history_title", g=grant, name=name))]
    blocks += [section(pen.md("grants.why", stop=stop)) for stop in past.stops[:10]]
    blocks.append(section(pen.md("grants.asked_lately", count=len(past.asked))))
    blocks += [
        section(pen.md("grants.decision", d=each.decision, by=each.by, facts=_facts(each))) for each in past.asked
    ]
    blocks.append(section(pen.md("grants.became")))
    blocks += [
        section(pen.md("grants.history_line", entry=entry, what=_WHAT.get(entry.fact, entry.fact.replace("_", " "))))
        for entry in past.entries[-_LINES:]
    ]
    return modal("grant.history", "Why, and history", blocks, submit=None)


def _facts(entry: LogEntry) -> str:
    """The facts that are kept, as they were written; "" where there were none."""
    kept = entry.decision.facts or {}
    return ", ".join(f"{name} {text}" for name, text in sorted(kept.items()))


_WHAT: Mapping[str, str] = {
    "grant_requested": "asked for",
    "grant_activated": "approved, and in force",
    "grant_narrowed": "gave way to a narrower one",
    "grant_revoked": "revoked",
    "grant_expired": "expired",
    "grant_suspended": "suspended",
    "suspension_lifted": "one suspension less, since its cause was taken back",
    "grant_resumed": "in force again",
    "grant_attested": "attested",
}
