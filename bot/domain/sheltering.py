"""Words kept safe inside a section: what would begin another section, a fence or a comment gets a backslash."""

import re
from collections.abc import Iterator, Sequence

from bot.domain.sections import fence_after

_RISKY = re.compile(r"( {0,3})(\\*)(?=##(?!#)|`{3}|~{3})")
_SHELTERED = re.compile(r"( {0,3})\\(\\*)(?=##(?!#)|`{3}|~{3})")
_COMMENT = re.compile(r"(\\*)<!--")
_SHELTERED_COMMENT = re.compile(r"\\(\\*)<!--")


def sheltered(words: str) -> str:
    """`words` as they may stand in a section of a file; `unsheltered` gives the same words again.

    Code between fences stays as it is; a fence that is never closed is none, and is sheltered too.
    """
    lines = words.split("\n")
    code, is_closed = _code(lines)
    marked = (
        line if is_code and is_closed else _RISKY.sub(r"\1\\\2", line, count=1) if _RISKY.match(line) else line
        for line, is_code in zip(lines, code, strict=True)
    )
    return _COMMENT.sub(r"\\\1<!--", "\n".join(marked))


def unsheltered(words: str) -> str:
    """`words` of a section as they were before they were sheltered."""
    lines = words.split("\n")
    code, _ = _code(lines)
    bare = (
        line if is_code or not _SHELTERED.match(line) else _SHELTERED.sub(r"\1\2", line, count=1)
        for line, is_code in zip(lines, code, strict=True)
    )
    return _SHELTERED_COMMENT.sub(r"\1<!--", "\n".join(bare))


def _code(lines: Sequence[str]) -> tuple[tuple[bool, ...], bool]:
    """Which lines belong to code, its fences among them; and whether the last fence is closed."""
    found = tuple(_fenced(lines))
    return tuple(is_code for is_code, _ in found), not found[-1][1]


def _fenced(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    before = ""
    for line in lines:
        after = fence_after(before, line)
        yield bool(before or after), after
        before = after
