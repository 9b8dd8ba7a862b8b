"""The intake: signals from JSON lines, a JSON array or CSV, line by line; what is no signal comes out as `Rejected`.

Read lines from a file opened with `encoding="utf-8", errors="surrogateescape"` through `lines_of`, or from
`io.StringIO(text)`.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import chain

from bot.domain.signals.kinds import Body, Signal
from bot.intake.cells import read_cells
from bot.intake.entries import ByHand, Known, Terms
from bot.intake.json_forms import read_array, read_json_lines
from bot.intake.lines import MAX_LINE, Rejected, lines_of
from bot.intake.rows import is_header, read_rows

__all__ = [
    "MAX_LINE",
    "ByHand",
    "Known",
    "Rejected",
    "Terms",
    "lines_of",
    "read",
    "read_array",
    "read_cells",
    "read_json_lines",
    "read_pasted",
    "read_rows",
]


def read(lines: Iterable[str], terms: Terms) -> Iterator[Signal[Body] | Rejected]:
    """The signals in `lines`, in whichever of the three forms they are, as soon as each is read."""
    waiting = iter(lines)
    first: list[str] = []
    for line in waiting:
        first.append(line)
        if line.strip("\ufeff \t\r\n"):
            break
    start = first[-1].lstrip("\ufeff \t") if first else ""
    form = read_array if start.startswith("[") else read_rows if is_header(start) else read_json_lines
    yield from form(chain(first, waiting), terms)


def read_pasted(text: str, terms: Terms) -> Iterator[Signal[Body] | Rejected]:
    """The signals in a text that a person pasted: JSON, or rows under a header; without either, a word about that."""
    lines = io.StringIO(text)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return read(lines, terms)
    return read_rows(lines, terms)
