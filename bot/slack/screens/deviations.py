"""Deviations from policies: the window that records one, its card, and the question how it was mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.deviations import POLICY_LIMIT, SUMMARY_LIMIT, Deviation, DeviationArea
from bot.domain.documents import Document
from bot.domain.people import Person
from bot.domain.workflows import Workflow
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
    person,
    section,
    typed,
)
from bot.slack.pen import Pen
from bot.slack.screens.documents import postmortem_button
from bot.slack.screens.memo_cards import cut_up

_AREAS: Mapping[DeviationArea, str] = {area: area.replace("_", " ").capitalize() for area in DeviationArea}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the window begins with: the workflows that it may be about, the one that is meant if that is clear.

    Without an owner the workflow's steward, else its owner, has it mended.
    """

    offered: tuple[Workflow, ...]
    due_on: date
    meant: Workflow | None = None
    text: str = ""
    owner: Person | None = None


def deviation_modal(pen: Pen, beginning: Beginning, memory: str) -> Block:
    """What was done against which rule, whose it is, and by when."""
    areas = [option(label, area) for area, label in _AREAS.items()]
    owner = beginning.owner
    handle = owner.handle if owner and owner.handle and owner.handle.startswith(("U", "W")) else None
    blocks = [
        _about(pen, beginning),
        field(
            "text",
            pen.plain("deviations.text_label"),
            typed(beginning.text, multiline=True, limit=SUMMARY_LIMIT),
            hint=pen.plain("deviations.text_hint"),
        ),
        field("area", "Area", chosen(areas, DeviationArea.OTHER), hint=pen.plain("deviations.area_hint")),
        field("policy", pen.plain("deviations.policy_label"), typed(limit=POLICY_LIMIT), optional=True),
        field("owner", "Owner", person(handle), hint=pen.plain("deviations.owner_hint"), optional=True),
        field("due", "Mended by", calendar(beginning.due_on)),
        context(pen.md("deviations.effect")),
    ]
    return modal("deviation", "Record a deviation", blocks, submit="Record", metadata=memory)


def _about(pen: Pen, beginning: Beginning) -> Block:
    if beginning.meant:
        return section(pen.md("deviations.about", w=beginning.meant))
    options = [option(workflow.name, workflow.id) for workflow in beginning.offered]
    return field("workflow", pen.plain("deviations.which"), chosen(options))


def deviation_card(pen: Pen, deviation: Deviation, postmortem: Document | None) -> Screen:
    """The card: what it is, whose and by when; the ways to mend it while it is open."""
    title = pen.md("deviations.title", d=deviation)
    blocks = [section(title), section(pen.md("deviations.card", d=deviation, postmortem=postmortem))]
    whole = button("Show", "deviation.show", deviation.id)
    shown = [button("Look at the postmortem", "document.card", postmortem.id)] if postmortem else []
    if not deviation.is_open:
        public = not deviation.audience.is_restricted
        blocks.append(context(pen.md("deviations.closed", d=deviation, public=public)))
        return Screen(title, (*blocks, actions(whole, *shown)))
    blocks.append(context(pen.md("deviations.opened", d=deviation)))
    write = shown or [postmortem_button(deviation.workflow_id, deviation.id)]
    blocks.append(actions(*write, button("Close…", "deviation.close", deviation.id), whole))
    return Screen(title, tuple(blocks))


def unnamed_deviation(pen: Pen, deviation: Deviation, postmortem: Document | None) -> Screen:
    """The card where another company reads too: that there is a deviation, and whose it is."""
    del postmortem
    title = pen.md("deviations.unnamed", d=deviation)
    close = [button("Close…", "deviation.close", deviation.id)] if deviation.is_open else []
    return Screen(title, (section(title), actions(*close, button("Show", "deviation.open", deviation.id))))


def show_modal(pen: Pen, deviation: Deviation, *, reads: bool) -> Block:
    """All that was said of it, for whoever may read that; else its title."""
    blocks = [section(pen.md("deviations.title", d=deviation)), context(pen.md("deviations.opened", d=deviation))]
    if reads:
        blocks += [section(text) for _, text in cut_up(pen, deviation.summary)]
    else:
        blocks.append(context(pen.md("deviations.for_few")))
    if not deviation.is_open:
        blocks.append(context(pen.md("deviations.closed", d=deviation, public=False)))
        said = cut_up(pen, deviation.answer or pen.plain("deviations.erased")) if reads else ()
        blocks += [section(text) for _, text in said]
    return modal("look", "Deviation", blocks, submit=None)


def close_modal(pen: Pen, deviation: Deviation, memory: str) -> Block:
    """How it was mended."""
    blocks = [
        section(pen.md("deviations.title", d=deviation)),
        field("reason", pen.plain("deviations.close_label"), typed(multiline=True)),
    ]
    return modal("deviation.close", "Close the deviation", blocks, submit="Close it", metadata=memory)
