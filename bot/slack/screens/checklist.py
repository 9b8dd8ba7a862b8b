"""The interactive checklist: the current window open, the others folded with their counts."""

from itertools import groupby

from bot.domain.checklists import Checklist, Row
from bot.domain.items import ItemState
from bot.domain.playbook import Window
from bot.domain.ticking import asked_for, ticks_itself_when
from bot.slack.blocks import MESSAGE_BLOCKS, Block, Screen, actions, button, context, divider, overflow, section
from bot.slack.pen import Pen
from bot.slack.screens.documents import writing_button
from bot.slack.screens.status import holder

_MARKS = {ItemState.OPEN: "○", ItemState.BLOCKED: "!"}
_ROWS_LIMIT = 18


def checklist_screen(pen: Pen, checklist: Checklist, day: str, opened: str | None = None) -> Screen:
    """The checklist with one window unfolded: `opened` (a window id), else the one that today lies in."""
    windows = [(window, list(rows)) for window, rows in groupby(checklist.rows, key=lambda row: row.window)]
    current = opened or _current(checklist, [window for window, _ in windows]).id
    blocks: list[Block] = [section(pen.md("checklist.headline", c=checklist, day=day))]
    for window, rows in windows:
        blocks.append(divider())
        blocks.append(_window_block(pen, checklist, window, rows, folded=window.id != current))
        if window.id == current:
            blocks += _rows(pen, checklist, rows)
    return Screen(pen.md("checklist.fallback", c=checklist), tuple(blocks[:MESSAGE_BLOCKS]))


def _current(checklist: Checklist, windows: list[Window]) -> Window:
    phase = checklist.playbook.phase(checklist.workflow.phase)
    day = (checklist.today - checklist.workflow.start_on).days + 1 - checklist.workflow.paused_days
    inside = [w for w in phase.windows if w.first_day <= day]
    return inside[-1] if inside else phase.windows[0] if phase.windows else windows[0]


def _window_block(pen: Pen, checklist: Checklist, window: Window, rows: list[Row], *, folded: bool) -> Block:
    text = pen.md(
        "checklist.window",
        window=window,
        settled=sum(row.is_settled for row in rows),
        total=len(rows),
        late=sum(bool(row.days_late(checklist.today)) and row in checklist.late for row in rows),
    )
    if not folded:
        return section(text)
    return section(text, button("Open", "checklist.window", f"{checklist.workflow.id}:{window.id}"))


def _rows(pen: Pen, checklist: Checklist, rows: list[Row]) -> list[Block]:
    open_rows = [row for row in rows if not row.is_settled]
    settled = [row for row in rows if row.is_settled]
    blocks: list[Block] = []
    for row in sorted(open_rows, key=lambda row: row.due_on)[:_ROWS_LIMIT]:
        blocks += _open_row(pen, checklist, row)
    blocks += [_settled_row(pen, checklist, row) for row in settled]
    return blocks or [context(pen.md("checklist.empty"))]


def row_text(pen: Pen, checklist: Checklist, row: Row) -> str:
    """What an open row says: state, title, who, when, and what it needs."""
    return pen.md(
        "checklist.row",
        row=row,
        mark=_MARKS[row.state],
        holder=holder(pen, checklist, row),
        today=checklist.today,
        ticks_when=ticks_itself_when(row.item.done_when) if row.item.done_when else "",
        asked_for=asked_for(row.item.evidence) if row.item.evidence else "",
    )


def _open_row(pen: Pen, checklist: Checklist, row: Row) -> list[Block]:
    place = f"{checklist.workflow.id}:{row.key}:{row.version}:c"
    menu = [("Skip…", f"skip:{place}"), ("Assign…", f"assign:{place}"), ("History", f"history:{place}")]
    menu.insert(1, ("Reopen", f"reopen:{place}") if row.state is ItemState.BLOCKED else ("Block…", f"block:{place}"))
    if row.record and row.record.before:
        menu.append(("Restore what was before", f"restore:{place}"))
    more = overflow("item.more", menu)
    text = section(row_text(pen, checklist, row), more)
    if write := writing_button(row.item.done_when, checklist.workflow.id):
        return [text, actions(write)]
    if row.item.done_when or row.waiting_for:
        return [text]
    return [text, actions(button("Done…", "item.done", place))]


def _settled_row(pen: Pen, checklist: Checklist, row: Row) -> Block:
    place = f"{checklist.workflow.id}:{row.key}:{row.version}:c"
    menu = [("History", f"history:{place}")]
    if not row.proof:
        menu = [("Reopen", f"reopen:{place}"), ("Restore what was before", f"restore:{place}"), *menu]
    text = pen.md("checklist.settled", row=row, today=checklist.today)
    return section(text, overflow("item.more", menu))
