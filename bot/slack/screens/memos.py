"""The window in which a memo is written: five questions, and the rest laid open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.gaps import TITLE_LIMIT
from bot.domain.memos import KEY_LIMIT, Category, Comparison, Memo, Move
from bot.domain.visibility import Visibility
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, actions, button, calendar, chosen, context, modal, option, person, section, typed
from bot.slack.blocks import field as question
from bot.slack.pen import Pen
from store.drafts import Draft

NONE = "none"
"""The choice of nothing in a menu."""

UNFOLDED = (
    *("workflow", "context", "options", "metric", "comparison", "value", "check_on"),
    *("move", "changes", "supersedes", "visibility"),
)
TEXT_LIMIT = 3000
"""What fits into a field of Slack's."""

_SIGNS = {Comparison.AT_LEAST: "at least (≥)", Comparison.AT_MOST: "at most (≤)"} | {
    Comparison.ABOVE: "more than (>)",
    Comparison.BELOW: "less than (<)",
}
_VISIBLE = {
    Visibility.EVERYONE: "Everyone",
    Visibility.TEAM: "The team",
    Visibility.LEADERS: "Leads, approvers and admins",
}
CHOICES = 98
"""A select takes a hundred: with "none", and what was chosen before."""

_NUMBER = 30


@dataclass(frozen=True, slots=True)
class Choices:
    """What the window offers once it is laid open: workflows, memos to supersede, and the metrics' names."""

    workflows: Sequence[Workflow]
    memos: Sequence[Memo]
    metrics: Sequence[str]


@dataclass(frozen=True, slots=True)
class MemoWindow:
    """What the window stands on.

    `given` are the texts in its fields, by field; without `choices` it is folded. `turn` tells fields that were filled
    anew from those before, which Slack would leave as they were. `superseded` is the title of the memo whose place is
    taken, where it may be named; `drafted_by` is the model that filled the fields, and `has_model` says whether one can
    be asked to.
    """

    given: Mapping[str, str]
    workflow: Workflow | None
    turn: str = ""
    choices: Choices | None = None
    drafts: tuple[Draft, ...] = ()
    superseded: str = ""
    drafted_by: str = ""
    has_model: bool = False

    def block_id(self, name: str) -> str:
        """The id of a field's block."""
        return f"{name}.{self.turn}" if self.turn else name


def memo_modal(pen: Pen, window: MemoWindow, memory: str) -> Block:
    """The five questions of a memo, filled with what is given; above them drafts, below the rest if it is laid open."""
    blocks = [_offer(pen, draft) for draft in window.drafts]
    if window.drafted_by:
        blocks.append(context(pen.md("drafting.memo_mark", by=window.drafted_by)))
    blocks += _five(window)
    if window.choices:
        blocks += _rest(pen, window, window.choices)
    else:
        about = pen.md("memos.about", w=window, given=window.given)
        blocks.append(section(about, button("More…", "memo.unfold")))
    if window.has_model and not window.drafted_by:
        blocks.append(actions(button("Draft with the model…", "memo.ask_model")))
    blocks.append(context(pen.md("memos.for_good")))
    return modal("memo", "File a memo", blocks, submit="File", metadata=memory)


def field_of(block_id: str) -> str:
    """The field that a block is."""
    return block_id.partition(".")[0]


def _offer(pen: Pen, draft: Draft) -> Block:
    title = draft.given.get("title") or draft.given.get("decision") or ""
    by = draft.given.get("model", "")
    return section(
        pen.md("memos.draft", title=title, at=draft.saved_at, by=by), button("Take it up", "memo.draft", draft.id)
    )


def _five(window: MemoWindow) -> list[Block]:
    given = window.given
    categories = [option(each.label, each.value) for each in Category]
    answers = [option("Yes", "yes"), option("No", "no")]
    owner = given.get("owner", "")
    elements = {
        "title": ("Title", typed(cut(given.get("title", ""), TITLE_LIMIT), limit=TITLE_LIMIT)),
        "decision": ("Decision and why", _words(window, "decision")),
        "category": ("Category", chosen(categories, given.get("category"))),
        "reversible": ("Can it be undone?", chosen(answers, given.get("reversible"))),
        "owner": ("Owner", person(owner if owner.startswith(("U", "W")) else None)),
    }
    return [question(window.block_id(name), label, element) for name, (label, element) in elements.items()]


def _rest(pen: Pen, window: MemoWindow, choices: Choices) -> list[Block]:
    given = window.given
    known = pen.plain("memos.metric_hint", names=choices.metrics)
    days = pen.plain("memos.check_hint")
    signs = [option(label, sign.value) for sign, label in _SIGNS.items()]
    seen = [option(label, each.value) for each, label in _VISIBLE.items()]
    fields: list[tuple[str, str, Block, str]] = [
        ("workflow", "What is it about?", _workflows(window, choices), ""),
        ("context", "Context", _words(window, "context"), ""),
        ("options", "Options considered", _words(window, "options"), ""),
        ("metric", "Prediction: which metric?", typed(given.get("metric", ""), limit=KEY_LIMIT), known),
        ("comparison", "Prediction: how much?", chosen(signs, given.get("comparison")), ""),
        ("value", "Prediction: which value?", typed(given.get("value", ""), limit=_NUMBER), ""),
        ("check_on", "Prediction: check on which day?", calendar(_day(given.get("check_on", ""))), days),
        ("move", "Which move does it argue for?", _moves(given), ""),
        ("changes", "Which changes is it about?", _words(window, "changes"), pen.plain("memos.changes_hint")),
        ("supersedes", "Which memo does it supersede?", _superseded(window, choices), ""),
        ("visibility", "Who may see it?", chosen(seen, given.get("visibility")), pen.plain("memos.visibility_hint")),
    ]
    return [
        question(window.block_id(name), label, element, hint=hint or None, optional=name not in _ALWAYS)
        for name, label, element, hint in fields
    ]


_ALWAYS = ("workflow", "visibility")


def _words(window: MemoWindow, name: str) -> Block:
    return typed(window.given.get(name, ""), multiline=True, limit=TEXT_LIMIT)


def _workflows(window: MemoWindow, choices: Choices) -> Block:
    offered = {each.id: each.name for each in choices.workflows[:CHOICES]}
    if window.workflow:
        offered.setdefault(window.workflow.id, window.workflow.name)
    named = [option(name, id_) for id_, name in offered.items()]
    return chosen([option("no workflow", NONE), *named], window.given.get("workflow") or NONE)


def _superseded(window: MemoWindow, choices: Choices) -> Block:
    offered = {memo.id: memo.title for memo in choices.memos[:CHOICES]}
    preset = window.given.get("supersedes", "")
    if preset and preset != NONE:
        offered.setdefault(preset, window.superseded or preset)
    named = [option(cut(title, 70), id_) for id_, title in offered.items()]
    return chosen([option("none", NONE), *named], preset or NONE)


def _moves(given: Mapping[str, str]) -> Block:
    named = [option(f"{move.left} → {move.entered}", move.value) for move in Move]
    return chosen([option("none", NONE), *named], given.get("move") or NONE)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
