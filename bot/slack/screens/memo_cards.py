"""Memos as people read them: the card in a channel, one whole, a list, and a file to be copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.actions.readers import Link
from bot.domain.memos import Memo
from bot.domain.wording import link_in
from bot.slack.blocks import SECTION_LIMIT, Block, Screen, actions, button, context, copied, section
from bot.slack.pen import Pen

_CARD_LIMIT = 900
_PIECE, _SMALL_PIECE = 2400, 560
"""A section of Slack's takes 3,000 characters, and an escaped one may be five."""

_WHOLE_LIMIT = 10_000
"""All blocks of a message together take about 13,000."""

_EXPORT_LIMIT = 12_000
LIST_LIMIT = 20
RECENT_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A memo as somebody may see it: without its body unless `reads`; and the chain in which it stands."""

    memo: Memo
    reads: bool
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A memo's card: `named` and `whole` say how much of it may stand where it is.

    `superseded` is the memo whose place it took, `successor` the one that took its own.
    """

    memo: Memo
    named: bool
    whole: bool
    superseded: Link | None = None
    successor: Link | None = None


def memo_card(pen: Pen, card: Card) -> Screen:
    """The card: what was decided, by whom and when, as much of it as all may read who see it."""
    memo = card.memo
    title = pen.md("memos.card_title" if card.named else "memos.card_unnamed", m=memo)
    blocks = [section(title)]
    if card.whole:
        blocks += [section(text) for text in _pieces(pen, _shortened(memo.content.decision))]
    if card.named:
        blocks.append(context(pen.md("memos.matter", m=memo, whole=card.whole, today=date.max)))
    blocks.append(context(_vouched(pen, memo, whole=card.whole)))
    if card.superseded:
        blocks.append(context(pen.md("memos.supersedes", link=card.superseded)))
    if card.successor:
        blocks.append(section(pen.md("memos.superseded", link=card.successor)))
    blocks.append(actions(*_buttons(memo)))
    return Screen(title, tuple(blocks))


def memo_screen(pen: Pen, shown: Shown) -> Screen:
    """One memo whole."""
    memo, said = shown.memo, shown.memo.content
    title = pen.md("memos.card_title", m=memo)
    blocks = [section(title), context(pen.md("memos.matter", m=memo, whole=shown.reads, today=date.max))]
    if not shown.reads:
        blocks.append(section(pen.md("memos.unreadable")))
    parts = (("decision", said.decision), ("context", said.context), ("options", said.options))
    blocks += _parts(pen, tuple((part, words) for part, words in parts if words))
    blocks.append(context(_vouched(pen, memo, whole=shown.reads)))
    if len(shown.chain) > 1:
        blocks.append(section(pen.md("memos.chain", links=shown.chain, here=memo.id)))
    blocks.append(actions(*_buttons(memo, shown=True)))
    return Screen(title, tuple(blocks))


def _vouched(pen: Pen, memo: Memo, *, whole: bool) -> str:
    link = link_in(memo.content.context) if whole else None
    return pen.md("memos.vouched", m=memo, link=link)


def _buttons(memo: Memo, *, shown: bool = False) -> Iterator[Block]:
    if not shown:
        yield button("Read", "memo.show", memo.id)
    if memo.superseded_by is None:
        yield button("Supersede…", "memo.supersede", memo.id)
    elif shown:
        yield button("Read what took its place", "memo.show", memo.superseded_by)
    yield button("Export", "memo.export", memo.id)


def filed_screen(pen: Pen, memo: Memo, room: str | None) -> Screen:
    """The answer to whoever filed it."""
    text = pen.md("memos.filed", m=memo, room=room)
    return Screen(text, (section(text, button("Read", "memo.show", memo.id)),))


def list_screen(pen: Pen, memos: tuple[Memo, ...], words: str) -> Screen:
    """The memos that were found, the newest first; one more than `LIST_LIMIT` says that there are others."""
    has_more = len(memos) > LIST_LIMIT
    title = pen.md("memos.found", count=min(len(memos), LIST_LIMIT), words=words, has_more=has_more)
    blocks = [section(title), *(_row(pen, memo) for memo in memos[:LIST_LIMIT])]
    if has_more:
        blocks.append(context(pen.md("memos.more")))
    return Screen(title, tuple(blocks))


def recent_blocks(pen: Pen, memos: tuple[Memo, ...]) -> list[Block]:
    """The newest decisions, for the Home; nothing where there is none."""
    if not memos:
        return []
    return [section(pen.md("memos.recent_title")), *(_row(pen, memo) for memo in memos[:RECENT_LIMIT])]


def _row(pen: Pen, memo: Memo) -> Block:
    return section(pen.md("memos.row", m=memo), button("Read", "memo.show", memo.id))


def export_screen(pen: Pen, memo: Memo, sheet: str) -> Screen:
    """The memo as a file, letter for letter, to be copied; one that is too long for a message is named instead."""
    if len(sheet) > _EXPORT_LIMIT:
        text = pen.md("memos.export_too_long", m=memo)
        return Screen(text, (section(text),))
    text = pen.md("memos.export", m=memo)
    return Screen(text, (section(text), copied(sheet)))


def _shortened(words: str) -> str:
    if len(words) <= _CARD_LIMIT:
        return words
    head = words[:_CARD_LIMIT]
    return f"{head[: max(head.rfind(' '), head.rfind(chr(10)), _CARD_LIMIT // 2)].rstrip()} …"


def _parts(pen: Pen, parts: tuple[tuple[str, str], ...]) -> Iterator[Block]:
    """The parts of a memo as far as a message holds them; of what it does not hold, how much it is."""
    room = _WHOLE_LIMIT
    for part, words in parts:
        yield section(pen.md(f"memos.part_{part}"))
        left = len(words)
        for raw, text in cut_up(pen, words):
            if len(text) > room:
                yield context(pen.md("memos.words_left", count=left))
                break
            room, left = room - len(text), left - len(raw)
            yield section(text)


def _pieces(pen: Pen, words: str) -> Iterator[str]:
    return (text for _, text in cut_up(pen, words))


def cut_up(pen: Pen, words: str) -> Iterator[tuple[str, str]]:
    """The words in pieces that fit into a section each, whatever they are made of: as they are, and as mrkdwn."""
    left = words
    while left.strip():
        limit = _PIECE if len(pen.md("memos.words", words=left[:_PIECE])) < SECTION_LIMIT else _SMALL_PIECE
        head = left[:limit]
        ends = [at for mark in ("\n", " ") if (at := head.rfind(mark)) > 0] if len(left) > limit else []
        piece = head[: ends[0]] if ends else head
        yield piece, pen.md("memos.words", words=piece)
        left = left[len(piece) :].lstrip(" ").removeprefix("\n")
