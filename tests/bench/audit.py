"""The audit log: what one record costs, and how fast the whole chain is verified."""

import time
from contextlib import closing

from bot.clock import SystemClock
from store import Database, audit
from store.audit import AuditEntry, head
from store.migrating import upgrade
from store.verification import verify
from tests.bench.figures import judge, median, ms, percentile, show
from tests.bench.program import SIZES, Ground

APPENDS = 1000


def run(ground: Ground) -> None:
    """Prints the cost of an append, and rows verified a second."""
    with closing(Database(ground.url("audit"))) as database:
        upgrade(database)
        alone_s = _appended_s(database, each=1)
        together_s = _appended_s(database, each=50)
    with closing(Database(ground.program(SIZES[-1]).url)) as database, database.reading() as connection:
        rows = head(connection).seq
        begun_s = time.perf_counter()
        found = verify(connection)
        verified_s = time.perf_counter() - begun_s
    if not found.ok:
        raise AssertionError(f"The bench's own program does not verify: {found.why}")
    show(
        "audit: on SQLite",
        f"{APPENDS} appends by one writer; verify: chain, guards and texts of the program of {SIZES[-1]} workflows",
        ("what", "rows", "rows/s", "median ms", "p99 ms"),
        (
            ("append, a commit each", APPENDS, f"{APPENDS / sum(alone_s):.0f}", *_spread(alone_s)),
            ("append, 50 a commit", APPENDS, f"{APPENDS / sum(together_s):.0f}", *_spread(together_s)),
            ("verify", rows, f"{rows / verified_s:.0f}", "-", "-"),
        ),
    )
    judge("an append in at most 1 ms", met=median(alone_s) <= 0.001, figure=f"{ms(median(alone_s))} ms")
    judge("verify at least 50,000 rows/s", met=rows / verified_s >= 50_000, figure=f"{rows / verified_s:,.0f}")


def _spread(taken_s: list[float]) -> tuple[str, str]:
    return f"{median(taken_s) * 1000:.2f}", f"{percentile(taken_s, 0.99) * 1000:.2f}"


def _appended_s(database: Database, each: int) -> list[float]:
    """How long each append took, its share of the commit included."""
    now, taken_s = SystemClock().now(), []
    for first in range(0, APPENDS, each):
        begun_s = time.perf_counter()
        with database.writing() as connection:
            for number in range(first, first + each):
                entry = AuditEntry(
                    real_at=now,
                    effective_at=now,
                    principal_kind="human",
                    principal="p_bench",
                    through="slack",
                    fact="item_done",
                    subject=f"wf_bench/item_{number}",
                    details={"before": "open", "seen_version": number},
                )
                audit.append(connection, entry)
        taken_s += [(time.perf_counter() - begun_s) / each] * each
    return taken_s
