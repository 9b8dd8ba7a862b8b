"""The status of one workflow, read within five seconds; and of many, one line each."""

from bot.charts import alt_text, timeline_text
from bot.domain.checklists import Checklist, Progress, Row
from bot.domain.reports.report import REPORT_DAY
from bot.domain.requests import Request
from bot.domain.statuses import Status, timeline_of
from bot.domain.teams import Team
from bot.domain.timeline import Timeline
from bot.domain.workflows import Role
from bot.slack.blocks import Block, Screen, actions, button, context, divider, image, section
from bot.slack.pen import Pen
from bot.slack.screens.documents import writing_button
from bot.slack.screens.findings import status_blocks
from bot.slack.screens.gates import gate_words, remarks, review_buttons
from bot.slack.screens.grants import frozen_blocks, status_words
from bot.slack.screens.requests import what_is_asked

_CELLS = 16
_WAY_LIMIT = 6
_NEXT_LIMIT = 3
LINES_LIMIT = 30
"""How many workflows are listed; the rest are counted."""


def bar(progress: Progress) -> str:
    """The share of settled items as a bar of sixteen cells."""
    settled = progress.total - progress.open - progress.blocked
    filled = _CELLS if not progress.total else settled * _CELLS // progress.total
    return "▓" * filled + "░" * (_CELLS - filled)


def holder(pen: Pen, checklist: Checklist, row: Row) -> str:
    """Who has an item, in words: a person, with who stands in while they are away; or the role that is vacant."""
    role = "team lead" if row.item.role == "lead" else Role(row.item.role).label
    away = checklist.absences.of(row.holders[0]) if row.holders else None
    return pen.md("status.holder", row=row, role_label=role, away=away, today=checklist.today)


def day_words(pen: Pen, status: Status) -> str:
    """The phase and day in words: "PRODUCTION · day 44 of 90"."""
    return pen.plain("status.day", s=status)


def status_screen(pen: Pen, status: Status, picture: str | None = None, shared_by: object = None) -> Screen:
    """One workflow: where it stands, what is in the way, who is next. `picture` is an uploaded file's id."""
    day = day_words(pen, status)
    name = status.workflow.name
    progress = status.checklist.progress
    blocks = [
        section(pen.md("status.headline", s=status, day=day)),
        section(pen.md("status.progress", bar=bar(progress) if picture else "", p=progress)),
    ]
    if status.workflow.pause:
        blocks.append(section(pen.md("status.paused", s=status, today=status.checklist.today)))
    blocks += frozen_blocks(pen, status.holding) if status.holding else []
    timeline = timeline_of(status)
    if picture:
        blocks.append(image(picture, alt_text(timeline)))
    else:
        blocks.append(section(f"```{timeline_text(timeline)}```"))
    if not status.workflow.outcome:
        blocks += [section(_way(pen, status)), *_gate(pen, status), *_findings(pen, status)]
        blocks += _next_up(pen, status)
        blocks += [context(status_words(pen, status.holding))] if status.holding else []
    buttons = [button("Open checklist", "checklist.open", name, style="primary")]
    if status.verdict:
        buttons.append(button("Gate", "gate.open", status.workflow.id))
    buttons.append(button("Grants", "grants.open", status.workflow.id))
    if status.workflow.outcome or status.day >= REPORT_DAY:
        buttons.append(button("Report", "report.open", status.workflow.id))
    if status.verdict:
        buttons += review_buttons(status.workflow, status.verdict)
    if shared_by is None:
        buttons.append(button("Share in channel", "status.share", name))
    else:
        blocks.append(context(pen.md("status.shared", who=shared_by)))
    blocks.append(actions(*buttons))
    return Screen(pen.md("status.fallback", s=status, day=day), tuple(blocks))


def picture_screen(timeline: Timeline, picture: str) -> Screen:
    """The timeline picture by itself."""
    alt = alt_text(timeline)
    return Screen(alt, (image(picture, alt),))


def _way(pen: Pen, status: Status) -> str:
    late = status.checklist.late[:_WAY_LIMIT]
    blocked = [row for row in status.blocked if row not in status.checklist.late][:_WAY_LIMIT]
    in_the_way = status.blocking
    more = len(status.checklist.late) - len(late)
    lines = pen.md(
        "status.way",
        s=status,
        late=late,
        blocked=blocked,
        holder=lambda row: holder(pen, status.checklist, row),
        asks=lambda request: _asks(pen, status, request),
        more=more,
        unsettled=len(status.unsettled) if not in_the_way and not status.verdict else 0,
        nothing=not status.unsettled and not in_the_way and not status.verdict,
        today=status.checklist.today,
    )
    return f"{pen.md('status.way_title', s=status)}\n{lines}"


def _gate(pen: Pen, status: Status) -> list[Block]:
    """What keeps the gate ahead shut, and by which overrides the workflow came here."""
    found: list[Block] = []
    if status.verdict:
        found += [section(gate_words(pen, status.checklist, status.verdict)), *remarks(pen, status.verdict)]
    today = status.checklist.today
    return [*found, *(context(pen.md("gates.overridden", o=each, today=today)) for each in status.overrides)]


def _findings(pen: Pen, status: Status) -> list[Block]:
    return status_blocks(pen, status.findings, status.workflow.name, status.checklist.today)


def _asks(pen: Pen, status: Status, request: Request) -> str:
    return what_is_asked(pen, request, status.checklist)


def _next_up(pen: Pen, status: Status) -> list[Block]:
    rows = status.checklist.next_up[:_NEXT_LIMIT]
    if not rows or status.workflow.pause:
        return []
    return [section(pen.md("status.next_title")), *(_next_row(pen, status, row) for row in rows)]


def _next_row(pen: Pen, status: Status, row: Row) -> Block:
    text = pen.md("status.next_row", row=row, holder=holder(pen, status.checklist, row), today=status.checklist.today)
    place = f"{status.workflow.id}:{row.key}:{row.version}:s"
    if not row.holders:
        return section(text, button("Assign…", "item.assign", place))
    if write := writing_button(row.item.done_when, status.workflow.id):
        return section(text, write)
    if row.item.done_when:
        return section(text, button("What ticks it", "item.history", place))
    return section(text, button("Done…", "item.done", place))


def overview_screen(pen: Pen, found: tuple[Status, ...], team: Team | None) -> Screen:
    """Many workflows, one line each, the one with most trouble first."""
    if not found:
        text = pen.md("status.none", team=team)
        return Screen(text, (section(text), actions(button("Start a workflow", "start.open", style="primary"))))
    blocks = [section(pen.md("status.overview_title", team=team)), divider()]
    for status in found[:LINES_LIMIT]:
        line = pen.md("status.line", s=status, day=day_words(pen, status))
        blocks.append(section(line, button("Status", "status.open", status.workflow.name)))
    if len(found) > LINES_LIMIT:
        blocks.append(context(pen.md("status.more_workflows", count=len(found) - LINES_LIMIT)))
    troubled = sum(1 for status in found if status.blocking)
    fallback = pen.md("status.overview_fallback", count=len(found), team=team, troubled=troubled)
    return Screen(fallback, tuple(blocks))
