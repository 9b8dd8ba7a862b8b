"""The windows in which a model's draft is asked for, and in which one waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions.linked_records import RecordKind
from bot.domain.documents import DocumentKind
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, Screen, chosen, context, field, modal, option, section, typed
from bot.slack.pen import Pen

MEMO = "memo"
NONE = "none"
THREAD = "thread"
KINDS = {kind.value: kind.label.capitalize() for kind in DocumentKind} | {MEMO: "Decision memo"}
"""What can be drafted, by the name that a window remembers."""

_OFFERED_LIMIT = 98
_RECORDS = {
    RecordKind.INCIDENTS: "Its incidents of the last 28 days",
    RecordKind.DECISIONS: "What its agent was allowed and denied in the last 28 days",
    RecordKind.FINDINGS: "What is off plan now",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a model: `kind` is one of KINDS, "" while it is to be chosen, as `workflow` is from `offered`.

    `drawn` are the sources that are ticked: kinds of records, and THREAD where the message `has_thread`. `is_from_few`
    says that it is asked where only some can read, and `notice` why there is no draft yet.
    """

    kind: str = ""
    workflow: Workflow | None = None
    offered: Sequence[Workflow] = ()
    notes: str = ""
    drawn: Sequence[str] = ()
    has_thread: bool = False
    is_from_few: bool = False
    notice: str = ""


def asking_modal(pen: Pen, asking: Asking, memory: str) -> Block:
    """Notes and what to draw on besides; what it is and what it is about are asked where that is open."""
    blocks = [section(asking.notice)] if asking.notice else []
    if asking.workflow:
        blocks.append(section(pen.md("drafting.about", kind=KINDS[asking.kind], w=asking.workflow)))
    if not asking.kind:
        kinds = [option(label, name) for name, label in KINDS.items()]
        blocks.append(field("kind", pen.plain("drafting.kind_label"), chosen(kinds)))
    if not asking.workflow and asking.offered:
        names = [option("no workflow", NONE), *(option(each.name, each.id) for each in asking.offered[:_OFFERED_LIMIT])]
        preset = asking.offered[0].id if len(asking.offered) == 1 else NONE
        blocks.append(field("workflow", pen.plain("drafting.workflow_label"), chosen(names, preset)))
    notes = typed(asking.notes, multiline=True)
    blocks.append(field("notes", pen.plain("drafting.notes_label"), notes, optional=True))
    blocks.append(_drawn(pen, asking))
    if asking.is_from_few:
        blocks.append(context(pen.md("drafting.who_reads", kind=asking.kind)))
    blocks.append(context(pen.md("drafting.what_leaves")))
    return modal("model.draft", "Draft with the model", blocks, submit="Draft", metadata=memory)


def _drawn(pen: Pen, asking: Asking) -> Block:
    choices = [option(label, kind.value) for kind, label in _RECORDS.items()]
    if asking.has_thread:
        choices.insert(0, option("The whole thread of the message", THREAD))
    element: Block = {"type": "checkboxes", "options": choices}
    ticked = [each for each in choices if each["value"] in asking.drawn]
    if ticked:
        element["initial_options"] = ticked
    return field("drawn", pen.plain("drafting.drawn_label"), element, optional=True)


def waiting_modal(pen: Pen, kind: str) -> Block:
    """That a draft is being written, and that nothing is lost where somebody closes the window."""
    return modal("look", "Drafting…", [section(pen.md("drafting.waiting", kind=KINDS[kind]))], submit=None)


def said(text: str) -> Screen:
    """One sentence as a message."""
    return Screen(text, (section(text),))
