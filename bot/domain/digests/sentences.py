"""What rules wrote, made fit for a line."""

import re

from bot.domain.wording import cut, one_line

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def sentence(text: str, limit: int) -> str:
    """`text` on one line, cut, and ending as a sentence does."""
    found = cut(text, limit)
    return found if found[-1:] in (".", "…", "!", "?", "") else f"{found}."


def first_sentence(text: str, limit: int) -> str:
    """The first sentence of `text`, cut; what follows it is for whoever reads on."""
    return sentence(_END.split(one_line(text), maxsplit=1)[0], limit)


def clause(text: str, limit: int) -> str:
    """`text` on one line, cut, without the stop at its end: more follows on the line."""
    return cut(one_line(text).rstrip("."), limit)
