"""The App Home, and the answer to a bare `/rollout`: what waits on me, then mine, then the rest."""

from dataclasses import dataclass
from datetime import date

from bot.domain.checklists import Checklist, Row
from bot.domain.documents import Document
from bot.domain.escrow import Question
from bot.domain.findings.tracking import Followed
from bot.domain.grants.holding import Holding
from bot.domain.memos import Memo
from bot.domain.requests import Request
from bot.domain.statuses import Status
from bot.slack.blocks import Block, Screen, actions, button, context, divider, section
from bot.slack.pen import Pen
from bot.slack.screens.documents import writing_button
from bot.slack.screens.findings import home_blocks as findings_blocks
from bot.slack.screens.grants import errands, home_blocks
from bot.slack.screens.memo_cards import recent_blocks
from bot.slack.screens.questions import waiting_blocks
from bot.slack.screens.requests import what_is_asked
from bot.slack.screens.status import day_words

_ITEMS_LIMIT = 8
_WORKFLOWS_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Desktop:
    """What concerns one person: requests they may decide, questions of agents, items of theirs that are due, workflows.

    `holdings` are those of the workflows that they run and whose grants want something: attesting, or a look at why
    one stands still. `findings` are those in their hands, for the Home alone.
    """

    to_decide: tuple[tuple[Request, Checklist], ...]
    due: tuple[tuple[Status, Row], ...]
    ahead: tuple[tuple[Status, Row], ...]
    workflows: tuple[Status, ...]
    asked: tuple[tuple[Request, Checklist], ...]
    others: int = 0
    holdings: tuple[Holding, ...] = ()
    to_answer: tuple[Question, ...] = ()
    findings: tuple[Followed, ...] = ()
    to_review: tuple[Document, ...] = ()
    decided: tuple[Memo, ...] = ()

    @property
    def waiting(self) -> int:
        """How many things wait on this person."""
        decisions = len(self.to_decide) + len(self.to_answer) + len(self.to_review)
        return decisions + len(self.due) + sum(map(errands, self.holdings))


def home_view(pen: Pen, desktop: Desktop, today: date) -> Block:
    """The App Home as a view."""
    blocks = [section(pen.md("home.waiting_title")), *_waiting(pen, desktop), divider()]
    if desktop.workflows:
        blocks += [section(pen.md("home.workflows_title")), *_workflows(pen, desktop.workflows), divider()]
    elif not desktop.others:
        blocks = [section(pen.md("home.empty"))]
    if owned := findings_blocks(pen, desktop.findings, today):
        blocks += [*owned, divider()]
    if recent := recent_blocks(pen, desktop.decided):
        blocks += [*recent, divider()]
    if desktop.asked:
        blocks += [section(pen.md("home.requests_title")), *_requests(pen, desktop.asked), divider()]
    first = [button("Start a workflow", "start.open", style=None if desktop.workflows else "primary")]
    if desktop.workflows or desktop.others:
        first.append(button("All workflows", "status.all"))
        first.append(button("File a memo", "memo.open"))
        first.append(button("Write a spec", "document.begin"))
        first.append(button("Log a deviation", "deviation.begin"))
        first.append(button("Log a quality save", "save.open"))
    blocks += [actions(*first), context(pen.md("home.help"))]
    return {"type": "home", "blocks": blocks[:100]}


def bare_screen(pen: Pen, desktop: Desktop, total: int, troubled: int) -> Screen:
    """The state in a line, and at most three next steps as buttons."""
    text = pen.md("home.bare", count=total, troubled=troubled, mine=desktop.waiting)
    steps: list[Block] = []
    if desktop.to_decide:
        steps.append(button("Decide a request", "request.open", desktop.to_decide[0][0].id, style="primary"))
    if desktop.to_answer:
        steps.append(button("Answer a question", "question.open", desktop.to_answer[0].id))
    if desktop.due:
        steps.append(button("My next item", "checklist.open", desktop.due[0][0].workflow.name))
    if total:
        steps.append(button("All workflows", "status.all"))
    if len(steps) < 3:
        steps.append(button("Start a workflow", "start.open", style=None if steps else "primary"))
    return Screen(text, (section(text), actions(*steps[:3]), context(pen.md("home.help"))))


def _waiting(pen: Pen, desktop: Desktop) -> list[Block]:
    blocks = [
        section(
            pen.md("requests.title", r=request, asked=what_is_asked(pen, request, checklist), mine=False),
            button("Look", "request.open", request.id),
        )
        for request, checklist in desktop.to_decide[:_ITEMS_LIMIT]
    ]
    blocks += [
        section(pen.md("documents.asked_title", d=document), button("Look", "document.card", document.id))
        for document in desktop.to_review[:_ITEMS_LIMIT]
    ]
    asked = list(waiting_blocks(pen, desktop.to_answer))
    blocks += asked
    blocks += [block for holding in desktop.holdings for block in home_blocks(pen, holding)][:_ITEMS_LIMIT]
    for status, row in desktop.due[:_ITEMS_LIMIT]:
        today = status.checklist.today
        text = pen.md("home.item", row=row, name=status.workflow.name, today=today)
        place = f"{status.workflow.id}:{row.key}:{row.version}:h"
        control = (
            button("History", "item.history", place) if row.item.done_when else button("Done…", "item.done", place)
        )
        control = writing_button(row.item.done_when, status.workflow.id) or control
        blocks.append(section(text, control))
    left = desktop.waiting - len(blocks) - (len(desktop.to_answer) - len(asked))
    if left > 0:
        blocks.append(context(pen.md("home.more", count=left)))
    return blocks or [_nothing_waits(pen, desktop)]


def _nothing_waits(pen: Pen, desktop: Desktop) -> Block:
    if not desktop.ahead:
        return section(pen.md("home.waiting_none", next=None, name="", today=None))
    status, row = desktop.ahead[0]
    return section(pen.md("home.waiting_none", next=row, name=status.workflow.name, today=status.checklist.today))


def _workflows(pen: Pen, found: tuple[Status, ...]) -> list[Block]:
    blocks = [
        section(
            pen.md("status.line", s=status, day=day_words(pen, status)),
            button("Checklist", "checklist.open", status.workflow.name),
        )
        for status in found[:_WORKFLOWS_LIMIT]
    ]
    if len(found) > _WORKFLOWS_LIMIT:
        blocks.append(context(pen.md("home.more", count=len(found) - _WORKFLOWS_LIMIT)))
    return blocks


def _requests(pen: Pen, found: tuple[tuple[Request, Checklist], ...]) -> list[Block]:
    return [
        section(
            pen.md("requests.title", r=request, asked=what_is_asked(pen, request, checklist), mine=True),
            button("Look", "request.open", request.id),
        )
        for request, checklist in found[:_ITEMS_LIMIT]
    ]
