"""The memory that the bot holds, after its start and after work."""

from tests.bench.crowd import Crowd
from tests.bench.figures import mib, show
from tests.bench.processes import bot, sent, serving
from tests.bench.program import Ground
from tests.bench.status import AT_ONCE, EXPECTED

WORKFLOWS = 100
ANSWERS = 2000
BATCHES = 3


def run(ground: Ground) -> None:
    """Prints resident memory after the start and after each batch of answers."""
    program = ground.program(WORKFLOWS)
    texts = tuple(f"status {name}" for name in program.names)
    with serving("slack") as slack, bot(program.url, slack) as child:
        rows = [("start", mib(sum(child.resident_bytes)), "-")]
        url = f"http://127.0.0.1:{slack.port}/answers/"
        for batch in range(1, BATCHES + 1):
            sent(Crowd(child.port, AT_ONCE, 60, texts, EXPECTED, url, times=ANSWERS))
            own, *others = child.resident_bytes
            rows.append((f"{batch * ANSWERS} answers", mib(own), mib(sum(others))))
    show(
        "memory: resident, in MiB, of the bot and of the process that draws its pictures",
        f"{WORKFLOWS} workflows, {AT_ONCE} people at once",
        ("after", "bot", "painter"),
        rows,
    )
