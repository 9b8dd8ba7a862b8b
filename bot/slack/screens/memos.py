"""The window in which a memo is written."""

from collections.abc import Sequence

from bot.actions.memos import About
from bot.domain.gaps import TITLE_LIMIT
from bot.domain.memos import Category, Entry
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, button, chosen, context, field, modal, option, person, section, typed
from bot.slack.pen import Pen

NO_WORKFLOW = "none"
_WORKFLOWS_LIMIT = 99


def memo_modal(
    pen: Pen, entry: Entry, about: About, memory: str, *, offered: Sequence[Workflow] | None = None
) -> Block:
    """The five questions of a memo, filled with `entry`; with `offered`, also which workflow it is about."""
    categories = [option(each.label, each.value) for each in Category]
    answers = [option("Yes", "yes"), option("No", "no")]
    words = section(pen.md("memos.about", workflow=about.workflow, move=entry.move))
    blocks = [words] if entry.move or offered is not None else [_changeable(words)]
    if offered is not None:
        blocks = [field("workflow", "What is it about?", _choice(offered, about.workflow))]
    blocks += [
        field("title", "Title", typed(cut(entry.title, TITLE_LIMIT), limit=TITLE_LIMIT)),
        field("decision", "Decision and why", typed(entry.decision, multiline=True)),
        field("category", "Category", chosen(categories, entry.category)),
        field("reversible", "Can it be undone?", chosen(answers)),
        field("owner", "Owner", person(about.owner.handle if about.owner else None)),
        context(pen.md("memos.for_good")),
    ]
    return modal("memo", "File a memo", blocks, submit="File", metadata=memory)


def _changeable(words: Block) -> Block:
    return words | {"accessory": button("Change…", "memo.unfold")}


def _choice(offered: Sequence[Workflow], preset: Workflow | None) -> Block:
    none = option("no workflow", NO_WORKFLOW)
    named = [option(each.name, each.id) for each in offered[:_WORKFLOWS_LIMIT]]
    return chosen([none, *named], preset.id if preset else NO_WORKFLOW)
