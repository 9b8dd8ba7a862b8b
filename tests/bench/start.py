"""How long one waits for `rollout --help`, and for the bot until it is ready."""

import subprocess
import sys
import time

from tests.bench.figures import judge, median, ms, show
from tests.bench.processes import ROOT, bot, serving
from tests.bench.program import Ground

HELPS = 9
STARTS = 3
WORKFLOWS = 100


def run(ground: Ground) -> None:
    """Prints both, and whether the aims are met."""
    helps_s = [_help_s() for _ in range(HELPS)]
    with serving("slack") as slack:
        readies_s = []
        for url in (ground.program(WORKFLOWS).url, *(ground.url(f"new-{number}") for number in range(STARTS))):
            with bot(url, slack) as child:
                readies_s.append(child.ready_s)
    there_s, new_s = readies_s[0], median(readies_s[1:])
    show(
        "start: the whole process, from its start",
        f"help: median of {HELPS}; ready: until /readyz answers 200, median of {STARTS} with a new database",
        ("what", "ms"),
        (
            ("rollout --help", ms(median(helps_s))),
            ("ready, new database", ms(new_s)),
            (f"ready, {WORKFLOWS} workflows", ms(there_s)),
        ),
    )
    judge("rollout --help in under 0.3 s", met=median(helps_s) < 0.3, figure=f"{median(helps_s):.2f} s")
    judge("ready within 2 s", met=max(there_s, new_s) < 2, figure=f"{max(there_s, new_s):.2f} s")


def _help_s() -> float:
    begun_s = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun_s
