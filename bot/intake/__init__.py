"""The intake: signals from JSON lines, a JSON array or CSV, line by line; what is no signal comes out as `Rejected`.

Read lines from a file opened with `encoding="utf-8", errors="surrogateescape"` through `lines_of`, or from
`io.StringIO(text)`.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.domain.signals.kinds import Body, Signal
from bot.intake.entries import Known, Terms
from bot.intake.json_forms import read_array, read_json_lines
from bot.intake.lines import MAX_LINE, Rejected, lines_of
from bot.intake.rows import is_header, read_rows

__all__ = [
    "MAX_LINE",
    "Known",
    "Rejected",
    "Terms",
    "lines_of",
    "read",
    "read_array",
    "read_json_lines",
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
