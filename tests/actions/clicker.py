"""One process that clicks: `python -m tests.actions.clicker URL NAME CLICKS SEED` prints what it was told is done."""

import json
import random
import sys
from contextlib import closing
from dataclasses import astuple

from bot.domain.errors import Conflict
from store import Database
from tests.actions.serial import Acked
from tests.program import Program

ITEMS = ("choose_operating_model", "choose_workflow", "measure_today")


def clicks(program: Program, by: str, number: int, chance: random.Random) -> list[Acked]:
    """What someone was told is done, who looks at an item, thinks, and then changes it as it was when they looked."""
    acked = []
    for _ in range(number):
        item = chance.choice(ITEMS)
        row = program.row(item)
        try:
            if row.state == "open" and chance.random() < 0.5:
                program.block(item, by, seen=row.version)
                fact = "item_blocked"
            elif row.state in ("open", "blocked"):
                program.check(item, by, evidence="https://docs.example/1", seen=row.version)
                fact = "item_done"
            else:
                program.reopen(item, by, seen=row.version)
                fact = "item_reopened"
        except Conflict:
            continue
        acked.append(Acked(item, row.version, fact))
    return acked


def main(url: str, by: str, number: str, seed: str) -> None:
    """Clicks, and prints each acknowledged change as a line of JSON."""
    with closing(Database(url)) as database:
        for each in clicks(Program(database), by, int(number), random.Random(seed)):
            print(json.dumps(astuple(each)))


if __name__ == "__main__":
    main(*sys.argv[1:])
