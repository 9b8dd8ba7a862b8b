"""Friday's message: one line for each number that nobody sent this week, and a way to type it in."""

from collections.abc import Iterator
from datetime import date

from bot.domain.signals.kinds import SignalType
from bot.domain.signals.missing import Missing
from bot.slack.blocks import Block, Screen, button, context, section
from bot.slack.pen import Pen

_ROWS_LIMIT = 20


def friday_screen(pen: Pen, friday: date, found: tuple[Missing, ...], said: str = "") -> Screen:
    """What is missing, `said` (of what was just recorded) on top; a word that nothing is, where nothing is."""
    rows = [row for each in found for row in _rows(pen, friday, each)]
    title = pen.md("numbers.friday_title", rows=len(rows))
    blocks = [section(said)] if said else []
    blocks += [section(title), *rows[:_ROWS_LIMIT]]
    if len(rows) > _ROWS_LIMIT:
        blocks.append(context(pen.md("numbers.friday_more", count=len(rows) - _ROWS_LIMIT)))
    if rows:
        blocks.append(context(pen.md("numbers.friday_once")))
    return Screen(title, tuple(blocks))


def _rows(pen: Pen, friday: date, found: Missing) -> Iterator[Block]:
    workflow = found.workflow
    for metric in found.metrics:
        text = pen.md("numbers.friday_metric", w=workflow, name=metric.entry.name, kind=metric.entry.kind)
        yield section(text, _control(friday, workflow.id, SignalType.METRIC, metric.entry.name))
    for kind, lacks in ((SignalType.EVAL_RUN, found.eval_run), (SignalType.REVIEW_TALLY, found.reviews)):
        if lacks:
            yield section(pen.md(f"numbers.friday_{kind}", w=workflow), _control(friday, workflow.id, kind))


def _control(friday: date, workflow_id: str, kind: SignalType, name: str = "") -> Block:
    return button("Record…", "friday.record", f"{friday}:{workflow_id}:{kind}:{name}")
