"""The leaders' digest, judged and worded: how long that takes, and how much memory, at ever more workflows."""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bot import garbage
from bot.actions.digests.drafting import drafted
from bot.actions.digests.previewing import leaders_at
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene
from bot.clock import SystemClock
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.digests.inputs import inputs_record
from bot.domain.findings.weeks import Weeks
from bot.domain.signals.kinds import Body, Signal
from bot.intake import Known, Terms, read
from bot.slack.digest_drafts import messages_of
from store import Database, Store
from store.recording.signals import keep_signals
from tests.bench.figures import judge as judge_aim
from tests.bench.figures import mib, show
from tests.bench.program import SIZES, Ground, Program, workflow_name

LEADERS = leaders_at(LeadersPlace("CLEADERS", "Europe/Lisbon"))
SEED = 7
SIGNALS = 1000
BATCH = 20_000
LONG = timedelta(days=44)
ROUNDS = 3
AIM_S, AIM_BYTES = 10.0, 300 * 2**20
TIMES_AS_LONG = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """What one process took to make a digest."""

    seconds: float
    grown_bytes: int
    peak_bytes: int
    findings: int


def run(ground: Ground) -> None:
    """Prints time and memory at each size, and whether the aims are met."""
    rows: list[tuple[object, ...]] = []
    judged: list[Judged] = []
    for size in SIZES:
        program = ground.program(size)
        _tell(program)
        found = _in_a_process(program)
        rows.append(
            (
                size,
                f"{size * SIGNALS:,}",
                f"{found.seconds:.2f}",
                f"{found.seconds / judged[-1].seconds:.1f}" if judged else "-",
                mib(found.peak_bytes),
                mib(found.grown_bytes),
                found.findings,
            )
        )
        judged.append(found)
    show(
        "digest: every rule over every workflow, then the leaders' message, on SQLite",
        f"{SIGNALS:,} signals a workflow of nine types within {LONG.days} days (seed {SEED}); "
        f"the best of {ROUNDS} in a process of its own",
        ("workflows", "signals", "seconds", "times as long", "peak MiB", "grown MiB", "findings"),
        rows,
    )
    *_, before, last = judged
    judge_aim(f"{SIZES[-1]} workflows under {AIM_S:.0f} s", met=last.seconds < AIM_S, figure=f"{last.seconds:.2f} s")
    judge_aim("under 300 MiB", met=last.peak_bytes < AIM_BYTES, figure=f"{mib(last.peak_bytes)} MiB")
    times = last.seconds / before.seconds
    judge_aim(
        f"at most {TIMES_AS_LONG} times as long for ten times as many",
        met=times <= TIMES_AS_LONG,
        figure=f"{times:.1f}",
    )


def _in_a_process(program: Program) -> Judged:
    asked = [sys.executable, "-m", "tests.bench.digest", program.url]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True)
    return Judged(**json.loads(answer.stdout))


def _judged(url: str) -> Judged:
    # As the bot has it that drafts digests.
    garbage.look_seldom()
    garbage.pass_over_what_is_there()
    now = SystemClock().now()
    taken_s: list[float] = []
    findings = 0
    with closing(Database(url)) as database:
        store = Store(database)
        before = _peak_bytes()
        for _ in range(ROUNDS):
            begun_s = time.perf_counter()
            with store.reading() as view:
                judgement = judge(view, view.workflows(), Weeks(now, LEADERS.zone), Scene())
                inputs = drafted(view, LEADERS, judgement, Scene(), view.findings.all())
                assert inputs_record(inputs)
                assert messages_of(inputs)
            findings = len(judgement.findings)
            taken_s.append(time.perf_counter() - begun_s)
    return Judged(min(taken_s), _peak_bytes() - before, _peak_bytes(), findings)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _tell(program: Program) -> None:
    """The signals of each workflow, kept in bulk; a guardrail and a success metric are measured in them."""
    now = SystemClock().now()
    with closing(Database(program.url)) as database:
        lines = _lines(program.size, now)
        taken = read(lines, Terms(now, lambda name: Known(name, datetime(2000, 1, 1, tzinfo=UTC)), Known))
        while batch := list(islice(taken, BATCH)):
            signals: list[Signal[Body]] = [each for each in batch if isinstance(each, Signal)]
            assert len(signals) == len(batch), batch
            database.retrying(lambda connection, signals=signals: keep_signals(connection, signals, now))  # type: ignore[misc]


def _lines(size: int, now: datetime) -> Iterator[str]:
    chance = random.Random(SEED)
    for workflow in range(size):
        for number in range(SIGNALS):
            at = now - timedelta(seconds=chance.randrange(60, int(LONG.total_seconds())))
            head = {"id": f"s{workflow}-{number}", "source": "bench", "workflow": workflow_name(workflow)}
            yield json.dumps({**head, "at": at.isoformat(), **_body(number, at, chance)}) + "\n"


def _body(number: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    """One of what comes in: mostly reviews and actions; a few of everything else."""
    kind = number % 20
    if kind < 8:
        done = {"reviewed_at": at.isoformat(), "outcome": "approved" if chance.random() > 0.04 else "edited"}
        submitted_at = at - timedelta(minutes=chance.randrange(1, 120))
        review = {"type": "review", "output_id": f"o{number}", "submitted_at": submitted_at.isoformat()}
        return review | done | {"reviewer": "U7"}
    if kind < 14:
        facts = {"amount_usd": chance.randrange(1, 40), "order": number}
        return {"type": "agent_action", "action": "draft_reply" if kind < 12 else "send_macro", "facts": facts,
                "outcome": "done", "reversed": False, "run_id": f"r{number}"}  # fmt: skip
    return _RARER[kind](number, at)


def _work_item(number: int, at: datetime) -> dict[str, Any]:
    due = (at + timedelta(days=20)).date().isoformat()
    status = "done" if number % 40 < 20 else "open"
    return {"type": "work_item", "key": f"T-{number}", "title": "Write it down", "status": status, "due": due,
            "assignee": "U3"}  # fmt: skip


def _change(number: int, at: datetime) -> dict[str, Any]:
    return {"type": "change", "key": f"PR-{number}", "title": "Ask twice", "merged_at": at.isoformat(),
            "lead_time_hours": 26.5, "reverts": None, "irreversible": False}  # fmt: skip


_RARER = {
    14: lambda _, __: {"type": "metric", "metric": "csat", "value": 4.4, "n": 120},
    15: lambda _, __: {"type": "metric", "metric": "minutes", "value": 9.5},
    16: lambda _, __: {"type": "eval_run", "suite": "core", "cases": 200, "passed": 196, "prompt_version": "p7",
                       "model": "m2"},
    17: lambda _, __: {"type": "rework", "kind": "defect", "cost_usd": 12.5},
    18: _work_item,
    19: _change,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asdict(_judged(sys.argv[1]))))
