"""`python -m tests.bench [PART …]`: runs the parts that are named, or all; nothing here passes or fails."""

import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import (
    audit,
    cost,
    decisions,
    digest,
    grants,
    ingest,
    memory,
    revoke,
    search,
    simulation,
    sources,
    start,
    status,
    writes,
)
from tests.bench.program import Ground

PARTS: Mapping[str, Callable[[Ground], None]] = {
    "start": start.run,
    "cost": cost.run,
    "writes": writes.run,
    "audit": audit.run,
    "memory": memory.run,
    "status": status.run,
    "ingest": ingest.run,
    "sources": sources.run,
    "grants": grants.run,
    "digest": digest.run,
    "decisions": decisions.run,
    "revoke": revoke.run,
    "search": search.run,
    "simulate": simulation.run,
}


def main(names: list[str]) -> int:
    """The exit status: 0, or 2 for a part that does not exist."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    begun_s = time.perf_counter()
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores"
        + (f"; {load:.1f} processes at work already: expect lower figures" if load > 0.7 else "")
    )
    with tempfile.TemporaryDirectory(prefix="rollout-bench-") as folder:
        ground = Ground(Path(folder))
        for name in names or PARTS:
            PARTS[name](ground)
    print(f"\n{time.perf_counter() - begun_s:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
