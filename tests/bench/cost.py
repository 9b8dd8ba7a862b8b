"""What one workflow's status costs by itself, among few others and among many."""

import random
import time
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.checklists import status_of
from bot.actions.desk import Desk
from bot.actions.findings.scene import scene_of
from bot.actions.findings.tracking import with_findings
from bot.actions.gates import handles_of, judged
from bot.clock import SystemClock
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.screens.status import status_screen
from store import Database
from tests.bench.figures import judge, median, ms, percentile, show
from tests.bench.program import SIZES, Ground
from tests.bench.writes import desk_on

SEED = 7
TIMES = 300


def run(ground: Ground) -> None:
    """Prints the time that one status takes at each size."""
    rows: list[tuple[object, ...]] = []
    medians: list[float] = []
    for size in SIZES:
        taken_s = _taken_s(ground, size)
        medians.append(median(taken_s))
        rows.append((size, ms(medians[-1]), ms(percentile(taken_s, 0.99))))
    show(
        "cost: one status made anew, in process (read in one transaction, judged, written out; nothing kept)",
        f"{TIMES} workflows at random at each size (seed {SEED}), after 20 for warming",
        ("workflows", "median ms", "p99 ms"),
        rows,
    )
    ratio = medians[-1] / medians[0]
    judge("independent of the other workflows", met=ratio < 1.25, figure=f"{ratio:.2f} times as much at {SIZES[-1]}")


def _taken_s(ground: Ground, size: int) -> list[float]:
    program = ground.program(size)
    choice = random.Random(SEED)
    taken_s = []
    with closing(Database(program.url)) as database:
        desk, at = desk_on(database), SystemClock().now()
        for _ in range(20 + TIMES):
            name = choice.choice(program.names)
            begun_s = time.perf_counter()
            _screen(desk, name, at)
            taken_s.append(time.perf_counter() - begun_s)
    return taken_s[20:]


def _screen(desk: Desk, name: str, at: datetime) -> Screen:
    with desk.reading() as view:
        workflow = view.workflow(name)
        status = judged(view, status_of(view, workflow, at), desk.memberships(handles_of(workflow)))
        (status,) = with_findings(view, (status,), at, scene_of(desk, (workflow,), view))
    return status_screen(Pen(ZoneInfo("Europe/Lisbon")), status)
