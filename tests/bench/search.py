"""Search over a hundred thousand records: how long until the first page, on both engines."""

import random
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import accumulate

from bot.domain.searching import words_sought
from store import Database
from store.migrating import upgrade
from store.searching import Entry, find, write
from tests.bench.figures import judge, median, ms, percentile, show
from tests.bench.program import Ground
from tests.postgres import installed, running

RECORDS = 100_000
WORDS = 60
VOCABULARY = 20_000
PAGE = 100
PORTION = 5_000
SEED = 7
ASKED = 200
AIM_S = 0.1


def run(ground: Ground) -> None:
    """Prints how long rare, usual and common words take on each engine, and whether the aim is met."""
    rows: list[tuple[object, ...]] = []
    slowest = 0.0
    for name, url in _engines(ground):
        with url as address, closing(Database(address)) as database:
            upgrade(database)
            vocabulary = _written(database)
            for kind, words in _asked(vocabulary):
                taken = sorted(_timed(database, each) for each in words)
                slowest = max(slowest, percentile(taken, 0.99))
                rows.append((name, kind, ms(median(taken)), ms(percentile(taken, 0.99))))
    show(
        f"search: {RECORDS:,} records of {WORDS} words each, the first {PAGE} hits",
        f"{ASKED} searches of each kind (seed {SEED}); the words of the index drawn as in language, few of them common",
        ("engine", "words", "median ms", "p99 ms"),
        rows,
    )
    judge(f"p99 under {AIM_S * 1000:.0f} ms", met=slowest < AIM_S, figure=f"{ms(slowest)} ms")


def _engines(ground: Ground) -> Iterator[tuple[str, AbstractContextManager[str]]]:
    yield "SQLite", _sqlite(ground)
    if installed():
        yield "PostgreSQL", _postgresql()


@contextmanager
def _sqlite(ground: Ground) -> Iterator[str]:
    yield ground.url("search")


@contextmanager
def _postgresql() -> Iterator[str]:
    programs = installed()
    assert programs
    with running(programs) as server:
        yield server.url(server.create())


def _written(database: Database) -> list[str]:
    """The words, the commonest first, once all records hold some of them."""
    chance = random.Random(SEED)
    vocabulary = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(VOCABULARY)]
    reached = tuple(accumulate(1 / (place + 1) for place in range(VOCABULARY)))
    for start in range(0, RECORDS, PORTION):
        with database.writing() as connection:
            for number in range(start, start + PORTION):
                title, *body = chance.choices(vocabulary, cum_weights=reached, k=WORDS)
                write(connection, Entry("memo", f"m{number}", title, " ".join(body)))
    return vocabulary


def _asked(vocabulary: list[str]) -> Iterator[tuple[str, list[str]]]:
    chance = random.Random(SEED)
    yield "one, rare", [chance.choice(vocabulary[5_000:]) for _ in range(ASKED)]
    yield "two, usual", [" ".join(chance.sample(vocabulary[50:1_000], 2)) for _ in range(ASKED)]
    yield "one, among the commonest", [chance.choice(vocabulary[:20]) for _ in range(ASKED)]


def _timed(database: Database, words: str) -> float:
    begun_s = time.perf_counter()
    with database.reading() as connection:
        find(connection, words_sought(words), PAGE, 0)
    return time.perf_counter() - begun_s
