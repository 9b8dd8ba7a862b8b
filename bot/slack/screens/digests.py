"""The Monday digest: the message, what stands in its thread, and the same as plain text.

Whatever people and outside systems wrote, each message stays within Slack's limits: lines that have no room any more
go to the thread, and what the thread has no room for is counted there (RELIABILITY, fault 25).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from bot.charts import alt_of
from bot.domain.digests.composing import Chores, Digest
from bot.domain.digests.inputs import Reported
from bot.domain.findings.kinds import Severity
from bot.domain.findings.minding import NEVER_SNOOZED
from bot.slack.blocks import Block, Screen, actions, button, context, divider, image, overflow, section
from bot.slack.pen import Pen
from bot.slack.screens.digest_words import DigestWords
from bot.texts import escape

MESSAGE_CHARACTERS = 12_000
"""What a message's blocks may say; Slack takes about 13,000."""
_MESSAGE_BLOCKS = 46
_THREAD_MESSAGES = 6
_UPKEEP_BUTTONS = 3
_MENU = (
    ("Acknowledge", "ack"),
    ("Snooze…", "snooze"),
    ("Assign…", "assign"),
    ("Not useful", "useless"),
    ("Why?", "why"),
)


@dataclass(frozen=True, slots=True)
class DigestScreens:
    """A digest as it is posted: the message, and the messages in its thread."""

    main: Screen
    thread: tuple[Screen, ...]


def digest_screens(pen: Pen, digest: Digest) -> DigestScreens:
    """The digest's message and thread; `main.text` is its first line, which the notification shows too."""
    words = _fitted(DigestWords(pen.md, digest))
    return DigestScreens(_message(words), (*_picture(digest), *_thread(words)))


def preview_screen(pen: Pen, digest: Digest) -> Screen:
    """The digest's message for one pair of eyes, before it is posted."""
    return _message(_fitted(DigestWords(pen.md, digest, is_preview=True)))


def _fitted(words: DigestWords) -> DigestWords:
    """The words of the same digest with as many lines in its message as there is room for."""
    held = _room(_head(words), _folded(words), _tail(words))
    shown = 0
    for reported in words.digest.main:
        held = (*held, *_line(words, reported))
        if not _fits(held):
            break
        shown += 1
    return replace(words, digest=replace(words.digest, in_message=shown))


def _message(words: DigestWords) -> Screen:
    lines = [block for reported in words.digest.main for block in _line(words, reported)]
    rule = [divider()] if lines else []
    return Screen(words.headline, (*_head(words), *rule, *lines, *_folded(words), *_tail(words)))


def digest_text(pen: Pen, digest: Digest) -> str:
    """The whole digest as plain text, the thread below the message."""
    words = DigestWords(pen.plain, digest)
    beside = (words.how_to_read, words.blind, words.fewer, words.summary, words.waiting, words.portfolio)
    ends = (words.folded, words.upkeep, words.saves, words.corrected)
    message = [
        _lines(words.headline, *beside),
        *(words.line(each) for each in digest.main),
        _lines(*ends),
        words.footer,
    ]
    trends = [alt_of(digest.inputs.chart)] if digest.inputs.chart else []
    listed = [words.line(each) for each in digest.rest]
    thread = [*trends, words.agenda or "", *listed, "\n".join(words.quiet), "\n".join(words.numbers)]
    text = "\n\n".join(part for part in message if part)
    below = "\n\n".join(part for part in thread if part)
    return f"{text}\n\n{pen.plain('digest.thread_text')}\n\n{below}" if below else text


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _head(words: DigestWords) -> tuple[Block, ...]:
    """What comes before the findings."""
    small = (context(text) for text in (words.preview, words.how_to_read) if text)
    big = (section(text) for text in (words.blind, words.fewer, words.summary) if text)
    waiting = (section(text, button("Show", "digest.waiting")) for text in (words.waiting,) if text)
    portfolio = (section(text) for text in (words.portfolio,) if text)
    return (section(words.headline), *small, *big, *waiting, *portfolio)


def _folded(words: DigestWords) -> tuple[Block, ...]:
    return (context(words.folded),) if words.folded else ()


def _tail(words: DigestWords) -> tuple[Block, ...]:
    """What comes after the findings."""
    upkeep = [section(words.upkeep)] if words.upkeep else []
    small = (context(text) for text in (words.saves, words.corrected) if text)
    return (*upkeep, *_upkeep_buttons(words.digest.upkeep), *small, context(words.footer))


def _upkeep_buttons(upkeep: Sequence[Chores]) -> Iterator[Block]:
    """A way to do the two chores that have a window of their own, for the first workflows that have them.

    Slack takes no two buttons with one action in a row, so that the second workflow of a chore stands in the next.
    """
    for place in range(_UPKEEP_BUTTONS):
        if row := tuple(_row(upkeep, place)):
            yield actions(*row)


def _row(upkeep: Iterable[Chores], place: int) -> Iterator[Block]:
    for chores in upkeep:
        if chores.rule in _WINDOWS and place < len(chores.workflows):
            (label, action, takes_id), (workflow_id, name) = _WINDOWS[chores.rule], chores.workflows[place]
            told = f"{label}…" if len(chores.workflows) == 1 else f"{label} for {name}…"
            yield button(told, action, workflow_id if takes_id else name)


_WINDOWS = {
    "grant.unattested": ("Attest", "digest.attest", False),
    "grant.expiring": ("Renew", "grant.ask", True),
}


def _line(words: DigestWords, reported: Reported) -> tuple[Block, ...]:
    """A finding's line with its menu; a critical one has the first of its choices as a button too."""
    finding = reported.finding
    choices = [
        (label, f"{act}:{finding.id}")
        for label, act in _MENU
        if not (act == "snooze" and finding.rule in NEVER_SNOOZED)
    ]
    text = words.line(reported)
    if finding.severity is not Severity.CRITICAL:
        return (section(text, overflow("finding.menu", choices)),)
    acknowledge = button("Acknowledge", "finding.ack", finding.id)
    return section(text), actions(acknowledge, overflow("finding.menu", choices[1:]))


def _picture(digest: Digest) -> Iterator[Screen]:
    """The trends in a message of their own: where Slack does not take the picture, nothing but that is lost."""
    chart, picture = digest.inputs.chart, digest.inputs.picture
    if chart and picture:
        alt = alt_of(chart)
        yield Screen(escape(alt), (image(picture, alt),))


def _thread(words: DigestWords) -> Iterator[Screen]:
    """The thread: agenda, what is dealt with and the stewards' numbers, then the lines that had no room."""
    quiet, numbers = _paragraphs(words.quiet), _paragraphs(words.numbers)
    beside = [section(text) for text in (words.agenda, *quiet, *numbers) if text]
    lines = (block for reported in words.digest.rest for block in _line(words, reported))
    talked = tuple(_messages(beside))
    listed = tuple(islice(_messages(lines), max(_THREAD_MESSAGES - len(talked), 1)))
    told = [*talked, *listed]
    left = len(words.digest.rest) - sum(block["type"] == "section" for blocks in listed for block in blocks)
    for blocks in told:
        more = (context(words.say("digest.more_lines", count=left)),) if left and blocks is told[-1] else ()
        yield Screen(_first_words(words, blocks), (*blocks, *more))


def _first_words(words: DigestWords, blocks: Sequence[Block]) -> str:
    said = next((str(block["text"]["text"]) for block in blocks if block["type"] == "section"), "")
    return said.partition("\n")[0] or words.headline


def _paragraphs(lines: Iterable[str], limit: int = 2800) -> Iterator[str]:
    """The lines in as few sections as hold them."""
    held: list[str] = []
    for line in lines:
        if held and sum(map(len, held)) + len(held) + len(line) > limit:
            yield "\n".join(held)
            held = []
        held.append(line)
    if held:
        yield "\n".join(held)


def _messages(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    """The blocks in as few messages as hold them; controls stay with the line above them."""
    held: list[Block] = []
    for line in _with_controls(blocks):
        if held and not _fits((*held, *line)):
            yield tuple(held)
            held = []
        held += line
    if held:
        yield tuple(held)


def _with_controls(blocks: Iterable[Block]) -> Iterator[tuple[Block, ...]]:
    line: tuple[Block, ...] = ()
    for block in blocks:
        if block["type"] != "actions" and line:
            yield line
            line = ()
        line = (*line, block)
    if line:
        yield line


def _room(*parts: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks that are there anyway."""
    return (*(block for part in parts for block in part), divider(), context("…" * 300))


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= _MESSAGE_BLOCKS and sum(map(_characters, blocks)) <= MESSAGE_CHARACTERS


def _characters(value: Any) -> int:
    """How much text there is in a block, as Slack counts it."""
    if isinstance(value, dict):
        return sum(_characters(each) for key, each in value.items() if key != "type")
    if isinstance(value, list):
        return sum(map(_characters, value))
    return len(value) if isinstance(value, str) else 0
