"""`/rollout status NAME` over signed HTTP, beside a bare Bolt app on the same server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.bench.crowd import USERS, Crowd, Outcome
from tests.bench.figures import judge, median, mib, ms, percentile, show
from tests.bench.processes import Child, bot, pictures_in, sent, serving
from tests.bench.program import SIZES, Ground, Program
from tests.bench.writes import ticking

AT_ONCE = 16
ROUNDS = 3
FOR_S = 1.2
PAINTING_S = 75
# The acknowledgement must be the whole status: its headline, its picture or bar, its buttons.
EXPECTED = ('"blocks"', "*{text}*", "of 90", "Stands between us and", '"checklist.open"', '"status.share"')
CONSTANT = ("constant",)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the servers that are compared, and the waits that were measured on it."""

    port: int
    expected: tuple[str, ...]
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """The median of the rounds' throughputs."""
        return median([outcome.per_s for outcome in self.outcomes])

    @property
    def waits_s(self) -> list[float]:
        """Every wait of every round."""
        return [wait_s for outcome in self.outcomes for wait_s in outcome.waits_s]


def run(ground: Ground) -> None:
    """Prints throughput and waits at each size, and whether the aims are met."""
    rows: list[tuple[object, ...]] = []
    with serving("slack") as slack, serving("bare", ground.url("bare")) as bare:
        for size in SIZES[:-1]:
            with _asked_once(ground.program(size), slack) as (child, crowd):
                rows += [_row(str(size), people, *_compared(crowd, people, child, bare)) for people in (AT_ONCE, 1)]
        largest = ground.program(SIZES[-1])
        with _asked_once(largest, slack) as (child, crowd):
            sides = _compared(crowd, AT_ONCE, child, bare)
            rows.append(_row(str(largest.size), AT_ONCE, *sides))
            rows.append(_row(str(largest.size), 1, *_compared(crowd, 1, child, bare)))
            with ticking(largest) as ticks:
                rows.append(_row(f"{largest.size}*", AT_ONCE, *_compared(crowd, AT_ONCE, child, bare)))
            memory = child.resident_bytes
            with serving("bare") as forgetful:
                alone = Side(forgetful.port, CONSTANT)
                _measure(crowd, AT_ONCE, (alone,))
    show(
        "status: /rollout status NAME, all workflows in turn, over signed HTTP",
        f"beside a bare Bolt app that acknowledges a constant on the same server (guard, replay store of its own); "
        f"{ROUNDS} rounds of {FOR_S} s on each side in turn, keep-alive, each workflow asked for once before",
        ("workflows", "people", "ours/s", "bare/s", "ours/bare", "p50 ms", "p99 ms", "max ms", "bare p50", "bare p99"),
        rows,
    )
    print(f"  * while {ticks.per_s:.0f} items a second are ticked, so that few answers stand for the next")
    print(f"  the bare app without a replay store: {alone.per_s:.0f}/s with {AT_ONCE} people")
    print(f"  memory of the bot after this, and of its painter: {' + '.join(mib(each) for each in memory)} MiB")
    _judge(*sides)


def _compared(crowd: Crowd, people: int, child: Child, bare: Child) -> tuple[Side, Side]:
    sides = Side(child.port, EXPECTED), Side(bare.port, CONSTANT)
    _measure(crowd, people, sides)
    return sides


def _judge(ours: Side, bare: Side) -> None:
    share, p99_s = ours.per_s / bare.per_s, percentile(ours.waits_s, 0.99)
    judge(f"at {SIZES[-1]} workflows at least 0.7 of the bare app", met=share >= 0.7, figure=f"{share:.2f}")
    judge(f"p99 under 300 ms with {AT_ONCE} people", met=p99_s < 0.3, figure=f"{ms(p99_s)} ms")


@contextmanager
def _asked_once(program: Program, slack: Child) -> Iterator[tuple[Child, Crowd]]:
    """The bot once every workflow was asked for and its picture stands in Slack; and the crowd that does it."""
    painted = pictures_in(slack) + program.size
    with bot(program.url, slack) as child:
        texts = tuple(f"status {name}" for name in program.names)
        url = f"http://127.0.0.1:{slack.port}/answers/"
        crowd = Crowd(child.port, 1, PAINTING_S, texts, EXPECTED, url, times=max(len(texts), USERS))
        sent(crowd)
        over_s = time.monotonic() + PAINTING_S
        while pictures_in(slack) < painted and time.monotonic() < over_s:
            time.sleep(0.1)
        yield child, crowd


def _measure(crowd: Crowd, people: int, sides: tuple[Side, ...]) -> None:
    """Rounds on each side in turn; on each, every round goes on where the one before left off."""
    sent(crowd)
    for _ in range(ROUNDS if people > 1 else 1):
        for side in sides:
            first = sum(len(outcome.waits_s) for outcome in side.outcomes)
            asked = Crowd(side.port, people, FOR_S, crowd.texts, side.expected, crowd.response_url, first)
            side.outcomes.append(sent(asked))


def _row(size: str, people: int, ours: Side, bare: Side) -> tuple[object, ...]:
    waits_s = ours.waits_s
    return (
        size,
        people,
        f"{ours.per_s:.0f}",
        f"{bare.per_s:.0f}",
        f"{ours.per_s / bare.per_s:.2f}",
        ms(percentile(waits_s, 0.5)),
        ms(percentile(waits_s, 0.99)),
        ms(max(waits_s)),
        ms(percentile(bare.waits_s, 0.5)),
        ms(percentile(bare.waits_s, 0.99)),
    )
