"""The modals about one checklist item: done, skip, block, assign, history."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.checklists import Checklist, Row
from bot.domain.people import Person
from bot.domain.ticking import asked_for, ticks_itself_when
from bot.slack.blocks import Block, calendar, context, field, modal, person, section, typed
from bot.slack.pen import Pen
from store.reading.history import Entry

_SKIP_PRESET_DAYS = 30


def done_modal(pen: Pen, row: Row, memory: str) -> Block:
    """The questions before a tick: evidence where the item asks for it, and a note."""
    blocks = [section(pen.md("items.about", row=row))]
    if row.item.evidence:
        label = pen.plain("items.evidence_label", asked_for=asked_for(row.item.evidence))
        blocks.append(field("evidence", label, typed(), hint=pen.plain("items.evidence_hint")))
    blocks.append(field("note", pen.plain("items.note_label"), typed(multiline=True), optional=True))
    return modal("item.done", "Mark as done", blocks, submit="Done", metadata=memory)


def block_modal(pen: Pen, row: Row, memory: str) -> Block:
    """The question what blocks an item."""
    blocks = [
        section(pen.md("items.about", row=row)),
        field("note", pen.plain("items.block_label"), typed(multiline=True)),
    ]
    return modal("item.block", "Mark as blocked", blocks, submit="Mark as blocked", metadata=memory)


def skip_modal(pen: Pen, checklist: Checklist, row: Row, able: tuple[Person, ...], memory: str) -> Block:
    """The questions before a skip is asked for, and who could approve it."""
    names = pen.md("people.either", people=able[:3]) if able else ""
    until = checklist.today + timedelta(days=_SKIP_PRESET_DAYS)
    blocks = [
        section(pen.md("items.about", row=row)),
        field("reason", pen.plain("items.skip_reason_label"), typed(multiline=True)),
        field("until", pen.plain("items.skip_until_label"), calendar(until), hint=pen.plain("items.skip_hint")),
        context(pen.md("items.skip_approvers", able=names, team=checklist.workflow.team)),
    ]
    return modal("item.skip", "Ask to skip", blocks, submit="Ask", metadata=memory)


def assign_modal(pen: Pen, row: Row, memory: str) -> Block:
    """The question whose item it is."""
    holder = row.holders[0].handle if row.holders else None
    known = holder if holder and holder.startswith(("U", "W")) else None
    blocks = [
        section(pen.md("items.about", row=row)),
        field("person", pen.plain("items.assign_label"), person(known)),
    ]
    return modal("item.assign", "Assign", blocks, submit="Assign", metadata=memory)


def history_modal(pen: Pen, row: Row, entries: tuple[Entry, ...]) -> Block:
    """Everything that became of an item, the latest last."""
    ticks_when = ticks_itself_when(row.item.done_when) if row.item.done_when else ""
    wanted = asked_for(row.item.evidence) if row.item.evidence else ""
    blocks = [section(pen.md("checklist.history_title", row=row))]
    blocks += [
        section(pen.md("checklist.history_line", entry=entry, what=_WHAT.get(entry.fact, entry.fact)))
        for entry in entries[-40:]
    ]
    if row.proof:
        blocks.append(section(pen.md("checklist.ticked", row=row)))
    elif not entries:
        blocks.append(section(pen.md("checklist.history_none", row=row, ticks_when=ticks_when, asked_for=wanted)))
    return modal("item.history", "History", blocks, submit=None)


_WHAT: Mapping[str, str] = {
    "item_done": "done",
    "item_blocked": "blocked",
    "item_reopened": "reopened",
    "item_restored": "restored to what it was before",
    "item_skipped": "skipped, approved",
    "item_assigned": "assigned",
    "item_taken_over": "taken over",
    "request_made": "asked to skip",
}
