"""The messages of a digest in the order in which they are posted, and as pages of words where Slack takes no more.

A digest's messages are numbered as they are kept: 0 is the one in the channel. One of which Slack takes only the words
may need several pages; the first has the number of its message, each following one that of the page before it and the
count of messages, so that a number never says another thing, whatever Slack took.
"""

import html
from collections.abc import Iterator

from bot.domain.digests.editions import Edition, Message

PAGE_CHARACTERS = 2_800
"""Slack takes 4,000 in a message's text, and markup counts; some room is left for what is said of a late one."""


def page_of(edition: Edition, part: int) -> int:
    """Which page of its message a part is, from 0."""
    return part // max(len(edition.messages), 1)


def message_of(edition: Edition, part: int) -> int:
    """Which message a part belongs to."""
    return part % max(len(edition.messages), 1)


def parts(edition: Edition) -> Iterator[int]:
    """Every part of a posted digest in the order in which they were posted."""
    part: int | None = 0
    while part is not None:
        yield part
        part = following(edition, part, plain=edition.is_plain(message_of(edition, part)))


def following(edition: Edition, part: int, *, plain: bool) -> int | None:
    """The part that is posted after this one; `plain` where Slack took only the words of this one."""
    if not edition.messages:
        return None
    message, page = message_of(edition, part), page_of(edition, part)
    if plain and page + 1 < len(pages(edition.messages[message])):
        return part + len(edition.messages)
    return message + 1 if message + 1 < len(edition.messages) else None


def pages(message: Message) -> tuple[str, ...]:
    """All that a message says, without its controls, on as few pages as hold it; paragraphs are kept whole."""
    found: list[str] = []
    for paragraph in _paragraphs(message):
        if found and len(found[-1]) + len(paragraph) + 2 <= PAGE_CHARACTERS:
            found[-1] = f"{found[-1]}\n\n{paragraph}"
        else:
            found.append(paragraph)
    return tuple(found)


def _paragraphs(message: Message) -> tuple[str, ...]:
    blocks = message.get("blocks") or ()
    assert isinstance(blocks, list | tuple)
    return tuple(words for block in blocks if (words := "\n".join(_words(block)))) or (str(message["text"]),)


def _words(block: dict[str, object]) -> Iterator[str]:
    match block:
        case {"type": "section", "text": {"type": str(kind), "text": str(text)}}:
            yield _markup(kind, text)
        case {"type": "context", "elements": [*elements]}:
            for each in elements:
                if isinstance(each, dict) and "text" in each:
                    yield _markup(str(each["type"]), str(each["text"]))
        case {"type": "image", "alt_text": str(text)}:
            yield _markup("plain_text", text)
        case _:
            return


def _markup(kind: str, text: str) -> str:
    """A text of a block as it reads the same in a message's text, which Slack always takes for markup."""
    return text if kind == "mrkdwn" else html.escape(text, quote=False)
