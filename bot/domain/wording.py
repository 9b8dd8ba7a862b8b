"""Text from outside made fit to be read: nothing invisible in it, and cut without breaking a character."""

import re
import unicodedata
from collections.abc import Sequence

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# A flag such as Scotland's is spelled in tag characters; anywhere else they are hidden text. Cut are
# controls, what turns the reading direction around, what has no width (but not the joiners that Persian and
# emoji need), and lone surrogates, which cannot be encoded.
_HIDDEN = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f)"
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_ADDRESS = re.compile(r"https?://[^\s<>()\"']+[^\s<>()\"'.,;:!?]")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONALS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def clean(text: str) -> str:
    """`text` without control, direction-turning and invisible characters; line breaks become newlines."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(r"\1", _BREAKS.sub("\n", text).replace("\t", " "))


def one_line(text: str) -> str:
    """`text`, cleaned, with every run of white space and line breaks turned into one space."""
    return " ".join(clean(text).split())


def capitalised(text: str) -> str:
    """The text with its first letter as at the beginning of a sentence, and nothing else changed."""
    return text[:1].upper() + text[1:]


def cut(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters, ending in "…" if something was left out.

    An emoji or an accented letter made of several code points is kept or left out as a whole.
    """
    line = one_line(text)
    if len(line) <= limit:
        return line
    end = limit - 1
    while end > 0 and _continues(line, end):
        end -= 1
    return f"{line[: end or limit - 1].rstrip()}…"


def link_in(words: str) -> str | None:
    """The last web address in these words, if there is any."""
    return next(reversed(_ADDRESS.findall(words)), None)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of as many cells each as lines in which every column begins at the same place."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = (zip(row, widths, strict=True) for row in rows)
    return "\n".join("  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in lines)


def _continues(text: str, at: int) -> bool:
    """Whether the code point at `at` is part of the character that starts before it (after UAX 29)."""
    code = ord(text[at])
    if code < 0x300 and text[at - 1] != _JOINER:
        return False
    if code in _REGIONALS:
        return _regionals_before(text, at) % 2 == 1
    return (
        text[at - 1] == _JOINER
        or text[at] == _JOINER
        or code in _SKIN_TONES
        or code in _TAGS
        or unicodedata.category(text[at]).startswith("M")
    )


def _regionals_before(text: str, at: int) -> int:
    start = at
    while start > 0 and ord(text[start - 1]) in _REGIONALS:
        start -= 1
    return at - start
