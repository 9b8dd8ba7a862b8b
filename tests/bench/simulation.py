"""Ninety days of a made-up program played: how long that takes, and where a minute would end."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.simulation import Size, plan, simulate
from tests.bench.figures import judge, show
from tests.bench.program import Ground

SIZES = (Size(90, 2, 3), Size(90, 3, 6), Size(90, 6, 12))
SEED = 3
AIM_S = 60.0


def run(ground: Ground) -> None:
    """Prints the seconds for each size, and whether thirteen Mondays of the usual one pass in under a minute."""
    del ground
    rows: list[tuple[object, ...]] = []
    taken: dict[Size, float] = {}
    for size in SIZES:
        begun_s = time.perf_counter()
        with TemporaryDirectory(prefix="rollout-bench-") as folder:
            mondays = tuple(simulate(plan(size, SEED), Path(folder)))
        taken[size] = time.perf_counter() - begun_s
        found = sum(each.found.total() for each in mondays)
        rows.append((size.teams, size.workflows, len(mondays), found, f"{taken[size]:.1f}"))
    show(
        "simulate: a whole program, through the same use cases as a real one, on SQLite",
        f"90 days, seed {SEED}; each once",
        ("teams", "workflows", "Mondays", "findings", "seconds"),
        rows,
    )
    usual_s = taken[SIZES[1]]
    judge(f"thirteen Mondays under {AIM_S:.0f} s", met=usual_s < AIM_S, figure=f"{usual_s:.1f} s")
