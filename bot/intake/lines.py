"""Lines of text, each of a bounded length, and the ones that were refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

MAX_LINE = 256 * 1024
"""How many bytes one line or entry may have."""

_SKIPPED_AT_ONCE = 1 << 20

TOO_LONG = f"This is longer than {MAX_LINE // 1024} kB."


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is no signal, counted from 1 (in an array, the entry), and one sentence that says why."""

    line: int
    why: str


def lines_of(stream: TextIO) -> Iterator[str]:
    """The lines of a stream, however long they are: of one that is too long only the beginning is kept."""
    while line := stream.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith("\n"):
            line = stream.readline(_SKIPPED_AT_ONCE)
            if len(line) < _SKIPPED_AT_ONCE:
                break


def is_too_long(line: str) -> bool:
    """Whether a line has more bytes than it may."""
    return len(line) > MAX_LINE // 4 and len(line.rstrip("\r\n").encode(errors="surrogatepass")) > MAX_LINE
