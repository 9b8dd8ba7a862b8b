"""The window in which an admin maps sources to workflows."""

from collections.abc import Sequence

from bot.domain.sources import Mapped
from bot.slack.blocks import Block, button, chosen, confirmed, context, divider, field, modal, option, section, typed
from bot.slack.pen import Pen

_CHOICES = 100
_SHOWN = 30
_PLACE = 200


def connect_modal(
    pen: Pen, offered: Sequence[tuple[str, str]], workflows: Sequence[str], mapped: Sequence[Mapped], *window: str
) -> Block:
    """Which source, which place there and which workflow; below, what is mapped; `window` is its memory, and a word."""
    kept, *said = window
    sources = [option(f"{name} ({place})", name) for name, place in offered]
    # A menu has a hundred choices at most; with more workflows the name is typed.
    few = len(workflows) <= _CHOICES
    workflow = chosen([option(name, name) for name in workflows]) if few else typed(limit=_PLACE)
    blocks = [
        *(section(each) for each in said if each),
        field("source", "Source", chosen(sources)),
        field("place", "What of it?", typed(limit=_PLACE), hint=pen.plain("connect.hint_place")),
        field("workflow", "Which workflow is it about?", workflow),
        context(pen.md("connect.promise")),
        divider(),
        *_mapped(pen, mapped),
    ]
    return modal("connect", "Connect a source", blocks, submit="Connect", metadata=kept)


def _mapped(pen: Pen, mapped: Sequence[Mapped]) -> list[Block]:
    by_file, by_hand = [each for each in mapped if not each.id], [each for each in mapped if each.id]
    blocks = [section(pen.md("connect.by_hand", count=len(by_hand)))]
    blocks += [section(pen.md("connect.row", m=each), _remover(pen, each)) for each in by_hand[:_SHOWN]]
    if len(by_hand) > _SHOWN:
        blocks.append(context(pen.md("connect.more", count=len(by_hand) - _SHOWN)))
    blocks.append(section(pen.md("connect.by_file", shown=by_file[:_SHOWN], more=max(len(by_file) - _SHOWN, 0))))
    return blocks


def _remover(pen: Pen, mapped: Mapped) -> Block:
    question = pen.plain("connect.sure", m=mapped)
    return confirmed(button("Remove", "connect.remove", mapped.id), "Read it no more?", question, "Remove")
