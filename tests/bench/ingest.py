"""Signals taken in on SQLite: how many a second are read, are kept, and are taken in as `rollout ingest` does."""

import json
import random
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import islice
from typing import Any

from bot.actions.desk import Asked
from bot.actions.signals import take_in
from bot.clock import SystemClock
from bot.domain.people import Actor, PrincipalKind, Through
from bot.domain.signals.kinds import Body, Signal
from bot.intake import Known, Rejected, Terms, read
from store import Database
from store.recording.signals import keep_signals
from tests.bench.figures import judge, mib, show
from tests.bench.program import Ground, workflow_name
from tests.bench.writes import desk_on

SEED = 7
WORKFLOWS = 100
MANY_WORKFLOWS = 1000
LINES = 100_000
FILE_LINES = 1_000_000
BATCH = 5000
AIM_PER_S = 10_000
NOW = SystemClock().now()

# Every second signal of those with a key is about one that is known already.
_BODIES: tuple[dict[str, Any], ...] = (
    {"type": "metric", "metric": "csat", "value": 4.25, "n": 120},
    {"type": "eval_run", "suite": "refunds", "cases": 200, "passed": 191, "prompt_version": "p7", "model": "m2"},
    {"type": "review", "output_id": "out-{half}", "submitted_at": "{at}"},
    {"type": "rework", "kind": "rollback", "cost_usd": 120.5},
    {"type": "agent_action", "action": "send", "facts": {"amount_usd": 20.5}, "outcome": "done", "reversed": False,
     "run_id": "run-{half}"},
    {"type": "work_item", "key": "T-{half}", "title": "Write it down", "status": "open", "due": "2026-04-02",
     "assignee": "U3"},
)  # fmt: skip


def run(ground: Ground) -> None:
    """Prints lines read a second, and signals kept a second when they are new and when they are repeated."""
    rows = []
    slowest = float("inf")
    for title, bodies in (("metrics", _BODIES[:1]), ("six types", _BODIES)):
        lines = list(_lines(bodies, LINES))
        read_per_s = LINES / _spent(lambda lines=lines: sum(1 for _ in _signals(lines)))
        with closing(Database(ground.program(WORKFLOWS).url)) as database:
            new, again = (LINES / _spent(lambda lines=lines: _keep(database, lines)) for _ in range(2))
        slowest = min(slowest, new)
        rows.append((title, f"{read_per_s:,.0f}", f"{new:,.0f}", f"{again:,.0f}"))
    show(
        "ingest: signals from JSON lines, on SQLite",
        f"{LINES:,} lines about {WORKFLOWS} workflows (seed {SEED}), kept in batches of {BATCH:,}, each one change",
        ("signals", "read/s", "new, kept/s", "repeated/s"),
        rows,
    )
    judge(f"at least {AIM_PER_S:,} signals a second", met=slowest >= AIM_PER_S, figure=f"{slowest:,.0f}")
    _take_in(ground)
    _read_a_large_file()


def _take_in(ground: Ground) -> None:
    """The whole way of a line: read, kept, and what it proves and stops."""
    rows = []
    for workflows in (WORKFLOWS, MANY_WORKFLOWS):
        lines = list(_lines(_BODIES, LINES, workflows))
        with closing(Database(ground.program(workflows).url)) as database:
            desk, bench = desk_on(database), Actor(PrincipalKind.SERVICE, "service:bench", "the bench", Through.CLI)
            per_s = LINES / _spent(lambda desk=desk, bench=bench, lines=lines: take_in(desk, Asked(bench), lines))
        rows.append((f"{workflows:,}", f"{per_s:,.0f}"))
    show(
        "ingest: the whole way, with what signals prove and which grants they stop",
        f"{LINES:,} lines of six types, the workflows by turns, so that each batch is about all of them",
        ("workflows", "taken in/s"),
        rows,
    )


def _read_a_large_file() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rejected: list[Rejected] = []
    seconds = _spent(lambda: rejected.extend(each for each in read(_large_file(), _terms()) if type(each) is Rejected))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    judge(
        f"a file of {FILE_LINES:,} lines with a bad one, read in {seconds:.0f} s; memory grew by {mib(grown)} MiB",
        met=[each.line for each in rejected] == [FILE_LINES // 2],
        figure=f"rejected {rejected}",
    )


def _large_file() -> Iterator[str]:
    for place, line in enumerate(_lines(_BODIES[:1], FILE_LINES), 1):
        yield line if place != FILE_LINES // 2 else line.replace("4.25", "1e308")


def _spent(work: Any) -> float:
    begun_s = time.perf_counter()
    work()
    return time.perf_counter() - begun_s


def _keep(database: Database, lines: Iterable[str]) -> None:
    taken = _signals(lines)
    while batch := list(islice(taken, BATCH)):
        _keep_one(database, batch)


def _keep_one(database: Database, batch: Sequence[Signal[Body]]) -> None:
    database.retrying(lambda connection: keep_signals(connection, batch, NOW))


def _signals(lines: Iterable[str]) -> Iterator[Signal[Body]]:
    for each in read(lines, _terms()):
        assert isinstance(each, Signal), each
        yield each


def _terms() -> Terms:
    return Terms(NOW, Known, Known)


def _lines(bodies: Sequence[dict[str, Any]], count: int, workflows: int = WORKFLOWS) -> Iterator[str]:
    chance = random.Random(SEED)
    for number in range(count):
        at = (NOW - timedelta(seconds=chance.randrange(28 * 86400))).isoformat()
        head = {"id": f"s{number}", "source": "bench", "workflow": workflow_name(number % workflows), "at": at}
        body = json.dumps(head | bodies[number % len(bodies)])
        yield body.replace("{half}", str(number // (2 * len(bodies)))).replace("{at}", at) + "\n"
