"""The window in which people tell of a mistake that was caught in time."""

from dataclasses import dataclass

from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, chosen, context, field, modal, option, person, typed
from bot.slack.pen import Pen

_SUMMARY_LIMIT = 500
_WORKFLOWS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class SaveWindow:
    """What stands in the window at first: what was typed of it, the workflows to choose from, and who says so."""

    summary: str
    offered: tuple[Workflow, ...]
    by: str

    @property
    def preset(self) -> str | None:
        """The workflow, where there is only one."""
        return self.offered[0].id if len(self.offered) == 1 else None


def save_modal(pen: Pen, window: SaveWindow, memory: str) -> Block:
    """What was caught, in which workflow, and by whom."""
    named = [option(each.name, each.id) for each in window.offered[:_WORKFLOWS_LIMIT]]
    words = typed(cut(window.summary, _SUMMARY_LIMIT), multiline=True, limit=_SUMMARY_LIMIT)
    blocks = [
        field("summary", "What was caught?", words, hint=pen.plain("saves.hint_summary")),
        field("workflow", "In which workflow?", chosen(named, window.preset)),
        field("by", "Who caught it?", person(window.by)),
        context(pen.md("saves.promise")),
    ]
    return modal("save", "A mistake caught in time", blocks, submit="Say thank you", metadata=memory)
