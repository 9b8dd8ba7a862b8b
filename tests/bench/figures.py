"""Numbers in words and tables."""

import statistics
from collections.abc import Sequence


def show(title: str, how: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table with a line on what it says and one on how it was measured."""
    cells = [[str(each) for each in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    print(f"\n{title}\n  {how}")
    for row in cells:
        print("  " + "  ".join(each.rjust(width) for each, width in zip(row, widths, strict=True)))


def judge(what: str, *, met: bool, figure: str) -> None:
    """Prints whether an aim was met."""
    print(f"  {'met   ' if met else 'MISSED'}  {what}: {figure}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def ms(seconds: float) -> str:
    """Seconds as milliseconds."""
    return f"{seconds * 1000:.1f}"


def mib(size_bytes: float) -> str:
    """Bytes as MiB."""
    return f"{size_bytes / 2**20:.0f}"
